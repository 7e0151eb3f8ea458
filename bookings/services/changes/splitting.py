"""A wish for all that follow is granted: the request goes on as another one, in one step."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from bookings import ledger
from bookings.models import Booking, ChangeRequest, Room
from bookings.rules.recurrence import recurrence_of
from bookings.rules.spans import merged
from bookings.rules.states import TRANSITIONS, Action, DateState, Role
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.policies import read_rooms
from bookings.services import open_changes
from bookings.services.locked_request import LockedRequest, stop_promise
from bookings.services.making_room import Place
from bookings.services.open_changes import CHANGEABLE, tell
from bookings.services.storing import (
    NewDate,
    holding,
    seating_left_behind,
    store_booking,
    successor_of,
)
from bookings.services.transitions import apply_all, next_version
from bookings.services.waiting import let_in_waiting
from bookings.wording.changes import goes_on
from cms.models import User


def promised_dates(change: ChangeRequest) -> list[NewDate]:
    """Return the dates of a wish as they are stored when it is granted."""
    rooms = read_rooms(changed.room_id for changed in change.dates.all())
    return [
        NewDate(
            original=changed.original,
            span=changed.span,
            room=rooms[changed.room_id],
            state=DateState(changed.left_out or DateState.APPROVED),
            reason=changed.reason,
        )
        for changed in sorted(change.dates.all(), key=lambda one: one.original)
    ]


def places_of(change: ChangeRequest, dates: Sequence[NewDate]) -> list[Place]:
    """Return where promised dates shall stand, set-up and clearing up as the room has them now."""
    use = change.booking.use
    return [
        Place(
            change.first_date,
            date.room.pk,
            date.span,
            date.span.widened(*date.room.buffers_for(use)),
        )
        for date in dates
        if date.state is DateState.APPROVED
    ]


def _room_of(dates: Sequence[NewDate]) -> Room:
    """Return the room of a series: that of most of its dates, a single one may be in another."""
    (key, _count), *_others = Counter(date.room.pk for date in dates).most_common()
    return next(date.room for date in dates if date.room.pk == key)


def split(
    change: ChangeRequest,
    dates: Sequence[NewDate],
    held: LockedRequest,
    *,
    actor: User | None,
    now: datetime,
    decided_by: User | None = None,
    message: str = "",
) -> Booking:
    """Let a request go on as another one from a date on; who waits for what becomes free gets it.

    The old dates are cancelled and name the new number. The caller has made sure that the new times
    are free.
    """
    sources = TRANSITIONS[Action.MOVE_ON].sources
    old = [date for date in held.dates if date.state in sources and date.span.start > now]
    freed = open_changes.end(
        change, ChangeRequest.Status.GRANTED, now=now, actor=decided_by, answer=message
    )
    freed += merged(date.period for date in old if date.stands)
    told = [date for date in old if date.state in CHANGEABLE]
    stop_promise(old, now=now)
    ledger.release(old)
    first = next(date for date in dates if date.takes_place)
    room = _room_of(dates)
    booking = successor_of(
        held.booking,
        room,
        kind=Booking.OriginKind.SPLIT,
        now=now,
        answer_due=berlin_day(first.holds_until or holding(first, now=now)),
    )
    seating = seating_left_behind(booking, room)
    stored = store_booking(
        booking=booking,
        dates=dates,
        recurrence=recurrence_of(change.recurrence),
        locked=held.locked,
        actor=actor,
        now=now,
        text=seating,
        room=room,
    )
    if decided_by is not None:
        booking.dates.filter(state=DateState.APPROVED).update(decided_by=decided_by)
    entries = apply_all(
        old,
        Action.MOVE_ON,
        role=Role.SYSTEM,
        actor=actor,
        now=now,
        text=goes_on(booking),
        change=change,
    )
    next_version(held.booking)
    new = [date for date in stored.dates if date.state in CHANGEABLE]
    tell(entries[0], told, change, now=now, new=new, seating=seating)
    freed += open_changes.let_changes_follow(old, held.locked, now=now)
    let_in_waiting(merged(freed), held.locked, now=now)
    return booking
