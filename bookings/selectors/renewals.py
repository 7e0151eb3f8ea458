"""Plans for a year: which series can go on, what was asked for, and who wants the same time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from operator import attrgetter
from typing import Any

from bookings.models import Association, Booking, BookingDate, RenewalRound, Room
from bookings.rules.recurrence import Recurrence
from bookings.rules.spans import Span
from bookings.rules.states import GONE, PROMISED, SKIPPED, UNDECIDED, DateState
from bookings.rules.wall_clock import in_berlin, instant
from bookings.selectors.occupancy import spaces_around
from bookings.selectors.recurrences import recurrence_of_event

YEAR = 366  # days
# That a group misses such a date says nothing about the series.
MISSED = SKIPPED | {DateState.REVOKED}
LAST_DATES = 2  # one that falls through at the end of a series does not end it


# What can go on ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class RunningSeries:
    """A series of a group as it was asked for; times are Berlin's."""

    booking: Booking
    recurrence: Recurrence
    room: Room
    first: date
    start: time
    end: time


def series_to_renew(
    plan: RenewalRound, association: Association, *, now: datetime
) -> list[RunningSeries]:
    """Return the series of a group that run in the year before the plan, in two queries.

    Those that are given up, that go on under another number, and those that this very plan made, are
    none.
    """
    found: Iterable[Any] = (
        Booking.objects.filter(
            association=association, centre=plan.centre_id, event__rule__isnull=False
        )
        .exclude(round=plan)
        .exclude(successors__origin_kind=Booking.OriginKind.SPLIT)
        .select_related("event__rule", "event__calendar__room", "layout")
        .order_by("sent_at", "pk")
    )
    running = _running(plan, association, now)
    return [_series(booking) for booking in found if booking.pk in running]


def _series(booking: Any) -> RunningSeries:
    event = booking.event
    recurrence = recurrence_of_event(event)
    start, end = in_berlin(Span(event.start, event.end))
    if recurrence is None:
        msg = f"event {event.pk}: no series"
        raise ValueError(msg)
    return RunningSeries(
        booking, recurrence, event.calendar.room, start.date(), start.time(), end.time()
    )


def _running(plan: RenewalRound, association: Association, now: datetime) -> set[int]:
    """Return the requests with a promised date ahead or at their end."""
    begins = instant(plan.first, time())
    dates = (
        BookingDate.objects.filter(
            booking__association=association,
            booking__centre=plan.centre_id,
            occurrence__start__lt=begins,
            occurrence__start__gte=instant(date.fromordinal(plan.first.toordinal() - YEAR), time()),
        )
        .exclude(state__in=MISSED)
        .order_by("occurrence__start", "pk")
    )
    states: dict[int, list[tuple[datetime, str]]] = {}
    for booking, start, state in dates.values_list("booking", "occurrence__start", "state"):
        states.setdefault(booking, []).append((start, state))
    return {booking for booking, found in states.items() if _runs(found, now)}


def _runs(dates: Sequence[tuple[datetime, str]], now: datetime) -> bool:
    ahead = [state for start, state in dates if start > now]
    last = [state for _start, state in dates[-LAST_DATES:]]
    return any(state in PROMISED for state in (*ahead, *last))


def renewed_in(plan: RenewalRound, association: Association) -> dict[int, Booking]:
    """Return which series of a group the plan has already: the series → what it became.

    Those that were withdrawn as a whole can be renewed again.
    """
    live = BookingDate.objects.filter(booking__round=plan).exclude(state__in=GONE)
    found = Booking.objects.filter(
        round=plan, association=association, pk__in=live.values("booking")
    )
    return {booking.origin_id: booking for booking in found if booking.origin_id}


def undecided_plan_of(booking: Booking) -> RenewalRound | None:
    """Return the plan that has yet to decide on dates of this request."""
    plan: RenewalRound | None = booking.round
    if plan is None or plan.decided_at is not None:
        return None
    return plan if booking.dates.filter(state__in=UNDECIDED).exists() else None


