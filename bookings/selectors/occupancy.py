"""Questions to the ledger: what is taken when, and which spaces a room consists of."""

import itertools
from collections.abc import Iterable, Sequence

from django.contrib.postgres.fields import DateTimeRangeField
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import BooleanField, CharField, F, Func, QuerySet, Value
from psycopg.types.multirange import TimestamptzMultirange
from psycopg.types.range import TimestamptzRange

from bookings.models import Occupancy
from bookings.models.occupancy import EITHER_INDEX, SPACE_POINT
from bookings.rules.spans import Span, merged
from bookings.selectors.statements import rows_of
from cms.prepared import Given

EDGES = "period__startswith", "period__endswith"


def points_of(space_ids: Iterable[int]) -> str:
    """Return these spaces as PostgreSQL writes an int8multirange."""
    points = ",".join(f"[{key},{key}]" for key in sorted(set(space_ids)))
    return f"{{{points}}}"


def times_of(spans: Iterable[Span]) -> TimestamptzMultirange:
    """Return these times as a value for a statement."""
    return TimestamptzMultirange(TimestamptzRange(*span) for span in spans)


class OnSpaces(Func):
    """The condition that a row is of one of these spaces.

    One condition for all of them: with one for each, PostgreSQL leaves the index that knows spaces
    and reads what all rooms have in that time.
    """

    template = "(%(expressions)s::int8multirange)"
    arg_joiner = " && "
    output_field = BooleanField()

    def __init__(self, points: Value) -> None:
        super().__init__(SPACE_POINT, points)


class OverlapsOneOf(Func):
    """The condition that a range overlaps one of these times, as one: Django is slow with fifty."""

    template = "(%(expressions)s)"
    arg_joiner = " && "
    output_field = BooleanField()

    def __init__(self, period: F | Func, spans: Iterable[Span]) -> None:
        super().__init__(period, Value(times_of(spans)))


def rows_during(period: DateTimeTZRange | Given) -> QuerySet[Occupancy]:
    """Return the rows, of whatever space, that overlap this time."""
    return Occupancy.objects.filter(period__overlap=period)


def rows_in(*spans: Span) -> QuerySet[Occupancy]:
    """Return the rows, of whatever space, that overlap one of these times."""
    if len(spans) == 1:
        return rows_during(DateTimeTZRange(*spans[0]))
    return Occupancy.objects.filter(OverlapsOneOf(F("period"), spans))


def rows_within(space_ids: Iterable[int], *spans: Span) -> QuerySet[Occupancy]:
    """Return the rows of these spaces that overlap one of these times."""
    points = Value(points_of(space_ids), output_field=CharField())
    return rows_in(*spans).filter(EITHER_INDEX, OnSpaces(points))


def rows_given() -> QuerySet[Occupancy]:
    """Return the same rows for a prepared query: of `points` (`points_of`) in `period`."""
    points, period = Given("points", CharField()), Given("period", DateTimeRangeField())
    return rows_during(period).filter(EITHER_INDEX, OnSpaces(points))


def periods_within(space_ids: Iterable[int], span: Span) -> list[Span]:
    """Return what is taken of these spaces in this time, in UTC."""
    rows = rows_within(space_ids, span)
    # Two moments are read several times faster than a range.
    return list(itertools.starmap(Span, rows.values_list(*EDGES)))


def periods_of_rooms(room_ids: Iterable[int], span: Span) -> dict[int, list[Span]]:
    """Return what is taken in this time by room, in UTC, in one query."""
    rows = rows_in(span).filter(space__rooms__in=list(room_ids))
    taken: dict[int, list[Span]] = {}
    for room_id, start, end in rows.values_list("space__rooms", *EDGES):
        taken.setdefault(room_id, []).append(Span(start, end))
    return taken


def is_free(space_ids: Iterable[int], span: Span) -> bool:
    """Tell whether nothing is in the way. `span`: with what the date needs before and after it."""
    return not rows_within(space_ids, span).exists()


def in_the_way(
    space_ids: Iterable[int], span: Span, *, except_dates: Iterable[int] = ()
) -> list[Occupancy]:
    """Return what takes these spaces in this time, with the request or the closure behind it."""
    rows = rows_within(space_ids, span).select_related("booking_date__booking", "closure")
    return list(rows.exclude(booking_date_id__in=list(except_dates)))


def rows_against(
    wanted: Sequence[tuple[Sequence[int], Span]],
    *,
    except_dates: Iterable[int] = (),
    except_changes: Iterable[int] = (),
) -> list[list[Occupancy]]:
    """Return what takes each of these spaces and periods, in one query however many they are."""
    if not wanted:
        return []
    spaces = {space_id for keys, _period in wanted for space_id in keys}
    rows = rows_within(spaces, *merged(period for _keys, period in wanted)).select_related(
        "booking_date__booking__association", "change_request__booking__association", "closure"
    )
    dates, changes = set(except_dates), set(except_changes)
    by_space: dict[int, list[tuple[Span, Occupancy]]] = {}
    for row in rows:
        if row.booking_date_id not in dates and row.change_request_id not in changes:
            period = Span(row.period.lower, row.period.upper)
            by_space.setdefault(row.space_id, []).append((period, row))
    return [
        [
            row
            for space_id in keys
            for taken, row in by_space.get(space_id, ())
            if taken.overlaps(period)
        ]
        for keys, period in wanted
    ]


def spaces_around(room_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Return room → spaces for these rooms and all that share a space with them."""
    spaces: dict[int, list[int]] = {}
    for room_id, space_id in rows_of(_SPACES_AROUND, {"rooms": list(room_ids)}):
        spaces.setdefault(room_id, []).append(space_id)
    return {room_id: tuple(keys) for room_id, keys in spaces.items()}


# The keys of some rooms and of all that share a space with them, for a statement.
ROOMS_AROUND = """
    SELECT beside.room_id FROM bookings_room_spaces AS own
    JOIN bookings_room_spaces AS beside USING (space_id)
    WHERE own.room_id = ANY(%(rooms)s)
"""
_SPACES_AROUND = f"""
SELECT room_id, space_id FROM bookings_room_spaces
WHERE room_id IN ({ROOMS_AROUND})
ORDER BY room_id, space_id
"""  # noqa: S608 - a constant
