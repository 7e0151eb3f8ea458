"""Which promised dates of a centre another one can be exchanged with."""

import datetime as dt

from django.db.models import QuerySet

from bookings.models import Booking, BookingDate
from bookings.rules.states import DateState
from bookings.rules.wall_clock import MIDNIGHT, instant
from bookings.selectors.desk import search_requests


def others_of_centre(booking: Booking, bookings: QuerySet[Booking]) -> QuerySet[BookingDate]:
    """Return all dates of the other ones among these requests that are of the same centre."""
    others = bookings.filter(centre=booking.centre_id).exclude(pk=booking.pk)
    return BookingDate.objects.filter(booking__in=others).select_related(
        "booking__association", "booking__layout", "room", "occurrence"
    )


def exchangeable(
    booking: Booking,
    bookings: QuerySet[Booking],
    *,
    first_day: dt.date,
    words: str,
    now: dt.datetime,
) -> QuerySet[BookingDate]:
    """Return the promised ones from a day on, by time; of requests found by `words`, if any."""
    found = search_requests(bookings, words) if words else bookings
    return (
        others_of_centre(booking, found)
        .filter(
            state=DateState.APPROVED,
            occurrence__start__gt=now,
            occurrence__start__gte=instant(first_day, MIDNIGHT),
        )
        .order_by("occurrence__start", "pk")
    )
