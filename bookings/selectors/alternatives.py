"""What is free instead of a time that cannot be had."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from bookings.models import BookingDate, Room
from bookings.models.rooms import WIDEST_BUFFER
from bookings.rules.refusals import BINDS_GROUPS_ONLY, Refusal, Wish, refusals_of
from bookings.rules.spans import Span
from bookings.rules.wall_clock import (
    berlin_day,
    clock_length,
    exists,
    in_berlin,
    span_on,
    whole_day,
)
from bookings.rules.week import nearest
from bookings.selectors.hours import gaps_on, hours_on
from bookings.selectors.occupancy import periods_of_rooms
from bookings.selectors.policies import read_policies
from cms.selectors.schedules import holiday_calendar

WEEK = timedelta(days=7)
SEARCHED_DAYS, NEXT_DAYS = 14, 3


@dataclass(frozen=True)
class Alternative:
    room: Room
    span: Span


def alternative_to(date: BookingDate, *, now: datetime) -> Alternative | None:
    """Return a free time of the same length that is to come, six queries at most.

    First the same room on the same day, then another room of the centre at the same time that
    is large enough, then the same room at the same time a week later.
    """
    rooms, use = _rooms_for(date), date.booking.use
    own = next((room for room in rooms if room.pk == date.room_id), None)
    taken = _taken(rooms, whole_day(berlin_day(date.span.start)))
    blocked = [*taken.get(date.room_id, []), date.span]
    if own and (span := nearest(_free(own, date.span, blocked, use), date.span, own.policy, now)):
        return Alternative(own, span)
    for room in rooms:
        others = taken.get(room.pk, [])
        if (
            room.pk != date.room_id
            and _fits(room, date.span, others, use)
            and date.span.start > now
        ):
            return Alternative(room, date.span)
    return _next_week(own, date, now) if own else None


def alternatives_to(date: BookingDate, *, now: datetime) -> list[Alternative]:
    """Return what the centre can offer in place of a date, seven queries at most.

    The other rooms that are free at its time, the smallest first; then its own room: nearest to it
    on that day, at the same time on the next days, and on the same weekday of the next weeks, but
    on no public holiday.
    """
    rooms, use = _rooms_for(date), date.booking.use
    own = next(room for room in rooms if room.pk == date.room_id)
    days = [berlin_day(date.span.start) + timedelta(days=n) for n in range(SEARCHED_DAYS + 1)]
    taken = _taken(rooms, Span(whole_day(days[0]).start, whole_day(days[-1]).end))
    found = [
        Alternative(room, date.span)
        for room in rooms
        if room.pk != own.pk and _fits(room, date.span, taken.get(room.pk, []), use)
    ]
    own_taken = [*taken.get(own.pk, []), date.span]
    if span := nearest(_free(own, date.span, own_taken, use), date.span, own.policy, now):
        found.append(Alternative(own, span))
    holidays = holiday_calendar()
    later = [
        span
        for day in days[1:]
        if not holidays.public_name(day)
        and (span := _same_time(date.span, day))
        and _fits(own, span, own_taken, use)
    ]
    found += [
        Alternative(own, span)
        for place, span in enumerate(later)
        if place < NEXT_DAYS or (berlin_day(span.start) - days[0]).days % WEEK.days == 0
    ]
    return [one for one in found if not refusals_of_substitute(one, date.booking.persons, now=now)]


def refusals_of_substitute(wanted: Alternative, persons: int, *, now: datetime) -> list[Refusal]:
    """Return what the rules say against offering this; what binds groups only does not matter."""
    room, wish = wanted.room, Wish.of(wanted.span, persons)
    refusals = refusals_of(
        wish, capacity=room.capacity, hours=hours_on(room, wish.day), policy=room.policy, now=now
    )
    return [
        Refusal(one.code, "substitute", one.values)
        for one in refusals
        if one.code not in BINDS_GROUPS_ONLY
    ]


def _next_week(room: Room, date: BookingDate, now: datetime) -> Alternative | None:
    """Return the same wall-clock time a week later, if the room is free then."""
    day = berlin_day(date.span.start) + WEEK
    span = _same_time(date.span, day)
    if span is None or span.start <= now:
        return None
    taken = _taken([room], whole_day(day)).get(room.pk, [])
    return Alternative(room, span) if _fits(room, span, taken, date.booking.use) else None


def _same_time(span: Span, day: dt.date) -> Span | None:
    """Return the same wall-clock time on another day, None if that day does not have it."""
    start, end = in_berlin(span)
    if not (exists(day, start.time()) and exists(day, end.time())):
        return None
    return span_on(day, start.time(), end.time())


def _rooms_for(date: BookingDate) -> list[Room]:
    """Return the rooms of the centre that the public may book and that hold the group, own first."""
    rooms = Room.objects.filter(
        Q(pk=date.room_id)
        | Q(
            centre=date.booking.centre_id,
            is_public=True,
            capacity__gte=date.booking.persons,
        )
    ).prefetch_related("hours", *(["use_buffers"] if date.booking.use else []))
    read_policies(rooms)
    return sorted(rooms, key=lambda room: (room.pk != date.room_id, room.capacity, room.pk))


def _taken(rooms: Sequence[Room], span: Span) -> dict[int, list[Span]]:
    """Return the ledger's periods in this time, with buffers around, by room."""
    around = span.widened(WIDEST_BUFFER, WIDEST_BUFFER)
    return periods_of_rooms([room.pk for room in rooms], around)


def _free(room: Room, wanted: Span, taken: Iterable[Span], use: str) -> list[Span]:
    length = clock_length(wanted)
    if not room.policy.shortest <= length <= room.policy.longest:
        return []
    gaps = gaps_on(room, berlin_day(wanted.start), taken, use)
    return [gap for gap in gaps if clock_length(gap) >= length]


def _fits(room: Room, wanted: Span, taken: Iterable[Span], use: str) -> bool:
    return any(span.contains(wanted) for span in _free(room, wanted, taken, use))
