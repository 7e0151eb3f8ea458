"""The requests whose dates somebody's own calendar shows."""

from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Prefetch

from bookings.models import Booking, BookingDate
from bookings.rules.states import GONE, DateState
from bookings.selectors.asking import acted_for_by
from cms.models import User

LOOK_BACK = timedelta(days=28)


def bookings_to_subscribe(user: User, *, now: datetime) -> list[Booking]:
    """Return what takes place or may, with all dates of each request; two queries.

    Always the whole of a series: an entry that repeats is one. `changed_at` of each says when the
    last step on it was taken.
    """
    never = [*GONE, DateState.UNVERIFIED]
    standing = BookingDate.objects.filter(
        booking=OuterRef("pk"), occurrence__end__gt=now - LOOK_BACK
    ).exclude(state__in=never)
    dates = BookingDate.objects.exclude(state=DateState.UNVERIFIED)
    dates = dates.select_related("room", "occurrence").order_by("occurrence__start", "pk")
    bookings = Booking.objects.filter(Exists(standing), association__in=acted_for_by(user))
    found = bookings.select_related("association", "centre", "event__rule").annotate(
        changed_at=Max("log__at")
    )
    return list(found.prefetch_related(Prefetch("dates", dates)).order_by("pk"))
