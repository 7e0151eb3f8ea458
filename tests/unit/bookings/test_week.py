"""A day as blocks: what stands in it, what may be asked for, and in which rows."""

import datetime as dt
import itertools
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bookings.rules.policy import POLICY, Policy
from bookings.rules.refusals import Code, Wish, refusals_of
from bookings.rules.spans import Span, bookable, merged
from bookings.rules.wall_clock import berlin_day, clock_length, is_told_apart, span_on
from bookings.rules.week import (
    Block,
    Scale,
    Taken,
    Use,
    askable,
    asks_from,
    day_blocks,
    nearest,
    next_step,
    offered,
    on_raster,
    parse_week,
    shown_days,
    week_text,
    within,
)

SPRING, AUTUMN = dt.date(2026, 3, 29), dt.date(2026, 10, 25)
TUESDAY = dt.date(2026, 11, 24)
DAYS = (SPRING, AUTUMN, TUESDAY)
LONG_BEFORE = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
NOTHING = dt.timedelta()
QUARTER = dt.timedelta(minutes=15)
BUFFERS = st.sampled_from([0, 10, 15, 30]).map(lambda minutes: dt.timedelta(minutes=minutes))


def on(start: str, end: str, day: dt.date = TUESDAY) -> Span:
    span = span_on(day, dt.time.fromisoformat(start), dt.time.fromisoformat(end))
    return Span(*(edge.astimezone(dt.UTC) for edge in span))


def on_day(day: dt.date, times: tuple[str, str]) -> Span:
    return on(*times, day)


def taken(start: str, end: str, use: Use = Use.PROMISED, label: str = "") -> Taken:
    return Taken(on(start, end), on(start, end), use, label)


def blocks_of(hours: list[Span], items: list[Taken], before=NOTHING, after=NOTHING) -> list[Block]:
    return day_blocks(hours, items, before=before, after=after, policy=POLICY)


def read(blocks: list[Block]) -> list[tuple[str, str, str]]:
    """Return (from, use, labels); the tests' days have Berlin's winter time."""
    return [
        (f"{block.span.start + dt.timedelta(hours=1):%H:%M}", block.use, " ".join(block.labels))
        for block in blocks
    ]


@st.composite
def days(draw) -> tuple[list[Span], list[Taken]]:
    """Give the hours of one of the days and what takes the room, to the minute, with buffers."""
    day = draw(st.sampled_from(DAYS))
    edges = draw(st.lists(st.integers(0, 23), min_size=2, max_size=4, unique=True).map(sorted))
    times = [f"{hour:02}:00" for hour in edges]
    hours = [on(start, end, day) for start, end in zip(times[::2], times[1::2], strict=False)]
    if draw(st.booleans()):
        hours = [on("00:00", "00:00", day)]
    items = []
    for _number in range(draw(st.integers(0, 7))):
        start = on("00:00", "00:00", day).start + dt.timedelta(minutes=draw(st.integers(-90, 1500)))
        span = Span(start, start + dt.timedelta(minutes=draw(st.integers(1, 400))))
        use = draw(st.sampled_from([Use.CLOSED, Use.PROMISED, Use.REQUESTED]))
        period = span if use is Use.CLOSED else span.widened(draw(BUFFERS), draw(BUFFERS))
        items.append(Taken(span, period, use, draw(st.sampled_from(["", "Chor", "Yoga"]))))
    return hours, items


# Painting


@given(days(), BUFFERS, BUFFERS)
def test_blocks_follow_each_other_within_the_hours(day, before, after):
    hours, items = day
    blocks = blocks_of(hours, items, before, after)
    for block in blocks:
        assert block.span.start < block.span.end
        # Merged: hours that end and begin at the gap of spring touch.
        assert any(opening.contains(block.span) for opening in merged(hours))
    for one, next_one in itertools.pairwise(blocks):
        assert one.span.end <= next_one.span.start
        same = (one.use, one.labels) == (next_one.use, next_one.labels)
        assert not (same and one.span.end == next_one.span.start)


@given(days(), BUFFERS, BUFFERS, st.integers(0, 1500))
def test_at_every_minute_the_strongest_use_is_shown(day, before, after, minute):
    hours, items = day
    start = min(opening.start for opening in hours)
    moment = Span(start + dt.timedelta(minutes=minute), start + dt.timedelta(minutes=minute + 1))
    if not any(opening.contains(moment) for opening in hours):
        return
    here = [
        block for block in blocks_of(hours, items, before, after) if block.span.overlaps(moment)
    ]
    uses = {item.use for item in items if item.span.overlaps(moment)}
    strongest = next((use for use in Use if use in uses), None)
    if strongest is None:
        assert {block.use for block in here} <= {Use.FREE}
    else:
        assert [block.use for block in here] == [strongest]


