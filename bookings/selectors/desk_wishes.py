"""Wishes to change as a centre decides on them: how it is, how it would be, what is in the way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from bookings.models import BookingDate, ChangedDate, ChangeRequest, Room
from bookings.rules.spans import Span
from bookings.rules.states import HOLDING, DateState
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.judging import Verdict, Wanted, judge

Kind, Status = ChangeRequest.Kind, ChangeRequest.Status


@dataclass(frozen=True)
class Stand:
    """Where and when one date takes place."""

    room: Room
    span: Span


@dataclass(frozen=True)
class DeskWish:
    """A wish with what a decision needs.

    replaced: the dates in whose place it would come, whatever their state, in order. old, new: where
    they are and where they shall go; of a decided wish where they were. left_out: dates of the new
    series that do not take place. verdicts: on the new ones, in their order; none of a decided wish.
    """

    change: ChangeRequest
    replaced: Sequence[BookingDate]
    old: Sequence[Stand]
    new: Sequence[Stand]
    left_out: Sequence[ChangedDate]
    verdicts: Sequence[Verdict]
    waiting_days: int

    @property
    def is_open(self) -> bool:
        return self.change.status == Status.OPEN

    @property
    def is_following(self) -> bool:
        return self.change.kind == Kind.FOLLOWING

    @property
    def is_blocked(self) -> bool:
        """Whether it cannot be granted now."""
        return any(one.is_blocked for one in self.verdicts)

    @property
    def displaced(self) -> list[BookingDate]:
        """Return the undecided dates that would go to the waiting list, the oldest first."""
        rivals = {
            rival.pk: rival
            for verdict in self.verdicts
            for rival in verdict.rivals
            if rival.state in HOLDING
        }
        return sorted(rivals.values(), key=lambda date: (date.booking.sent_at, date.pk))


def open_wishes(changes: QuerySet[ChangeRequest]) -> QuerySet[ChangeRequest]:
    """Return the wishes among these that nobody has decided on, the oldest first."""
    return changes.filter(status=Status.OPEN).order_by("requested_at", "pk")


def with_both_sides(changes: QuerySet[ChangeRequest]) -> QuerySet[ChangeRequest]:
    """Read wishes with everything that `wishes_of` looks at, in a few queries."""
    return changes.select_related(
        "booking__association__home_centre",
        "booking__centre",
        "booking__layout",
        "booking__requester",
        "requested_by",
        "first_date__occurrence",
        "first_date__room",
    ).prefetch_related(
        "dates__date__occurrence",
        "dates__date__room",
        "dates__room__use_buffers",
        "dates__old_room",
    )


def wishes_of(changes: Iterable[ChangeRequest], *, now: datetime) -> list[DeskWish]:
    """Return wishes, read by `with_both_sides`, with their verdicts.

    Four queries at most, however many they are.
    """
    changes = list(changes)
    replaced = _replaced(changes)
    wanted = {change.pk: _wanted(change, replaced[change.pk]) for change in changes}
    verdicts = iter(judge([one for change in changes for one in wanted[change.pk]]))
    return [
        DeskWish(
            change=change,
            replaced=replaced[change.pk],
            old=_old(change, replaced[change.pk], now),
            new=[Stand(one.room, one.span) for one in _taking_place(change)],
            left_out=[one for one in change.dates.all() if one.left_out],
            verdicts=[next(verdicts) for _one in wanted[change.pk]],
            waiting_days=(berlin_day(now) - berlin_day(change.requested_at)).days,
        )
        for change in changes
    ]


def _replaced(changes: Sequence[ChangeRequest]) -> dict[int, list[BookingDate]]:
    """Return the dates that each wish would replace, as `open_changes.replaced_dates` does."""
    following = [change for change in changes if change.kind == Kind.FOLLOWING]
    series: dict[int, list[BookingDate]] = {}
    if following:
        dates = BookingDate.objects.filter(booking__in={change.booking_id for change in following})
        for date in dates.select_related("occurrence", "room").order_by("occurrence__start", "pk"):
            series.setdefault(date.booking_id, []).append(date)
    found = {}
    for change in changes:
        if change.kind == Kind.FOLLOWING:
            first = change.first_date.occurrence.original_start
            found[change.pk] = [
                date
                for date in series.get(change.booking_id, ())
                if date.occurrence.original_start >= first
            ]
        else:
            found[change.pk] = [one.date for one in change.dates.all() if one.date is not None]
        for date in found[change.pk]:
            date.booking = change.booking
    return found


def _taking_place(change: ChangeRequest) -> list[ChangedDate]:
    return [one for one in change.dates.all() if not one.left_out]


def _wanted(change: ChangeRequest, replaced: Sequence[BookingDate]) -> list[Wanted]:
    """Return the times that an open wish needs, with set-up and clearing up as the rooms have it."""
    if change.status != Status.OPEN:
        return []
    own = frozenset(date.pk for date in replaced)
    return [
        Wanted(
            one.room_id,
            one.span,
            one.span.widened(*one.room.buffers_for(change.booking.use)),
            own=own,
            change=change.pk,
        )
        for one in _taking_place(change)
    ]


def _old(change: ChangeRequest, replaced: Sequence[BookingDate], now: datetime) -> list[Stand]:
    first = Stand(change.first_date.room, change.first_date.span)
    if change.kind == Kind.FOLLOWING:
        promised = [
            Stand(date.room, date.span)
            for date in replaced
            if date.state == DateState.APPROVED and date.span.start > now
        ]
        return promised or [first]
    if change.status == Status.OPEN:  # the centre may have exchanged a date since
        return [Stand(date.room, date.span) for date in replaced]
    return [
        Stand(one.old_room, Span(one.old_start, one.old_end))
        for one in change.dates.all()
        if one.old_room and one.old_start and one.old_end
    ]
