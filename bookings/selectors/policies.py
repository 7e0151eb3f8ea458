"""Which rules hold for a room."""

from collections.abc import Iterable

from bookings.models import BookingPolicy, Room
from bookings.rules.policy import Policy


def policies_of(rooms: Iterable[Room]) -> dict[int, Policy]:
    """Return room → its rules, in one query."""
    return BookingPolicy.objects.of_rooms(rooms)


def read_policies(rooms: Iterable[Room]) -> None:
    """Read the rules of many rooms at once; `room.policy` then costs no query."""
    rooms = list(rooms)
    found = policies_of(rooms)
    for room in rooms:
        room.policy = found[room.pk]
