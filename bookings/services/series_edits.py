"""A group lets its series end earlier, lets it go on, or adds a date that was left out."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from bookings import ledger
from bookings.ledger import ConflictError, Result
from bookings.models import Booking, BookingDate, BookingLog, ChangeRequest, Room
from bookings.notifications import Notice, notify
from bookings.rules.policy import HolidayRule
from bookings.rules.proposal import Choice, HolidayChoice
from bookings.rules.recurrence import Recurrence, days_of, refusals_of_series, spans_of
from bookings.rules.refusals import Code, Refusal, RefusedError
from bookings.rules.spans import Span
from bookings.rules.states import SKIPPED, Action, DateState, Role
from bookings.rules.wall_clock import ONE_DAY, berlin_day, in_berlin, instant
from bookings.selectors.own_changes import runs
from bookings.selectors.policies import read_policies, read_rooms
from bookings.selectors.proposals import (
    Proposal,
    SeriesWish,
    Spaces,
    WantedDate,
    propose,
    rooms_of,
    wanted_dates,
    within_horizon,
)
from bookings.selectors.recurrences import recurrence_of_event
from bookings.services.changes.planning import MINUTE
from bookings.services.locked_request import (
    LockedRequest,
    close_question,
    free,
    lock_request,
    stop_promise,
)
from bookings.services.making_room import Place, displace_waiting
from bookings.services.open_changes import CHANGEABLE, open_changes
from bookings.services.own_dates import refusal_to_cancel
from bookings.services.places import Asked, Outcome, outcome_of
from bookings.services.storing import NewDate, Stored, add_dates, holding
from bookings.services.too_often import refusals_if_too_often
from bookings.services.transitions import apply, apply_all, next_version
from bookings.services.year_plans import lock_plan_of, note_if_decided
from cms.models import User

TOLD = frozenset({DateState.REQUESTED, DateState.WAITLISTED, DateState.APPROVED})


# Earlier -----------------------------------------------------------------------------------------


def end_series(
    *, booking: Booking, after: dt.date, actor: User | None, now: datetime, text: str = ""
) -> list[BookingDate]:
    """Give up all dates after a day in one step: promised ones are cancelled, others withdrawn.

    Their time is free at once, and whoever waits for it gets it. Return the dates. Raises
    RefusedError (NOTHING_TO_END; CANCEL_TOO_LATE for promised dates after the deadline, then nothing
    is given up), and ledger.BusyError.
    """

    def end() -> list[BookingDate]:
        plan = lock_plan_of(booking)
        held = lock_request(booking)
        over = [date for date in held.dates if ends_with(date, after, now)]
        refuse_to_end(over, after, now)
        promised = [date for date in over if date.state == DateState.APPROVED]
        undecided = [date for date in over if date.state != DateState.APPROVED]
        stop_promise(promised, now=now)
        entries = [
            *_apply(promised, Action.CANCEL, actor, now, text),
            *_apply(undecided, Action.WITHDRAW, actor, now, text),
        ]
        close_question(held.booking)
        next_version(held.booking)
        notify(Notice(entry=entries[0], dates=over), now=now)
        free(over, held.locked, now=now, ends_after=after)
        note_if_decided(plan, actor=actor, now=now)
        return over

    return ledger.in_one_go(end)


def ends_with(date: BookingDate, after: dt.date, now: datetime) -> bool:
    is_later = berlin_day(date.span.start) > after and date.span.start > now
    return is_later and date.state in CHANGEABLE


def refuse_to_end(dates: Sequence[BookingDate], after: dt.date, now: datetime) -> None:
    if not dates:
        raise RefusedError([Refusal(Code.NOTHING_TO_END, "after", {"after": after})])
    read_policies(date.room for date in dates)
    promised = [date for date in dates if date.state == DateState.APPROVED]
    refusals = [one for date in promised if (one := refusal_to_cancel(date, now=now))]
    if refusals:
        raise RefusedError(refusals)


def _apply(
    dates: Sequence[BookingDate], action: Action, actor: User | None, now: datetime, text: str
) -> list[BookingLog]:
    if not dates:
        return []
    return apply_all(dates, action, role=Role.BOOKER, actor=actor, now=now, text=text)


# On ----------------------------------------------------------------------------------------------


def propose_extension(
    *, booking: Booking, until: dt.date, now: datetime, recurrence: Recurrence | None = None
) -> Proposal:
    """Return the further dates of a series with their verdicts and choices; nothing is promised.

    They begin on the first day that can still be asked for; `extend_series` leaves out those before.
    `recurrence`: how a single date shall repeat. Raises RefusedError with what is wrong with the
    series as a whole: its end, its length, its rule.
    """
    first, last, room = _edges(booking)
    own = recurrence_of_event(booking.event) or recurrence
    if own is None or not own.is_known or not _begins_with(own, first):
        raise RefusedError([Refusal(Code.UNKNOWN_RULE, "recurrence")])
    start, end = in_berlin(first)
    earliest = now + timedelta(hours=room.policy.lead_hours)
    next_day = _next_day(own, last, earliest)
    if until < next_day:
        raise RefusedError([Refusal(Code.NO_DATES, "until", {"first": next_day})])
    whole = refusals_of_series(own, start.date(), until, start.time(), end.time())
    refusals = [
        one
        for one in within_horizon(whole, until, room, now=now)
        if one.about in {"recurrence", "until"}
    ]
    if refusals:
        raise RefusedError(refusals)
    holidays = HolidayChoice(
        HolidayRule(booking.on_public_holidays), HolidayRule(booking.on_school_holidays)
    )
    wish = SeriesWish(
        room=room,
        recurrence=own,
        first=next_day,
        until=until,
        start=start.time(),
        end=end.time(),
        persons=booking.persons,
        use=booking.use,
        association=booking.association,
        holidays=holidays,
    )
    return propose(wish, now=now)


def extend_series(
    *,
    booking: Booking,
    until: dt.date,
    actor: User | None,
    now: datetime,
    recurrence: Recurrence | None = None,
    proposal: Proposal | None = None,
    choices: Mapping[dt.date, Choice] | None = None,
    text: str = "",
) -> list[BookingDate]:
    """Let a series go on until a day: its further dates are asked for, or promised by the rules.

    `proposal`: the one that was agreed to; a date of it that works no longer refuses all, so that
    nobody gets less than was seen. Without it the dates are proposed now. `choices`: for dates that
    do not work, as proposed; what nobody chose is left out. Return the new dates. Raises
    RefusedError with everything that is wrong, and ledger.BusyError.
    """
    seen = proposal or propose_extension(
        booking=booking, until=until, now=now, recurrence=recurrence
    )
    wanted = wanted_dates(seen, choices)

    def extend() -> list[BookingDate]:
        rooms = rooms_of(wanted)
        ledger.lock_quotas([booking.association_id], (room.policy for room in rooms.values()))
        held = lock_request(booking, and_rooms=[*rooms, seen.wish.room.pk])
        refusals = [
            *_of_whole(held, seen),
            *refusals_to_extend(held.booking, now=now),
            *refusals_if_too_often(held.booking, actor=actor, now=now),
        ]
        outcome = _outcome(held, seen.wish, [*_passed_over(held, seen.wish), *wanted], now)
        if refusals or outcome.refusals:
            raise RefusedError([*refusals, *outcome.refusals])
        stored = add_dates(
            booking=held.booking,
            dates=outcome.dates,
            recurrence=seen.wish.recurrence,
            locked=held.locked,
            actor=actor,
            now=now,
            text=text,
        )
        _tell_of_more(held, outcome.dates, stored, now)
        return stored.dates

    return _taken_if_in_conflict(extend)


def _taken_if_in_conflict(operation: Callable[[], Result]) -> Result:
    try:
        return ledger.in_one_go(operation)
    except ConflictError:  # every writer of ours locks, so this was somebody's own SQL
        raise RefusedError([Refusal(Code.TAKEN, "start", {"free": ()})]) from None


def _edges(booking: Booking) -> tuple[Span, Span, Room]:
    """Return the first and the last date as the rule has them, and the room of the series."""
    dates = booking.dates.order_by("occurrence__original_start")
    spans = [
        Span(*times)
        for times in dates.values_list("occurrence__original_start", "occurrence__original_end")
    ]
    key = Room.objects.get(calendar=booking.event.calendar_id).pk
    return spans[0], spans[-1], read_rooms([key])[key]


def _begins_with(recurrence: Recurrence, first: Span) -> bool:
    day = berlin_day(first.start)
    return days_of(recurrence, day, day) == [day]


def _next_day(recurrence: Recurrence, last: Span, earliest: datetime) -> dt.date:
    """Return the day of the rule after the last date on which one may ask for its time.

    If that is years later, the series will be too long anyway.
    """
    start, ends = in_berlin(last).start.time(), berlin_day(last.start)
    until = max(ends, berlin_day(earliest)) + 70 * ONE_DAY
    later = (day for day in days_of(recurrence, ends, until) if day > ends)
    return next((day for day in later if instant(day, start) >= earliest), until)


def _passed_over(held: LockedRequest, wish: SeriesWish) -> list[WantedDate]:
    """Return the dates of the rule between the last one and those asked for: stored as left out."""
    last = _last_day(held)
    spans = spans_of(wish.recurrence, last, wish.first - ONE_DAY, wish.start, wish.end)
    return [
        WantedDate(
            original=span,
            span=span,
            room=wish.room,
            left_out=DateState.SKIPPED_CONFLICT,
            reason=_("Too soon when the series went on"),
        )
        for span in spans
        if berlin_day(span.start) > last
    ]


def _last_day(held: LockedRequest) -> dt.date:
    return max(berlin_day(date.occurrence.original_start) for date in held.dates)


def _of_whole(held: LockedRequest, proposal: Proposal) -> list[Refusal]:
    """Return whether somebody else let the series go on meanwhile."""
    last = _last_day(held)
    if last >= proposal.wish.first:
        return [Refusal(Code.NO_DATES, "until", {"first": last + ONE_DAY})]
    return []


def refusals_to_extend(booking: Booking, *, now: datetime) -> list[Refusal]:
    """Return why a request cannot get further dates.

    It is a guest's, nothing is left of it, or it goes on as another one or will.
    """
    if booking.is_of_guest:
        return [Refusal(Code.NO_SERIES_FOR_GUESTS, "until")]
    successor = booking.successors.filter(origin_kind=Booking.OriginKind.SPLIT).first()
    if successor is not None:
        return [Refusal(Code.GOES_ON, "until", {"number": successor.number})]
    if not runs(booking.dates.select_related("occurrence"), now=now):
        return [Refusal(Code.NOTHING_LEFT, "until")]
    wishes = open_changes([booking.pk])
    if any(change.kind == ChangeRequest.Kind.FOLLOWING for change in wishes):
        return [Refusal(Code.CHANGE_OPEN, "until")]
    return []


def _outcome(
    held: LockedRequest, wish: SeriesWish, dates: Sequence[WantedDate], now: datetime
) -> Outcome:
    """Return what would be stored, looked at again under the locks. All rooms are read again."""
    rooms = read_rooms({date.room.pk for date in dates} | {wish.room.pk})
    asked = Asked(
        room=rooms[wish.room.pk],
        dates=[replace(date, room=rooms[date.room.pk]) for date in dates],
        persons=held.booking.persons,
        association=held.booking.association,
        recurrence=wish.recurrence,
        use=held.booking.use,
        more_of=held.booking.pk,
    )
    return outcome_of(asked, held.locked.spaces, now=now)


def _tell_of_more(
    held: LockedRequest, dates: Sequence[NewDate], stored: Stored, now: datetime
) -> None:
    booking = held.booking
    told = [
        (entry, date)
        for entry, date in zip(stored.entries, stored.dates, strict=True)
        if date.state in TOLD
    ]
    first = next(date for date in dates if date.takes_place)
    booking.answer_due = berlin_day(holding(first, now=now))
    booking.save(update_fields=["answer_due"])
    next_version(booking)
    notify(Notice(entry=told[0][0], dates=[date for _entry, date in told]), now=now)
    promised = [date for date in stored.dates if date.state is DateState.APPROVED]
    displace_waiting(map(Place.of, promised), held.locked, now=now)


# Added again -------------------------------------------------------------------------------------


def add_back(*, date: BookingDate, actor: User | None, now: datetime) -> BookingDate:
    """Let a date that was left out take place after all: asked for, or promised by the rules.

    Raises RefusedError (NOT_LEFT_OUT, everything that speaks against the date, or that it is not
    free), and ledger.BusyError.
    """

    def add() -> BookingDate:
        ledger.lock_quotas([date.booking.association_id], [date.room.policy])
        held = lock_request(date.booking, [date.pk])
        current = held.dates[0]
        if current.state not in SKIPPED:
            raise RefusedError([Refusal(Code.NOT_LEFT_OUT, "date")])
        new = as_new(current, held.locked.spaces, now=now)
        _stand(current, new, held, actor, now)
        return current

    return _taken_if_in_conflict(add)


def as_new(date: BookingDate, spaces: Spaces, *, now: datetime) -> NewDate:
    """Return how a date that was left out would be stored today. Raises RefusedError."""
    booking = date.booking
    room = read_rooms([date.room_id])[date.room_id]
    wanted = WantedDate(original=date.span, span=date.span, room=room)
    asked = Asked(
        room=room,
        dates=[wanted],
        persons=booking.persons,
        association=booking.association,
        use=booking.use,
        more_of=booking.pk,
    )
    outcome = outcome_of(asked, spaces, now=now)
    if outcome.refusals:
        raise RefusedError(outcome.refusals)
    return outcome.dates[0]


def _stand(
    date: BookingDate, new: NewDate, held: LockedRequest, actor: User | None, now: datetime
) -> None:
    before, after = new.room.buffers_for(held.booking.use)
    date.setup_minutes, date.turnover_minutes = before // MINUTE, after // MINUTE
    entry = apply(date, Action.ADD_BACK, role=Role.BOOKER, actor=actor, now=now)
    if new.state is DateState.APPROVED:
        entry = apply(date, Action.BOOK, role=Role.SYSTEM, actor=actor, now=now)
        date.decided_at = now
    else:
        date.holds_until = new.holds_until
        held.booking.answer_due = berlin_day(holding(new, now=now))
        held.booking.save(update_fields=["answer_due"])
    date.save()
    ledger.take([date], held.locked)
    next_version(held.booking)
    notify(Notice(entry=entry, dates=[date]), now=now)
    if new.state is DateState.APPROVED:
        displace_waiting([Place.of(date)], held.locked, now=now)
