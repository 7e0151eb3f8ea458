"""Rooms that offer what is wanted, and on which of the dates asked for each of them is free."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from bookings.models import Layout, Room
from bookings.rules.refusals import Code
from bookings.rules.spans import Span
from bookings.selectors.find.asked import Asked, Openings
from bookings.selectors.find.statement import refused_of, statement, with_buffers
from bookings.selectors.hours import read_openings
from bookings.selectors.policies import read_policies
from cms.models import Answer, Centre


@dataclass(frozen=True)
class Wanted:
    """What a room has to offer.

    layout: name of the seating that has to hold the persons; "": any way they fit in.
    equipment: keys; the room has all of it.
    use: kind of use, which may need more time before and after.
    step_free, hearing_loop: Answer.YES, or Answer.PARTLY to be content with either; "": no matter.
    """

    persons: int = 1
    layout: str = ""
    equipment: frozenset[int] = frozenset()
    use: str = ""
    step_free: str = ""
    hearing_loop: str = ""


@dataclass(frozen=True)
class Found:
    """A room with its centre and its policy, and what is in the way of the dates asked for.

    buffers: what a date of that use needs before and after it.
    capacity: of the seating asked for, else of the room.
    asked: how many dates.
    refused: position of a date among those asked for → why the room is not free then.
    """

    room: Room
    openings: Openings
    buffers: tuple[timedelta, timedelta]
    capacity: int
    asked: int
    refused: Mapping[int, Code]

    @property
    def free(self) -> int:
        """Return on how many dates the room is free."""
        return self.asked - len(self.refused)

    @property
    def fits(self) -> bool:
        """Tell whether the room is free on all dates."""
        return not self.refused


def find_rooms(
    centres: Iterable[Centre], wanted: Wanted, spans: Sequence[Span], *, now: datetime
) -> list[Found]:
    """Return the rooms of these centres that offer what is wanted, best first.

    Rooms that are free on most dates lead; then the smallest one that is large enough; then the
    order of the centres and of their rooms. Rooms without any free date come last. No span is
    empty; the room's set-up and clearing up come on top of it.

    One query to the ledger, with all rooms and dates, and one for the policies.
    """
    by_key = {centre.pk: centre for centre in centres}
    if not by_key or not spans:
        return []
    rooms: list[Any] = list(Room.objects.raw(*statement(rooms_offering(by_key, wanted), spans)))
    read_policies(rooms)
    asked = Asked(spans, now=now)
    weeks = _weeks(rooms)
    found = []
    for room in rooms:
        room.centre = by_key[room.centre_id]
        openings, buffers = weeks[room.pk], (room.time_before, room.time_after)
        refused = refused_of(room) | asked.refused(openings, room.policy)
        found.append(Found(room, openings, buffers, room.holds, len(spans), refused))
    places = {key: place for place, key in enumerate(by_key)}
    return sorted(found, key=lambda one: _rank(one, places))


def _weeks(rooms: Iterable[Any]) -> dict[int, Openings]:
    """Return the openings by room; many rooms have the same, so each week is read once."""
    rooms = list(rooms)
    known = {text: read_openings(json.loads(text)) for text in {room.openings for room in rooms}}
    return {room.pk: known[room.openings] for room in rooms}


def _rank(one: Found, places: Mapping[int, int]) -> tuple[Any, ...]:
    room = one.room
    return -one.free, one.capacity, places[room.centre_id], room.sort_order, room.name, room.pk


# What is wanted ----------------------------------------------------------------------------------


def rooms_offering(centre_ids: Collection[int], wanted: Wanted) -> QuerySet[Room]:
    """Return the rooms that offer it, with what `find_rooms` reads of them."""
    rooms = Room.objects.filter(is_public=True, centre__in=centre_ids)
    for key in wanted.equipment:
        rooms = rooms.filter(equipment=key)
    for name in ("step_free", "hearing_loop"):
        if level := getattr(wanted, name):
            rooms = rooms.filter(**{f"{name}__in": _at_least(level)})
    found: QuerySet[Room] = with_buffers(rooms, wanted.use).annotate(holds=_holds(wanted))
    return found.filter(holds__gte=wanted.persons)


def _at_least(level: str) -> list[str]:
    return [Answer.YES] if level == Answer.YES else [Answer.YES, Answer.PARTLY]


def _holds(wanted: Wanted) -> Any:
    """Return the expression of how many persons a room holds; none without the seating."""
    if not wanted.layout:
        return F("capacity")
    layouts = Layout.objects.filter(room=OuterRef("pk"), name=wanted.layout)
    return Subquery(layouts.values("capacity"))
