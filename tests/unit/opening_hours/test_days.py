"""What a day holds: its spans, midnight, the turn of the year, the clock changes."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from cms.opening_hours import BERLIN, HoursException, Kind, Schedule, Status, blocks, usual_times
from tests.unit.opening_hours.practice import (
    AUTUMN,
    FRI,
    SPRING,
    SUN,
    THU,
    TUE,
    WED,
    at,
    rules,
    shown,
    times,
    week_of,
)

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
