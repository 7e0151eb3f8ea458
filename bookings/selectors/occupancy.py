"""Questions to the ledger: what is taken when, and which spaces a room consists of."""

from collections.abc import Iterable
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange, NumericRange
from django.db.models import Q, QuerySet

from bookings.models import Occupancy, Room
from bookings.models.occupancy import EITHER_INDEX, SPACE_POINT
from bookings.rules.spans import Span


def rows_in(*spans: Span) -> QuerySet[Occupancy]:
    """Return the rows, of whatever space, that overlap one of these times."""
    in_time = Q(pk__in=[])
    for span in spans:
        in_time |= Q(period__overlap=DateTimeTZRange(*span))
    return Occupancy.objects.filter(EITHER_INDEX, in_time)


def rows_within(space_ids: Iterable[int], *spans: Span) -> QuerySet[Occupancy]:
    """Return the rows of these spaces that overlap one of these times; both GiST indexes serve it."""
    on_spaces = Q(pk__in=[])
    for space_id in sorted(set(space_ids)):
        on_spaces |= Q(space_point__overlap=NumericRange(space_id, space_id, "[]"))
    return rows_in(*spans).alias(space_point=SPACE_POINT).filter(on_spaces)


def in_the_way(
    space_ids: Iterable[int], span: Span, *, except_dates: Iterable[int] = ()
) -> list[Occupancy]:
    """Return what takes these spaces in this time, with the request or the closure behind it."""
    rows = rows_within(space_ids, span).select_related("booking_date__booking", "closure")
    return list(rows.exclude(booking_date_id__in=list(except_dates)))


def spaces_around(room_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Return room → spaces for these rooms and all that share a space with them."""
    spaces: dict[int, list[int]] = {}
    links = Room.spaces.through.objects.filter(room_id__in=rooms_around(room_ids))
    for room_id, space_id in links.order_by("room_id", "space_id").values_list(
        "room_id", "space_id"
    ):
        spaces.setdefault(room_id, []).append(space_id)
    return {room_id: tuple(keys) for room_id, keys in spaces.items()}


def rooms_around(room_ids: Iterable[int]) -> QuerySet[Any, Any]:
    """Return the keys of these rooms and of all that share a space with them, as a subquery."""
    links = Room.spaces.through.objects
    own = links.filter(room_id__in=list(room_ids)).values("space_id")
    rooms: QuerySet[Any, Any] = links.filter(space_id__in=own).values("room_id")
    return rooms
