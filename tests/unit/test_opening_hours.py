"""Opening hours as tables: what a day holds and what is the case at a moment.

Most cases ask the practice of the mock-ups; 24 November 2026 is a Tuesday.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from cms.opening_hours import (
    BERLIN,
    HOLIDAY,
    HolidayPolicy,
    HoursException,
    Kind,
    Rule,
    Schedule,
    Span,
    Status,
    TimeRange,
    blocks,
    usual_times,
)

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
SPRING = date(2026, 3, 29)  # 2:00 becomes 3:00
AUTUMN = date(2026, 10, 25)  # 3:00 becomes 2:00
HOLIDAYS = {
    date(2026, 12, 25): "1. Weihnachtstag",
    date(2027, 1, 1): "Neujahr",
    date(2028, 10, 31): "Reformationstag",  # a Tuesday
    date(2026, 10, 31): "Reformationstag",  # a Saturday
}


def at(text: str) -> datetime:
    """Read "2026-11-24 10:14" as Berlin wall-clock time."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=BERLIN)


def clock(text: str) -> time:
    hour, _, minute = text.partition(":")
    return time(int(hour) % 24, int(minute or 0))


def rules(kind: Kind, weekday: int, *texts: str, **extra) -> list[Rule]:
    """Read "8-12", "15:30-18"."""
    made = []
    for text in texts:
        start, _, end = text.partition("-")
        made.append(Rule(kind, weekday, clock(start), clock(end), **extra))
    return made


def times(*texts: str, kind: Kind = Kind.OPEN) -> tuple[TimeRange, ...]:
    pairs = [text.partition("-") for text in texts]
    return tuple(TimeRange(clock(start), clock(end), kind) for start, _, end in pairs)


def shown(spans: tuple[Span, ...], kind: Kind | None = None) -> list[str]:
    """Say spans as "8:00-12:00", the end as "24:00" where it is the next day's beginning."""
    return [
        f"{span.start:%H:%M}-{span.end:%H:%M}".replace("-00:00", "-24:00")
        for span in spans
        if kind in {None, span.kind}
    ]


PRACTICE = [
    *rules(Kind.OPEN, MON, "8-12", "15-18"),
    *rules(Kind.OPEN, TUE, "8-12", "15-18"),
    *rules(Kind.OPEN, WED, "8-12"),
    *rules(Kind.OPEN, THU, "8-12", "16-19"),
    *rules(Kind.OPEN, FRI, "8-13"),
    *(rule for day in range(5) for rule in rules(Kind.WALK_IN, day, "8-9:30")),
    *rules(Kind.PHONE, MON, "7:30-11:30", "15-16:30"),
    *rules(Kind.PHONE, TUE, "7:30-11:30", "15-16:30"),
    *rules(Kind.PHONE, WED, "7:30-11:30"),
    *rules(Kind.PHONE, THU, "7:30-11:30", "16-17:30"),
    *rules(Kind.PHONE, FRI, "7:30-12:30"),
    *rules(Kind.OPEN, WED, "15-17", valid_from=date(2027, 1, 4)),
]
LEAVE = HoursException(date(2026, 12, 23), date(2027, 1, 2), reason="Urlaub")
SHORT_FRIDAY = HoursException(date(2026, 11, 27), date(2026, 11, 27), times("8-11"))


@pytest.fixture
def practice() -> Schedule:
    return Schedule(tuple(PRACTICE), (LEAVE, SHORT_FRIDAY), holidays=HOLIDAYS.get)


def week_of(*week: Rule, **extra) -> Schedule:
    return Schedule(tuple(week), **extra)


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


# Spans of a day


def test_spans_of_one_kind_are_merged_where_they_touch_or_overlap():
    schedule = week_of(
        *rules(Kind.OPEN, TUE, "8-10", note="Kinder"),
        *rules(Kind.OPEN, TUE, "10-11"),
        *rules(Kind.OPEN, TUE, "10:30-12", note="Impfen"),
        *rules(Kind.OPEN, TUE, "9-9:30", note="Kinder"),
        *rules(Kind.OPEN, TUE, "12:01-13"),
        *rules(Kind.PHONE, TUE, "8-9"),
    )

    spans = schedule.spans_on(date(2026, 11, 24))

    assert [(span.kind, span.note) for span in spans] == [
        (Kind.OPEN, "Kinder; Impfen"),
        (Kind.PHONE, ""),
        (Kind.OPEN, ""),
    ]
    assert shown(spans) == ["08:00-12:00", "08:00-09:00", "12:01-13:00"]


