"""Rooms that are closed for a time."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bookings import ledger
from bookings.models import BookingDate, Closure, Room
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
    """Close rooms of a centre for a time.

    Dates that stand in this time are left standing, and wishes to change that hold it stay open,
    but only those whose keys were confirmed. Raises DatesInTheWayError for any other, and
    ledger.BusyError.
    """

    def close() -> Closure:
        locked = ledger.lock_rooms([room.pk for room in rooms])
        spaces = {room.pk: locked.of(room.pk) for room in rooms}
        held = {key for keys in spaces.values() for key in keys}
        refuse_unconfirmed(held, [span], confirmed, confirmed_wishes)
        return store_closure(
            spaces, centre_id=centre.pk, span=span, reason=reason, actor=actor, now=now
        )

    return ledger.in_one_go(close)


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


def store_closure(
    spaces: Mapping[int, Collection[int]],
    *,
    centre_id: int,
    span: Span,
    reason: str,
    actor: User,
    now: datetime,
) -> Closure:
    """Write a closure of rooms; the caller holds the locks. `spaces`: room → its spaces."""
    closure = Closure.objects.create(
        centre_id=centre_id,
        reason=reason,
        starts_at=span.start,
        ends_at=span.end,
        created_at=now,
        created_by=actor,
    )
    closure.rooms.set(spaces)
    ledger.close(closure, {key for keys in spaces.values() for key in keys})
    return closure


def delete_closure(*, closure: Closure, now: datetime) -> None:
    """Open the rooms again; who waits for the time gets it. Raises ledger.BusyError."""

    def reopen() -> None:
        locked = ledger.lock_rooms(closure.rooms.values_list("pk", flat=True))
        span = Span(closure.starts_at, closure.ends_at)
        ledger.reopen(closure)
        Closure.objects.filter(pk=closure.pk).delete()
        let_in_waiting([span], locked, now=now)

    ledger.in_one_go(reopen)
