"""Why a request cannot be taken, as one table; and what the clock does to it."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.rules.policy import POLICY
from bookings.rules.refusals import Code, Refusal, RefusedError, Wish, refusals_of
from bookings.rules.spans import Span
from bookings.rules.wall_clock import berlin_day, exists, span_on, whole_day
from cms.opening_hours import BERLIN

NOW = dt.datetime(2026, 11, 24, 10, 14, tzinfo=BERLIN)  # a Tuesday
TODAY, FRIDAY = NOW.date(), dt.date(2026, 11, 27)
SPRING, AUTUMN = dt.date(2027, 3, 28), dt.date(2027, 10, 31)  # the clocks change
DAY_AND_EVENING = (("8:00", "12:00"), ("15:00", "22:00"))
ALL_DAY = (("0:00", "0:00"),)


def at(text: str) -> dt.time:
    return dt.time.fromisoformat(text.zfill(5) if text.count(":") == 1 else text)


def refused(
    start: str = "19:00",
    end: str = "21:00",
    *,
    day: dt.date = FRIDAY,
    persons: int = 20,
    hours: tuple[tuple[str, str], ...] = DAY_AND_EVENING,
    now: dt.datetime = NOW,
    **rules: Any,
) -> list[Refusal]:
    return refusals_of(
        Wish(day, at(start), at(end), persons),
        capacity=60,
        hours=[span_on(day, at(opens), at(closes)) for opens, closes in hours],
        policy=replace(POLICY, **rules),
        now=now,
    )


def codes(*args: str, **values) -> list[tuple[Code, str]]:
    return [(refusal.code, refusal.about) for refusal in refused(*args, **values)]


@pytest.mark.parametrize(
    ("start", "end", "values", "expected"),
    [
        ("19:00", "21:00", {}, []),
        ("8:00", "12:00", {}, []),
        ("21:30", "22:00", {}, []),
        ("19:00", "21:00", {"persons": 60}, []),
        ("19:00", "21:00", {"persons": 61}, [(Code.TOO_MANY, "persons")]),
        # Start and end
        ("21:00", "19:00", {}, [(Code.END_BEFORE_START, "end")]),
        ("19:00", "19:00", {}, [(Code.END_BEFORE_START, "end")]),
        ("19:00", "19:15", {}, [(Code.TOO_SHORT, "end")]),
        ("19:00", "19:30", {}, []),
        ("19:05", "21:00", {}, [(Code.OFF_RASTER, "start")]),
        ("19:00", "20:59", {}, [(Code.OFF_RASTER, "end")]),
        ("19:01", "20:59", {}, [(Code.OFF_RASTER, "start"), (Code.OFF_RASTER, "end")]),
        ("19:00:30", "21:00", {}, [(Code.OFF_RASTER, "start")]),
        # Hours of the room
        ("7:45", "9:00", {}, [(Code.OUTSIDE_HOURS, "start")]),
        ("21:00", "22:15", {}, [(Code.OUTSIDE_HOURS, "end")]),
        ("11:00", "16:00", {}, [(Code.OUTSIDE_HOURS, "end")]),
        ("12:00", "15:00", {}, [(Code.OUTSIDE_HOURS, "end")]),
        ("19:00", "21:00", {"hours": ()}, [(Code.NOT_OPEN, "day")]),
        # Spans that touch are one.
        ("11:00", "16:00", {"hours": (("8:00", "12:00"), ("12:00", "22:00"))}, []),
        # Midnight
        ("22:00", "0:00", {"hours": ALL_DAY}, []),
        ("0:00", "0:00", {"hours": ALL_DAY}, []),
        ("0:00", "0:30", {"hours": ALL_DAY}, []),
        ("23:45", "0:00", {"hours": ALL_DAY}, [(Code.TOO_SHORT, "end")]),
        ("21:00", "0:00", {}, [(Code.OUTSIDE_HOURS, "end")]),
        ("22:00", "1:00", {"hours": ALL_DAY}, [(Code.END_BEFORE_START, "end")]),
        # The day
        ("19:00", "21:00", {"day": TODAY}, []),
        ("19:00", "21:00", {"day": TODAY - dt.timedelta(1)}, [(Code.PAST_DAY, "day")]),
        ("19:00", "21:00", {"day": TODAY + dt.timedelta(366)}, []),
        ("19:00", "21:00", {"day": TODAY + dt.timedelta(367)}, [(Code.TOO_FAR, "day")]),
        ("03:00", "04:00", {"day": TODAY - dt.timedelta(1)}, [(Code.PAST_DAY, "day")]),
        ("02:30", "04:00", {"day": dt.date(2026, 3, 29)}, [(Code.PAST_DAY, "day")]),
        ("19:00", "21:00", {"day": dt.date(9998, 12, 31)}, [(Code.TOO_FAR, "day")]),
        ("8:00", "9:00", {"day": TODAY}, [(Code.PAST_TIME, "start")]),
        ("10:00", "12:00", {"day": TODAY}, [(Code.PAST_TIME, "start")]),
        ("10:15", "12:00", {"day": TODAY}, []),
        # Everything that is wrong is said at once, but no time beside a wrong day twice.
        (
            "21:00",
            "19:00",
            {"day": dt.date(2020, 1, 1), "persons": 500},
            [(Code.PAST_DAY, "day"), (Code.END_BEFORE_START, "end"), (Code.TOO_MANY, "persons")],
        ),
        ("19:00", "21:00", {"day": dt.date(2020, 1, 1)}, [(Code.PAST_DAY, "day")]),
        (
            "6:00",
            "7:00",
            {"lead_hours": 120},
            [(Code.OUTSIDE_HOURS, "start"), (Code.TOO_SOON, "day")],
        ),
        (
            "19:05",
            "21:00",
            {"lead_hours": 120},
            [(Code.OFF_RASTER, "start"), (Code.TOO_SOON, "day")],
        ),
        (
            "19:00",
            "18:00",
            {"lead_hours": 120},
            [(Code.END_BEFORE_START, "end"), (Code.TOO_SOON, "day")],
        ),
        (
            "6:00",
            "7:00",
            {"day": TODAY},
            [(Code.OUTSIDE_HOURS, "start"), (Code.PAST_TIME, "start")],
        ),
        ("6:05", "7:00", {}, [(Code.OFF_RASTER, "start"), (Code.OUTSIDE_HOURS, "start")]),
        (
            "19:05",
            "19:20",
            {},
            [(Code.OFF_RASTER, "start"), (Code.OFF_RASTER, "end"), (Code.TOO_SHORT, "end")],
        ),
    ],
)
def test_what_is_refused(start, end, values, expected):
    assert codes(start, end, **values) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("1:45", "3:15", []),  # half an hour on that night
        ("1:45", "3:00", []),  # a quarter, but the clock decides
        ("1:45", "1:59", [(Code.OFF_RASTER, "end"), (Code.TOO_SHORT, "end")]),
        ("2:00", "4:00", [(Code.TIME_MISSING, "start")]),
        ("1:00", "2:45", [(Code.TIME_MISSING, "end")]),
        ("2:00", "2:45", [(Code.TIME_MISSING, "start"), (Code.TIME_MISSING, "end")]),
        ("2:05", "4:00", [(Code.OFF_RASTER, "start"), (Code.TIME_MISSING, "start")]),
        ("3:00", "4:00", []),
        ("0:00", "0:00", []),
    ],
)
def test_the_hour_that_the_spring_night_leaves_out(start, end, expected):
    assert codes(start, end, day=SPRING, hours=ALL_DAY) == expected


def test_the_hour_that_comes_twice_in_autumn_is_the_first_one():
    now = dt.datetime(2027, 10, 1, tzinfo=BERLIN)
    assert codes("2:00", "3:00", day=AUTUMN, hours=ALL_DAY, now=now) == []
    assert span_on(AUTUMN, at("2:00"), at("3:00")).length == dt.timedelta(hours=2)
    # The first 2:00 until the only 3:00: two hours pass.
    assert span_on(AUTUMN, at("2:00"), at("3:00")) == Span(
        dt.datetime(2027, 10, 31, 0, tzinfo=dt.UTC).astimezone(BERLIN),
        dt.datetime(2027, 10, 31, 2, tzinfo=dt.UTC).astimezone(BERLIN),
    )


@pytest.mark.parametrize("day", [FRIDAY, SPRING, AUTUMN])
def test_a_day_is_as_long_as_its_clock_says(day):
    now = dt.datetime(2026, 11, 1, tzinfo=BERLIN)
    assert codes("0:00", "0:00", day=day, hours=ALL_DAY, now=now, shortest_minutes=24 * 60) == []
    night = {"day": day, "hours": ALL_DAY, "now": now, "longest_minutes": 180}
    assert codes("1:00", "4:00", **night) == []
    assert codes("1:00", "4:15", **night) == [(Code.TOO_LONG, "end")]


@pytest.mark.parametrize(
    ("refusal_of", "values"),
    [
        ({"persons": 61}, {"capacity": 60, "persons": 61}),
        ({"day": TODAY + dt.timedelta(400)}, {"last": TODAY + dt.timedelta(366)}),
        ({"start": "7:00"}, {"hours": ((8, 12), (15, 22))}),
        ({"start": "21:30", "end": "21:45"}, {"minutes": 30}),
        ({"start": "20:50"}, {"minutes": 15}),
        ({"start": "22:00"}, {"start": dt.time(22)}),
    ],
)
def test_a_refusal_brings_what_its_sentence_needs(refusal_of, values):
    found = refused(**refusal_of)[0].values
    if "hours" in found:
        found = {
            "hours": tuple(
                tuple(edge.astimezone(BERLIN).hour for edge in opening)
                for opening in found["hours"]
            )
        }
    assert found == values


def test_today_is_berlins_day_not_the_one_of_universal_time():
    shortly_after_midnight = dt.datetime(2026, 11, 26, 23, 30, tzinfo=dt.UTC)  # 0:30 in Berlin
    yesterday = FRIDAY - dt.timedelta(1)
    assert codes(day=yesterday, now=shortly_after_midnight) == [(Code.PAST_DAY, "day")]
    assert codes(day=FRIDAY, now=shortly_after_midnight) == []


def test_the_house_sets_the_limits():
    wish = Wish(FRIDAY, at("19:10"), at("19:20"), 20)
    policy = replace(POLICY, raster_minutes=10, shortest_minutes=10, horizon_days=2)
    hours = [whole_day(FRIDAY)]
    found = refusals_of(wish, capacity=60, hours=hours, policy=policy, now=NOW)
    assert [refusal.code for refusal in found] == [Code.TOO_FAR]


def test_the_error_names_its_codes():
    error = RefusedError(refused("21:00", "19:00", persons=100))
    assert str(error) == "end_before_start, too_many"


times = st.times().filter(lambda time: time.fold == 0)
days = st.dates(dt.date(2026, 1, 1), dt.date(2030, 12, 31))


@given(day=days, start=times, end=times, persons=st.integers(1, 32_767), now=days)
def test_whatever_is_asked_what_passes_lies_ahead_within_hours_and_capacity(
    day, start, end, persons, now
):
    moment = dt.datetime.combine(now, dt.time(12), tzinfo=BERLIN)
    hours = [span_on(day, at(opens), at(closes)) for opens, closes in DAY_AND_EVENING]
    wish = Wish(day, start, end, persons)
    if refusals_of(wish, capacity=60, hours=hours, policy=POLICY, now=moment):
        return
    span = span_on(day, start, end)
    assert any(opening.contains(span) for opening in hours)
    assert span.start >= moment
    assert persons <= 60
    assert exists(day, start)


@given(day=days, start=st.integers(0, 95), length=st.integers(1, 96))
def test_a_wish_made_of_a_span_is_the_same_span(day, start, length):
    end = min(start + length, 96)
    clock = [dt.time(*divmod(quarter * 15 % 1440, 60)) for quarter in (start, end)]
    if not exists(day, clock[0]) or not exists(day, clock[1]):
        return
    span = span_on(day, *clock)
    wish = Wish.of(span, 1)
    assert (wish.day, wish.start, wish.end) == (day, *clock)
    assert berlin_day(span.start) == day