def test_spans_lie_on_their_day_in_berlin(practice):
    spans = practice.spans_on(date(2026, 11, 24))

    assert {span.start.tzinfo for span in spans} == {BERLIN}
    assert shown(spans, Kind.OPEN) == ["08:00-12:00", "15:00-18:00"]
    assert shown(spans, Kind.WALK_IN) == ["08:00-09:30"]
    assert shown(spans, Kind.PHONE) == ["07:30-11:30", "15:00-16:30"]


def test_blocks_say_what_counts(practice):
    found = blocks(practice.spans_on(date(2026, 11, 24)))

    assert [span.kind for span in found] == [Kind.PHONE, Kind.OPEN, Kind.OPEN]
    assert shown(found) == ["07:30-08:00", "08:00-12:00", "15:00-18:00"]


def test_usual_times_merge_only_where_the_notes_agree():
    week = [
        *rules(Kind.OPEN, TUE, "8-10", "10-11"),
        *rules(Kind.OPEN, TUE, "11-24", note="Notdienst"),
        *rules(Kind.PHONE, TUE, "7-8"),
        *rules(Kind.OPEN, WED, "7-8"),
    ]

    found = usual_times(week, TUE, Kind.OPEN)

    assert [(slot.start_time, slot.end_time, slot.note) for slot in found] == [
        (time(8), time(11), ""),
        (time(11), time(0), "Notdienst"),
    ]


@pytest.mark.parametrize(
    ("day", "open_times"),
    [
        ("2026-08-31", []),
        ("2026-09-01", ["08:00-12:00"]),
        ("2026-09-29", ["08:00-12:00"]),
        ("2026-10-06", []),
    ],
)
def test_both_borders_of_the_validity_are_included(day, open_times):
    week = [
        rule
        for weekday in range(7)
        for rule in rules(
            Kind.OPEN, weekday, "8-12", valid_from=date(2026, 9, 1), valid_to=date(2026, 9, 29)
        )
    ]

    assert shown(week_of(*week).spans_on(date.fromisoformat(day))) == open_times


# Midnight, the turn of the year


def test_an_end_at_zero_is_the_end_of_the_day():
    schedule = week_of(*rules(Kind.OPEN, TUE, "20-24"))

    (span,) = schedule.spans_on(date(2026, 11, 24))

    assert span.end == at("2026-11-25 00:00")
    assert schedule.state_at(at("2026-11-24 23:59")).closing_soon
    assert schedule.state_at(at("2026-11-25 00:00")).status is Status.CLOSED


def test_the_whole_day_may_be_open():
    (span,) = week_of(*rules(Kind.OPEN, TUE, "0-24")).spans_on(date(2026, 11, 24))

    assert (span.start, span.end) == (at("2026-11-24 00:00"), at("2026-11-25 00:00"))


def test_an_opening_goes_on_over_midnight_and_the_turn_of_the_year():
    schedule = week_of(*rules(Kind.OPEN, THU, "20-24"), *rules(Kind.WALK_IN, FRI, "0-2", "9-10"))

    before, after = (schedule.state_at(at(now)) for now in ("2026-12-31 23:45", "2027-01-01 00:15"))

    assert (before.since, before.until) == (at("2026-12-31 20:00"), at("2027-01-01 02:00"))
    assert (after.since, after.until) == (before.since, before.until)
    assert not before.closing_soon
    assert before.reopens is None
    assert after.reopens == at("2027-01-01 09:00")
    assert schedule.next_change(at("2026-12-31 23:45")) == at("2027-01-01 01:30")
    opening = schedule.next_opening(at("2026-12-31 23:45"))
    assert opening is not None
    assert opening.start == at("2027-01-01 09:00")


def test_phone_hours_do_not_go_on_as_open_doors_over_midnight():
    schedule = week_of(*rules(Kind.PHONE, THU, "20-24"), *rules(Kind.OPEN, FRI, "0-2"))

    assert schedule.state_at(at("2026-12-31 23:00")).until == at("2027-01-01 00:00")
    assert schedule.state_at(at("2027-01-01 01:00")).since == at("2027-01-01 00:00")


