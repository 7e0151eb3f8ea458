"""Requests of guests: reached by their link only."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Max

from bookings.models import Booking, BookingDate
from bookings.rules.states import GONE, DateState

LINK_HOLDS = timedelta(days=30)  # after the date
MOST_LINKS = 10  # in answer to one wish for them


def request_of_guest(uid: uuid.UUID) -> Booking | None:
    """Return the request of a guest with this calendar id; of an association it is none."""
    found = Booking.objects.filter(uid=uid, association__isnull=True)
    return found.annotate(last_end=Max("dates__occurrence__end")).select_related("centre").first()


def link_is_over(booking: Booking, *, now: datetime) -> bool:
    """Tell whether the link leads nowhere any more: long past, or never confirmed in time.

    For a request as `request_of_guest` reads it.
    """
    if booking.status == Booking.Status.UNVERIFIED:
        return not booking.dates.filter(state=DateState.UNVERIFIED).exists()
    last_end: datetime = booking.last_end  # type: ignore[attr-defined]
    return now > last_end + LINK_HOLDS


def open_requests_of_guest(email: str, *, now: datetime) -> list[int]:
    """Return the keys of the requests of this address that have a date to come, the newest few."""
    coming = BookingDate.objects.filter(
        booking__association__isnull=True,
        booking__guest_email__iexact=email,
        occurrence__end__gt=now,
    ).exclude(state__in=GONE)
    found = Booking.objects.filter(pk__in=coming.values("booking")).order_by("-sent_at")
    return list(found.values_list("pk", flat=True)[:MOST_LINKS])


def with_their_dates(booking_ids: Collection[int]) -> list[Booking]:
    """Return these requests of guests for mails; none that is forgotten meanwhile."""
    found = Booking.objects.filter(pk__in=booking_ids, forgotten_at=None).select_related("centre")
    return list(found.prefetch_related("dates__room", "dates__occurrence").order_by("-sent_at"))
