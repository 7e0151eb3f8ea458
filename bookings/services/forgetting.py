"""Guests are forgotten in time: no account of theirs is ever deleted, so nobody else does it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from bookings.models import Booking, BookingDate, BookingLog, ChangeRequest
from bookings.notifications.guests import forget_mails_of
from bookings.rules.states import GONE, DateState

KEEP_GUESTS = timedelta(days=180)
BATCH = 100  # requests in one run; the others follow a minute later


@transaction.atomic
def forget_guests(*, now: datetime) -> int:
    """Take out of requests of guests who they were, and every word that was typed; return how many.

    Of what was never confirmed in time at once. Of everything else KEEP_GUESTS after the date and
    the last step on it; one that was given up counts from that step. Room, time, kind of use and
    persons stay for the statistics. What somebody works on right now is left for next time.
    """
    over = _over(now).select_for_update(skip_locked=True).order_by("pk")
    keys = list(over.values_list("pk", flat=True)[:BATCH])
    if not keys:
        return 0
    Booking.objects.filter(pk__in=keys).update(
        guest_name="",
        guest_email="",
        contact_name="",
        contact_phone="",
        purpose="",
        wishes="",
        question="",
        forgotten_at=now,
    )
    BookingDate.objects.filter(booking__in=keys).update(reason="", suggestion="")
    ChangeRequest.objects.filter(booking__in=keys).update(text="", answer="")
    BookingLog.objects.filter(booking__in=keys).update(text="")
    forget_mails_of(keys)
    return len(keys)


def _over(now: datetime) -> QuerySet[Booking]:
    """Return the requests of guests that nobody needs any more and that are not forgotten yet."""
    own = BookingDate.objects.filter(booking=OuterRef("pk"))
    since = now - KEEP_GUESTS
    steps = BookingLog.objects.filter(booking=OuterRef("pk"), at__gt=since)
    taking_place = own.filter(occurrence__end__gt=since).exclude(state__in=GONE)
    never_confirmed = Q(status=Booking.Status.UNVERIFIED) & ~Exists(
        own.filter(state=DateState.UNVERIFIED)
    )
    long_over = ~Exists(taking_place) & ~Exists(steps)
    return Booking.objects.filter(
        never_confirmed | long_over, association__isnull=True, forgotten_at=None
    )
