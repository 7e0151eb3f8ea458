"""Rooms, and the parts they consist of."""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from bookings import ledger, series
from bookings.models import Occupancy, Room, Space


def give_calendar(room: Room) -> None:
    """Give a new room its calendar; to be called before its first save."""
    if room.calendar_id is None:
        slug = f"{room.centre.slug}-{room.slug}"
        room.calendar_id = series.create_calendar(name=f"{room.centre} – {room.name}", slug=slug)


def set_spaces(*, room: Room, spaces: Collection[Space], now: datetime) -> None:
    """Let a room consist of other parts. Raises ValidationError while dates or closures stand."""
    wanted = {space.pk for space in spaces}

    def change() -> None:
        ledger.lock_spaces({*wanted, *room.spaces.values_list("pk", flat=True)})
        if set(room.spaces.values_list("pk", flat=True)) == wanted:
            return
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
    """Tell whether a date or a closure of this very room stands from now on."""
    ahead = Occupancy.objects.filter(period__endswith__gt=now)
    return (
        ahead.filter(booking_date__room=room).exists() or ahead.filter(closure__rooms=room).exists()
    )