def test_an_evening_up_to_midnight_ends_there_if_the_next_day_begins_later():
    schedule = week_of(*rules(Kind.OPEN, THU, "20-24"), *rules(Kind.OPEN, FRI, "9-10"))

    assert schedule.state_at(at("2026-12-31 23:00")).until == at("2027-01-01 00:00")
    assert schedule.state_at(at("2027-01-01 09:30")).since == at("2027-01-01 09:00")


def test_a_night_begins_at_midnight_if_the_evening_before_ended_earlier():
    schedule = week_of(*rules(Kind.OPEN, THU, "20-22"), *rules(Kind.OPEN, FRI, "0-2"))

    assert schedule.state_at(at("2027-01-01 01:00")).since == at("2027-01-01 00:00")


def test_what_never_closes_has_no_end_and_no_change():
    schedule = week_of(*(rule for day in range(7) for rule in rules(Kind.OPEN, day, "0-24")))
    now = at("2026-11-24 10:00")

    state = schedule.state_at(now)

    assert (state.status, state.since, state.until) == (Status.OPEN, None, None)
    assert state.reopens is None
    assert not state.closing_soon
    assert schedule.next_change(now) is None
    assert schedule.next_opening(now) is None


# The clock changes


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(["2:15-2:45"], [], id="inside the gap"),
        pytest.param(["2-3"], [], id="exactly the gap"),
        pytest.param(["1-2:30"], ["01:00-03:00"], id="into the gap"),
        pytest.param(["1-2"], ["01:00-03:00"], id="up to the gap"),
        pytest.param(["2:30-4"], ["03:00-04:00"], id="out of the gap"),
        pytest.param(["1-4"], ["01:00-04:00"], id="over the gap"),
        pytest.param(["1-2:15", "2:45-5"], ["01:00-05:00"], id="the gap joins two"),
        pytest.param(["8-12"], ["08:00-12:00"], id="the rest of the day"),
    ],
)
def test_the_hour_missing_in_spring(texts, expected):
    schedule = week_of(*rules(Kind.OPEN, SUN, *texts))

    spans = schedule.spans_on(SPRING)

    assert shown(spans) == expected
    assert all(span.start.astimezone(UTC) < span.end.astimezone(UTC) for span in spans)
    if texts == ["1-2:30"]:
        assert spans[0].end.astimezone(UTC) - spans[0].start.astimezone(UTC) == timedelta(hours=1)


def test_the_states_around_the_missing_hour():
    schedule = week_of(*rules(Kind.OPEN, SUN, "1-2:30", "4-5"))
    last = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
    first_after = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)

    assert schedule.state_at(last).status is Status.OPEN
    assert schedule.state_at(first_after).status is Status.CLOSED
    assert schedule.next_change(last) == at("2026-03-29 03:00")


def test_an_exception_meets_the_missing_hour_as_well():
    night = HoursException(SPRING, SPRING, times("0-2:30"))

    assert shown(Schedule((), (night,)).spans_on(SPRING)) == ["00:00-03:00"]


def test_the_hour_that_comes_twice_in_autumn():
    schedule = week_of(*rules(Kind.OPEN, SUN, "1-2:30"))
    first = datetime(2026, 10, 25, 0, 15, tzinfo=UTC)  # 2:15 for the first time
    second = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)  # 2:15 once more

    (span,) = schedule.spans_on(AUTUMN)

    assert span.end.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert span.covers(first)
    assert not span.covers(second)
    assert not span.covers(second.astimezone(BERLIN))
    assert schedule.state_at(first.astimezone(BERLIN)).closing_soon
    assert schedule.state_at(second.astimezone(BERLIN)).status is Status.CLOSED


def test_a_night_over_the_autumn_change_is_an_hour_longer():
    schedule = week_of(*rules(Kind.OPEN, SUN, "1-4"))

    (span,) = schedule.spans_on(AUTUMN)

    assert span.end.astimezone(UTC) - span.start.astimezone(UTC) == timedelta(hours=4)
    for hour in range(23, 27):  # 1:30, 2:30, 2:30, 3:30 in Berlin
        now = datetime(2026, 10, 24, 0, 30, tzinfo=UTC) + timedelta(hours=hour)
        assert schedule.state_at(now).status is Status.OPEN


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_closing_soon_counts_real_minutes(day):
    schedule = week_of(*rules(Kind.OPEN, SUN, "1-3"))
    end = schedule.spans_on(day)[0].end.astimezone(UTC)

    soon = schedule.next_change(end - timedelta(minutes=50))

    assert soon is not None
    assert end - soon.astimezone(UTC) == timedelta(minutes=30)
    assert schedule.state_at(soon).closing_soon


