"""What stands in the way of a date: closed times, promises, requests that hold their time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

from bookings.rules.refusals import Code
from bookings.rules.spans import Span

Whose = TypeVar("Whose")


class Cause(StrEnum):
    CLOSURE = "closure"
    PROMISE = "promise"
    REQUEST = "request"  # also a wish to change that holds its time


@dataclass(frozen=True)
class Obstacle:
    """A row of the ledger. `group`: the association behind it. `reason`: of a closure."""

    space_id: int
    period: Span
    cause: Cause
    group: int | None = None
    reason: str = ""


class Obstacles:
    """The rows of some spaces in some time, quick to ask for one period after the other."""

    def __init__(self, rows: Iterable[Obstacle]) -> None:
        self.by_day: dict[int, list[Obstacle]] = {}
        for row in rows:
            for day in _days(row.period):
                self.by_day.setdefault(day, []).append(row)

    def of(self, spaces: Iterable[int], period: Span) -> list[Obstacle]:
        """Return what takes one of these spaces in this period."""
        wanted = frozenset(spaces)
        rows = dict.fromkeys(row for day in _days(period) for row in self.by_day.get(day, ()))
        return [row for row in rows if row.space_id in wanted and row.period.overlaps(period)]


def _days(period: Span) -> Iterator[int]:
    """Give the days that a period touches, as UTC has them."""
    first = period.start.astimezone(UTC).toordinal()
    last = period.end.astimezone(UTC).toordinal()
    return iter(range(first, last + 1))


def code_of(obstacles: Iterable[Obstacle], group: int | None) -> Code | None:
    """Return why the time cannot be had at once, None if it is free.

    `group`: the association that asks; nobody waits for what is their own.
    """
    rows = list(obstacles)
    for cause, foreign, own in (
        (Cause.CLOSURE, Code.CLOSED, Code.CLOSED),
        (Cause.PROMISE, Code.TAKEN, Code.OWN_TAKEN),
        (Cause.REQUEST, Code.HELD, Code.OWN_HELD),
    ):
        found = [row for row in rows if row.cause is cause]
        if found:
            is_own = group is not None and all(row.group == group for row in found)
            return own if is_own else foreign
    return None


def reason_of(obstacles: Iterable[Obstacle]) -> str:
    """Return what everybody may read of a closure among these."""
    return next((row.reason for row in obstacles if row.cause is Cause.CLOSURE), "")


def in_each_others_way(uses: Iterable[tuple[int, Span, Whose]]) -> Iterator[tuple[Whose, Whose]]:
    """Give those of whom one takes a space while the one before has it: space, period, whose it is."""
    ordered = sorted(uses, key=lambda use: use[:2])
    for (space, period, one), (other_space, other_period, other) in pairwise(ordered):
        if space == other_space and period.overlaps(other_period):
            yield one, other
