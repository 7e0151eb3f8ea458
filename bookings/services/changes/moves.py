"""A group wants other times or rooms for dates of a request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects

from bookings import ledger
from bookings.ledger import ConflictError
from bookings.models import Booking, BookingDate, ChangedDate, ChangeRequest, Room
from bookings.models.policies import policies_of
from bookings.rules.policy import hold_end
from bookings.rules.refusals import Code, Refusal, RefusedError
from bookings.rules.spans import Span
from bookings.rules.states import UNDECIDED, Action, DateState, Role
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.policies import read_policies, read_rooms
from bookings.services import open_changes
from bookings.services.changes.planning import (
    MINUTE,
    NotFreeError,
    Planned,
    are_approved_at_once,
    carry_out,
    conflicts_of,
    refusals_of_group,
    refusals_of_plan,
    with_free_spans,
)
from bookings.services.changes.seating import let_seating_follow, with_seating
from bookings.services.locked_request import LockedRequest, lock_request, stop_promise
from bookings.services.making_room import displace_waiting
from bookings.services.open_changes import OF_DATES, log_step, replaced_dates, tell
from bookings.services.too_often import refusals_if_too_often
from bookings.services.transitions import apply_all, log_all, next_version
from bookings.services.waiting import let_in_waiting
from cms.models import User

Kind, Status = ChangeRequest.Kind, ChangeRequest.Status
WAITED_FOR = frozenset({Code.HELD, Code.TAKEN})


@dataclass(frozen=True)
class Move:
    """The room and time, without set-up and clearing up, that a date shall get."""

    date_id: int
    room: Room
    span: Span


def ask_for_change(
    *,
    booking: Booking,
    moves: Sequence[Move],
    actor: User | None,
    now: datetime,
    text: str = "",
    waits: bool = False,
) -> ChangeRequest:
    """Ask for other times or rooms; dates of one request can also change places.

    Undecided dates get the new time at once, and hold it. For promised ones the old time stays
    until somebody has decided, and the wish holds what it needs beyond that; where the rules promise
    the new time at once, it is granted, and who only waited for it goes to the waiting list.
    `waits`: a wish for a time that others have stands without a hold. Return the wish, GRANTED or
    OPEN.

    Raises RefusedError with everything that is wrong, each with its `date_id` among the values,
    BookingDate.DoesNotExist for dates of another request, and ledger.BusyError.
    """
    try:
        return ledger.in_one_go(lambda: _ask(booking, moves, actor, now, text, waits=waits))
    except NotFreeError as error:
        raise RefusedError(with_free_spans(error.conflicts)) from None
    except ConflictError:  # every writer of ours locks, so this was somebody's own SQL
        raise RefusedError([Refusal(Code.TAKEN, "start", {"free": ()})]) from None


def _ask(
    booking: Booking,
    moves: Sequence[Move],
    actor: User | None,
    now: datetime,
    text: str,
    *,
    waits: bool,
) -> ChangeRequest:
    policies = policies_of(move.room for move in moves)
    ledger.lock_quotas([booking.association_id], policies.values())
    held = lock_request(
        booking, [move.date_id for move in moves], and_rooms=[move.room.pk for move in moves]
    )
    planned = _planned(held, moves)
    refusals = refusals_of_plan(planned, wished=_wished(held), now=now)
    refusals += refusals_of_group(planned, now=now)
    refusals += refusals_if_too_often(held.booking, actor=actor, now=now)
    if refusals:
        raise RefusedError(refusals)
    is_undecided = all(date.state in UNDECIDED for date in held.dates)
    conflicts = conflicts_of(planned, held.locked)
    if conflicts and not (waits and not is_undecided and _can_wait(conflicts)):
        raise NotFreeError(conflicts)
    change = _store(held.booking, planned, actor, now, text)
    if is_undecided or (not conflicts and are_approved_at_once(planned)):
        grant_move(change, planned, held, actor=actor, now=now)
        if not is_undecided:
            displace_waiting([one.place for one in planned], held.locked, now=now)
        return change
    if not conflicts:
        _hold(change, planned, held, now)
    step = log_step(change, Action.ASK_CHANGE, now=now, actor=actor, text=text)
    tell(step, held.dates, change, now=now)
    return change


def _planned(held: LockedRequest, moves: Sequence[Move]) -> list[Planned]:
    """Return the dates with what is wished for them, in order. All rooms are read again."""
    dates = {date.pk: date for date in held.dates}
    if len({move.date_id for move in moves}) < len(moves) or len(dates) < len(moves):
        raise BookingDate.DoesNotExist
    rooms = read_rooms(move.room.pk for move in moves)
    if any(room.centre_id != held.booking.centre_id for room in rooms.values()):
        msg = "a room of another centre"
        raise ValueError(msg)
    read_policies(date.room for date in held.dates)
    wished = {move.date_id: move for move in moves}
    return [
        Planned(date, rooms[wished[date.pk].room.pk], wished[date.pk].span) for date in held.dates
    ]


def _wished(held: LockedRequest) -> set[int]:
    """Return the keys of the request's dates that an open wish is about."""
    return {
        date.pk
        for change in open_changes.open_changes([held.booking.pk])
        for date in replaced_dates(change)
    }


