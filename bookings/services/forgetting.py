"""Forgetting in time who nobody needs to know any more: guests, and contacts on the day."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from bookings.models import Booking, BookingDate, BookingLog, ChangeRequest
from bookings.notifications.guests import forget_mails_of
from bookings.rules.states import GONE, DateState

KEEP_GUESTS = timedelta(days=180)  # no account of theirs is ever deleted, which would do it
KEEP_CONTACTS = timedelta(days=180)
BATCH = 100  # requests in one run; the others follow a minute later


@transaction.atomic
def forget_guests(*, now: datetime) -> int:
    """Take out of requests of guests who they were, and every word that was typed; return how many.

    Of what was never confirmed in time at once. Of everything else KEEP_GUESTS after the date and
    the last step on it; one that was given up counts from that step. Room, time, kind of use and
    persons stay for the statistics. What somebody works on right now is left for next time.
    """
    unconfirmed = BookingDate.objects.filter(booking=OuterRef("pk"), state=DateState.UNVERIFIED)
    never_confirmed = Q(status=Booking.Status.UNVERIFIED) & ~Exists(unconfirmed)
    keys = _next(
        Booking.objects.filter(
            never_confirmed | _long_over(now - KEEP_GUESTS),
            association__isnull=True,
            forgotten_at=None,
        )
    )
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


@transaction.atomic
def forget_contacts(*, now: datetime) -> int:
    """Take out of requests of groups whom to ring up on the day; return of how many.

    KEEP_CONTACTS after the last date and the last step: nobody rings that person up any more. What
    the group asked for stays its history.
    """
    known = Booking.objects.exclude(contact_name="", contact_phone="")
    keys = _next(known.filter(_long_over(now - KEEP_CONTACTS), association__isnull=False))
    return Booking.objects.filter(pk__in=keys).update(contact_name="", contact_phone="")


def _next(bookings: QuerySet[Booking]) -> list[int]:
    """Lock the next of these requests, except those that somebody works on, and return their keys."""
    over = bookings.select_for_update(skip_locked=True).order_by("pk")
    return list(over.values_list("pk", flat=True)[:BATCH])


def _long_over(since: datetime) -> Q:
    """Return the condition that a request has no date and no step after this moment."""
    dates = BookingDate.objects.filter(booking=OuterRef("pk"), occurrence__end__gt=since)
    steps = BookingLog.objects.filter(booking=OuterRef("pk"), at__gt=since)
    return ~Exists(dates.exclude(state__in=GONE)) & ~Exists(steps)
