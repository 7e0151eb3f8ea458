"""The centre lets two groups change places."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bookings import ledger
from bookings.ledger import ConflictError, Locked
from bookings.models import Booking, BookingDate, ChangeRequest, Room
from bookings.models.policies import policies_of
from bookings.rules.refusals import BINDS_GROUPS_ONLY, Code, Refusal, RefusedError
from bookings.rules.spans import Span
from bookings.rules.states import Action, DateState
from bookings.selectors.policies import read_rooms
from bookings.services.changes.moves import store_moves
from bookings.services.changes.planning import (
    NotFreeError,
    Planned,
    carry_out,
    conflicts_of,
    overlapping,
    refusals_of_group,
    refusals_of_new_time,
    with_free_spans,
)
from bookings.services.changes.seating import let_seating_follow, with_seating
from bookings.services.decisions import DecidedAlreadyError
from bookings.services.locked_request import stop_promise
from bookings.services.making_room import TimeTakenError
from bookings.services.open_changes import let_changes_follow, rooms_of_open_changes, tell
from bookings.services.transitions import log_all, next_version
from bookings.services.waiting import let_in_waiting
from cms.models import User


def exchange_dates(
    *, first: BookingDate, second: BookingDate, actor: User, now: datetime, text: str = ""
) -> None:
    """Let two promised dates of one centre take each other's time and room; both groups are told.

    Set-up and clearing up are those of the room for each group's kind of use. Raises
    DecidedAlreadyError for a date that is not promised any more or not where it was when it was read
    – a second click would exchange them back –, RefusedError (DATE_OVER, TWICE, what
    the rules of the rooms say against a group or its new time, or what is in the way), and
    ledger.BusyError.
    """
    seen = {date.pk: (date.room_id, date.span) for date in (first, second)}
    try:
        ledger.in_one_go(lambda: _exchange(seen, actor, now, text))
    except NotFreeError as error:
        raise RefusedError(with_free_spans(error.conflicts)) from None
    except ConflictError:  # every writer of ours locks, so this was somebody's own SQL
        raise TimeTakenError(first) from None


def _exchange(seen: dict[int, tuple[int, Span]], actor: User, now: datetime, text: str) -> None:
    dates, locked = _lock(list(seen))
    planned = _planned(dates)
    _check(planned, seen, now)
    if conflicts := conflicts_of(planned, locked):
        raise NotFreeError(conflicts)
    changes = {key: _store(key, planned, actor, now, text) for key in _by_booking(planned)}
    stop_promise(dates, now=now)
    freed = carry_out(planned, locked)
    for key, own in _by_booking(planned).items():
        moved = [one.date for one in own]
        seating = let_seating_follow(own, now=now)
        entries = log_all(
            moved,
            Action.EXCHANGE,
            now=now,
            actor=actor,
            text=with_seating(text, seating),
            change=changes[key],
        )
        next_version(moved[0].booking)
        tell(entries[0], moved, changes[key], now=now, seating=seating)
    freed += let_changes_follow(dates, locked, now=now)
    let_in_waiting(freed, locked, now=now)


def _lock(keys: Sequence[int]) -> tuple[list[BookingDate], Locked]:
    """Lock the groups, the spaces, then the requests in the order of their keys, then read again."""
    wanted = BookingDate.objects.filter(pk__in=keys)
    booking_ids = set(wanted.values_list("booking_id", flat=True))
    room_ids = set(wanted.values_list("room_id", flat=True))
    groups = wanted.values_list("booking__association", flat=True)
    ledger.lock_quotas(groups, policies_of(Room.objects.filter(pk__in=room_ids)).values())
    locked = ledger.lock_rooms({*room_ids, *rooms_of_open_changes(booking_ids)})
    bookings = {
        booking.pk: booking
        for booking in Booking.objects.select_for_update().filter(pk__in=booking_ids).order_by("pk")
    }
    dates = wanted.select_related("occurrence", "room").in_bulk()
    if any(date.room_id not in locked.spaces for date in dates.values()):
        raise ledger.RoomsChangedError
    for date in dates.values():
        date.booking = bookings[date.booking_id]
    return [dates[key] for key in keys], locked


def _planned(dates: Sequence[BookingDate]) -> list[Planned]:
    first, second = dates
    if first.booking.centre_id != second.booking.centre_id:
        msg = "dates of two centres"
        raise ValueError(msg)
    rooms = read_rooms({first.room_id, second.room_id})
    return [
        Planned(first, rooms[second.room_id], second.span),
        Planned(second, rooms[first.room_id], first.span),
    ]


def _check(planned: Sequence[Planned], seen: dict[int, tuple[int, Span]], now: datetime) -> None:
    for one in planned:
        place = one.date.room_id, one.date.span
        if one.date.state != DateState.APPROVED or place != seen[one.date.pk]:
            last = one.date.log.select_related("actor").latest("at", "pk")
            raise DecidedAlreadyError(last)
    refusals = _of_begun_dates(planned, now) or _of_rules(planned, now)
    if refusals:
        raise RefusedError(refusals)


def _of_begun_dates(planned: Sequence[Planned], now: datetime) -> list[Refusal]:
    return [
        Refusal(Code.DATE_OVER, "date", {"date_id": one.date.pk})
        for one in planned
        if one.date.span.start <= now
    ]


def _of_rules(planned: Sequence[Planned], now: datetime) -> list[Refusal]:
    """Return what a group would be told that asks for the same move."""
    found = [(one.date.pk, refusals_of_new_time(one, now=now)) for one in planned]
    by_group: dict[tuple[int | None, int], list[Planned]] = {}
    for one in planned:
        booking = one.date.booking
        # No guest is another one.
        group = booking.association_id, booking.pk if booking.is_of_guest else 0
        by_group.setdefault(group, []).append(one)
    found += [(own[0].date.pk, refusals_of_group(own, now=now)) for own in by_group.values()]
    found += [(key, [Refusal(Code.TWICE, "start")]) for key in sorted(overlapping(planned))]
    return [
        replace(refusal, values={**refusal.values, "date_id": key})
        for key, refusals in found
        for refusal in refusals
        if refusal.code not in BINDS_GROUPS_ONLY
    ]


def _by_booking(planned: Sequence[Planned]) -> dict[int, list[Planned]]:
    found: dict[int, list[Planned]] = {}
    for one in planned:
        found.setdefault(one.date.booking_id, []).append(one)
    return found


def _store(
    booking_id: int, planned: Sequence[Planned], actor: User, now: datetime, text: str
) -> ChangeRequest:
    """Keep where the dates of one of the requests were."""
    own = _by_booking(planned)[booking_id]
    change = ChangeRequest.objects.create(
        booking=own[0].date.booking,
        kind=ChangeRequest.Kind.MOVE,
        status=ChangeRequest.Status.GRANTED,
        first_date=own[0].date,
        answer=text,
        requested_by=actor,
        requested_at=now,
        decided_by=actor,
        decided_at=now,
    )
    store_moves(change, own)
    return change
