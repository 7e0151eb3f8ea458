"""Which rules hold for a room."""

from collections.abc import Iterable

from bookings.models import Association, Room
from bookings.models.policies import policies_of
from bookings.rules.policy import approves_at_once
from bookings.rules.refusals import is_within
from bookings.rules.spans import Span
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.hours import hours_on


def read_policies(rooms: Iterable[Room]) -> None:
    """Read the rules of many rooms at once; `room.policy` then costs no query."""
    rooms = list(rooms)
    found = policies_of(rooms)
    for room in rooms:
        room.policy = found[room.pk]


def read_rooms(keys: Iterable[int]) -> dict[int, Room]:
    """Return rooms with all that the rules ask of them, in four queries however many they are."""
    found = Room.objects.select_related("centre").prefetch_related("hours", "use_buffers")
    rooms: dict[int, Room] = found.in_bulk(set(keys))
    read_policies(rooms.values())
    return rooms


def is_promised_at_once(room: Room, span: Span, association: Association | None) -> bool:
    """Tell whether the rules of a room promise a date to this group without anybody deciding."""
    return approves_at_once(
        room.policy,
        span,
        is_checked=association is not None and association.is_checked,
        in_hours=is_within(span, hours_on(room, berlin_day(span.start))),
    )
