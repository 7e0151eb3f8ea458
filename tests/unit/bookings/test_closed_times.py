"""Which times a plan closes, and which plans cannot be kept."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bookings.rules.closed_times import MOST, PlanFault, PlannedTimes, closed_spans, faults_of
from bookings.rules.spans import Span
from bookings.rules.wall_clock import berlin_day, in_berlin, instant, span_on

MIDNIGHT = dt.time()
START = dt.date(2026, 1, 1)
LONG_AGO = instant(START, MIDNIGHT)
days = st.dates(dt.date(2026, 1, 1), dt.date(2028, 12, 31))


def plan(first="2026-03-23", last="2026-04-05", **values) -> PlannedTimes:
    """Return a plan around the spring change of clocks, Mondays from 8 to 12."""
    usual = PlannedTimes(
        first=dt.date.fromisoformat(first),
        last=dt.date.fromisoformat(last),
        opens=dt.time(8),
        closes=dt.time(12),
        weekdays=(0,),
    )
    return replace(usual, **values)


def test_a_weekly_time_stays_at_its_hour_across_the_change_of_clocks():
    spans = closed_spans(plan(), now=LONG_AGO)
    assert [in_berlin(one).start.isoformat() for one in spans] == [
        "2026-03-23T08:00:00+01:00",
        "2026-03-30T08:00:00+02:00",
    ]


def test_whole_days_that_touch_are_one_closed_time():
    week = plan("2026-03-28", "2026-03-31", opens=MIDNIGHT, closes=MIDNIGHT, weekdays=range(7))
    (one,) = closed_spans(week, now=LONG_AGO)
    assert one.length == dt.timedelta(hours=4 * 24 - 1)  # the clock skips an hour
    assert berlin_day(one.end) == dt.date(2026, 4, 1)


def test_a_time_that_the_clock_skips_is_none():
    skipped = plan("2026-03-29", "2026-03-29", opens=dt.time(2), closes=dt.time(3), weekdays=(6,))
    assert closed_spans(skipped, now=LONG_AGO) == []


def test_what_is_over_is_not_closed_any_more():
    now = instant(dt.date(2026, 3, 23), dt.time(12))
    assert len(closed_spans(plan(), now=now)) == 1
    assert len(closed_spans(plan(), now=now - dt.timedelta(minutes=1))) == 2


def test_in_holidays_only_their_days_are_closed():
    holidays = {dt.date(2026, 3, 24), dt.date(2026, 3, 30)}
    everyday = plan(weekdays=(), is_holiday=holidays.__contains__)
    assert {berlin_day(one.start) for one in closed_spans(everyday, now=LONG_AGO)} == holidays
    mondays = plan(is_holiday=holidays.__contains__)
    assert len(closed_spans(mondays, now=LONG_AGO)) == 1


@pytest.mark.parametrize(
    ("wrong", "faults"),
    [
        (plan(), []),
        (plan(closes=MIDNIGHT), []),
        (plan("2026-04-05", "2026-04-04"), [("last", PlanFault.LAST_BEFORE_FIRST)]),
        (plan("2026-01-01", "2028-01-04"), [("last", PlanFault.TOO_LONG)]),
        (plan(weekdays=()), [("weekdays", PlanFault.NO_WEEKDAY)]),
        (plan(weekdays=(0, 7)), [("weekdays", PlanFault.UNKNOWN_WEEKDAY)]),
        (
            plan("2026-04-05", "2026-04-04", closes=dt.time(8)),
            [("last", PlanFault.LAST_BEFORE_FIRST), ("closes", PlanFault.CLOSES_BEFORE_OPENS)],
        ),
        (plan("2026-03-24", "2026-03-28"), [("last", PlanFault.NO_SUCH_DAY)]),
        (plan(is_holiday=lambda _day: False), [("last", PlanFault.NO_SCHOOL_HOLIDAYS)]),
        (plan("2025-03-24", "2025-04-05"), [("last", PlanFault.OVER)]),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field(wrong, faults):
    assert faults_of(wrong, now=LONG_AGO) == faults


def test_daily_times_of_two_years_stay_within_the_limit():
    assert faults_of(plan("2026-01-01", "2028-01-02", weekdays=range(7)), now=LONG_AGO) == []
    assert MOST > 2 * 366


@settings(max_examples=60, deadline=None)
@example(dt.date(2026, 9, 1), 54, 6, 1)  # up to the hour that comes twice
@given(first=days, length=st.integers(0, 120), weekday=st.integers(0, 6), hour=st.integers(0, 22))
def test_every_day_of_the_plan_is_closed_and_no_other(first, length, weekday, hour):
    last = first + dt.timedelta(days=length)
    opens, closes = dt.time(hour), dt.time(hour + 1)
    asked = PlannedTimes(first=first, last=last, weekdays=(weekday,), opens=opens, closes=closes)
    spans = closed_spans(asked, now=LONG_AGO)
    wanted = [
        first + dt.timedelta(days=number)
        for number in range(length + 1)
        if (first.weekday() + number) % 7 == weekday
    ]
    expected = [span_on(day, opens, closes) for day in wanted]
    assert spans == [Span(*one) for one in expected if one.length]