def test_eight_is_eight_on_both_sides_of_the_changes():
    week = [rule for day in range(7) for rule in rules(Kind.OPEN, day, "8-12")]

    for day in (SPRING, AUTUMN):
        around = [day + timedelta(days=number) for number in (-1, 0, 1)]
        assert [shown(week_of(*week).spans_on(one)) for one in around] == [["08:00-12:00"]] * 3


# Public holidays


@pytest.mark.parametrize(
    ("policy", "expected", "holiday"),
    [
        (HolidayPolicy.CLOSED, [], "Reformationstag"),
        (HolidayPolicy.AS_SUNDAY, ["14:00-16:00"], None),
        (HolidayPolicy.OWN_TIMES, ["09:00-10:00"], None),
    ],
)
def test_a_holiday_beats_the_week(policy, expected, holiday):
    week = (
        *rules(Kind.OPEN, TUE, "8-12"),
        *rules(Kind.OPEN, SUN, "14-16"),
        *rules(Kind.OPEN, HOLIDAY, "9-10"),
    )
    schedule = Schedule(week, holiday_policy=policy, holidays=HOLIDAYS.get)

    assert shown(schedule.spans_on(date(2028, 10, 31))) == expected
    assert shown(schedule.spans_on(date(2028, 10, 24))) == ["08:00-12:00"]
    assert schedule.state_at(at("2028-10-31 11:00")).holiday == holiday


@pytest.mark.parametrize("policy", [HolidayPolicy.AS_SUNDAY, HolidayPolicy.OWN_TIMES])
def test_without_times_for_holidays_the_holiday_closes(policy):
    schedule = Schedule(
        tuple(rules(Kind.OPEN, TUE, "8-12")), holiday_policy=policy, holidays=HOLIDAYS.get
    )

    state = schedule.state_at(at("2028-10-31 10:00"))

    assert (state.status, state.holiday) == (Status.CLOSED, "Reformationstag")
    assert state.opens == at("2028-11-07 08:00")


def test_a_day_that_is_closed_anyway_is_not_closed_by_the_holiday(practice):
    assert practice.state_at(at("2026-10-31 10:00")).holiday is None
    assert practice.closed_by_holiday(date(2028, 10, 31)) == "Reformationstag"
    assert practice.closed_by_holiday(date(2028, 10, 24)) is None


def test_an_exception_opens_on_a_holiday():
    day = date(2028, 10, 31)
    special = HoursException(day, day, times("10-11"))
    schedule = Schedule(tuple(PRACTICE), (special,), holidays=HOLIDAYS.get)

    assert shown(schedule.spans_on(day)) == ["10:00-11:00"]
    assert schedule.usual_spans_on(day) == ()
    assert schedule.state_at(at("2028-10-31 12:00")).holiday is None


def test_a_closure_beats_the_holiday(practice):
    state = practice.state_at(at("2026-12-25 10:00"))

    assert (state.closure, state.holiday) == (LEAVE, None)


# Exceptions


def test_a_closure_beats_other_hours_and_the_shorter_of_two_holds():
    day = date(2026, 11, 27)
    long = HoursException(date(2026, 11, 23), date(2026, 11, 29), times("9-10"))
    ill = HoursException(date(2026, 11, 26), date(2026, 11, 28))

    both = Schedule(tuple(PRACTICE), (long, SHORT_FRIDAY))
    closed = Schedule(tuple(PRACTICE), (long, SHORT_FRIDAY, ill))

    assert both.exception_on(day) == SHORT_FRIDAY
    assert both.exception_on(date(2026, 11, 26)) == long
    assert closed.exception_on(day) == ill
    assert both.exception_on(date(2026, 11, 30)) is None


def test_usual_spans_leave_the_exception_out(practice):
    assert shown(practice.usual_spans_on(date(2026, 11, 27)), Kind.OPEN) == ["08:00-13:00"]
    assert shown(practice.spans_on(date(2026, 11, 27))) == ["08:00-11:00"]


