"""Dates with the room and time that they shall get: what is wrong with it, and making it so."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bookings import ledger, series
from bookings.ledger import Locked
from bookings.models import BookingDate, Room
from bookings.rules.obstacles import code_of, in_each_others_way, reason_of
from bookings.rules.policy import last_change
from bookings.rules.refusals import Code, Refusal, Wish, refusals_of
from bookings.rules.spans import Span, merged
from bookings.rules.states import UNDECIDED, DateState
from bookings.rules.wall_clock import berlin_day, whole_day
from bookings.selectors import asking
from bookings.selectors.hours import free_spans, hours_on
from bookings.selectors.obstacles import obstacles_in
from bookings.selectors.occupancy import rows_within, spaces_around
from bookings.selectors.policies import is_promised_at_once
from bookings.services.making_room import Place
from bookings.services.open_changes import CHANGEABLE
from bookings.services.own_dates import too_late

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Planned:
    """A date, and the room and time that it shall get; set-up and clearing up of that room."""

    date: BookingDate
    room: Room
    span: Span

    @property
    def period(self) -> Span:
        return self.span.widened(*self.room.buffers_for(self.date.booking.use))

    @property
    def place(self) -> Place:
        return Place(self.date, self.room.pk, self.span, self.period)

    @property
    def changes_something(self) -> bool:
        return (self.room.pk, self.span) != (self.date.room_id, self.date.span)


class NotFreeError(Exception):
    """Some of the times are not free; what else is free is looked up once the locks are gone."""

    def __init__(self, conflicts: Sequence[tuple[Planned, Refusal]]) -> None:
        super().__init__(", ".join(refusal.code for _one, refusal in conflicts))
        self.conflicts = list(conflicts)


# What is wrong -----------------------------------------------------------------------------------


def refusals_of_plan(
    planned: Sequence[Planned], *, wished: Iterable[int], now: datetime
) -> list[Refusal]:
    """Return everything that is wrong before anybody looks at other bookings.

    `wished`: keys of dates for which there is an open wish. Each refusal names its date as
    `date_id` among its values. The rooms are read with their rules.
    """
    wished = set(wished)
    states = {one.date.state for one in planned}
    partly = [Refusal(Code.PARTLY_DECIDED, "date")] if is_partly_decided(states) else []
    together = overlapping(planned)
    return [
        replace(refusal, values={**refusal.values, "date_id": one.date.pk})
        for one in planned
        for refusal in [
            *(refusals_of_old_date(one, wished, now) or partly),
            *refusals_of_new_time(one, now=now),
            *([Refusal(Code.TWICE, "start")] if one.date.pk in together else []),
        ]
    ]


def refusals_of_group(planned: Sequence[Planned], *, now: datetime) -> list[Refusal]:
    """Return what speaks against this group in the rooms: who may book there, hours a week."""
    return asking.refusals_of_group(
        planned[0].date.booking.association,
        [(one.room, one.span) for one in planned],
        now=now,
        replaced=frozenset(one.date.pk for one in planned),
    )


def is_partly_decided(states: Collection[str]) -> bool:
    """Tell whether some dates are promised and others undecided: those move at once, these wait."""
    return DateState.APPROVED in states and bool(UNDECIDED & set(states))


def refusals_of_old_date(one: Planned, wished: set[int], now: datetime) -> list[Refusal]:
    """Return why a date cannot be changed at all, or not like this; `wished`: keys with a wish."""
    date = one.date
    if date.state not in CHANGEABLE:
        return [Refusal(Code.DATE_GONE, "date")]
    if date.state == DateState.OFFERED:
        return [Refusal(Code.OFFER_OPEN, "date")]
    if date.span.start <= now:
        return [Refusal(Code.DATE_OVER, "date")]
    found = []
    if now > last_change(date.room.policy, date.span.start):
        found.append(too_late(Code.CHANGE_TOO_LATE, date, date.room.policy.change_hours))
    if date.pk in wished:
        found.append(Refusal(Code.CHANGE_OPEN, "date"))
    if not one.changes_something:
        found.append(Refusal(Code.NOTHING_CHANGES, "start"))
    return found


def refusals_of_new_time(one: Planned, *, now: datetime) -> list[Refusal]:
    """Return what the rules of the room say against a date there at that time."""
    room, wish = one.room, Wish.of(one.span, one.date.booking.persons)
    hours = hours_on(room, wish.day)
    return refusals_of(wish, capacity=room.capacity, hours=hours, policy=room.policy, now=now)


def overlapping(planned: Sequence[Planned]) -> set[int]:
    """Return the keys of dates that would be in a space at the same time as an earlier one."""
    spaces = spaces_around(one.room.pk for one in planned) if len(planned) > 1 else {}
    uses = (
        (space_id, one.period, one.date.pk)
        for one in planned
        for space_id in spaces.get(one.room.pk, ())
    )
    return {later for _earlier, later in in_each_others_way(uses)}


# What is in the way ------------------------------------------------------------------------------


def conflicts_of(
    planned: Sequence[Planned], locked: Locked, *, except_changes: Iterable[int] = ()
) -> list[tuple[Planned, Refusal]]:
    """Return which of the times are not free, and why: CLOSED, TAKEN, HELD, or one's OWN_…."""
    obstacles = obstacles_in(
        {space_id for one in planned for space_id in locked.of(one.room.pk)},
        [one.period for one in planned],
        except_dates=[one.date.pk for one in planned],
        except_changes=except_changes,
    )
    conflicts = []
    for one in planned:
        rows = obstacles.of(locked.of(one.room.pk), one.period)
        code = code_of(rows, one.date.booking.association_id)
        if code is not None:
            values = {"reason": reason_of(rows)} if code is Code.CLOSED else {}
            conflicts.append((one, Refusal(code, "start", values)))
    return conflicts