@given(days(), BUFFERS, BUFFERS)
def test_what_is_free_can_be_asked_for_as_it_stands(day, before, after):
    hours, items = day
    gaps = bookable(hours, (item.period for item in items), before=before, after=after)
    for block in blocks_of(hours, items, before, after):
        if block.use is Use.FREE:
            assert any(gap.contains(block.span) for gap in gaps)
            assert block.span == on_raster(block.span, POLICY)
            assert clock_length(block.span) >= POLICY.shortest


@st.composite
def gaps_and_rules(draw) -> tuple[list[Span], Policy]:
    """Give gaps of a day, often in a night in which the clock is changed, and rules for lengths."""
    hours, items = draw(days())
    step = draw(st.sampled_from([5, 15, 30, 60]))
    shortest = draw(st.integers(1, 8)) * step
    longest = min(shortest + draw(st.integers(0, 300)) * step, 24 * 60)
    policy = replace(
        POLICY, raster_minutes=step, shortest_minutes=shortest, longest_minutes=longest
    )
    return bookable(hours, [item.period for item in items]), policy


def codes_of(span: Span, gaps: list[Span], policy: Policy) -> set[Code]:
    """Return what the rules say when somebody types this time."""
    wish = Wish.of(span, 1)
    typed = span_on(wish.day, wish.start, wish.end)
    if not any(gap.contains(typed) for gap in gaps):
        return {Code.TAKEN}
    found = refusals_of(wish, capacity=1, hours=gaps, policy=policy, now=LONG_BEFORE)
    return {one.code for one in found}


@given(gaps_and_rules())
def test_every_edge_of_what_is_free_can_be_asked_for(drawn):
    gaps, policy = drawn
    for span in askable(gaps, policy):
        assert codes_of(span, gaps, policy) <= {Code.TOO_LONG}


@given(gaps_and_rules(), st.integers(0, 96), st.integers(1, 20))
def test_a_suggested_time_is_never_refused(drawn, start, quarters):
    gaps, policy = drawn
    if not gaps:
        return
    first = on("00:00", "00:00", berlin_day(gaps[0].start)).start
    wanted_start = first + start * QUARTER
    wanted = Span(wanted_start, wanted_start + quarters * QUARTER)
    for found in (
        nearest(gaps, wanted, policy, LONG_BEFORE),
        nearest(askable(gaps, policy), wanted, policy, LONG_BEFORE),
    ):
        assert found is None or codes_of(found, gaps, policy) == set()


@pytest.mark.parametrize(
    ("day", "gap", "wanted", "found"),
    [
        (SPRING, ("01:00", "04:00"), ("05:00", "08:00"), ("01:00", "04:00")),  # two hours go by
        (SPRING, ("01:00", "03:15"), ("04:00", "04:30"), ("01:15", "01:45")),  # none ends at 2:00
        (AUTUMN, ("01:00", "04:00"), ("05:00", "08:00"), ("01:00", "04:00")),  # four go by
        (AUTUMN, ("01:00", "04:00"), ("05:00", "09:00"), None),
    ],
)
def test_suggestions_are_as_long_as_wanted_on_the_clock(day, gap, wanted, found):
    wished, expected = on_day(day, wanted), found and on_day(day, found)
    assert nearest([on_day(day, gap)], wished, POLICY, LONG_BEFORE) == expected


def test_an_empty_day_is_one_free_block():
    assert blocks_of([on("08:00", "22:00")], []) == [Block(on("08:00", "22:00"), Use.FREE)]


def test_both_halves_become_blocks_of_the_whole_hall():
    north = [taken("17:00", "20:00", label="Yoga"), taken("08:00", "10:00", Use.REQUESTED)]
    south = [taken("19:30", "22:00", label="Chor"), taken("09:00", "09:30", Use.CLOSED, "Putzen")]
    assert read(blocks_of([on("08:00", "22:00")], north + south)) == [
        ("08:00", "requested", ""),
        ("09:00", "closed", "Putzen"),
        ("09:30", "requested", ""),
        ("10:00", "free", ""),
        ("17:00", "promised", "Yoga Chor"),
    ]


def test_what_only_touches_stays_apart_unless_it_says_the_same():
    items = [
        taken("08:00", "10:00", label="Chor"),
        taken("10:00", "12:00", label="Yoga"),
        taken("12:00", "14:00"),
        taken("14:00", "16:00"),
    ]
    assert read(blocks_of([on("08:00", "16:00")], items)) == [
        ("08:00", "promised", "Chor"),
        ("10:00", "promised", "Yoga"),
        ("12:00", "promised", ""),
    ]