def test_exceptions_ahead_are_those_to_show():
    def exception(first: str, last: str, shown_from: str | None = None) -> HoursException:
        return HoursException(
            date.fromisoformat(first),
            date.fromisoformat(last),
            shown_from=date.fromisoformat(shown_from) if shown_from else None,
        )

    today = date(2026, 11, 24)
    over = exception("2026-11-20", "2026-11-23")
    last_day = exception("2026-11-01", "2026-11-24")
    in_14_days = exception("2026-12-08", "2026-12-09", shown_from="2026-11-24")
    in_15_days = exception("2026-12-09", "2026-12-09")
    hidden = exception("2026-11-25", "2026-11-25", shown_from="2026-11-25")
    schedule = Schedule((), (in_15_days, in_14_days, hidden, over, last_day))

    assert schedule.exceptions_ahead(today) == (last_day, in_14_days)
    assert schedule.exceptions_ahead(today, days=30) == (last_day, in_14_days, in_15_days)


def test_the_return_is_the_first_day_with_times(practice):
    again = HoursException(date(2027, 1, 4), date(2027, 1, 5))
    longer = Schedule(tuple(PRACTICE), (LEAVE, again), holidays=HOLIDAYS.get)

    assert practice.next_return(LEAVE) == date(2027, 1, 4)
    assert practice.next_return(SHORT_FRIDAY) == date(2026, 11, 30)
    assert longer.next_return(LEAVE) == date(2027, 1, 6)


def test_a_closure_of_years_is_jumped_over():
    asked: list[date] = []

    def holidays(day: date) -> str | None:
        asked.append(day)
        return HOLIDAYS.get(day)

    fire = HoursException(date(2026, 1, 1), date(2032, 12, 31))
    schedule = Schedule(tuple(PRACTICE), (fire,), holidays=holidays)

    state = schedule.state_at(at("2026-11-24 10:00"))

    assert state.opens == at("2033-01-03 08:00")
    assert len(asked) < 20


def test_a_closure_without_end_is_closed_for_good():
    for_good = HoursException(date(2026, 1, 1), date.max)
    schedule = Schedule((*PRACTICE, *rules(Kind.OPEN, MON, "8-9", valid_to=date.max)), (for_good,))

    state = schedule.state_at(at("2026-11-24 10:00"))

    assert (state.status, state.opens) == (Status.CLOSED, None)
    assert schedule.next_return(for_good) is None
    assert schedule.changes_ahead(date(2027, 1, 4)) == ()


def test_times_that_never_come_end_the_search():
    schedule = Schedule(
        tuple(rules(Kind.OPEN, HOLIDAY, "8-12")), holiday_policy=HolidayPolicy.OWN_TIMES
    )

    assert schedule.next_opening(at("2026-11-24 10:00")) is None
    assert schedule.next_change(at("2026-11-24 10:00")) is None


@pytest.mark.parametrize("day", [date.min, date(9998, 12, 31)])
def test_the_ends_of_the_calendar_do_no_harm(day):
    schedule = week_of(*(rule for number in range(7) for rule in rules(Kind.OPEN, number, "0-24")))
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)

    assert schedule.state_at(noon).status is Status.OPEN
    schedule.next_change(noon)
    schedule.next_opening(noon)
    never = Schedule(
        tuple(rules(Kind.OPEN, HOLIDAY, "8-12")), holiday_policy=HolidayPolicy.OWN_TIMES
    )
    assert never.next_opening(noon) is None


# Changes


@pytest.mark.parametrize(
    ("now", "change"),
    [
        ("2026-11-24 06:00", "2026-11-24 07:30"),  # phone
        ("2026-11-24 07:30", "2026-11-24 08:00"),  # doors
        ("2026-11-24 10:14", "2026-11-24 11:30"),  # closing soon
        ("2026-11-24 11:30", "2026-11-24 12:00"),
        ("2026-11-24 12:00", "2026-11-24 15:00"),
        ("2026-11-24 18:00", "2026-11-25 07:30"),
        ("2026-12-24 10:00", "2027-01-04 07:30"),
    ],
)
def test_the_next_change(practice, now, change):
    assert practice.next_change(at(now)) == at(change)


def test_a_short_opening_is_closing_soon_from_its_start():
    schedule = week_of(*rules(Kind.OPEN, TUE, "10-10:20"))

    assert schedule.state_at(at("2026-11-24 10:00")).closing_soon
    assert schedule.next_change(at("2026-11-24 10:00")) == at("2026-11-24 10:20")


