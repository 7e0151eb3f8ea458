"""Who waits for a time that somebody else has."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from bookings.models import BookingDate
from bookings.rules.spans import Span
from bookings.rules.states import UNDECIDED


def waiting_dates(
    room_ids: Iterable[int], spans: Iterable[Span], *, now: datetime
) -> QuerySet[BookingDate]:
    """Return the undecided dates without a hold that lie in these times, oldest request first."""
    wanted = Q(pk__in=[])
    for span in spans:
        wanted |= Q(occurrence__start__lt=span.end, occurrence__end__gt=span.start)
    return (
        BookingDate.objects.filter(
            wanted,
            room__in=list(room_ids),
            state__in=UNDECIDED,
            holds_until__isnull=True,
            occurrence__start__gt=now,
        )
        .select_related("booking", "room", "occurrence")
        .order_by("booking__sent_at", "pk")
    )


def rivals_of(
    date: BookingDate, neighbours: Iterable[int], *, also: Iterable[int] = ()
) -> QuerySet[BookingDate]:
    """Return the other undecided dates for an overlapping time, holding or not, oldest first.

    `neighbours`: the rooms that share a space with the date's room, itself included. `also`: keys
    of dates that are in the way though the events do not overlap: set-up and clearing up do.
    """
    overlapping = Q(
        room__in=list(neighbours),
        occurrence__start__lt=date.occurrence.end,
        occurrence__end__gt=date.occurrence.start,
    )
    return (
        BookingDate.objects.filter(overlapping | Q(pk__in=list(also)), state__in=UNDECIDED)
        .exclude(pk=date.pk)
        .select_related("booking__association", "room", "occurrence")
        .order_by("booking__sent_at", "pk")
    )
