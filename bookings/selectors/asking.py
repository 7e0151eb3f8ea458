"""What the pages of a request need to know."""

from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bookings.models import Association, Booking, Room
from cms.models import User


def fitting_room(room: Room, persons: int) -> Room | None:
    """Return the smallest other room of the centre that holds so many."""
    rooms = Room.objects.filter(centre=room.centre_id, is_public=True, capacity__gte=persons)
    others = rooms.exclude(pk=room.pk).select_related("centre").order_by("capacity")
    found: Room | None = others.first()
    return found


def last_contact(user: User) -> dict[str, Any]:
    """Return contact and phone as this person gave them last, else the own name."""
    last = Booking.objects.filter(requester=user).order_by("-sent_at").first()
    if last is None:
        return {"contact_name": user.get_full_name()}
    return {"contact_name": last.contact_name, "contact_phone": last.contact_phone}


def associations_to_ask_for(user: User) -> list[Association]:
    """Return the associations somebody acts for, by name."""
    return list(acted_for_by(user))


def associations_and_sent(user: User, since: datetime) -> tuple[list[Association], int]:
    """Return the same, and how many requests this person has sent since then, in one query."""
    sent = Booking.objects.filter(requester=user, sent_at__gt=since).order_by()
    counted = sent.values("requester").annotate(number=Count("pk")).values("number")
    found = list(acted_for_by(user).annotate(sent_lately=Coalesce(Subquery(counted), 0)))
    return list(found), max((one.sent_lately for one in found), default=0)


def acted_for_by(user: User) -> QuerySet[Association]:
    """Return the associations that have this person among their people."""
    return Association.objects.filter(memberships__user=user)
