"""The seating of a request, when its dates go to another room."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bookings.models import Booking, Layout, Room
from bookings.selectors.seating import is_still_used, same_seating
from bookings.services.changes.planning import Planned
from bookings.wording.changes import seating_gone


def let_seating_follow(planned: Sequence[Planned], *, now: datetime) -> str:
    """Choose the same seating in the new rooms of dates that have moved; return what to tell.

    A request has one seating. It stays while a date takes place in its room; then that of the new
    room takes its place, or none if the room has no such seating for so many. The dates are of one
    request, which the caller holds. Return a sentence about the rooms without, "" if there is none.
    """
    booking = planned[0].date.booking
    layout = booking.layout
    rooms = _other_rooms(booking, [one.room for one in planned])
    if layout is None or not rooms:
        return ""
    found = same_seating(layout, rooms, booking.persons)
    if not is_still_used(layout, booking, now=now):
        booking.layout = next((found[key] for key in rooms if key in found), None)
        booking.save(update_fields=["layout"])
    return _without(layout, rooms, found)


def seating_missing(booking: Booking, new: Iterable[Room]) -> str:
    """Return what a group would be told of its seating in these rooms; nothing is written."""
    layout = booking.layout
    rooms = _other_rooms(booking, new)
    if layout is None or not rooms:
        return ""
    return _without(layout, rooms, same_seating(layout, rooms, booking.persons))


def _other_rooms(booking: Booking, new: Iterable[Room]) -> dict[int, Room]:
    own = booking.layout and booking.layout.room_id
    return {room.pk: room for room in new if room.pk != own}


def _without(layout: Layout, rooms: Mapping[int, Room], found: Mapping[int, Layout]) -> str:
    without = [room for key, room in rooms.items() if key not in found]
    return seating_gone(layout, without) if without else ""


def with_seating(text: str, seating: str) -> str:
    """Return what the history says: what somebody wrote, and what became of the seating."""
    return "\n".join(filter(None, [text, seating]))