# Rivals ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Clash:
    """Dates of several requests for one time; each overlaps at least one other of them."""

    dates: list[BookingDate]


@dataclass(frozen=True)
class Rivalry:
    """Requests that get in each other's way, the oldest first, with the times at which they do."""

    bookings: list[Booking]
    clashes: list[Clash]


@dataclass(frozen=True)
class PlanView:
    """What was asked for in a plan: request → its dates that are open or promised."""

    plan: RenewalRound
    dates: dict[int, list[BookingDate]]
    rivalries: list[Rivalry]

    @property
    def bookings(self) -> list[Booking]:
        return [dates[0].booking for dates in self.dates.values()]

    @property
    def without_rivals(self) -> list[Booking]:
        rivals = {booking.pk for one in self.rivalries for booking in one.bookings}
        return [booking for booking in self.bookings if booking.pk not in rivals]


def rivals_in(plan: RenewalRound) -> PlanView:
    """Return the requests of a plan and who wants the same time, in two queries."""
    dates = list(dates_of_plan(plan).filter(state__in=UNDECIDED | PROMISED))
    by_booking: dict[int, list[BookingDate]] = {}
    for one in sorted(dates, key=_age):
        by_booking.setdefault(one.booking_id, []).append(one)
    return PlanView(plan, by_booking, _rivalries(clashes_of(dates)))


def dates_of_plan(plan: RenewalRound) -> Any:
    return (
        BookingDate.objects.filter(booking__round=plan)
        .select_related("booking__association", "booking__centre", "occurrence", "room")
        .order_by("occurrence__start", "pk")
    )


def _age(one: BookingDate) -> tuple[datetime, int, datetime]:
    return one.booking.sent_at, one.booking_id, one.span.start


def clashes_of(dates: Sequence[BookingDate]) -> list[Clash]:
    """Return the dates of several requests that want one space at one time, in order; one query."""
    spaces = spaces_around(one.room_id for one in dates)
    sets = _Sets()
    for one, other in _pairs(dates, spaces):
        sets.join(one.pk, other.pk)
    found: dict[int, list[BookingDate]] = {}
    for one in dates:
        found.setdefault(sets.of(one.pk), []).append(one)
    return [Clash(sorted(clash, key=_age)) for clash in found.values() if len(clash) > 1]


def _pairs(
    dates: Sequence[BookingDate], spaces: Mapping[int, Sequence[int]]
) -> Iterator[tuple[BookingDate, BookingDate]]:
    """Give the pairs that overlap, set-up and clearing up included."""
    running: list[BookingDate] = []
    for one in sorted(dates, key=attrgetter("period")):
        running = [other for other in running if other.period.end > one.period.start]
        for other in running:
            if other.booking_id != one.booking_id and set(spaces[one.room_id]) & set(
                spaces[other.room_id]
            ):
                yield other, one
        running.append(one)


def _rivalries(clashes: Sequence[Clash]) -> list[Rivalry]:
    sets = _Sets()
    for clash in clashes:
        for one in clash.dates[1:]:
            sets.join(clash.dates[0].booking_id, one.booking_id)
    found: dict[int, list[Clash]] = {}
    for clash in clashes:
        found.setdefault(sets.of(clash.dates[0].booking_id), []).append(clash)
    return [Rivalry(_bookings_of(clashes), clashes) for clashes in found.values()]


def _bookings_of(clashes: Iterable[Clash]) -> list[Booking]:
    dates = sorted((one for clash in clashes for one in clash.dates), key=_age)
    return list({one.booking_id: one.booking for one in dates}.values())


class _Sets:
    """Which keys belong together, as pairs of them become known."""

    def __init__(self) -> None:
        self.parents: dict[int, int] = {}

    def of(self, key: int) -> int:
        while key in self.parents:
            key = self.parents[key]
        return key

    def join(self, one: int, other: int) -> None:
        first, second = self.of(one), self.of(other)
        if first != second:
            self.parents[second] = first
