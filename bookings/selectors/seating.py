"""The seating that a group asked for, in another room."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F

from bookings.models import Booking, BookingDate, Layout
from bookings.rules.states import GONE


def same_seating(layout: Layout, room_ids: Iterable[int], persons: int) -> dict[int, Layout]:
    """Return room → its seating of the same name, as far as it holds so many. One query."""
    found = Layout.objects.filter(
        room__in=set(room_ids), name__iexact=layout.name, capacity__gte=persons
    )
    return {one.room_id: one for one in found.order_by("-sort_order", "-pk")}


def seatings_in_use(layouts: Iterable[Layout], *, now: datetime) -> set[int]:
    """Return the keys of those that requests with dates ahead in their room ask for. One query."""
    ahead = BookingDate.objects.filter(
        booking__layout__in=list(layouts),
        room=F("booking__layout__room"),
        occurrence__end__gt=now,
    )
    used = ahead.exclude(state__in=GONE).order_by()
    return set(used.values_list("booking__layout", flat=True).distinct())


def is_still_used(layout: Layout, booking: Booking, *, now: datetime) -> bool:
    """Tell whether a date ahead of this request takes place in the room of this seating."""
    ahead = BookingDate.objects.filter(
        booking=booking, room=layout.room_id, occurrence__end__gt=now
    )
    return ahead.exclude(state__in=GONE).exists()
