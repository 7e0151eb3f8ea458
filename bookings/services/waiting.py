"""A time became free: the oldest waiting request that fits gets it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bookings import ledger
from bookings.ledger import Locked
from bookings.models import BookingDate
from bookings.notifications import Notice, notify
from bookings.rules.policy import hold_end
from bookings.rules.spans import Span
from bookings.rules.states import Action, DateState, Role
from bookings.selectors.occupancy import in_the_way
from bookings.selectors.waiting import waiting_dates
from bookings.services.transitions import apply, log


def let_in_waiting(
    spans: Sequence[Span], locked: Locked, *, now: datetime, except_dates: Iterable[int] = ()
) -> None:
    """Let waiting requests hold what became free, oldest first, as far as they fit.

    The caller holds the spaces. `except_dates`: those that had their turn.
    """
    had_their_turn = set(except_dates)
    for date in waiting_dates(locked.spaces, spans, now=now) if spans else []:
        is_free = not in_the_way(locked.of(date.room_id), date.period)
        if is_free and date.pk not in had_their_turn:
            _let_in(date, locked, now)


def _let_in(date: BookingDate, locked: Locked, now: datetime) -> None:
    entry = None
    if date.state == DateState.WAITLISTED:
        entry = apply(date, Action.READMIT, role=Role.SYSTEM, now=now)
    else:
        log(date, Action.HOLD, now=now)
    date.holds_until = hold_end(date.room.policy, date.span.start, now=now)
    date.save(update_fields=["holds_until"])
    ledger.take([date], locked)
    if entry is not None:
        notify(Notice(entry=entry, dates=[date]), now=now)
