"""A group takes what it was offered, or the offer runs out. Declining is giving up (own_dates)."""

from datetime import datetime

from bookings import ledger
from bookings.models import BookingDate
from bookings.notifications import Notice, notify
from bookings.rules.states import Action, DateState, Role
from bookings.selectors.occupancy import in_the_way
from bookings.selectors.own_bookings import can_be_taken
from bookings.services.locked_request import free, lock_request
from bookings.services.making_room import Place, displace_waiting
from bookings.services.own_dates import NotPossibleError
from bookings.services.transitions import apply, next_version
from cms.models import User


def accept_offer(*, date: BookingDate, actor: User | None, now: datetime) -> None:
    """Take an offered date: it is promised, and both the group and the team are told.

    Everybody else who asked for the time goes to the waiting list. Raises NotPossibleError when
    the offer has run out or was answered meanwhile, and ledger.BusyError.
    """

    def change() -> None:
        held = lock_request(date.booking, [date.pk])
        current = held.dates[0]
        if not can_be_taken(current, now=now):
            raise NotPossibleError(current)
        entry = apply(current, Action.ACCEPT, role=Role.BOOKER, actor=actor, now=now)
        current.decided_at = now
        current.save(update_fields=["decided_at"])
        next_version(held.booking)
        notify(Notice(entry=entry, dates=[current]), now=now)
        displace_waiting([Place.of(current)], held.locked, now=now)

    ledger.in_one_go(change)


def expire_offer(*, date: BookingDate, now: datetime) -> bool:
    """End an offer that nobody took in time; the next one gets it. Return whether it was due.

    Runs in the caller's transaction.
    """
    held = lock_request(date.booking, [date.pk])
    current = held.dates[0]
    if current.state != DateState.OFFERED or can_be_taken(current, now=now):
        return False
    entry = apply(current, Action.EXPIRE, role=Role.SYSTEM, now=now)
    next_version(held.booking)
    free([current], held.locked, now=now)
    rows = in_the_way(held.locked.of(current.room_id), current.period)
    passed_on = any(row.booking_date_id is not None for row in rows)
    notify(Notice(entry=entry, dates=[current], passed_on=passed_on), now=now)
    return True
