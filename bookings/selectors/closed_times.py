"""What stands in times that are to be closed, however many they are."""

from collections.abc import Collection, Sequence

from django.db.models import BooleanField, F, Func, QuerySet, Value
from psycopg.types.multirange import TimestamptzMultirange
from psycopg.types.range import TimestamptzRange

from bookings.models import BookingDate, Occupancy
from bookings.rules.spans import Span
from bookings.selectors.occupancy import rows_within


def dates_in(space_ids: Collection[int], spans: Sequence[Span]) -> list[BookingDate]:
    """Return the dates that take one of these spaces in one of these times, in order. One query."""
    rows = _rows_in(space_ids, spans)
    return list(
        BookingDate.objects.filter(pk__in=rows.values("booking_date"))
        .select_related("booking__association", "room", "occurrence")
        .order_by("occurrence__start", "pk")
    )


def rooms_and_requests_in(
    space_ids: Collection[int], spans: Sequence[Span]
) -> tuple[set[int], set[int]]:
    """Return the keys of the rooms and of the requests of these dates. One query."""
    rows = _rows_in(space_ids, spans).order_by()
    found = list(rows.values_list("booking_date__room", "booking_date__booking").distinct())
    return {room for room, _booking in found}, {booking for _room, booking in found}


def _rows_in(space_ids: Collection[int], spans: Sequence[Span]) -> QuerySet[Occupancy]:
    """Return the rows of dates; of all times at once, as one value."""
    times = TimestamptzMultirange(TimestamptzRange(*span) for span in spans)
    whole = Span(min(span.start for span in spans), max(span.end for span in spans))
    overlaps = Func(
        F("period"),
        Value(times),
        template="%(expressions)s",
        arg_joiner=" && ",
        output_field=BooleanField(),
    )
    return rows_within(space_ids, whole).filter(overlaps, booking_date__isnull=False)
