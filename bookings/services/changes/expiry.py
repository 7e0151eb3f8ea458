"""What time does to wishes to change: holds end, and undecided ones are over when a date begins."""

import logging
from datetime import datetime

from django.db.models import Min, Q

from bookings import ledger
from bookings.ledger import BusyError
from bookings.models import ChangeRequest
from bookings.services import open_changes
from bookings.services.changes.deciding import lock_change
from bookings.services.decisions import DecidedAlreadyError
from bookings.services.waiting import let_in_waiting

logger = logging.getLogger(__name__)


def expire_changes(*, now: datetime) -> int:
    """Let go of what wishes hold no longer, and close those for dates that begin.

    Safe beside everything else; a second run changes nothing. Return how many wishes changed.
    """
    wishes = ChangeRequest.objects.filter(status=ChangeRequest.Status.OPEN).annotate(
        new=Min("dates__start", filter=Q(dates__left_out="")),
        old=Min("dates__date__occurrence__start"),
    )
    due = wishes.filter(
        Q(holds_until__lte=now)
        | Q(new__lte=now)
        | Q(old__lte=now)
        | Q(first_date__occurrence__start__lte=now)
    )
    changed = 0
    for change in due.order_by("pk"):
        try:
            changed += ledger.in_one_go(lambda change=change: _expire(change, now))  # type: ignore[misc]
        except BusyError:
            logger.warning("wish to change %s not ended yet: too busy", change.pk)
    return changed


def _expire(change: ChangeRequest, now: datetime) -> bool:
    try:
        held, current = lock_change(change)
    except DecidedAlreadyError:
        return False
    if open_changes.begins(current) <= now:
        freed = open_changes.expire(current, held.dates, now=now)
    elif current.holds_until is not None and current.holds_until <= now:
        freed = open_changes.end_hold(current, held.dates, now=now)
    else:
        return False
    let_in_waiting(freed, held.locked, now=now, except_changes=[current.pk])
    return True
