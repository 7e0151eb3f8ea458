"""What the house's rules have against dates, worked out once for all rooms that keep the same."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from bookings.rules.policy import Policy
from bookings.rules.refusals import Code
from bookings.rules.spans import Span, merged
from bookings.rules.wall_clock import ONE_DAY, berlin_day, in_berlin, whole_day
from bookings.selectors.hours import ReadOpening, openings_on

Openings = tuple[ReadOpening, ...]


class _Shape(NamedTuple):
    """What the opening hours see of a date. `day` only where the clock changes: it is like no other."""

    weekday: int
    start: time
    end: time
    length: timedelta
    day: date | None


class Asked:
    """The dates asked for. A series of 52 dates has one or two shapes, and each is looked at once."""

    def __init__(self, spans: Sequence[Span], *, now: datetime) -> None:
        self._today = berlin_day(now)
        self._days = [berlin_day(span.start) for span in spans]
        self._over = {number for number, span in enumerate(spans) if span.start < now}
        self._shapes: dict[_Shape, list[int]] = {}
        for number, span in enumerate(spans):
            self._shapes.setdefault(_shape(span, self._days[number]), []).append(number)
        self._spans = spans
        self._known: dict[tuple[Openings, Policy], dict[int, Code]] = {}

    def refused(self, openings: Openings, policy: Policy) -> dict[int, Code]:
        """Return the positions of the dates that such a room cannot be asked for, and why."""
        key = openings, policy
        if key not in self._known:
            self._known[key] = dict(
                [*self._outside(openings), *self._too_short(policy), *self._out_of_reach(policy)]
            )
        return self._known[key]

    def _outside(self, openings: Openings) -> Iterator[tuple[int, Code]]:
        for numbers in self._shapes.values():
            hours = merged(openings_on(openings, self._days[numbers[0]]))
            if not any(opening.contains(self._spans[numbers[0]]) for opening in hours):
                code = Code.OUTSIDE_HOURS if hours else Code.NOT_OPEN
                yield from dict.fromkeys(numbers, code).items()

    def _too_short(self, policy: Policy) -> Iterator[tuple[int, Code]]:
        for shape, numbers in self._shapes.items():
            if shape.length < policy.shortest:
                yield from dict.fromkeys(numbers, Code.TOO_SHORT).items()

    def _out_of_reach(self, policy: Policy) -> Iterator[tuple[int, Code]]:
        last = self._today + timedelta(days=policy.horizon_days)
        for number, day in enumerate(self._days):
            if day > last:
                yield number, Code.TOO_FAR
            elif number in self._over:
                yield number, Code.PAST_DAY if day < self._today else Code.PAST_TIME


def _shape(span: Span, day: date) -> _Shape:
    start, end = in_berlin(span)
    is_plain = whole_day(day).length == ONE_DAY
    return _Shape(day.weekday(), start.time(), end.time(), span.length, None if is_plain else day)
