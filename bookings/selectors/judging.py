"""What stands in the way of dates: rivals, promised dates, closed times. For many at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

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
        return not (self.rivals or self.is_blocked)

    @property
    def is_blocked(self) -> bool:
        """Whether the time cannot be promised now; rivals would go to the waiting list."""
        return bool(self.promised or self.closures or self.wishes)


@dataclass(frozen=True)
class Wanted:
    """A time that somebody wants. `period`: with set-up and clearing up.

    own: keys of dates that are in nobody's way, the one itself or those it comes in place of.
    change: the key of the wish that this is about, whose own hold does not count.
    """

    room_id: int
    span: Span
    period: Span
    own: frozenset[int] = frozenset()
    change: int | None = None


def verdicts_of(dates: Sequence[BookingDate]) -> dict[int, Verdict]:
    """Return the verdict on each date by its key, in three queries however many they are."""
    wanted = [
        Wanted(date.room_id, date.span, date.period, own=frozenset({date.pk})) for date in dates
    ]
    keys = [date.pk for date in dates]
    return dict(zip(keys, judge(wanted), strict=True))


def judge(wanted: Sequence[Wanted]) -> list[Verdict]:
    """Return the verdict on each of these times, in three queries however many they are."""
    if not wanted:
        return []
    spaces = spaces_around(one.room_id for one in wanted)
    rows = _rows_by_space(wanted, spaces)
    times = merged(one.span for one in wanted)
    undecided = list(undecided_dates().filter(takes_place_in(*times), room__in=list(spaces)))
    return [_verdict(one, rows, undecided, spaces) for one in wanted]


def _rows_by_space(wanted: Sequence[Wanted], spaces: Spaces) -> dict[int, list[Occupancy]]:
    """Return the ledger's rows in these times."""
    keys = {key for one in wanted for key in spaces.get(one.room_id, ())}
    rows = rows_within(keys, *merged(one.period for one in wanted)).select_related(
        "closure",
        "change_request__booking__association",
        "booking_date__booking__association",
        "booking_date__occurrence",
        "booking_date__room",
    )
    found: dict[int, list[Occupancy]] = {}
    for row in rows:
        found.setdefault(row.space_id, []).append(row)
    return found


def _verdict(
    wanted: Wanted,
    rows: dict[int, list[Occupancy]],
    undecided: list[BookingDate],
    spaces: Spaces,
) -> Verdict:
    own = set(spaces.get(wanted.room_id, ()))
    closures: dict[int, Closure] = {}
    standing: dict[int, BookingDate] = {}
    wishes: dict[int, ChangeRequest] = {}
    for row in _in_the_way(wanted, [row for key in own for row in rows.get(key, ())]):
        if row.closure is not None:
            closures[row.closure.pk] = row.closure
        elif row.change_request is not None:
            wishes[row.change_request.pk] = row.change_request
        elif row.booking_date is not None:
            standing[row.booking_date.pk] = row.booking_date
    rivals = {
        other.pk: other
        for other in undecided
        if other.pk not in wanted.own
        and other.span.overlaps(wanted.span)
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


def _in_the_way(wanted: Wanted, rows: Iterable[Occupancy]) -> list[Occupancy]:
    return [
        row
        for row in rows
        if row.booking_date_id not in wanted.own
        and (row.change_request_id is None or row.change_request_id != wanted.change)
        and wanted.period.overlaps(Span(row.period.lower, row.period.upper))
    ]