def test_set_up_and_clearing_up_are_neither_taken_nor_free():
    chor = Taken(on("18:00", "20:00"), on("17:30", "20:15"), Use.PROMISED, "Chor")
    blocks = blocks_of([on("16:00", "22:00")], [chor], before=dt.timedelta(minutes=20))
    assert [block.span for block in blocks] == [
        on("16:00", "17:30"),
        on("18:00", "20:00"),
        on("20:45", "22:00"),  # 20:35 is not on the quarter hour
    ]


def test_evening_is_what_is_left_of_the_hours():
    evening = on("17:00", "00:00")
    hours = [on("08:00", "12:00"), on("15:00", "22:00")]
    assert within(hours, evening) == [on("17:00", "22:00")]
    assert within(hours[:1], evening) == []


# Asking


@given(st.datetimes(timezones=st.just(dt.UTC)))
def test_next_step_is_the_first_quarter_hour_from_now_on(moment):
    assume(1 < moment.year < 9999)
    step = next_step(moment, POLICY)
    assert step.minute % 15 == step.second == step.microsecond == 0
    # Nobody can ask for the second one of an hour that comes twice.
    assert moment <= step < moment + QUARTER or not is_told_apart(step - QUARTER)


def test_what_is_over_of_today_is_not_offered():
    blocks = [
        Block(on("08:00", "09:00"), Use.FREE),
        Block(on("09:00", "10:00"), Use.PROMISED),
        Block(on("10:00", "12:00"), Use.FREE),
        Block(on("12:00", "13:00"), Use.FREE),
    ]
    now = on("10:14", "10:20").start
    assert offered(blocks, now=now, policy=POLICY) == [
        blocks[1],
        Block(on("10:15", "12:00"), Use.FREE),
        blocks[3],
    ]
    late = on("11:31", "11:40").start
    assert offered(blocks[2:3], now=late, policy=POLICY) == []  # a quarter hour is too short


@pytest.mark.parametrize(
    ("use", "now", "start"),
    [
        (Use.FREE, "08:00", "10:00"),
        (Use.REQUESTED, "08:00", "10:00"),
        (Use.REQUESTED, "10:14", "10:15"),
        (Use.REQUESTED, "11:40", None),
        (Use.PROMISED, "08:00", None),
        (Use.CLOSED, "08:00", None),
    ],
)
def test_one_asks_for_what_is_free_or_requested_from_the_next_quarter_hour(use, now, start):
    block = Block(on("10:00", "12:00"), use)
    found = asks_from(block, now=on(now, "23:00").start, policy=POLICY)
    assert found == (start and on(start, "23:00").start)


# Rows


@given(days())
def test_every_block_has_rows_of_its_own(day):
    hours, items = day
    blocks = blocks_of(hours, items)
    scale = Scale.of(hours, POLICY)
    used = 0
    for first, rows in scale.places(block.span for block in blocks):
        if used < scale.rows:  # a night with an hour twice may run out of them
            assert first >= used
        assert rows >= 1
        used = first + rows
        assert used <= scale.rows


@pytest.mark.parametrize(
    ("hours", "scale"),
    [
        ([("08:00", "22:00")], (8, 22)),
        ([("08:30", "12:00"), ("15:00", "21:15")], (8, 22)),
        ([("00:00", "00:00")], (0, 24)),
        ([("17:00", "00:00")], (17, 24)),
    ],
)
def test_scale_goes_from_the_first_opening_to_the_last_end(hours, scale):
    found = Scale.of([on(*span) for span in hours], POLICY)
    assert (found.first_hour, found.last_hour) == scale


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_rows_follow_the_wall_clock_when_the_clocks_change(day):
    scale = Scale.of([on("00:00", "00:00", day)], POLICY)
    places = scale.places([on("00:00", "01:00", day), on("19:00", "21:00", day)])
    assert places == [(0, 4), (76, 8)]


def test_a_few_minutes_get_a_row_and_push_nothing_aside():
    scale = Scale.of([on("08:00", "10:00")], POLICY)
    spans = [on("08:00", "08:05"), on("08:05", "08:10"), on("08:30", "10:00")]
    assert scale.places(spans) == [(0, 1), (1, 1), (2, 6)]


# Weeks


@given(st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 25)))
def test_week_in_addresses_is_read_as_it_is_written(day):
    monday = day - dt.timedelta(days=day.weekday())
    assert parse_week(week_text(monday)) == monday


@pytest.mark.parametrize(
    "text", ["2026-W54", "2026-W99", "2026-W00", "abc", "", "2026-48", "2026-W٤٨", "0000-W01"]
)
def test_what_is_no_week_is_refused(text):
    with pytest.raises(ValueError, match=r"week|Year"):
        parse_week(text)


def test_weeks_are_shown_for_a_year_back_and_as_far_as_one_may_ask():
    first, last = shown_days(TUESDAY, POLICY)
    assert (first, last) == (dt.date(2025, 11, 24), dt.date(2027, 11, 28))
    assert first.weekday() == 0
    assert last.weekday() == 6
