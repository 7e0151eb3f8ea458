"""What stands in times that are to be closed, however many they are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from bookings.models import BookingDate, ChangedDate, ChangeRequest, Occupancy
from bookings.rules.spans import Span
from bookings.selectors.occupancy import rows_within


def dates_in(space_ids: Collection[int], spans: Sequence[Span]) -> list[BookingDate]:
    """Return the dates that take one of these spaces in one of these times, in order. One query."""
    rows = _rows_of_dates_in(space_ids, spans)
    return list(
        BookingDate.objects.filter(pk__in=rows.values("booking_date"))
        .select_related("booking__association", "room", "occurrence")
        .order_by("occurrence__start", "pk")
    )


@dataclass(frozen=True)
class HeldWish:
    """An open wish to change, and those of its new dates that lie in the times asked about."""

    change: ChangeRequest
    dates: list[ChangedDate]


def wishes_in(space_ids: Collection[int], spans: Sequence[Span]) -> list[HeldWish]:
    """Return the wishes that hold one of these spaces in one of these times. Three queries."""
    periods: dict[int, list[Span]] = {}
    rows = rows_within(space_ids, *spans).filter(change_request__isnull=False).order_by()
    for key, period in rows.values_list("change_request", "period"):
        periods.setdefault(key, []).append(Span(period.lower, period.upper))
    changes = ChangeRequest.objects.filter(pk__in=periods).select_related("booking__association")
    return [
        HeldWish(
            change,
            [
                date
                for date in change.dates.all()
                if not date.left_out and any(map(date.period.overlaps, periods[change.pk]))
            ],
        )
        for change in changes.prefetch_related("dates__room").order_by("pk")
    ]


def rooms_and_requests_in(
    space_ids: Collection[int], spans: Sequence[Span]
) -> tuple[set[int], set[int]]:
    """Return the keys of the rooms and of the requests of these dates. One query."""
    rows = _rows_of_dates_in(space_ids, spans).order_by()
    found = list(rows.values_list("booking_date__room", "booking_date__booking").distinct())
    return {room for room, _booking in found}, {booking for _room, booking in found}


def _rows_of_dates_in(space_ids: Collection[int], spans: Sequence[Span]) -> QuerySet[Occupancy]:
    """Return the rows of dates."""
    return rows_within(space_ids, *spans).filter(booking_date__isnull=False)
