"""The centre decides on a plan: everything in one step, or nothing."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from bookings import ledger
from bookings.ledger import Locked
from bookings.models import Booking, BookingDate, BookingLog, RenewalRound
from bookings.notifications import Notice, notify
from bookings.rules.obstacles import Cause, Obstacle
from bookings.rules.renewal import PlanCode, PlanFault, PlanRefusedError
from bookings.rules.spans import merged
from bookings.rules.states import HOLDING, UNDECIDED, Action, Role
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.many_dates import Look, look_at
from bookings.selectors.renewals import clashes_of, dates_of_plan
from bookings.selectors.waiting import undecided_dates
from bookings.services.locked_request import close_question
from bookings.services.making_room import displace
from bookings.services.transitions import apply_all, next_version
from bookings.services.waiting import let_in_waiting
from bookings.services.year_plans import lock_plan, note_if_decided, open_dates
from cms.models import User


@dataclass(frozen=True, kw_only=True)
class RoundDecision:
    """What is decided, by keys; what is not in it stays open.

    A request stands for all its open dates but those that are named singly; promised are those that
    have not begun. Refusals carry their reason.
    """

    approve: Collection[int] = ()
    approve_dates: Collection[int] = ()
    reject: Mapping[int, str] = field(default_factory=dict)
    reject_dates: Mapping[int, str] = field(default_factory=dict)

    @property
    def bookings(self) -> set[int]:
        return {*self.approve, *self.reject}

    @property
    def dates(self) -> set[int]:
        return {*self.approve_dates, *self.reject_dates}


@dataclass(frozen=True)
class _Chosen:
    """The dates of a decision as they are now."""

    approved: list[BookingDate]
    rejected: list[tuple[BookingDate, str]]

    @property
    def dates(self) -> list[BookingDate]:
        return [*self.approved, *(date for date, _reason in self.rejected)]


def decide_round(
    *, plan: RenewalRound, decision: RoundDecision, actor: User, now: datetime
) -> bool:
    """Promise and refuse dates of a plan together, with one mail for each request.

    Return whether the whole plan is decided now. Dates that would be promised twice, whose time
    others hold or were promised, or whose room is closed, refuse all of it: so do dates of the plan
    that were moved or added, and hold, if they are left open. Other open dates of the plan stay as
    they are, and who waits for such a time without holding it goes to the waiting list. Raises
    PlanRefusedError and ledger.BusyError.
    """

    def decide() -> bool:
        current = lock_plan(plan)
        _refuse_if_early(current, now)
        rooms = dates_of_plan(current).values_list("room", flat=True).order_by()
        locked = ledger.lock_rooms(rooms)
        held = _lock_bookings(current, decision)
        chosen = _choose(current, decision, now)
        if any(one.room_id not in locked.spaces for one in chosen.dates):
            raise ledger.RoomsChangedError  # moved before we held the spaces
        for one in chosen.dates:
            one.booking = held[one.booking_id]
        # Those that were moved or added since hold their time after all.
        holding = [one for one in chosen.dates if one.stands]
        ledger.release(holding)
        _refuse_conflicts(chosen.approved, locked)
        displaced = _displaced(chosen.approved, current, locked)
        entries = _promise(chosen.approved, locked, actor, now)
        entries += _refuse(chosen.rejected, actor, now)
        displace(displaced, now=now)
        let_in_waiting(merged(one.period for one in holding), locked, now=now)
        for booking in {one.booking_id: one.booking for one in chosen.dates}.values():
            close_question(booking)
            next_version(booking)
        _tell(chosen, entries, now)
        return note_if_decided(current, actor=actor, now=now)

    return ledger.in_one_go(decide)


# What is chosen ----------------------------------------------------------------------------------


def _refuse_if_early(plan: RenewalRound, now: datetime) -> None:
    if plan.decided_at is not None:
        raise PlanRefusedError([PlanFault(PlanCode.DECIDED, values={"name": plan.name})])
    if berlin_day(now) <= plan.collects_until:
        values = {"until": plan.collects_until}
        raise PlanRefusedError([PlanFault(PlanCode.STILL_COLLECTING, values=values)])


def _choose(plan: RenewalRound, decision: RoundDecision, now: datetime) -> _Chosen:
    """Return the dates that are decided. Raises PlanRefusedError for a decision that is none."""
    dates = list(dates_of_plan(plan))
    faults = [
        *_wrong_keys(dates, decision),
        *_over(dates, decision, now),
        *_contradictions(dates, decision),
    ]
    if not decision.bookings and not decision.dates and (count := open_dates(plan, now=now)):
        faults.append(PlanFault(PlanCode.NOTHING_CHOSEN, values={"count": count}))
    if faults:
        raise PlanRefusedError(faults)
    chosen = _Chosen([], [])
    for one in (date for date in dates if date.state in UNDECIDED):
        is_promised = one.pk in decision.approve_dates or one.booking_id in decision.approve
        if one.pk in decision.reject_dates:
            chosen.rejected.append((one, decision.reject_dates[one.pk]))
        elif is_promised and one.span.start > now:
            chosen.approved.append(one)
        elif one.booking_id in decision.reject:
            chosen.rejected.append((one, decision.reject[one.booking_id]))
    return chosen


def _wrong_keys(dates: Sequence[BookingDate], decision: RoundDecision) -> Iterator[PlanFault]:
    """Give what is not in this plan, or decided already: by somebody else, or withdrawn."""
    numbers = {one.booking_id: one.booking.number for one in dates}
    by_key = {one.pk: one for one in dates}
    unknown = (decision.bookings - numbers.keys()) | (decision.dates - by_key.keys())
    for key in sorted(unknown):
        yield PlanFault(PlanCode.NOT_IN_PLAN, values={"key": key})
    open_bookings = {one.booking_id for one in dates if one.state in UNDECIDED}
    for key in sorted(decision.bookings & numbers.keys() - open_bookings):
        yield PlanFault(PlanCode.DECIDED_ALREADY, numbers[key])
    for key in sorted(decision.dates & by_key.keys()):
        one = by_key[key]
        if one.state not in UNDECIDED:
            values = {"span": one.span}
            yield PlanFault(PlanCode.DECIDED_ALREADY, _about(one), values)


def _over(
    dates: Sequence[BookingDate], decision: RoundDecision, now: datetime
) -> Iterator[PlanFault]:
    """Give what shall be promised though it has begun: nobody could come any more."""
    by_booking: dict[int, list[BookingDate]] = {}
    for one in dates:
        if one.state in UNDECIDED:
            by_booking.setdefault(one.booking_id, []).append(one)
            if one.pk in decision.approve_dates and one.span.start <= now:
                yield PlanFault(PlanCode.OVER, _about(one), {"span": one.span})
    for key in sorted(set(decision.approve) & by_booking.keys()):
        last = by_booking[key][-1]
        if last.span.start <= now:
            yield PlanFault(PlanCode.OVER, _about(last), {"span": last.span})


def _contradictions(dates: Sequence[BookingDate], decision: RoundDecision) -> Iterator[PlanFault]:
    numbers = {one.booking_id: one.booking.number for one in dates}
    by_key = {one.pk: one for one in dates}
    for key in sorted(set(decision.approve) & decision.reject.keys()):
        yield PlanFault(PlanCode.BOTH_WAYS, numbers.get(key, str(key)))
    for key in sorted(set(decision.approve_dates) & decision.reject_dates.keys()):
        yield PlanFault(PlanCode.BOTH_WAYS, _about(by_key[key]) if key in by_key else str(key))
    for key, reason in decision.reject.items():
        if not reason.strip():
            yield PlanFault(PlanCode.REASON_MISSING, numbers.get(key, str(key)))
    for key, reason in decision.reject_dates.items():
        if not reason.strip():
            about = _about(by_key[key]) if key in by_key else str(key)
            yield PlanFault(PlanCode.REASON_MISSING, about)


def _about(one: BookingDate) -> str:
    return f"{one.booking.number}, {one.booking.asker}"


def _lock_bookings(plan: RenewalRound, decision: RoundDecision) -> dict[int, Booking]:
    """Lock the requests of a decision in key order, after the spaces; dates are read afterwards."""
    of_dates = BookingDate.objects.filter(pk__in=decision.dates).values("booking")
    named = Booking.objects.filter(Q(pk__in=decision.bookings) | Q(pk__in=of_dates), round=plan)
    return {
        booking.pk: booking
        for booking in named.select_for_update(of=["self"])
        .select_related("association", "centre")
        .order_by("pk")
    }


# What is in the way ------------------------------------------------------------------------------


def _refuse_conflicts(approved: Sequence[BookingDate], locked: Locked) -> None:
    """Raise PlanRefusedError with every time that would be given away twice."""
    faults = [
        PlanFault(
            PlanCode.RIVALS,
            _about(clash.dates[0]),
            {
                "span": clash.dates[0].span,
                "others": tuple(_about(one) for one in clash.dates[1:]),
            },
        )
        for clash in clashes_of(approved)
    ]
    rooms = {one.room_id for one in approved}
    look = look_at(locked.spaces, rooms, (one.period for one in approved))
    for one in approved:
        rows = look.obstacles.of(locked.of(one.room_id), one.period)
        if rows:
            faults.append(_in_the_way(one, rows, look))
    if faults:
        raise PlanRefusedError(faults)


_CODES = {
    Cause.CLOSURE: PlanCode.CLOSED,
    Cause.PROMISE: PlanCode.TAKEN,
    Cause.REQUEST: PlanCode.HELD,
}


def _in_the_way(one: BookingDate, rows: Sequence[Obstacle], look: Look) -> PlanFault:
    row = min(rows, key=lambda row: list(_CODES).index(row.cause))
    values = {"span": one.span, "reason": row.reason, "others": (look.who([row]),)}
    return PlanFault(_CODES[row.cause], _about(one), values)


# Writing -----------------------------------------------------------------------------------------


def _promise(
    dates: Sequence[BookingDate], locked: Locked, actor: User, now: datetime
) -> list[BookingLog]:
    if not dates:
        return []
    entries = apply_all(dates, Action.APPROVE, role=Role.MANAGER, actor=actor, now=now)
    ledger.take(dates, locked)
    return entries


def _refuse(
    rejected: Iterable[tuple[BookingDate, str]], actor: User, now: datetime
) -> list[BookingLog]:
    by_reason: dict[str, list[BookingDate]] = {}
    for one, reason in rejected:
        by_reason.setdefault(reason, []).append(one)
    return [
        entry
        for reason, dates in by_reason.items()
        for entry in apply_all(
            dates, Action.REJECT, role=Role.MANAGER, actor=actor, now=now, text=reason
        )
    ]


def _displaced(
    approved: Sequence[BookingDate], plan: RenewalRound, locked: Locked
) -> list[BookingDate]:
    """Return who asked for these times outside of the plan; none of them holds any."""
    if not approved:
        return []
    rooms = {key for one in approved for key in locked.neighbours(one.room_id)}
    near = undecided_dates().filter(
        room__in=rooms,
        state__in=HOLDING,
        holds_until__isnull=True,
        occurrence__start__lt=max(one.span.end for one in approved),
        occurrence__end__gt=min(one.span.start for one in approved),
    )
    return [
        rival
        for rival in near.exclude(booking__round=plan)
        if any(
            rival.span.overlaps(one.span) and rival.room_id in locked.neighbours(one.room_id)
            for one in approved
        )
    ]


def _tell(chosen: _Chosen, entries: Iterable[BookingLog], now: datetime) -> None:
    """Write one mail for each request: of a promise it names what was refused, too."""
    first: dict[int, BookingLog] = {}
    for entry in entries:  # promises come first
        first.setdefault(entry.booking_id, entry)
    for booking, entry in first.items():
        told = chosen.approved if entry.action == Action.APPROVE else chosen.dates
        dates = [one for one in told if one.booking_id == booking]
        notify(Notice(entry=entry, dates=dates), now=now)
