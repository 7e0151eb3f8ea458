"""Where on the waiting list somebody stands, and who else wants the same time."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bookings.models import BookingDate
from bookings.rules.spans import merged
from bookings.rules.states import UNDECIDED, DateState


def places_of(dates: Iterable[BookingDate]) -> dict[int, int]:
    """Return the place on the waiting list by the date's key, in one query; 1 comes next."""
    keys = [date.pk for date in dates if date.state == DateState.WAITLISTED]
    if not keys:
        return {}
    before: QuerySet[Any, Any] = (
        BookingDate.objects.filter(
            Q(booking__sent_at__lt=OuterRef("booking__sent_at"))
            | Q(booking__sent_at=OuterRef("booking__sent_at"), pk__lt=OuterRef("pk")),
            state__in=UNDECIDED,
            holds_until__isnull=True,
            occurrence__start__lt=OuterRef("occurrence__end"),
            occurrence__end__gt=OuterRef("occurrence__start"),
            room__spaces__rooms=OuterRef("room"),
        )
        .order_by()
        .values("room__spaces__rooms")
        .annotate(count=Count("pk", distinct=True))
        .values("count")
    )
    places = BookingDate.objects.filter(pk__in=keys).annotate(
        place=Coalesce(Subquery(before), 0) + 1
    )
    return dict(places.values_list("pk", "place"))


def rivals_for(dates: Sequence[BookingDate]) -> list[BookingDate]:
    """Return the undecided dates of other requests that overlap these of one request, by age."""
    in_time = Q(pk__in=[])
    for span in merged(date.span for date in dates):
        in_time |= Q(occurrence__start__lt=span.end, occurrence__end__gt=span.start)
    return list(
        BookingDate.objects.filter(
            in_time,
            state__in=UNDECIDED,
            room__spaces__rooms__in={date.room_id for date in dates},
        )
        .exclude(booking=dates[0].booking_id)
        .select_related("booking__association", "room", "occurrence")
        .order_by(F("booking__sent_at"), "pk")
        .distinct()
    )
