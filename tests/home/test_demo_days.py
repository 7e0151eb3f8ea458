"""Days and times of the demo data."""

import datetime as dt

import pytest

from home.demo.build_facts import spans
from home.demo.days import (
    christmas_leave_ends,
    christmas_leave_starts,
    monday_after_christmas_leave,
    next_working_day,
)


@pytest.mark.parametrize(
    ("today", "first", "last", "monday"),
    [
        ("2026-11-24", "2026-12-23", "2027-01-02", "2027-01-04"),
        ("2026-12-28", "2026-12-23", "2027-01-02", "2027-01-04"),
        ("2027-01-02", "2026-12-23", "2027-01-02", "2027-01-04"),
        ("2027-01-03", "2027-12-23", "2028-01-02", "2028-01-03"),
    ],
)
def test_the_christmas_leave_is_the_running_or_the_next_one(today, first, last, monday):
    day = dt.date.fromisoformat(today)

    assert christmas_leave_starts(day).isoformat() == first
    assert christmas_leave_ends(day).isoformat() == last
    assert monday_after_christmas_leave(day).isoformat() == monday


def test_the_next_working_day_is_no_public_holiday():
    # Friday, 1 May 2026 is a holiday.
    assert next_working_day(4)(dt.date(2026, 4, 27)) == dt.date(2026, 5, 8)


def test_spans_are_read_as_people_write_them():
    assert spans("8–12 15:30–18") == [
        (dt.time(8), dt.time(12)),
        (dt.time(15, 30), dt.time(18)),
    ]
    assert spans("18–24") == [(dt.time(18), dt.time(0))]
    with pytest.raises(ValueError, match="8-12"):
        spans("8-12")
