"""Arithmetic with spans, also on the days on which the clocks change."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.rules.spans import Span, bookable, merged, without
from bookings.rules.wall_clock import exists, in_berlin, instant, span_on, whole_day

SPRING, AUTUMN = dt.date(2026, 3, 29), dt.date(2026, 10, 25)
DAYS = (SPRING, AUTUMN, dt.date(2026, 11, 24))
STEP = dt.timedelta(minutes=15)
MINUTES = st.integers(0, 48).map(lambda steps: steps * STEP)


def utc(day: dt.date, hour: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), tzinfo=dt.UTC)


@st.composite
def spans(draw) -> Span:
    """Give a span of quarter hours on one of the days, in UTC."""
    start = utc(draw(st.sampled_from(DAYS))) + draw(st.integers(-8, 96)) * STEP
    return Span(start, start + draw(st.integers(1, 60)) * STEP)


def steps(found: list[Span]) -> set[dt.datetime]:
    """Return the quarter hours in these spans: the plain model of a span."""
    return {
        span.start + number * STEP
        for span in found
        for number in range((span.end - span.start) // STEP)
    }


def is_tidy(found: list[Span]) -> bool:
    ends = [edge for span in found for edge in span]
    return ends == sorted(set(ends))


@given(st.lists(spans(), max_size=8))
def test_merged_is_the_same_time_in_spans_that_do_not_touch(found):
    assert steps(merged(found)) == steps(found)
    assert is_tidy(merged(found))


@given(spans(), st.lists(spans(), max_size=8))
def test_without_leaves_what_nobody_takes(span, taken):
    rest = list(without(span, taken))
    assert steps(rest) == steps([span]) - steps(taken)
    assert is_tidy(rest)


@given(st.lists(spans(), max_size=3), st.lists(spans(), max_size=8), MINUTES, MINUTES)
def test_what_is_bookable_fits_with_its_buffers(hours, taken, before, after):
    for span in bookable(hours, taken, before=before, after=after):
        assert span.end - span.start >= STEP
        assert any(opening.contains(span) for opening in merged(hours))
        assert not any(other.overlaps(span.widened(before, after)) for other in taken)


@given(st.lists(spans(), max_size=3), st.lists(spans(), max_size=8), MINUTES, MINUTES, spans())
def test_whatever_fits_is_bookable(hours, taken, before, after, wish):
    fits = any(opening.contains(wish) for opening in merged(hours)) and not any(
        other.overlaps(wish.widened(before, after)) for other in taken
    )
    found = bookable(hours, taken, before=before, after=after)
    assert any(span.contains(wish) for span in found) is fits


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (DAYS[2], 24)])
def test_a_day_is_as_long_as_the_clock_makes_it(day, hours):
    start, end = (edge.astimezone(dt.UTC) for edge in whole_day(day))
    assert end - start == dt.timedelta(hours=hours)


@given(st.sampled_from(DAYS), st.times(), st.times())
def test_a_span_ends_on_its_day_or_at_midnight(day, start, end):
    span = span_on(day, start, end)
    assert whole_day(day).end >= span.end
    if end == dt.time():
        assert span.end == whole_day(day).end


@given(st.sampled_from(DAYS), st.times())
def test_only_the_hour_that_the_clock_skips_does_not_exist(day, at):
    assert exists(day, at) is not (day == SPRING and at.hour == 2)


def test_of_an_hour_that_comes_twice_the_first_one_counts():
    first = instant(AUTUMN, dt.time(2, 30)).astimezone(dt.UTC)
    assert first == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)


@given(st.sampled_from(DAYS), MINUTES, MINUTES)
def test_the_same_instants_are_the_same_span_in_every_time_zone(day, start, length):
    found = Span(utc(day) + start, utc(day) + start + length)
    there = in_berlin(found)
    assert found == there
    assert not found != there  # noqa: SIM202 - tuples answer it on their own
    assert {found, there} == {found}
    assert found != Span(found.start, found.end + STEP)
    assert (7, found) == (7, there)
