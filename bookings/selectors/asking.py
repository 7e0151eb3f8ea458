"""What the pages of a request need to know."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import get_language

from bookings.models import Association, Booking, Room
from cms.models import CentrePage, User
from cms.selectors.pages import public_pages


def requestable_room(*, centre_slug: str, room_slug: str) -> tuple[Room, CentrePage] | None:
    """Return a room that may be asked for, and the page of its centre; None if there is none.

    The parts of a room are what one takes: without any, nothing could be booked.
    """
    rooms = Room.objects.filter(
        Exists(Room.spaces.through.objects.filter(room_id=OuterRef("pk"))),
        centre__slug=centre_slug,
        slug=room_slug,
        is_public=True,
    )
    room = rooms.select_related("centre__operator").prefetch_related("hours", "layouts").first()
    page = centre_page_of(room.centre_id) if room else None
    return (room, page) if room and page else None


def centre_page_of(centre_id: int) -> CentrePage | None:
    """Return the public page of a centre in the active language, else in any."""
    pages = CentrePage.objects.filter(pk__in=public_pages().values("pk"), centre=centre_id)
    found = list(pages.select_related("centre__operator", "locale"))
    active = [page for page in found if page.locale.language_code == get_language()]
    return next(iter([*active, *found]), None)


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
