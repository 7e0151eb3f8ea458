"""One date and all that follow: another rhythm, time or room from a date on, under a new number."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import NamedTuple

from django.db.models import QuerySet, prefetch_related_objects

from bookings import ledger
from bookings.ledger import ConflictError
from bookings.models import Booking, BookingDate, ChangedDate, ChangeRequest, Room
from bookings.rules.policy import HolidayRule, last_change
from bookings.rules.proposal import Choice, HolidayChoice, Verdict
from bookings.rules.recurrence import Recurrence, replaced_days
from bookings.rules.refusals import Code, Refusal, RefusedError
from bookings.rules.states import GIVEN_UP, UNDECIDED, Action, DateState
from bookings.selectors.many_dates import HOLIDAYS
from bookings.selectors.own_changes import known_recurrence
from bookings.selectors.policies import is_promised_at_once, read_rooms
from bookings.selectors.proposals import (
    Proposal,
    ProposedDate,
    SeriesWish,
    WantedDate,
    propose,
    rooms_of,
    wanted_dates,
)
from bookings.selectors.recurrences import recurrence_of_event
from bookings.selectors.renewals import undecided_plan_of
from bookings.services import open_changes
from bookings.services.changes.planning import is_partly_decided
from bookings.services.changes.splitting import places_of, split
from bookings.services.locked_request import LockedRequest, lock_request
from bookings.services.making_room import displace_waiting
from bookings.services.open_changes import CHANGEABLE, OF_DATES, log_step, original_day, tell
from bookings.services.own_dates import too_late
from bookings.services.places import Asked, Outcome, outcome_of
from bookings.services.storing import NewDate, holding
from bookings.services.too_often import refusals_if_too_often
from bookings.wording.changes import given_up
from cms.models import User

Kind, Status = ChangeRequest.Kind, ChangeRequest.Status
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class FollowingWish:
    """What shall hold from a date on. Times are Berlin's; an end at 0:00 is 24:00.

    recurrence: None for the one that the series has. first: None for the day of that date.
    """

    room: Room
    until: dt.date
    start: time
    end: time
    recurrence: Recurrence | None = None
    first: dt.date | None = None


def propose_following(
    *, booking: Booking, first_date_id: int, wish: FollowingWish, now: datetime
) -> Proposal:
    """Return the new dates with their verdicts and choices; nothing is promised.

    What was given up of the series is left out unless the group chooses otherwise; a date on a
    holiday that it has stays. Raises RefusedError with what is wrong with the old dates or with the
    series as a whole, also if nothing changes whatever is chosen, BookingDate.DoesNotExist.
    """
    first = booking.dates.select_related("occurrence", "room").get(pk=first_date_id)
    old = list(_following(booking, first).select_related("occurrence"))
    if refusals := _of_old_dates(first, _Old(booking, old), now):
        raise RefusedError(refusals)
    room = read_rooms([wish.room.pk])[wish.room.pk]
    recurrence = wish.recurrence or recurrence_of_event(booking.event)
    if recurrence is None:
        raise RefusedError([Refusal(Code.UNKNOWN_RULE, "recurrence")])
    proposal = propose(
        SeriesWish(
            room=room,
            recurrence=recurrence,
            first=wish.first or original_day(first),
            until=wish.until,
            start=wish.start,
            end=wish.end,
            persons=booking.persons,
            use=booking.use,
            association=booking.association,
            holidays=HolidayChoice(
                HolidayRule(booking.on_public_holidays), HolidayRule(booking.on_school_holidays)
            ),
            replaced=frozenset(date.pk for date in old),
        ),
        now=now,
    )
    proposal = replace(proposal, dates=_preset_as_before(proposal.dates, old))
    if not any(_can_be_had_back(one) for one in proposal.dates):
        _refuse_the_same(booking, recurrence, _taking_place(proposal), old)
    return proposal


def _can_be_had_back(one: ProposedDate) -> bool:
    """Tell whether a date is left out, but need not be: the group may want just this one."""
    return one.preset is Choice.LEAVE_OUT and len(one.choices) > 1


def _taking_place(
    proposal: Proposal, choices: Mapping[dt.date, Choice] | None = None
) -> list[WantedDate]:
    return [date for date in wanted_dates(proposal, choices) if date.left_out is None]


def _refuse_the_same(
    booking: Booking,
    recurrence: Recurrence,
    new: Iterable[WantedDate | NewDate],
    old: Iterable[BookingDate],
) -> None:
    """Raise RefusedError if the new dates are the old ones, and so is the rhythm."""
    before = {(date.room_id, date.span) for date in old if date.state in CHANGEABLE}
    if {(date.room.pk, date.span.in_utc) for date in new} != before:
        return
    if recurrence == known_recurrence(booking):
        raise RefusedError([Refusal(Code.NOTHING_CHANGES, "start")])


def _preset_as_before(
    dates: Sequence[ProposedDate], old: Sequence[BookingDate]
) -> list[ProposedDate]:
    known = {original_day(date): date for date in old if date.state in CHANGEABLE | GIVEN_UP}
    return [_preset(one, [known[day] for day in replaced_days(one.day, known)]) for one in dates]


def _preset(one: ProposedDate, old: Sequence[BookingDate]) -> ProposedDate:
    """Let a free date that was given up be left out, and one on a holiday that stands be kept."""
    if one.works and old and all(date.state in GIVEN_UP for date in old):
        choices = Choice.LEAVE_OUT, Choice.KEEP
        return replace(one, verdict=Verdict.GIVEN_UP, reason=given_up(old[-1]), choices=choices)
    stands = any(original_day(date) == one.day and date.state in CHANGEABLE for date in old)
    if stands and one.verdict in HOLIDAYS and Choice.KEEP in one.choices:
        return replace(one, choices=(Choice.KEEP, Choice.LEAVE_OUT))
    return one


def is_decided_at_once(
    *, dates: Iterable[BookingDate], proposal: Proposal, choices: Mapping[dt.date, Choice]
) -> bool:
    """Tell whether a change as chosen needs no decision: the rest of its old dates goes on at once.

    `dates`: the old ones that take place. Nobody has promised them, or the rules promise all new ones.
    """
    if all(date.state in UNDECIDED for date in dates):
        return True
    group = proposal.wish.association
    return all(
        not date.waits and is_promised_at_once(date.room, date.span, group)
        for date in _taking_place(proposal, choices)
    )


def ask_for_following(
    *,
    booking: Booking,
    first_date_id: int,
    wish: FollowingWish,
    actor: User | None,
    now: datetime,
    proposal: Proposal | None = None,
    choices: Mapping[dt.date, Choice] | None = None,
    text: str = "",
) -> ChangeRequest:
    """Ask for another rhythm, time or room for a date and all that follow.

    What nobody decided on yet goes on as wished at once. Otherwise the old dates stay until
    somebody has decided, and the wish holds what it needs beyond them; it is granted at once where
    the rules promise all new dates, and who only waited for these goes to the waiting list.
    `proposal`: the one that was agreed to; a date of it that works no longer refuses all. Without it
    the dates are proposed now. `choices`: for new dates that do not work, as proposed; what nobody
    chose is left out. Return the wish, GRANTED or OPEN.

    Raises RefusedError with everything that is wrong, BookingDate.DoesNotExist for a date of another
    request, and ledger.BusyError.
    """
    seen = proposal or propose_following(
        booking=booking, first_date_id=first_date_id, wish=wish, now=now
    )
    dates = wanted_dates(seen, choices)

    def ask() -> ChangeRequest:
        return _ask(booking, first_date_id, seen.wish, dates, actor, now, text)

    try:
        return ledger.in_one_go(ask)
    except ConflictError:  # every writer of ours locks, so this was somebody's own SQL
        raise RefusedError([Refusal(Code.TAKEN, "start", {"free": ()})]) from None


def _ask(
    booking: Booking,
    first_date_id: int,
    wish: SeriesWish,
    dates: Sequence[WantedDate],
    actor: User | None,
    now: datetime,
    text: str,
) -> ChangeRequest:
    first = BookingDate.objects.select_related("occurrence").get(pk=first_date_id)
    rooms = rooms_of(dates)
    ledger.lock_quotas([booking.association_id], (room.policy for room in rooms.values()))
    held = lock_request(
        booking, _following(booking, first).values_list("pk", flat=True), and_rooms=rooms
    )
    first = next(date for date in held.dates if date.pk == first_date_id)
    outcome = _outcome(held, wish, dates, now)
    refusals = [
        *_of_old_dates(first, held, now),
        *refusals_if_too_often(held.booking, actor=actor, now=now),
        *outcome.refusals,
    ]
    if refusals:
        raise RefusedError(refusals)
    taking_place = [date for date in outcome.dates if date.takes_place]
    _refuse_the_same(held.booking, wish.recurrence, taking_place, held.dates)
    change = _store(held, first, wish.recurrence, outcome.dates, actor, now, text)
    states = {date.state for date in held.dates if date.state in CHANGEABLE}
    if states <= UNDECIDED or outcome.is_booked_at_once:
        new = _held_no_longer(outcome.dates, held.dates)
        split(change, new, held, actor=actor, now=now)
        displace_waiting(places_of(change, new), held.locked, now=now)
        return change
    change.holds_until = min(holding(taking_place[0], now=now), first.span.start)
    change.save(update_fields=["holds_until"])
    open_changes.hold(change, held.dates, held.locked)
    step = log_step(change, Action.ASK_CHANGE, now=now, actor=actor, text=text)
    tell(step, _standing(held), change, now=now)
    return change


def _held_no_longer(new: Sequence[NewDate], old: Sequence[BookingDate]) -> list[NewDate]:
    """Let what goes on be held no longer than what it replaces, as a date that moves."""
    ends = [date.holds_until for date in old if date.state in UNDECIDED and date.holds_until]
    if not ends:
        return list(new)
    return [
        replace(date, holds_until=min(date.holds_until, max(ends))) if date.holds_until else date
        for date in new
    ]


def _following(booking: Booking, first: BookingDate) -> QuerySet[BookingDate]:
    return BookingDate.objects.filter(
        booking=booking, occurrence__original_start__gte=first.occurrence.original_start
    )


def _standing(held: LockedRequest) -> list[BookingDate]:
    return [date for date in held.dates if date.state in CHANGEABLE]


class _Old(NamedTuple):
    """A request and the dates that shall be replaced, as long as nothing is locked."""

    booking: Booking
    dates: list[BookingDate]


def _of_old_dates(first: BookingDate, held: LockedRequest | _Old, now: datetime) -> list[Refusal]:
    if first.state not in CHANGEABLE:
        return [Refusal(Code.DATE_GONE, "date", {"date_id": first.pk})]
    if first.span.start <= now:
        return [Refusal(Code.DATE_OVER, "date", {"date_id": first.pk})]
    states = {date.state for date in held.dates if date.span.start > now}
    found = refusals_to_change(held.booking)
    if DateState.OFFERED in states or is_partly_decided(states):
        found.append(Refusal(Code.PARTLY_DECIDED, "date", {"date_id": first.pk}))
    if now > last_change(first.room.policy, first.span.start):
        found.append(too_late(Code.CHANGE_TOO_LATE, first, first.room.policy.change_hours))
    keys = {date.pk for date in held.dates}
    for change in open_changes.open_changes([held.booking.pk]):
        if keys & {date.pk for date in open_changes.replaced_dates(change)}:
            found.append(Refusal(Code.CHANGE_OPEN, "date", {"date_id": first.pk}))
            break
    return found


def refusals_to_change(booking: Booking) -> list[Refusal]:
    """Return why a series cannot be changed from any date on: the new one would leave its plan."""
    plan = undecided_plan_of(booking)
    return [Refusal(Code.IN_PLAN, "date", {"plan": plan.name})] if plan is not None else []


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
        replaced=frozenset(date.pk for date in held.dates),
    )
    return outcome_of(asked, held.locked.spaces, now=now)


def _store(
    held: LockedRequest,
    first: BookingDate,
    recurrence: Recurrence,
    dates: Sequence[NewDate],
    actor: User | None,
    now: datetime,
    text: str,
) -> ChangeRequest:
    change = ChangeRequest.objects.create(
        booking=held.booking,
        kind=Kind.FOLLOWING,
        first_date=first,
        recurrence=recurrence.name,
        text=text,
        requested_by=actor,
        requested_at=now,
    )
    ChangedDate.objects.bulk_create(_changed(change, date, held.booking.use) for date in dates)
    prefetch_related_objects([change], *OF_DATES)
    return change


def _changed(change: ChangeRequest, date: NewDate, use: str) -> ChangedDate:
    before, after = date.room.buffers_for(use)
    stands = date.state is DateState.APPROVED or date.holds_until is not None
    return ChangedDate(
        change=change,
        room=date.room,
        start=date.span.start,
        end=date.span.end,
        original_start=date.original.start,
        original_end=date.original.end,
        left_out="" if stands else date.state,
        reason=date.reason[:300],
        setup_minutes=before // MINUTE,
        turnover_minutes=after // MINUTE,
    )
