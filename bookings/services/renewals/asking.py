"""A group renews all its series for another year in one step; asking there holds no time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from django.utils.translation import gettext as _

from bookings import ledger
from bookings.ledger import Locked
from bookings.models import Association, Booking, Membership, RenewalRound, Room
from bookings.notifications import RenewedSeries, notify_renewed
from bookings.rules.policy import HolidayRule
from bookings.rules.proposal import HolidayChoice, Verdict, left_out_state
from bookings.rules.recurrence import Recurrence, refusals_of_series, spans_of
from bookings.rules.renewal import PlanCode, PlanFault, PlanRefusedError, first_in_rhythm
from bookings.rules.spans import Span
from bookings.rules.states import DateState
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.many_dates import Look, SeenDate, look_at
from bookings.selectors.policies import read_rooms
from bookings.selectors.renewals import RunningSeries, renewed_in, series_to_renew
from bookings.services.storing import NewDate, seating_left_behind, store_booking, successor_of
from bookings.services.year_plans import lock_plan
from bookings.wording import recurrence_text
from cms.models import User
from cms.wording import plain_text, span_text


@dataclass(frozen=True, kw_only=True)
class SeriesChange:
    """What shall be different next year; None stays as it is. Times as Berlin's clock shows them."""

    weekdays: tuple[int, ...] | None = None
    start: time | None = None
    end: time | None = None
    room: Room | None = None
    until: date | None = None


@dataclass(frozen=True)
class Renewed:
    """new: what was asked for now. already: what the plan had before."""

    new: list[Booking]
    already: list[Booking]


@dataclass(frozen=True)
class _Wish:
    """A series as it shall go on."""

    running: RunningSeries
    recurrence: Recurrence
    room: Room
    first: date
    until: date
    start: time
    end: time

    @property
    def source(self) -> Booking:
        return self.running.booking

    @property
    def spans(self) -> list[Span]:
        return spans_of(self.recurrence, self.first, self.until, self.start, self.end)

    @property
    def about(self) -> str:
        return about_series(self.running)


def about_series(running: RunningSeries) -> str:
    """Say which series is meant: "jeden Dienstag, 19:00–21:00 Uhr, Saal"."""
    times = plain_text(span_text(running.start, running.end))
    return f"{recurrence_text(running.recurrence)}, {times}, {running.room}"


NO_CHANGES: Mapping[int, SeriesChange] = {}


def renew_series(
    *,
    plan: RenewalRound,
    association: Association,
    actor: User,
    now: datetime,
    changes: Mapping[int, SeriesChange] = NO_CHANGES,
) -> Renewed:
    """Ask for all series of a group for the year of a plan: same rhythm, time, room and holidays.

    `changes`: the key of a series → what shall be different. What the plan has already is left
    alone. Dates that cannot be had are left out with their reason; all others wait without a hold
    until the plan is decided. The group gets one mail on all that is new.

    Raises PlanRefusedError with everything that is wrong, and ledger.BusyError.
    """

    def ask() -> Renewed:
        current = lock_plan(plan)
        _refuse_if_over(current, now)
        running = series_to_renew(current, association, now=now)
        renewed = renewed_in(current, association)
        faults = _unknown_series(running, changes)
        if not running:
            values = {"group": association.name}
            faults.append(PlanFault(PlanCode.NOTHING_TO_RENEW, values=values))
        todo = [one for one in running if one.booking.pk not in renewed]
        wishes = [_wish(one, changes.get(one.booking.pk), current) for one in todo]
        faults += [fault for wish in wishes for fault in _faults(wish, current)]
        if faults:
            raise PlanRefusedError(faults)
        new = _ask_for(wishes, current, _Person(association, actor, now)) if wishes else []
        if new:
            notify_renewed(current, new, now=now)
        return Renewed([one.booking for one in new], list(renewed.values()))

    return ledger.in_one_go(ask)


# What is asked for -------------------------------------------------------------------------------


def _refuse_if_over(plan: RenewalRound, now: datetime) -> None:
    if plan.decided_at is not None:
        raise PlanRefusedError([PlanFault(PlanCode.DECIDED, values={"name": plan.name})])
    if berlin_day(now) > plan.collects_until:
        values = {"until": plan.collects_until}
        raise PlanRefusedError([PlanFault(PlanCode.COLLECTED, values=values)])


def _unknown_series(
    running: Sequence[RunningSeries], changes: Mapping[int, SeriesChange]
) -> list[PlanFault]:
    unknown = changes.keys() - {one.booking.pk for one in running}
    return [PlanFault(PlanCode.NOT_THEIR_SERIES, about=str(key)) for key in sorted(unknown)]


