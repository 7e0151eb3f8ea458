"""Rooms, and the parts they consist of."""

import itertools
import secrets
from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from bookings import ledger, series
from bookings.models import ChangedDate, ChangeRequest, Occupancy, Room, Space


def give_calendar(room: Room) -> None:
    """Give a new room its calendar; to be called before its first save."""
    if room.calendar_id is None:
        # A deleted or renamed room may have had the same short name.
        slug = f"{room.centre.slug}-{room.slug}-{secrets.token_hex(4)}"
        room.calendar_id = series.create_calendar(name=f"{room.centre} – {room.name}", slug=slug)


def own_space(room: Room) -> Space:
    """Return a part of the house for this room alone, named like it if that name is not taken."""
    current: Space | None = room.spaces.first()
    if current is not None and room.spaces.count() == 1:
        return current
    taken = set(Space.objects.filter(centre=room.centre_id).values_list("name", flat=True))
    names = (f"{room.name[:74]} {number}" for number in itertools.count(2))
    name = next(name for name in itertools.chain([room.name], names) if name not in taken)
    return Space.objects.create(centre_id=room.centre_id, name=name)


def delete_calendar(calendar_id: int) -> None:
    """Forget the calendar of a room that was deleted; it never had a booking."""
    series.delete_calendar(calendar_id)


def set_spaces(*, room: Room, spaces: Collection[Space], now: datetime) -> None:
    """Let a room consist of other parts. Raises ValidationError while dates or closures stand."""
    wanted = {space.pk for space in spaces}

    def change() -> None:
        held = ledger.lock_spaces({*wanted, *room.spaces.values_list("pk", flat=True)})
        current = set(room.spaces.values_list("pk", flat=True))
        if current == wanted:
            return
        if not current | wanted <= held:
            raise ledger.RoomsChangedError
        if has_future_rows(room, now):
            raise ValidationError(
                _(
                    "There are dates or closed times ahead for this room. Its parts can change "
                    "only when none is left."
                ),
                code="in_use",
            )
        room.spaces.set(wanted)

    ledger.in_one_go(change)


def has_future_rows(room: Room, now: datetime) -> bool:
    """Tell whether a date or a closure of this very room stands, or a wish holds it, from now on."""
    ahead = Occupancy.objects.filter(period__endswith__gt=now)
    wished = ChangedDate.objects.filter(
        room=room,
        left_out="",
        end__gt=now,
        change__status=ChangeRequest.Status.OPEN,
        change__holds_until__isnull=False,
    )
    return (
        ahead.filter(booking_date__room=room).exists()
        or ahead.filter(closure__rooms=room).exists()
        or wished.exists()
    )
