"""Rooms that are closed for a time."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bookings import ledger
from bookings.models import BookingDate, Closure, ClosurePlan, Room
from bookings.rules.spans import Span
from bookings.selectors.closed_times import HeldWish, dates_in, wishes_in
from bookings.services.waiting import let_in_waiting
from cms.models import Centre, User


class DatesInTheWayError(Exception):
    """Dates stand in this time, or wishes to change hold it. Nothing is changed, nobody was told."""

    def __init__(self, dates: Sequence[BookingDate], wishes: Sequence[HeldWish]) -> None:
        super().__init__(f"{len(dates)} dates, {len(wishes)} wishes")
        self.dates = list(dates)
        self.wishes = list(wishes)


def create_closure(
    *,
    centre: Centre,
    rooms: Collection[Room],
    span: Span,
    reason: str,
    actor: User,
    now: datetime,
    confirmed: Collection[int] = (),
    confirmed_wishes: Collection[int] = (),
) -> Closure:
    """Close rooms of a centre for a time. If it was sent twice, return the closure there is.

    Dates that stand in this time are left standing, and wishes to change that hold it stay open,
    but only those whose keys were confirmed. Raises DatesInTheWayError for any other, and
    ledger.BusyError.
    """

    def close() -> Closure:
        locked = ledger.lock_rooms([room.pk for room in rooms])
        spaces = {room.pk: locked.of(room.pk) for room in rooms}
        if (same := _same_closure(spaces.keys(), span, reason)) is not None:
            return same
        held = {key for keys in spaces.values() for key in keys}
        refuse_unconfirmed(held, [span], confirmed, confirmed_wishes)
        (closure,) = store_closures(
            [span], spaces, centre_id=centre.pk, reason=reason, actor=actor, now=now
        )
        return closure

    return ledger.in_one_go(close)


def _same_closure(room_ids: Collection[int], span: Span, reason: str) -> Closure | None:
    found = Closure.objects.filter(
        plan=None, reason=reason, starts_at=span.start, ends_at=span.end, rooms__in=room_ids
    )
    for closure in found.distinct().prefetch_related("rooms"):
        if {room.pk for room in closure.rooms.all()} == set(room_ids):
            return closure
    return None


def refuse_unconfirmed(
    space_ids: Collection[int],
    spans: Sequence[Span],
    confirmed: Collection[int],
    confirmed_wishes: Collection[int],
) -> list[BookingDate]:
    """Raise DatesInTheWayError, with everything that stands in times to close, unless all is confirmed.

    Otherwise return the dates that stand there. The caller holds the spaces.
    """
    dates, wishes = dates_in(space_ids, spans), wishes_in(space_ids, spans)
    unknown = {date.pk for date in dates} - set(confirmed)
    if unknown or {wish.change.pk for wish in wishes} - set(confirmed_wishes):
        raise DatesInTheWayError(dates, wishes)
    return dates


def store_closures(
    spans: Sequence[Span],
    spaces: Mapping[int, Collection[int]],
    *,
    centre_id: int,
    reason: str,
    actor: User,
    now: datetime,
    plan: ClosurePlan | None = None,
) -> list[Closure]:
    """Write a closure of these rooms for each time; the caller holds the locks.

    `spaces`: room → its spaces. The queries do not depend on how many there are.
    """
    closures = Closure.objects.bulk_create(
        Closure(
            centre_id=centre_id,
            plan=plan,
            reason=reason,
            starts_at=span.start,
            ends_at=span.end,
            created_at=now,
            created_by=actor,
        )
        for span in spans
    )
    links = Closure.rooms.through
    links.objects.bulk_create(
        links(closure_id=closure.pk, room_id=room_id) for closure in closures for room_id in spaces
    )
    ledger.close_all(closures, {key for keys in spaces.values() for key in keys})
    return closures


def delete_closure(*, closure: Closure, now: datetime) -> None:
    """Open the rooms again; who waits for the time gets it. Raises ledger.BusyError."""

    def reopen() -> None:
        locked = ledger.lock_rooms(closure.rooms.values_list("pk", flat=True))
        span = Span(closure.starts_at, closure.ends_at)
        ledger.reopen(closure)
        Closure.objects.filter(pk=closure.pk).delete()
        let_in_waiting([span], locked, now=now)

    ledger.in_one_go(reopen)
