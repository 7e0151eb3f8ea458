"""A time became free: the oldest waiting request that fits holds it, or is offered it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Count

from bookings import ledger
from bookings.ledger import Locked
from bookings.models import BookingDate
from bookings.notifications import Notice, notify
from bookings.rules.policy import hold_end, offer_end
from bookings.rules.spans import Span, merged
from bookings.rules.states import Action, DateState, Role
from bookings.selectors.occupancy import rows_within
from bookings.selectors.policies import read_policies
from bookings.selectors.waiting import waiting_dates
from bookings.services.open_changes import let_waiting_hold
from bookings.services.transitions import apply_all, log_all


def let_in_waiting(
    spans: Sequence[Span],
    locked: Locked,
    *,
    now: datetime,
    except_dates: Iterable[int] = (),
    except_changes: Iterable[int] = (),
) -> None:
    """Let waiting requests have what became free, oldest first, as far as they fit.

    Who waits behind a request holds the time now. Who is on the waiting list with one date is
    offered it; a date of a series is decided on by the centre, which sees the whole of it.

    What then is left is held for wishes to change that wait for it.

    The caller holds the spaces. `except_dates`, `except_changes`: those that had their turn. Only
    the mails, and wishes, cost further queries for each who is let in.
    """
    if not spans:
        return
    had_their_turn = set(except_dates)
    waiting = [
        date
        for date in waiting_dates(locked.spaces, spans, now=now)
        if date.pk not in had_their_turn
    ]
    if fitting := _fitting(waiting, locked):
        _let_in(fitting, locked, now)
    let_waiting_hold(spans, locked, now=now, except_changes=except_changes)


def _fitting(waiting: Sequence[BookingDate], locked: Locked) -> list[BookingDate]:
    """Return those whose time is free once all before them have theirs; one query."""
    if not waiting:
        return []
    spaces = {space for date in waiting for space in locked.of(date.room_id)}
    rows = rows_within(spaces, *merged(date.period for date in waiting))
    taken: dict[int, list[Span]] = {}
    for space, period in rows.values_list("space_id", "period"):
        taken.setdefault(space, []).append(Span(period.lower, period.upper))
    fitting = []
    for date in waiting:
        own = [taken.setdefault(space, []) for space in locked.of(date.room_id)]
        if not any(span.overlaps(date.period) for spans in own for span in spans):
            fitting.append(date)
            for spans in own:
                spans.append(date.period)
    return fitting


def _let_in(dates: Sequence[BookingDate], locked: Locked, now: datetime) -> None:
    read_policies([date.room for date in dates])
    single = _single(dates)
    by_action: dict[Action, list[BookingDate]] = {}
    for date in dates:
        way = _way_in(date, is_single=date.booking_id in single)
        by_action.setdefault(way, []).append(date)
    notices = [
        notice for action, group in by_action.items() for notice in _step(group, action, now)
    ]
    BookingDate.objects.bulk_update(dates, ["holds_until"])
    ledger.take(dates, locked)
    for notice in notices:
        notify(notice, now=now)


def _step(dates: Sequence[BookingDate], action: Action, now: datetime) -> list[Notice]:
    """Take one step for all these dates; return what there is to tell, one notice a request."""
    if action is Action.HOLD:
        log_all(dates, action, now=now)
        entries = []
    else:
        entries = apply_all(dates, action, role=Role.SYSTEM, now=now)
    end = offer_end if action is Action.OFFER else hold_end
    own: dict[int, list[BookingDate]] = {}
    for date in dates:
        date.holds_until = end(date.room.policy, date.span.start, now=now)
        own.setdefault(date.booking_id, []).append(date)
    return [
        Notice(entry=entry, dates=own.pop(entry.booking_id))
        for entry in entries
        if entry.booking_id in own
    ]


def _single(dates: Sequence[BookingDate]) -> set[int]:
    """Return the keys of those requests that have one date only."""
    counted = BookingDate.objects.filter(booking__in={date.booking_id for date in dates})
    ones = counted.order_by().values("booking").annotate(dates=Count("pk")).filter(dates=1)
    return set(ones.values_list("booking", flat=True))


def _way_in(date: BookingDate, *, is_single: bool) -> Action:
    if date.state != DateState.WAITLISTED:
        return Action.HOLD
    return Action.OFFER if is_single else Action.READMIT
