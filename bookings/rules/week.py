"""A room's week for everybody to read: which week, and each day as a few blocks.

Give instants in UTC: arithmetic with Berlin's clock goes wrong where the clock is changed.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from bookings.rules.policy import Policy
from bookings.rules.spans import Span, bookable, merged, without
from bookings.rules.wall_clock import clock_end, clock_length, is_told_apart, monday_of
from cms.opening_hours import BERLIN

DAYS = 7
HOURS_A_DAY = 24
BACK_DAYS = 365  # for so long past weeks are shown
WEEK_SHAPE = re.compile(r"([0-9]{4})-W([0-9]{2})")


class Use(StrEnum):
    """What a block is; of two at once the one that comes first here counts."""

    CLOSED = "closed"
    PROMISED = "promised"
    REQUESTED = "requested"
    FREE = "free"


@dataclass(frozen=True)
class Taken:
    """Something that takes the room.

    `span` is what people read, `period` what it takes with set-up and clearing up. `label`: what
    everybody may know of it.
    """

    span: Span
    period: Span
    use: Use
    label: str = ""


@dataclass(frozen=True)
class Block:
    span: Span
    use: Use
    labels: tuple[str, ...] = ()


# Weeks ---------------------------------------------------------------------------------------


def parse_week(text: str) -> date:
    """Return the Monday of "2026-W48". Raises ValueError."""
    match = WEEK_SHAPE.fullmatch(text)
    if match is None:
        msg = "not a week"
        raise ValueError(msg)
    return date.fromisocalendar(int(match[1]), int(match[2]), 1)


def week_text(monday: date) -> str:
    """Return "2026-W48", as it stands in addresses."""
    year, week, _day = monday.isocalendar()
    return f"{year:04}-W{week:02}"


def shown_days(today: date, policy: Policy) -> tuple[date, date]:
    """Return the first and the last day of the weeks that are shown."""
    first = monday_of(today - timedelta(days=BACK_DAYS))
    last = monday_of(today + timedelta(days=policy.horizon_days)) + timedelta(days=DAYS - 1)
    return first, last


# Blocks ----------------------------------------------------------------------------------------


def day_blocks(
    hours: Sequence[Span],
    taken: Sequence[Taken],
    *,
    before: timedelta,
    after: timedelta,
    policy: Policy,
) -> list[Block]:
    """Return the blocks of a day in order; they never overlap and stay within the hours.

    Set-up and clearing up are no blocks: what is "free" can be asked for as it stands, with the
    `before` and `after` that it needs itself; between the blocks nothing is said.
    """
    gaps = bookable(hours, (item.period for item in taken), before=before, after=after)
    free = [Block(span, Use.FREE) for span in askable(gaps, policy)]
    return _joined(sorted([*_painted(merged(hours), taken), *free], key=_start))


def _painted(hours: Sequence[Span], taken: Sequence[Taken]) -> Iterator[Block]:
    """Give what is taken of the hours, the stronger use first."""
    covered: list[Span] = []
    for use in Use:
        groups = list(_overlapping(item for item in taken if item.use is use))
        for group in groups:
            whole = Span(group[0].span.start, max(item.span.end for item in group))
            for part in _common(hours, whole):
                for rest in without(part, covered):
                    yield Block(rest, use, _labels(group, rest))
        covered += [item.span for group in groups for item in group]


def _overlapping(items: Iterable[Taken]) -> Iterator[list[Taken]]:
    """Give groups of what overlaps; what only touches stays apart."""
    group: list[Taken] = []
    for item in sorted(items, key=lambda item: item.span):
        if group and item.span.start >= max(other.span.end for other in group):
            yield group
            group = []
        group.append(item)
    if group:
        yield group


def _labels(group: Iterable[Taken], part: Span) -> tuple[str, ...]:
    found = (item.label for item in group if item.label and item.span.overlaps(part))
    return tuple(dict.fromkeys(found))


def _joined(blocks: Iterable[Block]) -> list[Block]:
    """Make one block of those that touch and say the same."""
    result: list[Block] = []
    for block in blocks:
        last = result[-1] if result else None
        if last and (last.span.end, last.use, last.labels) == (
            block.span.start,
            block.use,
            block.labels,
        ):
            result[-1] = Block(Span(last.span.start, block.span.end), last.use, last.labels)
        else:
            result.append(block)
    return result


def within(hours: Iterable[Span], window: Span) -> list[Span]:
    """Return the hours inside a window, for example in the evening."""
    return list(_common(merged(hours), window))


def _common(hours: Iterable[Span], whole: Span) -> Iterator[Span]:
    for opening in hours:
        if opening.overlaps(whole):
            yield Span(max(opening.start, whole.start), min(opening.end, whole.end))


def _start(block: Block) -> datetime:
    return block.span.start


# Asking ----------------------------------------------------------------------------------------


def askable(gaps: Iterable[Span], policy: Policy) -> list[Span]:
    """Return what of these spans can be asked for, each of them as it stands, in UTC.

    The rules count by the clock, so an hour that it skips counts, and one that it shows twice counts
    once.
    """
    return [span for gap in gaps if is_long_enough(span := on_raster(gap, policy), policy)]


def is_long_enough(span: Span, policy: Policy) -> bool:
    return span.start < span.end and clock_length(span) >= policy.shortest


def on_raster(span: Span, policy: Policy) -> Span:
    """Return the part of a span whose edges can be asked for, in UTC."""
    step = timedelta(minutes=policy.raster_minutes)
    end = span.end.astimezone(UTC) - _over(span.end, policy)
    while not is_told_apart(end):
        end -= step
    return Span(next_step(span.start, policy), end)


def next_step(moment: datetime, policy: Policy) -> datetime:
    """Return the first moment from this one on at which a date may start, in UTC."""
    step = timedelta(minutes=policy.raster_minutes)
    over = _over(moment, policy)
    found = moment.astimezone(UTC) + (step - over if over else over)
    while not is_told_apart(found):
        found += step
    return found


def _over(moment: datetime, policy: Policy) -> timedelta:
    """Return how much of a step is over."""
    return timedelta(
        minutes=moment.minute % policy.raster_minutes,
        seconds=moment.second,
        microseconds=moment.microsecond,
    )


def nearest(free: Iterable[Span], wanted: Span, policy: Policy, earliest: datetime) -> Span | None:
    """Return the span that begins nearest to the wanted start, not too early, and can be asked for.

    It is as long on the clock as wanted, or as much longer as the rules need; None if they let nobody
    stay so long.
    """
    step = timedelta(minutes=policy.raster_minutes)
    length = max(policy.shortest, -(-clock_length(wanted) // step) * step)
    if length > policy.longest:
        return None
    start = next_step(wanted.start, policy)
    left = (on_raster(Span(max(span.start, earliest), span.end), policy) for span in free)
    candidates = [span for one in left if (span := _nearest_in(one, start, length, step))]
    return min(candidates, key=lambda span: abs(span.start - wanted.start), default=None)


def _nearest_in(free: Span, wanted: datetime, length: timedelta, step: timedelta) -> Span | None:
    if clock_length(free) < length:
        return None
    there = (wanted - free.start) // step  # both are on the raster
    steps = range((free.end - free.start) // step)
    for number in sorted(steps, key=lambda number: abs(number - there)):
        start = free.start + number * step
        end = clock_end(start, length) if is_told_apart(start) else None
        if end is not None and start < end <= free.end:
            return Span(start, end.astimezone(UTC))
    return None


def following_step(moment: datetime, policy: Policy) -> datetime:
    """Return the first moment after this one at which less is offered of a day that goes on."""
    return next_step(moment + timedelta(microseconds=1), policy)


def offered(blocks: Iterable[Block], *, now: datetime, policy: Policy) -> list[Block]:
    """Return the blocks of a day that goes on: what is over of a free one is not offered."""
    earliest = next_step(now, policy)
    result = []
    for block in blocks:
        start = max(block.span.start, earliest)
        if block.use is not Use.FREE or start == block.span.start:
            result.append(block)
        elif is_long_enough(Span(start, block.span.end), policy):
            result.append(Block(Span(start, block.span.end), block.use, block.labels))
    return result


def asks_from(block: Block, *, now: datetime, policy: Policy) -> datetime | None:
    """Return from when one may ask for a block; None: not at all."""
    if block.use not in {Use.FREE, Use.REQUESTED}:
        return None
    start = next_step(max(block.span.start, now), policy)
    return start if is_long_enough(Span(start, block.span.end), policy) else None


# Rows --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scale:
    """The rows of a week: from which hour to which, and how many to the hour."""

    first_hour: int
    last_hour: int
    per_hour: int

    @classmethod
    def of(cls, hours: Sequence[Span], policy: Policy) -> "Scale":
        """Return the scale that holds all these spans of a week; each belongs to one day."""
        first = min((span.start.astimezone(BERLIN).hour for span in hours), default=0)
        last = max((-(-_minutes(span.end, end=True) // 60) for span in hours), default=first)
        return cls(first, last, 60 // policy.raster_minutes)

    @property
    def rows(self) -> int:
        return (self.last_hour - self.first_hour) * self.per_hour

    def places(self, spans: Iterable[Span]) -> list[tuple[int, int]]:
        """Return (first row, number of rows) for the spans of a day, which are in order.

        Each gets a row of its own, also where the clock is put back and hours come twice.
        """
        result = []
        used = 0
        for span in spans:
            start = min(max(self._row(_minutes(span.start)), used), self.rows - 1)
            end = -(-self._scaled(_minutes(span.end, end=True)) // 60)
            used = min(max(end, start + 1), self.rows)
            result.append((start, used - start))
        return result

    def _row(self, minutes: int) -> int:
        return self._scaled(minutes) // 60

    def _scaled(self, minutes: int) -> int:
        return (minutes - self.first_hour * 60) * self.per_hour


def _minutes(moment: datetime, *, end: bool = False) -> int:
    """Return the minutes since midnight on Berlin's clock; an end at midnight is 24:00."""
    local = moment.astimezone(BERLIN)
    minutes = local.hour * 60 + local.minute
    return HOURS_A_DAY * 60 if end and not minutes else minutes
