"""Who wants a time that others want or have, and where on the waiting list somebody stands."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bookings.models import BookingDate
from bookings.models.rooms import WIDEST_BUFFER
from bookings.rules.spans import Span, merged
from bookings.rules.states import UNDECIDED, DateState
from bookings.selectors.occupancy import ROOMS_AROUND, OverlapsOneOf, times_of
from bookings.selectors.statements import rows_of


def undecided_dates() -> QuerySet[BookingDate]:
    """Return the dates that somebody still has to decide on, the oldest request first."""
    return (
        BookingDate.objects.filter(state__in=UNDECIDED)
        .select_related("booking__association", "room", "occurrence")
        .order_by("booking__sent_at", "pk")
    )


def takes_place_in(*spans: Span) -> Q:
    """Return the condition that a date overlaps one of these times, set-up not counted."""
    if not spans:
        return Q(pk__in=[])
    first, last = min(span.start for span in spans), max(span.end for span in spans)
    in_all = Q(occurrence__start__lt=last, occurrence__end__gt=first)  # which an index knows
    if len(spans) == 1:
        return in_all
    takes_place = Func("occurrence__start", "occurrence__end", function="tstzrange")
    return in_all & Q(OverlapsOneOf(takes_place, spans))


def waiting_dates(
    room_ids: Iterable[int], spans: Sequence[Span], *, now: datetime
) -> list[BookingDate]:
    """Return the undecided dates without a hold that want these times, oldest request first.

    Set-up and clearing up count: somebody may wait only because of them. In a plan for a year
    nobody gets a hold this way before all of it is decided.
    """
    around = [span.widened(WIDEST_BUFFER, WIDEST_BUFFER) for span in spans]
    near = undecided_dates().filter(
        takes_place_in(*around),
        Q(booking__round__isnull=True) | Q(booking__round__decided_at__isnull=False),
        room__in=list(room_ids),
        holds_until__isnull=True,
        occurrence__start__gt=now,
    )
    return [date for date in near if any(date.period.overlaps(span) for span in spans)]


def other_requests(dates: Sequence[BookingDate]) -> list[BookingDate]:
    """Return the undecided dates of other requests that overlap these of one request.

    Each in its own room, and in what shares a space with that one. Mostly there are none, and to
    learn that is cheap; who they are takes a second query.
    """
    times = merged(date.span for date in dates)
    values = {
        "first": times[0].start,
        "last": times[-1].end,
        "times": times_of(times),
        "rooms": [date.room_id for date in dates],
        "starts": [date.span.start for date in dates],
        "ends": [date.span.end for date in dates],
        "undecided": list(UNDECIDED),
        "booking": dates[0].booking_id,
    }
    keys = [key for (key,) in rows_of(_OTHER_REQUESTS, values)]
    return list(undecided_dates().filter(pk__in=keys)) if keys else []


# The conditions on the time are those of `takes_place_in`: they leave few rows, of which the last one
# takes those that meet a date in its own room.
_OTHER_REQUESTS = f"""
SELECT date.id FROM bookings_bookingdate AS date
JOIN schedule_occurrence AS occurrence ON occurrence.id = date.occurrence_id
WHERE occurrence.start < %(last)s AND occurrence.end > %(first)s
  AND tstzrange(occurrence.start, occurrence.end) && %(times)s::tstzmultirange
  AND date.state = ANY(%(undecided)s)
  AND date.booking_id <> %(booking)s
  AND date.room_id IN ({ROOMS_AROUND})
  AND EXISTS (
    SELECT FROM unnest(%(rooms)s::bigint[], %(starts)s::timestamptz[], %(ends)s::timestamptz[])
      AS asked (room_id, starts, ends)
    JOIN bookings_room_spaces AS own ON own.room_id = asked.room_id
    JOIN bookings_room_spaces AS beside ON beside.space_id = own.space_id
    WHERE beside.room_id = date.room_id
      AND occurrence.start < asked.ends AND occurrence.end > asked.starts
  )
"""  # noqa: S608 - a constant


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
