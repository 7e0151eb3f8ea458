"""Arithmetic with half-open spans of time."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

NOTHING = timedelta()


class Span(NamedTuple):
    """From `start` until right before `end`; aware datetimes. Equal are the same instants."""

    start: datetime
    end: datetime

    # Python calls a time of the hour that comes twice in autumn unequal to itself in another zone.

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Span):
            return NotImplemented
        return tuple.__eq__(self.in_utc, other.in_utc)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return tuple.__hash__(self.in_utc)

    @property
    def in_utc(self) -> "Span":
        return Span(self.start.astimezone(UTC), self.end.astimezone(UTC))

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end

    # Python counts on the wall clock within one time zone; time passes in UTC.

    def widened(self, before: timedelta, after: timedelta) -> "Span":
        return Span(self.start.astimezone(UTC) - before, self.end.astimezone(UTC) + after)

    @property
    def length(self) -> timedelta:
        return self.end.astimezone(UTC) - self.start.astimezone(UTC)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return the same time as disjoint spans that do not touch, in order."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.start <= result[-1].end:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        elif span.start < span.end:
            result.append(span)
    return result


def without(span: Span, taken: Iterable[Span]) -> Iterator[Span]:
    """Give what is left of a span, in order."""
    start = span.start
    for other in merged(taken):
        if not span.overlaps(other):
            continue
        if start < other.start:
            yield Span(start, other.start)
        start = max(start, other.end)
    if start < span.end:
        yield Span(start, span.end)


def bookable(
    hours: Sequence[Span],
    taken: Iterable[Span],
    *,
    before: timedelta = NOTHING,
    after: timedelta = NOTHING,
) -> list[Span]:
    """Return when an event may take place within the hours.

    `taken` are the times of the ledger, set-up and turnover included; `before` and `after` are what
    the event itself needs around it. They may lie outside the hours: the house is set up early.
    """
    taken = merged(taken)
    result = []
    for opening in merged(hours):
        for gap in without(opening.widened(before, after), taken):
            inner = gap.widened(-before, -after)
            free = Span(max(opening.start, inner.start), min(opening.end, inner.end))
            if free.start < free.end:
                result.append(free)
    return result
