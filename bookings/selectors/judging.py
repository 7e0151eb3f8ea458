"""What stands in the way of dates: rivals, promised dates, closed times. For many at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q, QuerySet

from bookings.models import BookingDate, Closure, Occupancy, Room
from bookings.rules.spans import Span, merged
from bookings.rules.states import UNDECIDED

Spaces = dict[int, frozenset[int]]  # room → its spaces


@dataclass
class Verdict:
    """What stands in the way of one date; nothing: it is free.

    rivals: other undecided dates for the time, oldest request first.
    promised: dates that somebody was promised.
    """

    rivals: list[BookingDate] = field(default_factory=list)
    promised: list[BookingDate] = field(default_factory=list)
    closures: list[Closure] = field(default_factory=list)

    @property
    def is_free(self) -> bool:
        return not (self.rivals or self.promised or self.closures)


def verdicts_of(dates: Sequence[BookingDate]) -> dict[int, Verdict]:
    """Return the verdict on each date by its key, in three queries however many they are."""
    if not dates:
        return {}
    spaces = _spaces_of({date.booking.centre_id for date in dates})
    rows = list(_rows(dates, spaces))
    undecided = list(_undecided(dates, spaces))
    return {date.pk: _verdict(date, rows, undecided, spaces) for date in dates}


def taken_by(date: BookingDate) -> Span:
    """Return the time a date takes, set-up and clearing up as booked included."""
    return date.span.widened(
        timedelta(minutes=date.setup_minutes), timedelta(minutes=date.turnover_minutes)
    )


def _spaces_of(centres: Iterable[int]) -> Spaces:
    spaces: dict[int, set[int]] = {}
    links = Room.spaces.through.objects.filter(room__centre__in=list(centres))
    for room_id, space_id in links.values_list("room_id", "space_id"):
        spaces.setdefault(room_id, set()).add(space_id)
    return {room_id: frozenset(keys) for room_id, keys in spaces.items()}


def _rows(dates: Sequence[BookingDate], spaces: Spaces) -> QuerySet[Occupancy]:
    """Return the ledger's rows in the times of these dates."""
    in_time = Q(pk__in=[])
    for span in merged(taken_by(date) for date in dates):
        in_time |= Q(period__overlap=DateTimeTZRange(*span))
    keys = {key for date in dates for key in spaces.get(date.room_id, ())}
    rows = Occupancy.objects.filter(in_time, space_id__in=keys)
    return rows.select_related(
        "closure",
        "booking_date__booking__association",
        "booking_date__occurrence",
        "booking_date__room",
    )


def _undecided(dates: Sequence[BookingDate], spaces: Spaces) -> QuerySet[BookingDate]:
    in_time = Q(pk__in=[])
    for span in merged(date.span for date in dates):
        in_time |= Q(occurrence__start__lt=span.end, occurrence__end__gt=span.start)
    return (
        BookingDate.objects.filter(in_time, state__in=UNDECIDED, room__in=list(spaces))
        .select_related("booking__association", "room", "occurrence")
        .order_by("booking__sent_at", "pk")
    )


def _verdict(
    date: BookingDate, rows: list[Occupancy], undecided: list[BookingDate], spaces: Spaces
) -> Verdict:
    own = spaces.get(date.room_id, frozenset())
    closures: dict[int, Closure] = {}
    standing: dict[int, BookingDate] = {}
    for row in rows:
        if row.space_id not in own or row.booking_date_id == date.pk:
            continue
        if not taken_by(date).overlaps(Span(row.period.lower, row.period.upper)):
            continue
        if row.closure is not None:
            closures[row.closure.pk] = row.closure
        elif row.booking_date is not None:
            standing[row.booking_date.pk] = row.booking_date
    rivals = {
        other.pk: other
        for other in undecided
        if other.pk != date.pk
        and other.span.overlaps(date.span)
        and own & spaces.get(other.room_id, frozenset())
    }
    # Their events do not overlap, but set-up and clearing up do.
    rivals |= {pk: other for pk, other in standing.items() if other.state in UNDECIDED}
    return Verdict(
        rivals=sorted(rivals.values(), key=lambda other: (other.booking.sent_at, other.pk)),
        promised=[other for other in standing.values() if other.state not in UNDECIDED],
        closures=list(closures.values()),
    )
