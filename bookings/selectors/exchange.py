"""What others may read of rooms: the API."""

from collections.abc import Collection, Iterable
from datetime import date

from bookings.models import Equipment, Layout, Room
from bookings.rules.spans import Span
from bookings.rules.wall_clock import whole_day
from bookings.rules.week import within
from bookings.selectors.occupancy import periods_within
from cms.models import Centre


def rooms_of(centres: Iterable[Centre]) -> list[Room]:
    """Return the rooms of these centres that can be booked online with all that is told of them.

    In the order of the centres; four queries.
    """
    by_key = {centre.pk: centre for centre in centres}
    rooms = Room.objects.filter(is_public=True, centre__in=by_key)
    by_centre: dict[int, list[Room]] = {key: [] for key in by_key}
    for room in rooms.prefetch_related("hours", "layouts", "equipment"):
        room.centre = by_key[room.centre_id]
        by_centre[room.centre_id].append(room)
    return [room for rooms in by_centre.values() for room in rooms]


def equipment_of(centres: Iterable[Centre]) -> dict[str, int]:
    """Return what the rooms of these centres have, name → key."""
    rooms = Room.objects.filter(is_public=True, centre__in=[centre.pk for centre in centres])
    found = Equipment.objects.filter(rooms__in=rooms).distinct()
    return dict(found.values_list("name", "pk"))


def seatings_of(centres: Iterable[Centre]) -> set[str]:
    """Return the names of the seatings that the rooms of these centres have."""
    rooms = Room.objects.filter(is_public=True, centre__in=[centre.pk for centre in centres])
    return set(Layout.objects.filter(room__in=rooms).values_list("name", flat=True))


def busy_times(space_ids: Collection[int], first: date, last: date) -> list[Span]:
    """Return when these spaces are taken on these days, as spans that do not touch, in UTC."""
    days = Span(whole_day(first).start, whole_day(last).end)
    return within(periods_within(space_ids, days), days)
