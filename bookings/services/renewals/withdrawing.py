"""A group takes back what it asked for in a plan."""

from datetime import datetime

from bookings import ledger
from bookings.models import Booking
from bookings.notifications import Notice, notify
from bookings.rules.states import UNDECIDED, Action, Role
from bookings.services.locked_request import close_question, free, lock_request
from bookings.services.own_dates import NotPossibleError
from bookings.services.renewals.plans import lock_plan, note_if_decided
from bookings.services.transitions import apply_all, next_version
from cms.models import User


def withdraw(*, booking: Booking, actor: User | None, now: datetime) -> None:
    """Withdraw all dates of a renewed series that nobody has decided on.

    Raises own_dates.NotPossibleError when there are none, and ledger.BusyError.
    """

    def change() -> None:
        plan = lock_plan(booking.round) if booking.round else None
        held = lock_request(booking)
        dates = [date for date in held.dates if date.state in UNDECIDED]
        if not dates:
            raise NotPossibleError(held.dates[0])
        entries = apply_all(dates, Action.WITHDRAW, role=Role.BOOKER, actor=actor, now=now)
        next_version(held.booking)
        close_question(held.booking)
        notify(Notice(entry=entries[0], dates=dates), now=now)
        free(dates, held.locked, now=now)
        if plan is not None:
            note_if_decided(plan, actor=actor, now=now)

    ledger.in_one_go(change)
