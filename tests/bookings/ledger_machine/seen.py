"""What is stored at one moment, as the laws look at it: few queries, compared in Python."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from bookings.models import (
    BookingDate,
    BookingLog,
    ChangedDate,
    ChangeRequest,
    Closure,
    Occupancy,
    Room,
)
from bookings.rules.spans import Span
from bookings.rules.states import UNDECIDED, Action, DateState, takes_space

Place = tuple[int, Span]  # a space and a time


@dataclass(frozen=True)
class SeenDate:
    """A date with everything that a step may change of it."""

    pk: int
    booking: int
    asked_at: dt.datetime
    in_open_plan: bool
    room: int
    state: DateState
    holds_until: dt.datetime | None
    span: Span
    original: dt.datetime
    buffers: tuple[int, int]

    @property
    def period(self) -> Span:
        return self.span.widened(*(dt.timedelta(minutes=minutes) for minutes in self.buffers))

    @property
    def stands(self) -> bool:
        return takes_space(self.state, self.holds_until)

    @property
    def waits(self) -> bool:
        return self.state in UNDECIDED and self.holds_until is None and not self.in_open_plan


@dataclass(frozen=True)
class Entry:
    """An entry of the history."""

    pk: int
    date: int
    action: Action
    before: str
    after: str


@dataclass(frozen=True)
class Wish:
    """A wish to change. `wanted`: the rooms and times of its new dates, while it is open."""

    pk: int
    status: str
    holds_until: dt.datetime | None
    begins: dt.datetime  # the first date of which it speaks
    booking: int
    kind: str
    since: dt.datetime  # when that date was to be by the rule of its series
    wanted: frozenset[tuple[int, Span]]
    moved: frozenset[int]  # dates; none if it is for all that follow

    @property
    def waits(self) -> bool:
        return self.status == ChangeRequest.Status.OPEN and self.holds_until is None


@dataclass(frozen=True)
class SeenRoom:
    spaces: frozenset[int]
    buffers: tuple[int, int]  # minutes before and after


@dataclass(frozen=True)
class Seen:
    dates: dict[int, SeenDate]
    history: list[Entry]
    wishes: dict[int, Wish]
    closures: dict[int, tuple[Span, str]]
    taken: frozenset[tuple[Place, int | None, int | None]]  # with the date or the closure
    rooms: dict[int, SeenRoom]

    def places_of(self, date: SeenDate) -> list[Place]:
        return [(space, date.period) for space in sorted(self.rooms[date.room].spaces)]

    def in_the_way(self, date: SeenDate, but: Iterable[int] = ()) -> bool:
        """Tell whether a row of the ledger is in the way of a date; `but`: not those of these dates."""
        return any(self._rows(date.room, date.period, {date.pk, *but}))

    def in_the_way_of(self, wish: Wish) -> list[int | None]:
        """Return the dates in the way of a wish, None for another wish; closed times do not count."""
        own = {date.pk for date in self.replaced_by(wish)}
        rows = [row for place in wish.wanted for row in self._rows(*place, own)]
        return [holder for holder, closure in rows if closure is None]

    def _rows(
        self, room: int, period: Span, own: Collection[int]
    ) -> Iterator[tuple[int | None, int | None]]:
        """Give what takes a room at a time: the date or the closure; not these dates."""
        for (space, taken), holder, closure in self.taken:
            is_there = space in self.rooms[room].spaces and taken.overlaps(period)
            if is_there and holder not in own:
                yield holder, closure

    def replaced_by(self, wish: Wish) -> list[SeenDate]:
        def is_replaced(date: SeenDate) -> bool:
            if wish.kind == ChangeRequest.Kind.MOVE:
                return date.pk in wish.moved
            return date.booking == wish.booking and date.original >= wish.since

        return list(filter(is_replaced, self.dates.values()))

    def had_their_turn(self) -> set[int]:
        """Return the dates whose hold has ended: nobody keeps the time free for them again."""
        last = {step.date: step.action for step in self.history}
        return {date for date, action in last.items() if action == Action.END_HOLD}


def look() -> Seen:
    return Seen(_dates(), _history(), _wishes(), _closures(), _taken(), _rooms())


def _dates() -> dict[int, SeenDate]:
    rows = BookingDate.objects.order_by("pk").values_list(
        *("pk", "booking", "booking__sent_at", "booking__round", "booking__round__decided_at"),
        *("room", "state", "holds_until", "occurrence__start", "occurrence__end"),
        *("occurrence__original_start", "setup_minutes", "turnover_minutes"),
    )
    return {
        key: SeenDate(
            pk=key,
            booking=booking,
            asked_at=asked_at,
            in_open_plan=plan is not None and decided_at is None,
            room=room,
            state=DateState(state),
            holds_until=holds_until,
            span=Span(start, end),
            original=original,
            buffers=(before, after),
        )
        for key, booking, asked_at, plan, decided_at, room, state, holds_until, start, end, original, before, after in rows
    }


def _history() -> list[Entry]:
    rows = BookingLog.objects.order_by("pk")
    found = rows.values_list("pk", "date", "action", "from_state", "to_state")
    return [Entry(pk, date, Action(action), *states) for pk, date, action, *states in found]


def _wishes() -> dict[int, Wish]:
    wanted: dict[int, set[tuple[int, Span]]] = {}
    moved: dict[int, set[int]] = {}
    for new in ChangedDate.objects.filter(change__status=ChangeRequest.Status.OPEN):
        if not new.left_out:
            wanted.setdefault(new.change_id, set()).add((new.room_id, new.period))
        if new.date_id:
            moved.setdefault(new.change_id, set()).add(new.date_id)
    rows = ChangeRequest.objects.order_by("pk").values_list(
        *("pk", "status", "holds_until", "first_date__occurrence__start"),
        *("booking", "kind", "first_date__occurrence__original_start"),
    )
    return {
        key: Wish(
            *(key, status, holds_until, begins, booking, kind, since),
            wanted=frozenset(wanted.get(key, ())),
            moved=frozenset(moved.get(key, ())),
        )
        for key, status, holds_until, begins, booking, kind, since in rows
    }


def _closures() -> dict[int, tuple[Span, str]]:
    rows = Closure.objects.values_list("pk", "starts_at", "ends_at", "reason")
    return {key: (Span(start, end), reason) for key, start, end, reason in rows}


def _taken() -> frozenset[tuple[Place, int | None, int | None]]:
    rows = Occupancy.objects.values_list("space", "period", "booking_date", "closure")
    return frozenset(
        ((space, Span(period.lower, period.upper)), date, closure)
        for space, period, date, closure in rows
    )


def _rooms() -> dict[int, SeenRoom]:
    return {
        room.pk: SeenRoom(
            frozenset(space.pk for space in room.spaces.all()),
            (room.setup_minutes, room.turnover_minutes),
        )
        for room in Room.objects.prefetch_related("spaces")
    }


def given_twice(seen: Seen) -> list[Place]:
    """Return where two dates stand at once, by what is said of the dates and not by the ledger."""
    places = sorted(
        place for date in seen.dates.values() if date.stands for place in seen.places_of(date)
    )
    return [
        (space, second)
        for space, group in groupby(places, key=lambda place: place[0])
        for (_space, first), (_same, second) in pairwise(group)
        if first.overlaps(second)
    ]