def with_free_spans(conflicts: Sequence[tuple[Planned, Refusal]]) -> list[Refusal]:
    """Add what else is free on the days of the wished times, in two queries."""
    spaces = spaces_around(one.room.pk for one, _refusal in conflicts)
    days = [whole_day(berlin_day(one.span.start)) for one, _refusal in conflicts]
    around = [
        day.widened(*one.room.buffers_for(one.date.booking.use))
        for day, (one, _refusal) in zip(days, conflicts, strict=True)
    ]
    keys = {key for one, _refusal in conflicts for key in spaces.get(one.room.pk, ())}
    rows = [
        (row.space_id, Span(row.period.lower, row.period.upper))
        for row in rows_within(keys, *merged(around))
    ]
    return [
        replace(
            refusal,
            values={
                **refusal.values,
                "date_id": one.date.pk,
                "free": _free_that_day(one, spaces.get(one.room.pk, ()), rows),
            },
        )
        for one, refusal in conflicts
    ]


def _free_that_day(
    one: Planned, spaces: Sequence[int], rows: Iterable[tuple[int, Span]]
) -> tuple[Span, ...]:
    taken = [span for space_id, span in rows if space_id in spaces]
    return tuple(free_spans(one.room, berlin_day(one.span.start), taken, one.date.booking.use))


def are_approved_at_once(planned: Iterable[Planned]) -> bool:
    """Tell whether the rules of the rooms promise all these times without anybody deciding."""
    return all(
        is_promised_at_once(one.room, one.span, one.date.booking.association) for one in planned
    )


# Making it so ------------------------------------------------------------------------------------


def carry_out(planned: Sequence[Planned], locked: Locked) -> list[Span]:
    """Give dates their new rooms and times, all at once; return the time that they had.

    `holds_until` is written as it is set. Raises IntegrityError (23P01) if something is in the way.
    """
    dates = [one.date for one in planned]
    freed = merged(date.period for date in dates)
    ledger.release(dates)
    for one in planned:
        before, after = one.room.buffers_for(one.date.booking.use)
        one.date.room = one.room
        one.date.setup_minutes = before // MINUTE
        one.date.turnover_minutes = after // MINUTE
    series.move_occurrences([(one.date.occurrence, one.span) for one in planned])
    BookingDate.objects.bulk_update(
        dates, ["room", "setup_minutes", "turnover_minutes", "holds_until"]
    )
    standing = [date for date in dates if date.stands]
    if standing:
        ledger.take(standing, locked)
    return freed