def _can_wait(conflicts: Sequence[tuple[Planned, Refusal]]) -> bool:
    return all(refusal.code in WAITED_FOR for _one, refusal in conflicts)


def _store(
    booking: Booking, planned: Sequence[Planned], actor: User | None, now: datetime, text: str
) -> ChangeRequest:
    change = ChangeRequest.objects.create(
        booking=booking,
        kind=Kind.MOVE,
        first_date=planned[0].date,
        text=text,
        requested_by=actor,
        requested_at=now,
    )
    store_moves(change, planned)
    return change


def store_moves(change: ChangeRequest, planned: Sequence[Planned]) -> None:
    """Write where the dates of a wish are, and where they shall go."""
    rows = []
    for one in planned:
        before, after = one.room.buffers_for(one.date.booking.use)
        rows.append(
            ChangedDate(
                change=change,
                date=one.date,
                room=one.room,
                start=one.span.start,
                end=one.span.end,
                setup_minutes=before // MINUTE,
                turnover_minutes=after // MINUTE,
                old_room=one.date.room,
                old_start=one.date.span.start,
                old_end=one.date.span.end,
            )
        )
    ChangedDate.objects.bulk_create(rows)
    prefetch_related_objects([change], *OF_DATES)


def _hold(
    change: ChangeRequest, planned: Sequence[Planned], held: LockedRequest, now: datetime
) -> None:
    change.holds_until = min(
        hold_end(one.room.policy, min(one.span.start, one.date.span.start), now=now)
        for one in planned
    )
    change.save(update_fields=["holds_until"])
    open_changes.hold(change, held.dates, held.locked)


def grant_move(
    change: ChangeRequest,
    planned: Sequence[Planned],
    held: LockedRequest,
    *,
    actor: User | None,
    now: datetime,
    decided_by: User | None = None,
    message: str = "",
) -> None:
    """Move the dates of a wish, write it down and tell; who waits for the old time gets it.

    The caller has made sure that the new times are free.
    """
    freed = open_changes.end(change, Status.GRANTED, now=now, actor=decided_by, answer=message)
    stop_promise(held.dates, now=now)  # it names the old time
    _let_wait_no_more(planned, now)
    freed += carry_out(planned, held.locked)
    _answer_in_time(held)
    seating = let_seating_follow(planned, now=now)
    entries = log_all(
        [one.date for one in planned],
        Action.MOVE,
        now=now,
        actor=actor,
        text=with_seating(message or change.text, seating),
        change=change,
    )
    next_version(held.booking)
    tell(entries[0], held.dates, change, now=now, seating=seating)
    freed += open_changes.let_changes_follow(held.dates, held.locked, now=now)
    let_in_waiting(freed, held.locked, now=now)


def _let_wait_no_more(planned: Sequence[Planned], now: datetime) -> None:
    """Let undecided dates hold the time that they get, but no longer than they held the old one.

    Who moves to and fro would keep the room for ever otherwise.
    """
    waiting = [one.date for one in planned if one.date.state == DateState.WAITLISTED]
    if waiting:
        apply_all(waiting, Action.READMIT, role=Role.SYSTEM, now=now)
    for one in planned:
        if one.date.state in UNDECIDED:
            end = hold_end(one.room.policy, one.span.start, now=now)
            one.date.holds_until = min(end, one.date.holds_until or end)


def _answer_in_time(held: LockedRequest) -> None:
    """Let the group hear from the centre before a hold ends."""
    ends = [berlin_day(date.holds_until) for date in held.dates if date.holds_until]
    if ends and min(ends) < held.booking.answer_due:
        held.booking.answer_due = min(ends)
        held.booking.save(update_fields=["answer_due"])
