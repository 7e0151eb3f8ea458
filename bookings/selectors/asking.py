"""What the pages of a request need to know."""

from datetime import datetime
from typing import Any

from bookings.models import Association, Booking, Room
from cms.models import User


def fitting_room(room: Room, persons: int) -> Room | None:
    """Return the smallest other room of the centre that holds so many."""
    rooms = Room.objects.filter(centre=room.centre_id, is_public=True, capacity__gte=persons)
    return rooms.exclude(pk=room.pk).select_related("centre").order_by("capacity").first()


def last_contact(user: User) -> dict[str, Any]:
    """Return contact and phone as this person gave them last, else the own name."""
    last = Booking.objects.filter(requester=user).order_by("-sent_at")
    return last.values("contact_name", "contact_phone").first() or {
        "contact_name": user.get_full_name()
    }


def associations_to_ask_for(user: User) -> list[Association]:
    """Return the associations somebody acts for, by name."""
    return list(Association.objects.filter(memberships__user=user))


def sent_since(user: User, since: datetime) -> int:
    """Return how many requests somebody has sent since then."""
    return Booking.objects.filter(requester=user, sent_at__gt=since).count()
