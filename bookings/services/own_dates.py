"""What a group does with its own request: answer, withdraw, say that a date falls through."""

from datetime import datetime

from bookings import ledger
from bookings.models import Booking, BookingDate
from bookings.notifications import Notice, notify
from bookings.rules.policy import last_cancel
from bookings.rules.refusals import Code, Refusal, RefusedError
from bookings.rules.states import Action, DateState, Role, allowed_actions
from bookings.services.locked_request import close_question, free, lock_request, stop_promise
from bookings.services.transitions import apply, next_version
from bookings.services.year_plans import lock_plan_of, note_if_decided
from cms.models import User


class NotPossibleError(Exception):
    """The state changed meanwhile; `date` is as it is now. Nothing was changed."""

    def __init__(self, date: BookingDate) -> None:
        super().__init__(str(date))
        self.date = date


def give_up(
    *,
    date: BookingDate,
    actor: User | None,
    now: datetime,
    text: str = "",
    expected: Action | None = None,
) -> Action:
    """Withdraw an undecided date, or cancel a promised one; return which it was.

    `expected`: which of both somebody said yes to, at the time that `date` has; without it whatever
    fits. The time is free at once, and whoever waits for it gets it. Raises NotPossibleError, also
    for a date that has begun or is not as expected, RefusedError for a promised one after the
    deadline, and ledger.BusyError.
    """

    def change() -> Action:
        plan = lock_plan_of(date.booking)
        held = lock_request(date.booking, [date.pk])
        current = held.dates[0]
        possible = allowed_actions(DateState(current.state), Role.BOOKER)
        action = Action.CANCEL if Action.CANCEL in possible else Action.WITHDRAW
        if action not in possible or current.span.start <= now:
            raise NotPossibleError(current)
        if expected and (action, current.span) != (expected, date.span):
            raise NotPossibleError(current)
        if action is Action.CANCEL and (refusal := refusal_to_cancel(current, now=now)):
            raise RefusedError([refusal])
        stop_promise([current], now=now)
        entry = apply(current, action, role=Role.BOOKER, actor=actor, now=now, text=text)
        next_version(held.booking)
        notify(Notice(entry=entry, dates=[current]), now=now)
        close_question(held.booking)
        free([current], held.locked, now=now)
        note_if_decided(plan, actor=actor, now=now)
        return action

    return ledger.in_one_go(change)


def refusal_to_cancel(date: BookingDate, *, now: datetime) -> Refusal | None:
    """Return why a group has to ring up to cancel a date, None before the deadline."""
    policy = date.room.policy
    if now <= last_cancel(policy, date.span.start):
        return None
    return too_late(Code.CANCEL_TOO_LATE, date, policy.cancel_hours)


def too_late(code: Code, date: BookingDate, hours: int) -> Refusal:
    """Return the refusal of a step that a group may take only so many hours before a date."""
    values = {"hours": hours, "span": date.span, "phone": date.booking.centre.phone}
    return Refusal(code, "date", {**values, "date_id": date.pk})


def answer(*, booking: Booking, actor: User | None, text: str, now: datetime) -> None:
    """Answer the centre's question; the same answer again, as after a second click, is no other one.

    Raises NotPossibleError when nobody asks any more.
    """

    def change() -> None:
        held = lock_request(booking)
        asked = [date for date in held.dates if date.state == DateState.NEEDS_INFO]
        if not asked:
            if _is_answered(held.booking, actor, text):
                return
            raise NotPossibleError(held.dates[0])
        entries = [
            apply(date, Action.ANSWER, role=Role.BOOKER, actor=actor, now=now, text=text)
            for date in asked
        ]
        close_question(held.booking)
        notify(Notice(entry=entries[0], dates=asked), now=now)

    ledger.in_one_go(change)


def _is_answered(booking: Booking, actor: User | None, text: str) -> bool:
    """Tell whether this very answer was the last thing that happened to the request."""
    last = booking.log.order_by("at", "pk").last()
    answered = (Action.ANSWER, actor.pk if actor else None, text)
    return last is not None and (last.action, last.actor_id, last.text) == answered
