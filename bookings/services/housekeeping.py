"""What time does to requests: holds and offers end, dates take place, drafts are forgotten.

Every job may be run again, or twice at once: each step looks again under its lock whether it is
still due, and stores all of it or nothing.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from bookings import ledger
from bookings.ledger import BusyError, ConflictError
from bookings.models import Booking, BookingDate, BookingLog, RequestDraft
from bookings.notifications import Notice, notify
from bookings.rules.policy import warning_time
from bookings.rules.spans import merged
from bookings.rules.states import HOLDING, Action, DateState, Role, next_state
from bookings.selectors.drafts import KEEP_DRAFTS
from bookings.selectors.policies import read_policies
from bookings.services.guests import KEEP_UNVERIFIED
from bookings.services.locked_request import lock_request
from bookings.services.offers import expire_offer
from bookings.services.transitions import apply, log, log_all
from bookings.services.waiting import let_in_waiting

logger = logging.getLogger(__name__)

BATCH = 500  # requests in one transaction


def end_holds(*, now: datetime) -> int:
    """Let go of what is held no longer; the requests stay. Return how many holds ended."""
    due = BookingDate.objects.filter(holds_until__lte=now, state__in=HOLDING)
    return _one_by_one(
        _first_of_each(due.select_related("booking").order_by("holds_until", "pk")),
        lambda date: _end_holds(date.booking, now),
    )


def _end_holds(booking: Booking, now: datetime) -> int:
    """End all holds of a request that are due, with one mail on those dates that are still ahead."""
    held = lock_request(booking)
    due = [date for date in held.dates if _is_held_no_longer(date, now)]
    if not due:
        return 0
    ledger.release(due)
    for date in due:
        date.holds_until = None
    BookingDate.objects.bulk_update(due, ["holds_until"])
    entries = log_all(due, Action.END_HOLD, now=now)
    told = [
        (entry, date) for entry, date in zip(entries, due, strict=True) if date.span.start > now
    ]
    if told:
        notify(Notice(entry=told[0][0], dates=[date for _entry, date in told]), now=now)
    freed = merged(date.period for date in due)
    let_in_waiting(freed, held.locked, now=now, except_dates=[date.pk for date in due])
    return len(due)


def _is_held_no_longer(date: BookingDate, now: datetime) -> bool:
    until = date.holds_until
    return date.state in HOLDING and until is not None and until <= now


def expire_offers(*, now: datetime) -> int:
    """End the offers that nobody took in time; return how many."""
    due = BookingDate.objects.filter(holds_until__lte=now, state=DateState.OFFERED)
    return _one_by_one(
        due.select_related("booking").order_by("holds_until", "pk"),
        lambda date: expire_offer(date=date, now=now),
    )


def _first_of_each(dates: Iterable[BookingDate]) -> list[BookingDate]:
    """Return the first date of each request: one step, and one mail, is about all that are due."""
    first: dict[int, BookingDate] = {}
    for date in dates:
        first.setdefault(date.booking_id, date)
    return list(first.values())


def _one_by_one(dates: Iterable[BookingDate], step: Callable[[BookingDate], int]) -> int:
    """Do a step for each date in a transaction of its own; what is too busy waits for next time."""
    done = 0
    for date in dates:
        try:
            done += ledger.in_one_go(lambda date=date: step(date))  # type: ignore[misc]
        except (BusyError, ConflictError) as error:
            logger.warning("date %s not done yet: %s", date.pk, type(error).__name__)
    return done


# Reminding the team ------------------------------------------------------------------------------


def warn_of_ends(*, now: datetime) -> int:
    """Remind the team once of each request whose hold ends soon. Return how many requests."""
    holding = BookingDate.objects.filter(
        holds_until__gt=now, state__in=HOLDING, occurrence__start__gt=now
    ).select_related("booking", "room")
    due = _due_for_warning(list(holding.order_by("holds_until", "pk")), now)
    return _one_by_one(_first_of_each(due), lambda date: _warn(date.booking, now))


def _due_for_warning(dates: list[BookingDate], now: datetime) -> list[BookingDate]:
    """Return the dates whose team has to hear now that they are undecided; one query for all.

    A reminder before the present hold came near its end does not count: it was prolonged since.
    """
    read_policies([date.room for date in dates])
    due = []
    for date in dates:
        if date.holds_until is None or date.state not in HOLDING:
            continue
        time = warning_time(date.room.policy, date.booking.sent_at, date.holds_until)
        if time <= now < date.holds_until and not (date.warned_at and date.warned_at >= time):
            due.append(date)
    return due


def _warn(booking: Booking, now: datetime) -> bool:
    held = lock_request(booking)
    due = _due_for_warning(held.dates, now)
    if not due:
        return False
    BookingDate.objects.filter(pk__in=[date.pk for date in due]).update(warned_at=now)
    entry = log(due[0], Action.WARN, now=now)
    notify(Notice(entry=entry, dates=due), now=now)
    return True


# Over --------------------------------------------------------------------------------------------


def expire_unverified(*, now: datetime) -> int:
    """Forget requests of guests who did not confirm their address; return how many dates."""
    due = BookingDate.objects.filter(
        state=DateState.UNVERIFIED, booking__sent_at__lte=now - KEEP_UNVERIFIED
    )
    return _one_by_one(
        due.select_related("booking").order_by("pk"), lambda date: _expire_unverified(date, now)
    )


def _expire_unverified(date: BookingDate, now: datetime) -> bool:
    """End a date without a word: nobody knows whose address it is."""
    current = lock_request(date.booking, [date.pk]).dates[0]
    if current.state != DateState.UNVERIFIED:
        return False
    apply(current, Action.EXPIRE, role=Role.SYSTEM, now=now)
    return True


def complete_past(*, now: datetime) -> int:
    """Write down that promised dates have taken place; return how many. Nobody is told."""
    done = 0
    while batch := _complete_batch(now):
        done += batch
    return done


@transaction.atomic
def _complete_batch(now: datetime) -> int:
    """Complete the dates of some requests: five queries however many.

    Who changes a date holds its request, so those that somebody works on right now are left for
    next time. The ledger keeps its rows.
    """
    past = BookingDate.objects.filter(state=DateState.APPROVED, occurrence__end__lte=now)
    found = past.order_by("booking").values_list("booking", flat=True).distinct()[:BATCH]
    free = Booking.objects.select_for_update(skip_locked=True).filter(pk__in=list(found))
    held = list(free.order_by("pk").values_list("pk", flat=True))
    dates = list(past.filter(booking__in=held))
    target = next_state(Action.COMPLETE, DateState.APPROVED, role=Role.SYSTEM)
    BookingDate.objects.filter(pk__in=[date.pk for date in dates]).update(state=target)
    BookingLog.objects.bulk_create(
        BookingLog(
            booking_id=date.booking_id,
            date=date,
            action=Action.COMPLETE,
            from_state=date.state,
            to_state=target,
            at=now,
        )
        for date in dates
    )
    return len(dates)


def prune_drafts(*, now: datetime) -> int:
    """Forget what nobody sent for a week, and the copies of what was sent."""
    return RequestDraft.objects.filter(updated_at__lt=now - KEEP_DRAFTS).delete()[0]
