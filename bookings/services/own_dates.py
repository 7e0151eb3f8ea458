"""What a group does with its own request: answer, withdraw, say that a date falls through."""

from datetime import datetime

from bookings import ledger
from bookings.models import Booking, BookingDate
from bookings.notifications import Notice, notify
from bookings.rules.states import Action, DateState, Role, allowed_actions
from bookings.services.decisions import Deciding, free, lock_request
from bookings.services.transitions import apply, next_version
from cms.models import User


class NotPossibleError(Exception):
    """The state changed meanwhile; `date` is as it is now. Nothing was changed."""

    def __init__(self, date: BookingDate) -> None:
        super().__init__(str(date))
        self.date = date


def give_up(*, date: BookingDate, actor: User | None, now: datetime, text: str = "") -> Action:
    """Withdraw an undecided date, or cancel a promised one; return which it was.

    The time is free at once, and whoever waits for it gets it. Raises NotPossibleError, also for
    a date that has begun, and ledger.BusyError.
    """

    def change() -> Action:
        deciding = lock_request(date.booking, [date.pk])
        current = deciding.dates[0]
        possible = allowed_actions(DateState(current.state), Role.BOOKER)
        action = Action.CANCEL if Action.CANCEL in possible else Action.WITHDRAW
        if action not in possible or current.span.start <= now:
            raise NotPossibleError(current)
        entry = apply(current, action, role=Role.BOOKER, actor=actor, now=now, text=text)
        next_version(deciding.booking)
        notify(
            Notice(
                action=action, booking=deciding.booking, dates=[current], entry=entry, text=text
            ),
            now=now,
        )
        _close_question_if_decided(deciding)
        free([current], deciding.locked, now=now)
        return action

    return ledger.in_one_go(change)


def answer(*, booking: Booking, actor: User, text: str, now: datetime) -> None:
    """Answer the centre's question. Raises NotPossibleError when nobody asks any more."""

    def change() -> None:
        deciding = lock_request(booking, None)
        asked = [date for date in deciding.dates if date.state == DateState.NEEDS_INFO]
        if not asked:
            raise NotPossibleError(deciding.dates[0])
        entries = [
            apply(date, Action.ANSWER, role=Role.BOOKER, actor=actor, now=now, text=text)
            for date in asked
        ]
        deciding.booking.question, deciding.booking.question_due = "", None
        deciding.booking.save(update_fields=["question", "question_due"])
        notify(
            Notice(
                action=Action.ANSWER,
                booking=deciding.booking,
                dates=asked,
                entry=entries[0],
                text=text,
            ),
            now=now,
        )

    ledger.in_one_go(change)


def _close_question_if_decided(deciding: Deciding) -> None:
    booking = deciding.booking
    if booking.question and not booking.dates.filter(state=DateState.NEEDS_INFO).exists():
        booking.question, booking.question_due = "", None
        booking.save(update_fields=["question", "question_due"])
