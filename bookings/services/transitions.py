"""One step of one date: the table is asked, the row and its history are written."""

from datetime import datetime

from bookings import series
from bookings.models import Booking, BookingDate, BookingLog
from bookings.rules.states import GONE, UNDECIDED, Action, DateState, Role, next_state
from cms.models import User

DECISIONS = frozenset({Action.APPROVE, Action.REJECT, Action.REVOKE})


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
    before = DateState(date.state)
    after = next_state(action, before, role=role, reason=text)
    date.state = after
    if after not in {DateState.REQUESTED, DateState.NEEDS_INFO}:
        date.holds_until = None
    if action in DECISIONS:
        date.decided_at, date.decided_by = now, actor
        date.reason, date.suggestion = text, suggestion
    elif after in UNDECIDED:
        date.decided_at = date.decided_by = None
        date.reason = date.suggestion = ""
    date.save()
    if after in GONE:
        series.cancel_occurrence(date.occurrence)
    else:
        series.reinstate_occurrence(date.occurrence)
    return log(date, action, before=before, now=now, actor=actor, text=text)


def log(
    date: BookingDate,
    action: Action,
    *,
    now: datetime,
    before: DateState | None = None,
    actor: User | None = None,
    text: str = "",
) -> BookingLog:
    """Write a step down; `before` is the state it came from, if it changed."""
    return BookingLog.objects.create(
        booking=date.booking,
        date=date,
        action=action,
        from_state=before or date.state,
        to_state=date.state,
        actor=actor,
        text=text,
        at=now,
    )


def next_version(booking: Booking) -> None:
    """Let calendars know that something changed; the caller holds the booking's lock."""
    booking.sequence += 1
    booking.save(update_fields=["sequence"])
