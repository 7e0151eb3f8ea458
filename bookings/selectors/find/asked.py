"""What the house's rules have against dates, worked out once for all rooms that keep the same.

The same rules as `rules.refusals.refusals_of`, which is too slow for 60 rooms on 52 dates.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from bookings.rules.policy import OutsideHours, Policy
from bookings.rules.refusals import Code, is_within
from bookings.rules.spans import Span, merged
from bookings.rules.wall_clock import ONE_DAY, berlin_day, clock_length, in_berlin, whole_day
from bookings.selectors.hours import ReadOpening, openings_on

Openings = tuple[ReadOpening, ...]


class Shape(NamedTuple):
    """What the opening hours see of a date. `day` only where the clock changes: it is like no other."""

    weekday: int
    start: time
    end: time
    length: timedelta
    day: date | None


class Asked:
    """The dates asked for. A series of 52 dates has one or two shapes, and each is looked at once."""

    def __init__(self, spans: Sequence[Span], *, now: datetime) -> None:
        self._now = now
        self._spans = spans
        self._days = [berlin_day(span.start) for span in spans]
        self._shapes: dict[Shape, list[int]] = {}
        for number, span in enumerate(spans):
            self._shapes.setdefault(_shape(span, self._days[number]), []).append(number)
        self._known: dict[tuple[Openings, Policy], dict[int, Code]] = {}

    def refused(self, openings: Openings, policy: Policy) -> dict[int, Code]:
        """Return the positions of the dates that such a room cannot be asked for, and why."""
        key = openings, policy
        if key not in self._known:
            found = dict(self._wrong_times(openings, policy))
            self._known[key] = found | dict(self._out_of_reach(policy))
        return self._known[key]

    def _wrong_times(self, openings: Openings, policy: Policy) -> Iterator[tuple[int, Code]]:
        for shape, numbers in self._shapes.items():
            hours = merged(openings_on(openings, self._days[numbers[0]]))
            code = _outside(self._spans[numbers[0]], hours, policy) or _length(shape, policy)
            if code:
                yield from ((number, code) for number in numbers)

    def _out_of_reach(self, policy: Policy) -> Iterator[tuple[int, Code]]:
        today = berlin_day(self._now)
        last = today + timedelta(days=policy.horizon_days)
        earliest = self._now + timedelta(hours=policy.lead_hours)
        for number, day in enumerate(self._days):
            start = self._spans[number].start
            if day < today:
                yield number, Code.PAST_DAY
            elif start < self._now:
                yield number, Code.PAST_TIME
            elif start < earliest:
                yield number, Code.TOO_SOON
            elif day > last:
                yield number, Code.TOO_FAR


def _outside(span: Span, hours: Sequence[Span], policy: Policy) -> Code | None:
    if policy.outside_hours is not OutsideHours.REFUSE or is_within(span, hours):
        return None
    return Code.OUTSIDE_HOURS if hours else Code.NOT_OPEN


def _length(shape: Shape, policy: Policy) -> Code | None:
    if any(at.second or at.minute % policy.raster_minutes for at in (shape.start, shape.end)):
        return Code.OFF_RASTER
    if shape.length < policy.shortest:
        return Code.TOO_SHORT
    return Code.TOO_LONG if shape.length > policy.longest else None


def _shape(span: Span, day: date) -> Shape:
    start, end = in_berlin(span)
    is_plain = whole_day(day).length == ONE_DAY
    length = clock_length(span)
    return Shape(day.weekday(), start.time(), end.time(), length, None if is_plain else day)