def _wish(running: RunningSeries, change: SeriesChange | None, plan: RenewalRound) -> _Wish:
    change = change or SeriesChange()
    recurrence = running.recurrence
    if change.weekdays is not None:
        recurrence = replace(recurrence, weekdays=change.weekdays)
    first = plan.first
    if recurrence.is_known:
        first = first_in_rhythm(recurrence, running.first, plan.first)
    return _Wish(
        running,
        recurrence,
        room=change.room or running.room,
        first=first,
        until=change.until or plan.last,
        start=running.start if change.start is None else change.start,
        end=running.end if change.end is None else change.end,
    )


def _faults(wish: _Wish, plan: RenewalRound) -> list[PlanFault]:
    """Return what is wrong with a series as it shall go on, whatever its dates are like."""
    found = []
    if not plan.first <= wish.until <= plan.last:
        values = {"first": plan.first, "last": plan.last}
        found.append(PlanFault(PlanCode.UNTIL_OUTSIDE, wish.about, values))
    else:
        refusals = refusals_of_series(wish.recurrence, wish.first, wish.until, wish.start, wish.end)
        found += [
            PlanFault(PlanCode.SERIES, wish.about, {"refusal": refusal}) for refusal in refusals
        ]
    return found + _room_faults(wish, plan)


def _room_faults(wish: _Wish, plan: RenewalRound) -> list[PlanFault]:
    room, persons = wish.room, wish.source.persons
    if room == wish.running.room:
        return []
    if room.centre_id != plan.centre_id:
        return [PlanFault(PlanCode.ROOM_ELSEWHERE, wish.about, {"room": room.name})]
    if room.capacity < persons:
        values = {"room": room.name, "capacity": room.capacity, "persons": persons}
        return [PlanFault(PlanCode.ROOM_TOO_SMALL, wish.about, values)]
    return []


# Its dates ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Person:
    association: Association
    actor: User
    now: datetime

    @property
    def is_member(self) -> bool:
        return Membership.objects.filter(association=self.association, user=self.actor).exists()


def _ask_for(wishes: Sequence[_Wish], plan: RenewalRound, person: _Person) -> list[RenewedSeries]:
    locked = ledger.lock_rooms({wish.room.pk for wish in wishes})
    rooms = read_rooms(wish.room.pk for wish in wishes)
    planned = [replace(wish, room=rooms[wish.room.pk]) for wish in wishes]
    spans = [wish.spans for wish in planned]
    look = look_at(
        locked.spaces,
        rooms,
        (
            span.widened(*wish.room.buffers_for(wish.source.use))
            for wish, found in zip(planned, spans, strict=True)
            for span in (found[0], found[-1])
        ),
    )
    dates = [
        [_new_date(wish, span, look) for span in found]
        for wish, found in zip(planned, spans, strict=True)
    ]
    empty = [
        PlanFault(PlanCode.NO_DATE_LEFT, wish.about)
        for wish, found in zip(planned, dates, strict=True)
        if not any(one.takes_place for one in found)
    ]
    if empty:
        raise PlanRefusedError(empty)
    is_member = person.is_member
    return [
        _store(wish, found, plan, locked, person, is_member=is_member)
        for wish, found in zip(planned, dates, strict=True)
    ]


# Whoever holds the time now may be refused until the plan is decided.
_ASKED_FOR = frozenset({Verdict.FREE, Verdict.HELD})


def _new_date(wish: _Wish, span: Span, look: Look) -> NewDate:
    source = wish.source
    seen = look.at(
        span,
        wish.room,
        holidays=HolidayChoice(
            HolidayRule(source.on_public_holidays), HolidayRule(source.on_school_holidays)
        ),
        group=source.association_id,
        use=source.use,
    )
    is_asked_for = seen.verdict in _ASKED_FOR
    return NewDate(
        original=span,
        span=span,
        room=wish.room,
        state=DateState.REQUESTED if is_asked_for else left_out_state(seen.verdict),
        reason="" if is_asked_for else _reason(seen),
    )


def _reason(seen: SeenDate) -> str:
    if seen.verdict is Verdict.OUTSIDE_HOURS:
        return _("Outside the times of use")
    return seen.reason


def _store(
    wish: _Wish,
    dates: Sequence[NewDate],
    plan: RenewalRound,
    locked: Locked,
    person: _Person,
    *,
    is_member: bool,
) -> RenewedSeries:
    """Write a series; it is the group's own request, also when the centre asks for it."""
    source = wish.source
    booking = successor_of(
        source,
        wish.room,
        kind=Booking.OriginKind.RENEWAL,
        now=person.now,
        association_id=person.association.pk,
        requester_id=person.actor.pk if is_member else source.requester_id,
        round=plan,
        answer_due=plan.first,
    )
    seating = seating_left_behind(booking, wish.room)
    stored = store_booking(
        booking=booking,
        dates=dates,
        recurrence=wish.recurrence,
        locked=locked,
        actor=person.actor,
        now=person.now,
        text=seating,
    )
    return RenewedSeries(
        booking, wish.recurrence, wish.start, wish.end, stored.dates, stored.entries[0], seating
    )
