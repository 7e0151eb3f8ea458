"""What stands in the way of dates: rivals, promised dates, closed times. For many at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from bookings.models import BookingDate, ChangeRequest, Closure, Occupancy
from bookings.rules.spans import Span, merged
from bookings.rules.states import UNDECIDED
from bookings.selectors.occupancy import rows_within, spaces_around
from bookings.selectors.waiting import takes_place_in, undecided_dates

Spaces = dict[int, tuple[int, ...]]  # room → its spaces


@dataclass
class Verdict:
    """What stands in the way of one date; nothing: it is free.

    rivals: other undecided dates for the time, oldest request first.
    promised: dates that somebody was promised. wishes: to change a date, that hold the time.
    """

    rivals: list[BookingDate] = field(default_factory=list)
    promised: list[BookingDate] = field(default_factory=list)
    closures: list[Closure] = field(default_factory=list)
    wishes: list[ChangeRequest] = field(default_factory=list)

    @property
    def is_free(self) -> bool:
        return not (self.rivals or self.promised or self.closures or self.wishes)


def verdicts_of(dates: Sequence[BookingDate]) -> dict[int, Verdict]:
    """Return the verdict on each date by its key, in three queries however many they are."""
    if not dates:
        return {}
    spaces = spaces_around(date.room_id for date in dates)
    rows = list(_rows(dates, spaces))
    times = merged(date.span for date in dates)
    undecided = list(undecided_dates().filter(takes_place_in(*times), room__in=list(spaces)))
    return {date.pk: _verdict(date, rows, undecided, spaces) for date in dates}


def _rows(dates: Sequence[BookingDate], spaces: Spaces) -> QuerySet[Occupancy]:
    """Return the ledger's rows in the times of these dates."""
    keys = {key for date in dates for key in spaces.get(date.room_id, ())}
    return rows_within(keys, *merged(date.period for date in dates)).select_related(
        "closure",
        "change_request__booking__association",
        "booking_date__booking__association",
        "booking_date__occurrence",
        "booking_date__room",
    )


def _verdict(
    date: BookingDate, rows: list[Occupancy], undecided: list[BookingDate], spaces: Spaces
) -> Verdict:
    own = set(spaces.get(date.room_id, ()))
    closures: dict[int, Closure] = {}
    standing: dict[int, BookingDate] = {}
    wishes: dict[int, ChangeRequest] = {}
    for row in rows:
        if row.space_id not in own or row.booking_date_id == date.pk:
            continue
        if not date.period.overlaps(Span(row.period.lower, row.period.upper)):
            continue
        if row.closure is not None:
            closures[row.closure.pk] = row.closure
        elif row.change_request is not None:
            wishes[row.change_request.pk] = row.change_request
        elif row.booking_date is not None:
            standing[row.booking_date.pk] = row.booking_date
    rivals = {
        other.pk: other
        for other in undecided
        if other.pk != date.pk
        and other.span.overlaps(date.span)
        and own.intersection(spaces.get(other.room_id, ()))
    }
    # Their events do not overlap, but set-up and clearing up do.
    rivals |= {pk: other for pk, other in standing.items() if other.state in UNDECIDED}
    return Verdict(
        rivals=sorted(rivals.values(), key=lambda other: (other.booking.sent_at, other.pk)),
        promised=[other for other in standing.values() if other.state not in UNDECIDED],
        closures=list(closures.values()),
        wishes=list(wishes.values()),
    )
