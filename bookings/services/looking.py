"""What a step of a group would do or refuse now. Nothing is locked, written or promised by looking."""

import datetime as dt
from dataclasses import replace
from datetime import datetime

from bookings.ledger import Locked
from bookings.models import Booking, BookingDate
from bookings.rules.refusals import Code, Refusal, RefusedError
from bookings.rules.states import SKIPPED, UNDECIDED, DateState
from bookings.rules.wall_clock import berlin_day, whole_day
from bookings.selectors.hours import free_spans
from bookings.selectors.occupancy import periods_within, spaces_around
from bookings.selectors.policies import read_policies, read_rooms
from bookings.services.changes.moves import WAITED_FOR, Move
from bookings.services.changes.planning import (
    Planned,
    are_approved_at_once,
    conflicts_of,
    refusals_of_group,
    refusals_of_old_date,
    refusals_of_plan,
    with_free_spans,
)
from bookings.services.open_changes import open_changes, replaced_dates
from bookings.services.series_edits import as_new, ends_with, refuse_to_end


def look_at_change(*, date: BookingDate, move: Move, now: datetime, waits: bool = False) -> bool:
    """Tell whether a date would get another time or room at once; else somebody decides.

    Raises RefusedError like `ask_for_change`.
    """
    room = read_rooms([move.room.pk])[move.room.pk]
    read_policies([date.room])
    planned = [Planned(date, room, move.span)]
    refusals = refusals_of_plan(planned, wished=_wished(date.booking), now=now)
    refusals += refusals_of_group(planned, now=now)
    if refusals:
        raise RefusedError(refusals)
    is_undecided = date.state in UNDECIDED
    conflicts = conflicts_of(planned, Locked(spaces_around([room.pk])))
    accepted = waits and not is_undecided
    if conflicts and not (accepted and all(one.code in WAITED_FOR for _date, one in conflicts)):
        raise RefusedError(with_free_spans(conflicts))
    return is_undecided or (not conflicts and are_approved_at_once(planned))


def refusals_to_change(date: BookingDate, *, now: datetime) -> list[Refusal]:
    """Return why a date cannot get another time or room, whichever it is."""
    read_policies([date.room])
    as_it_is = Planned(date, date.room, date.span)
    found = refusals_of_old_date(as_it_is, _wished(date.booking), now)
    return [one for one in found if one.code is not Code.NOTHING_CHANGES]


def _wished(booking: Booking) -> set[int]:
    return {date.pk for change in open_changes([booking.pk]) for date in replaced_dates(change)}


def look_at_end(*, booking: Booking, after: dt.date, now: datetime) -> list[BookingDate]:
    """Return the dates that `end_series` would give up, in order. Raises RefusedError like it."""
    dates = list(booking.dates.select_related("booking__centre", "occurrence", "room"))
    over = [date for date in dates if ends_with(date, after, now)]
    refuse_to_end(over, after, now)
    return sorted(over, key=lambda date: date.span)


def look_at_added(*, date: BookingDate, now: datetime) -> bool:
    """Tell whether a left-out date would be promised at once. Raises RefusedError like `add_back`."""
    if date.state not in SKIPPED:
        raise RefusedError([Refusal(Code.NOT_LEFT_OUT, "date")])
    try:
        new = as_new(date, spaces_around([date.room_id]), now=now)
    except RefusedError as refused:
        raise RefusedError([_with_free(one, date) for one in refused.refusals]) from None
    return new.state is DateState.APPROVED


GONE_TIMES = frozenset({Code.CLOSED, Code.TAKEN, Code.HELD, Code.OWN_TAKEN, Code.OWN_HELD})


def _with_free(refusal: Refusal, date: BookingDate) -> Refusal:
    """Add what else is free on the day of a time that is gone."""
    if refusal.code not in GONE_TIMES:
        return refusal
    room = read_rooms([date.room_id])[date.room_id]
    day = berlin_day(date.span.start)
    around = whole_day(day).widened(*room.buffers_for(date.booking.use))
    taken = periods_within(spaces_around([room.pk]).get(room.pk, ()), around)
    free = tuple(free_spans(room, day, taken, date.booking.use))
    return replace(refusal, values={**refusal.values, "free": free})
