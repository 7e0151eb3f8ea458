"""What is the case at a moment, and what is not known."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from cms.opening_hours import BERLIN, Kind, Rule, Schedule, Span, Status
from tests.unit.opening_hours.practice import LEAVE, SHORT_FRIDAY, THU, TUE, WED, at, rules, week_of

# The state of a moment


@pytest.mark.parametrize(
    ("now", "status", "until", "reopens", "opens"),
    [
        pytest.param(
            "2026-11-24 10:14", "open", "2026-11-24 12:00", "2026-11-24 15:00", None,
            id="open in the morning, again in the afternoon",
        ),
        pytest.param(
            "2026-11-24 16:00", "open", "2026-11-24 18:00", None, None,
            id="open in the afternoon",
        ),
        pytest.param(
            "2026-11-24 08:00", "open", "2026-11-24 12:00", "2026-11-24 15:00", None,
            id="the start belongs to the span",
        ),
        pytest.param(
            "2026-11-24 12:00", "closed", None, None, "2026-11-24 15:00",
            id="the end does not",
        ),
        pytest.param(
            "2026-11-24 07:45", "phone", "2026-11-24 08:00", "2026-11-24 08:00", None,
            id="only by phone, until the doors open",
        ),
        pytest.param(
            "2026-11-24 18:00", "closed", None, None, "2026-11-25 08:00",
            id="closed for today",
        ),
        pytest.param(
            "2026-11-25 00:00", "closed", None, None, "2026-11-25 08:00",
            id="midnight is the new day",
        ),
        pytest.param(
            "2026-11-27 10:45", "open", "2026-11-27 11:00", None, None,
            id="an exception ends the day earlier",
        ),
        pytest.param(
            "2026-11-27 11:15", "closed", None, None, "2026-11-30 08:00",
            id="the exception replaces the phone hours, too",
        ),
        pytest.param(
            "2026-11-28 10:00", "closed", None, None, "2026-11-30 08:00",
            id="weekend",
        ),
        pytest.param(
            "2026-12-27 10:00", "closed", None, None, "2027-01-04 08:00",
            id="on leave over the turn of the year",
        ),
        pytest.param(
            "2027-01-06 15:30", "open", "2027-01-06 17:00", None, None,
            id="a rule that holds since Monday",
        ),
    ],
)  # fmt: skip
def test_the_state_of_the_practice(practice, now, status, until, reopens, opens):
    state = practice.state_at(at(now))

    assert state.status == status
    assert state.until == (at(until) if until else None)
    assert state.reopens == (at(reopens) if reopens else None)
    assert state.opens == (at(opens) if opens else None)
    assert state.opens_status == (Status.OPEN if opens else None)


@pytest.mark.parametrize(
    ("now", "closing_soon"),
    [
        ("2026-11-24 11:29", False),
        ("2026-11-24 11:30", True),
        ("2026-11-24 11:59", True),
        ("2026-11-24 12:00", False),
        ("2026-11-24 07:45", False),  # only the time for calls ends
        ("2026-11-27 10:45", True),
    ],
)
def test_thirty_minutes_before_the_end_it_closes_soon(practice, now, closing_soon):
    assert practice.state_at(at(now)).closing_soon is closing_soon


def test_any_time_zone_may_ask(practice):
    now = at("2026-11-24 10:14")
    tokyo = timezone(timedelta(hours=9))

    states = [practice.state_at(now.astimezone(zone)) for zone in (BERLIN, UTC, tokyo)]

    assert states[0] == states[1] == states[2]
    assert states[0].until is not None
    assert states[0].until.tzinfo is BERLIN


@pytest.mark.parametrize("question", ["state_at", "next_change", "next_opening"])
def test_a_moment_without_time_zone_is_refused(practice, question):
    with pytest.raises(ValueError, match="time zone"):
        getattr(practice, question)(datetime(2026, 11, 24, 10))  # noqa: DTZ001


def test_a_span_refuses_a_moment_without_time_zone():
    span = Span(Kind.OPEN, at("2026-11-24 08:00"), at("2026-11-24 12:00"))

    assert span.covers(at("2026-11-24 08:00"))
    assert not span.covers(at("2026-11-24 12:00"))
    with pytest.raises(ValueError, match="time zone"):
        span.covers(datetime(2026, 11, 24, 10))  # noqa: DTZ001


def test_open_beats_appointment_beats_phone():
    schedule = week_of(
        *rules(Kind.OPEN, TUE, "10-11"),
        *rules(Kind.APPOINTMENT, TUE, "9-12"),
        *rules(Kind.PHONE, TUE, "8-13"),
    )

    found = [
        (state.status, state.since, state.until, state.reopens)
        for state in (schedule.state_at(at(f"2026-11-24 {hour}:30")) for hour in range(8, 13))
    ]

    hours = {hour: at(f"2026-11-24 {hour}:00") for hour in range(8, 14)}
    assert found == [
        (Status.PHONE, hours[8], hours[9], hours[10]),
        (Status.APPOINTMENT, hours[9], hours[10], hours[10]),
        (Status.OPEN, hours[10], hours[11], None),
        (Status.APPOINTMENT, hours[11], hours[12], None),
        (Status.PHONE, hours[12], hours[13], None),
    ]


def test_open_and_walk_in_are_one_opening():
    schedule = week_of(*rules(Kind.WALK_IN, TUE, "8-10"), *rules(Kind.OPEN, TUE, "10-12", "11-13"))

    state = schedule.state_at(at("2026-11-24 09:00"))

    assert state.since == at("2026-11-24 08:00")
    assert state.until == at("2026-11-24 13:00")
    assert state.reopens is None


def test_appointments_are_announced_only_if_no_door_opens_ahead():
    appointments = rules(Kind.APPOINTMENT, WED, "9-10")
    phone = rules(Kind.PHONE, TUE, "18-19")
    now = at("2026-11-24 17:00")

    with_doors = week_of(*rules(Kind.OPEN, THU, "9-10"), *appointments, *phone).state_at(now)
    without = week_of(*appointments, *phone).state_at(now)
    only_phone = week_of(*phone).state_at(now)

    assert (with_doors.opens, with_doors.opens_status) == (at("2026-11-26 09:00"), Status.OPEN)
    assert (without.opens, without.opens_status) == (at("2026-11-25 09:00"), Status.APPOINTMENT)
    assert (only_phone.opens, only_phone.opens_status) == (at("2026-11-24 18:00"), Status.PHONE)


# What is not known


def test_without_rules_nothing_is_known():
    schedule = Schedule(())

    assert schedule.is_unknown
    assert not schedule.by_appointment_only
    assert schedule.state_at(at("2026-11-24 10:00")).status is Status.UNKNOWN
    assert schedule.next_change(at("2026-11-24 10:00")) is None
    assert schedule.next_opening(at("2026-11-24 10:00")) is None


def test_a_closure_is_known_even_if_the_week_is_not():
    schedule = Schedule((), (LEAVE,))

    assert schedule.is_unknown
    during = schedule.state_at(at("2026-12-24 10:00"))
    assert (during.status, during.closure, during.opens) == (Status.CLOSED, LEAVE, None)
    assert schedule.state_at(at("2026-11-24 10:00")).status is Status.UNKNOWN
    assert schedule.next_return(LEAVE) is None


def test_an_exception_with_times_is_something_known():
    schedule = Schedule((), (SHORT_FRIDAY,))

    assert not schedule.is_unknown
    before = schedule.state_at(at("2026-11-24 10:00"))
    assert (before.status, before.opens) == (Status.CLOSED, at("2026-11-27 08:00"))
    assert schedule.state_at(at("2026-11-27 12:00")).status is Status.CLOSED
    assert schedule.state_at(at("2026-11-28 12:00")).status is Status.UNKNOWN


def test_a_week_that_has_run_out_is_unknown_not_closed():
    schedule = week_of(*rules(Kind.OPEN, TUE, "8-12", valid_to=date(2026, 11, 24)))

    assert schedule.state_at(at("2026-11-24 13:00")).status is Status.CLOSED
    assert schedule.state_at(at("2026-11-25 10:00")).status is Status.UNKNOWN


def test_a_week_that_has_not_begun_is_closed_until_it_does():
    schedule = week_of(*rules(Kind.OPEN, TUE, "8-12", valid_from=date(2030, 1, 1)))

    state = schedule.state_at(at("2026-11-24 10:00"))

    assert (state.status, state.opens) == (Status.CLOSED, at("2030-01-01 08:00"))


def test_untimed_appointments_are_never_a_state_of_their_own():
    by_arrangement = Rule(Kind.APPOINTMENT, TUE, None, None)
    only = week_of(by_arrangement)
    mixed = week_of(by_arrangement, *rules(Kind.OPEN, WED, "8-12"))
    now = at("2026-11-24 10:00")

    assert only.by_appointment_only
    assert only.spans_on(now.date()) == ()
    assert only.state_at(now).status is Status.BY_APPOINTMENT
    assert not mixed.by_appointment_only
    assert mixed.state_at(now).status is Status.CLOSED


def test_a_closure_beats_by_appointment_only():
    schedule = Schedule((Rule(Kind.APPOINTMENT, TUE, None, None),), (LEAVE,))

    assert schedule.state_at(at("2026-12-29 10:00")).status is Status.CLOSED
    assert schedule.state_at(at("2026-12-29 10:00")).closure == LEAVE
