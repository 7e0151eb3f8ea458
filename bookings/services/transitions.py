"""Steps of dates: the table is asked, the rows and their history are written.

For one date or hundreds: the number of queries is the same.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from bookings import series
from bookings.models import Booking, BookingDate, BookingLog, ChangeRequest
from bookings.rules.states import (
    GONE,
    UNDECIDED,
    Action,
    DateState,
    Role,
    TransitionError,
    next_state,
)
from cms.models import User

DECISIONS = frozenset({Action.APPROVE, Action.REJECT, Action.REVOKE})
WRITTEN = (
    *("state", "holds_until", "warned_at"),
    *("reason", "suggestion", "decided_at", "decided_by"),
)


class _Before(NamedTuple):
    state: DateState
    holds_until: datetime | None


class DateTransitionError(TransitionError):
    """The table does not allow this for `date`; nothing was written."""

    def __init__(self, date: BookingDate, error: TransitionError) -> None:
        super().__init__(str(error))
        self.date = date


def apply(
    date: BookingDate,
    action: Action,
    *,
    role: Role,
    now: datetime,
    actor: User | None = None,
    text: str = "",
    suggestion: str = "",
) -> BookingLog:
    """Bring a date into its next state and write the step down; its occurrence follows.

    The caller holds the locks and writes the ledger. Raises TransitionError when the table
    forbids the step.
    """
    entries = apply_all(
        [date], action, role=role, now=now, actor=actor, text=text, suggestion=suggestion
    )
    return entries[0]


def apply_all(
    dates: Sequence[BookingDate],
    action: Action,
    *,
    role: Role,
    now: datetime,
    actor: User | None = None,
    text: str = "",
    suggestion: str = "",
    change: ChangeRequest | None = None,
) -> list[BookingLog]:
    """Bring dates into their next state as `apply` does; return their steps in the same order.

    Raises DateTransitionError for the first date that the table forbids it for.
    """
    before = [_Before(DateState(date.state), date.holds_until) for date in dates]
    after = [_next_state(date, action, role, text) for date in dates]
    for date, state in zip(dates, after, strict=True):
        date.state = state
        if state not in {DateState.REQUESTED, DateState.NEEDS_INFO}:
            date.holds_until = None
        if action in DECISIONS:
            date.decided_at, date.decided_by = now, actor
            date.reason, date.suggestion = text, suggestion
        elif action is Action.MOVE_ON:
            date.reason = text
        elif state in UNDECIDED:
            _forget_decision(date)
    BookingDate.objects.bulk_update(dates, WRITTEN)
    _let_occurrences_follow(dates)
    return log_all(dates, action, before=before, now=now, actor=actor, text=text, change=change)


def undo_promises(
    dates: Sequence[BookingDate], states: Sequence[DateState], *, actor: User, now: datetime
) -> list[BookingLog]:
    """Bring promised dates back into the states before; the caller has set their holds.

    Raises DateTransitionError for the first that is not promised any more.
    """
    before = [_Before(DateState(date.state), None) for date in dates]
    for date, state in zip(dates, states, strict=True):
        _next_state(date, Action.UNDO_APPROVAL, Role.MANAGER, "")
        date.state = state
        _forget_decision(date)
    BookingDate.objects.bulk_update(dates, WRITTEN)
    return log_all(dates, Action.UNDO_APPROVAL, before=before, now=now, actor=actor)


def _forget_decision(date: BookingDate) -> None:
    date.decided_at = date.decided_by = None
    date.reason = date.suggestion = ""


def _next_state(date: BookingDate, action: Action, role: Role, reason: str) -> DateState:
    try:
        return next_state(action, DateState(date.state), role=role, reason=reason)
    except TransitionError as error:
        raise DateTransitionError(date, error) from None


def _let_occurrences_follow(dates: Sequence[BookingDate]) -> None:
    series.cancel_occurrences([date.occurrence for date in dates if date.state in GONE])
    series.reinstate_occurrences([date.occurrence for date in dates if date.state not in GONE])


def log(
    date: BookingDate,
    action: Action,
    *,
    now: datetime,
    actor: User | None = None,
    text: str = "",
) -> BookingLog:
    """Write down a step that changed no state."""
    return log_all([date], action, now=now, actor=actor, text=text)[0]


def log_all(
    dates: Sequence[BookingDate],
    action: Action,
    *,
    now: datetime,
    before: Sequence[_Before] | None = None,
    actor: User | None = None,
    text: str = "",
    change: ChangeRequest | None = None,
) -> list[BookingLog]:
    """Write a step of dates down; `before` is how they were, if their states changed."""
    states = before or [_Before(DateState(date.state), date.holds_until) for date in dates]
    return BookingLog.objects.bulk_create(
        BookingLog(
            booking=date.booking,
            date=date,
            change=change,
            action=action,
            from_state=was.state,
            to_state=date.state,
            actor=actor,
            text=text,
            held_until=was.holds_until if date.holds_until is None else None,
            at=now,
        )
        for date, was in zip(dates, states, strict=True)
    )


def next_version(booking: Booking) -> None:
    """Let calendars know that something changed; the caller holds the booking's lock."""
    booking.sequence += 1
    booking.save(update_fields=["sequence"])
