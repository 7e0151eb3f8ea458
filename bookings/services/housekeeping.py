"""What time does to requests: holds end, drafts are forgotten."""

import logging
from datetime import datetime, timedelta

from bookings import ledger
from bookings.ledger import BusyError
from bookings.models import BookingDate, RequestDraft
from bookings.notifications import Notice, notify
from bookings.rules.states import HOLDING, Action
from bookings.services.locked_request import lock_request
from bookings.services.transitions import log
from bookings.services.waiting import let_in_waiting

logger = logging.getLogger(__name__)

KEEP_DRAFTS = timedelta(days=7)


def end_holds(*, now: datetime) -> int:
    """Let go of what is held no longer; the requests stay. Return how many holds ended."""
    due = BookingDate.objects.filter(holds_until__lte=now, state__in=HOLDING)
    ended = 0
    for date in due.select_related("booking").order_by("holds_until", "pk"):
        try:
            ended += ledger.in_one_go(lambda date=date: _end_hold(date, now))  # type: ignore[misc]
        except BusyError:
            logger.warning("hold of date %s not ended yet: too busy", date.pk)
    return ended


def _end_hold(date: BookingDate, now: datetime) -> bool:
    held = lock_request(date.booking, [date.pk])
    current = held.dates[0]
    if current.holds_until is None or current.holds_until > now or current.state not in HOLDING:
        return False
    ledger.release([current])
    current.holds_until = None
    current.save(update_fields=["holds_until"])
    entry = log(current, Action.END_HOLD, now=now)
    if current.span.start > now:
        notify(Notice(entry=entry, dates=[current]), now=now)
    let_in_waiting([current.period], held.locked, now=now, except_dates=[current.pk])
    return True


def prune_drafts(*, now: datetime) -> int:
    """Forget what nobody sent for a week, and the copies of what was sent."""
    return RequestDraft.objects.filter(updated_at__lt=now - KEEP_DRAFTS).delete()[0]
