"""Hours for search engines, read back as schema.org says: what they claim is what holds."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cms.opening_hours import HoursException as Closure
from cms.opening_hours import Kind, Pattern, Schedule, blocks
from cms.opening_hours.schema_org import (
    DAYS_AHEAD,
    PATTERN_DAYS,
    WEEKDAYS,
    special_hours,
    usual_hours,
)
from tests.unit.opening_hours.practice import rules, week_of
from tests.unit.opening_hours.worlds import days, schedules

MINUTES_OF_A_DAY = 24 * 60
TUESDAY = date(2026, 11, 24)
Minutes = tuple[int, int]


def claimed_on(schedule: Schedule, today: date, day: date) -> list[Minutes]:
    """Read the two lists of specifications as schema.org says."""
    specials: list[dict[str, Any]] = special_hours(schedule, today)
    usuals: list[dict[str, Any]] = usual_hours(schedule, today)
    special = [entry for entry in specials if covers(entry, day)]
    usual = [
        entry
        for entry in usuals
        if covers(entry, day) and WEEKDAYS[day.weekday()] in entry["dayOfWeek"]
    ]
    spans = [(minutes(entry["opens"]), minutes(entry["closes"])) for entry in special or usual]
    return sorted(
        (start, end if end > start else end + MINUTES_OF_A_DAY)
        for start, end in spans
        if start != end
    )


def covers(entry: dict[str, Any], day: date) -> bool:
    first = entry.get("validFrom", "0001-01-01")
    return first <= day.isoformat() <= entry.get("validThrough", "9999-12-31")


def minutes(text: str) -> int:
    hours, minute = text.split(":")
    return int(hours) * 60 + int(minute)


def open_on(schedule: Schedule, day: date) -> list[Minutes]:
    found = []
    for span in blocks(schedule.spans_on(day)):
        if span.kind is Kind.OPEN:
            start = span.start.hour * 60 + span.start.minute
            end = span.end.hour * 60 + span.end.minute
            end += (span.end.date() - day).days * MINUTES_OF_A_DAY
            whole_day = end - start >= MINUTES_OF_A_DAY
            found.append((start, MINUTES_OF_A_DAY - 1 if whole_day else end))
    return found


@settings(deadline=None)
@given(schedules(), days, st.integers(0, PATTERN_DAYS))
def test_what_is_claimed_for_the_coming_weeks_is_what_holds(schedule, today, number):
    day = today + timedelta(days=number)
    assert claimed_on(schedule, today, day) == open_on(schedule, day)


@settings(deadline=None)
@given(schedules(), days, st.integers(PATTERN_DAYS, DAYS_AHEAD))
def test_nothing_is_claimed_for_the_coming_year_that_does_not_hold(schedule, today, number):
    day = today + timedelta(days=number)
    actual = open_on(schedule, day)
    for start, end in claimed_on(schedule, today, day):
        assert any(first <= start and end <= last for first, last in actual)


def test_closure_of_years_is_claimed_to_its_end():
    closure = Closure(date(2026, 12, 1), date(2031, 12, 31))
    practice = week_of(*rules(Kind.OPEN, 1, "8-12"), exceptions=(closure,))
    (entry,) = special_hours(practice, TUESDAY)
    assert (entry["validFrom"], entry["validThrough"]) == ("2026-12-01", "2031-12-31")


def test_whole_day_is_not_read_as_closed():
    (entry,) = usual_hours(week_of(*rules(Kind.OPEN, 1, "0-24")), TUESDAY)
    assert (entry["opens"], entry["closes"]) == ("00:00", "23:59")


def test_night_of_yesterday_that_a_holiday_cut_short_is_named():
    """Only then does the usual night of yesterday not reach into today."""
    closure = Closure(date(2026, 11, 23), date(2026, 11, 23))
    bar = week_of(*rules(Kind.OPEN, 0, "20-2"), exceptions=(closure,))
    (entry,) = special_hours(bar, TUESDAY)
    assert (entry["validFrom"], entry["closes"]) == ("2026-11-23", "00:00")


def test_far_dates_of_a_week_pattern_are_not_claimed():
    first = week_of(*rules(Kind.OPEN, 1, "14-16", pattern=Pattern.FIRST))
    found = [entry["validFrom"] for entry in special_hours(first, TUESDAY)]
    assert found == ["2026-12-01", "2027-01-05", "2027-02-02"]
