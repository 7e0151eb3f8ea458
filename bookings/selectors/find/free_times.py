"""When a room is free: by day, and the times nearest to one that cannot be had."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bookings.models import Room
from bookings.models.rooms import WIDEST_BUFFER
from bookings.rules.spans import Span, bookable
from bookings.rules.wall_clock import ONE_DAY, berlin_day, whole_day
from bookings.rules.week import askable, nearest, next_step
from bookings.selectors.find.rooms import Found
from bookings.selectors.hours import Opening
from bookings.selectors.occupancy import periods_of_rooms, periods_within
from bookings.selectors.week import utc_hours


@dataclass(frozen=True)
class Suggestion:
    found: Found
    span: Span


def free_days(
    room: Room, space_ids: Collection[int], days: Sequence[date], *, now: datetime, use: str = ""
) -> dict[date, list[Span]]:
    """Return when one may ask for a room on each of these consecutive days, in UTC.

    One query if the room's policy was read and its hours, and for a use its buffers, prefetched.
    Past days and those beyond the horizon have no spans.
    """
    buffers = room.buffers_for(use)
    whole = Span(whole_day(days[0]).start, whole_day(days[-1]).end)
    taken = _by_day(periods_within(space_ids, whole.widened(*buffers)), *buffers)
    week = _Week(room, list(room.hours.all()), buffers)
    return {day: week.free(day, taken.get(day, ()), now) for day in days}


def nearest_times(rooms: Iterable[Found], wanted: Span, *, now: datetime) -> list[Suggestion]:
    """Return for each room the free time of the same day and length that starts nearest.

    The nearest comes first, of equally near ones the room that comes first; rooms without such a
    time are left out. One query.
    """
    found = {one.room.pk: one for one in rooms}
    if not found:
        return []
    day = berlin_day(wanted.start)
    taken = periods_of_rooms(found, whole_day(day).widened(WIDEST_BUFFER, WIDEST_BUFFER))
    suggestions = []
    for key, one in found.items():
        free = _Week(one.room, one.openings, one.buffers).free(day, taken.get(key, ()), now)
        if span := nearest(free, wanted, one.room.policy, now):
            suggestions.append(Suggestion(one, span))
    return sorted(suggestions, key=lambda one: abs(one.span.start - wanted.start))


@dataclass(frozen=True)
class _Week:
    """A room with what decides when it can be asked for."""

    room: Room
    openings: Sequence[Opening]
    buffers: tuple[timedelta, timedelta]

    def free(self, day: date, taken: Iterable[Span], now: datetime) -> list[Span]:
        """Return the spans of a day that can be asked for: edges on the raster, nothing too soon."""
        policy, today = self.room.policy, berlin_day(now)
        if not today <= day <= today + timedelta(days=policy.horizon_days):
            return []
        before, after = self.buffers
        earliest = next_step(now + timedelta(hours=policy.lead_hours), policy)
        gaps = bookable(utc_hours(self.openings, day), taken, before=before, after=after)
        return askable((Span(max(gap.start, earliest), gap.end) for gap in gaps), policy)


def _by_day(periods: Iterable[Span], before: timedelta, after: timedelta) -> dict[date, list[Span]]:
    """Return the periods by the days on which they are in the way of a date with these buffers."""
    days: dict[date, list[Span]] = {}
    for period in periods:
        around = period.widened(after, before)
        day, last = berlin_day(around.start), berlin_day(around.end)
        while day <= last:
            days.setdefault(day, []).append(period)
            day += ONE_DAY
    return days