@pytest.mark.parametrize(
    ("now", "kind", "start", "end"),
    [
        ("2026-11-24 06:00", Kind.OPEN, "2026-11-24 08:00", "2026-11-24 12:00"),
        ("2026-11-24 08:00", Kind.OPEN, "2026-11-24 15:00", "2026-11-24 18:00"),
        ("2026-11-27 10:00", Kind.OPEN, "2026-11-30 08:00", "2026-11-30 12:00"),
    ],
)
def test_the_next_opening(practice, now, kind, start, end):
    assert practice.next_opening(at(now)) == Span(kind, at(start), at(end))


def test_the_next_opening_knows_its_kind_and_note():
    schedule = week_of(
        *rules(Kind.WALK_IN, TUE, "8-9", note="ohne Termin"), *rules(Kind.OPEN, TUE, "9-12")
    )

    assert schedule.next_opening(at("2026-11-24 07:00")) == Span(
        Kind.WALK_IN, at("2026-11-24 08:00"), at("2026-11-24 12:00"), "ohne Termin"
    )


def test_the_note_of_the_next_opening_is_its_own():
    schedule = week_of(
        *rules(Kind.OPEN, TUE, "8-9", note="Kinder"), *rules(Kind.OPEN, TUE, "15-16")
    )

    afternoon = schedule.next_opening(at("2026-11-24 12:00"))

    assert afternoon == Span(Kind.OPEN, at("2026-11-24 15:00"), at("2026-11-24 16:00"))


def test_changes_of_the_week_ahead(practice):
    until_march = rules(Kind.OPEN, SAT, "9-11", valid_to=date(2027, 2, 28))
    schedule = Schedule((*PRACTICE, *until_march))

    assert practice.changes_ahead(date(2026, 11, 24)) == (date(2027, 1, 4),)
    assert practice.changes_ahead(date(2027, 1, 3)) == (date(2027, 1, 4),)
    assert practice.changes_ahead(date(2027, 1, 4)) == ()
    assert schedule.changes_ahead(date(2026, 11, 24)) == (date(2027, 1, 4), date(2027, 3, 1))


def test_a_rule_followed_by_an_equal_one_is_no_change():
    schedule = week_of(
        *rules(Kind.OPEN, TUE, "8-12", valid_to=date(2026, 12, 31)),
        *rules(Kind.OPEN, TUE, "8-12", valid_from=date(2027, 1, 1)),
    )

    assert schedule.changes_ahead(date(2026, 11, 24)) == ()


def test_rules_for_holidays_count_only_where_they_are_used():
    week = tuple(rules(Kind.OPEN, HOLIDAY, "8-12", valid_from=date(2027, 1, 1)))

    assert Schedule(week).changes_ahead(date(2026, 11, 24)) == ()
    own = Schedule(week, holiday_policy=HolidayPolicy.OWN_TIMES)
    assert own.changes_ahead(date(2026, 11, 24)) == (date(2027, 1, 1),)


def test_rules_valid_on_a_day(practice):
    late = PRACTICE[-1]

    assert late not in practice.rules_valid_on(date(2027, 1, 3))
    assert late in practice.rules_valid_on(date(2027, 1, 4))


# What is refused


@pytest.mark.parametrize(
    ("kind", "weekday", "start", "end", "message"),
    [
        (Kind.OPEN, 8, time(8), time(12), "weekday"),
        (Kind.OPEN, -1, time(8), time(12), "weekday"),
        (Kind.OPEN, MON, time(12), time(8), "after its start"),
        (Kind.OPEN, MON, time(8), time(8), "after its start"),
        (Kind.OPEN, MON, None, None, "without times"),
        (Kind.APPOINTMENT, MON, time(8), None, "without times"),
        (Kind.APPOINTMENT, MON, None, time(8), "without times"),
        (Kind.OPEN, MON, time(8, tzinfo=UTC), time(12), "time zone"),
    ],
)
def test_wrong_rules_are_refused(kind, weekday, start, end, message):
    with pytest.raises(ValueError, match=message):
        Rule(kind, weekday, start, end)


def test_wrong_exceptions_are_refused():
    with pytest.raises(ValueError, match="after its start"):
        TimeRange(time(12), time(12))
    with pytest.raises(ValueError, match="first day"):
        HoursException(date(2026, 11, 24), date(2026, 11, 23))
