"""Rooms that are closed regularly: every week, or in the school holidays."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from itertools import groupby

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from bookings import ledger
from bookings.ledger import Locked
from bookings.models import BookingDate, Closure, ClosurePlan, Room
from bookings.rules.closed_times import PlannedTimes, closed_spans, faults_of
from bookings.rules.spans import Span
from bookings.rules.states import TRANSITIONS, Action
from bookings.selectors.closed_times import rooms_and_requests_in
from bookings.selectors.occupancy import spaces_around
from bookings.services.closures.once import refuse_unconfirmed, store_closures
from bookings.services.locked_request import lock_request
from bookings.services.open_changes import rooms_of_open_changes
from bookings.services.revoking import take_back
from bookings.services.waiting import let_in_waiting
from bookings.wording.closed_times import PLAN_FAULTS
from cms.models import User
from cms.selectors.schedules import holiday_calendar

Kind = ClosurePlan.Kind


def create_plan(
    *,
    plan: ClosurePlan,
    rooms: Collection[Room],
    actor: User,
    now: datetime,
    confirmed: Collection[int] = (),
    confirmed_wishes: Collection[int] = (),
    revoke_reason: str = "",
) -> ClosurePlan:
    """Close rooms of a centre at all times of a plan that are not over; days that touch are one.

    `plan` is unsaved and says the rest; it is saved and returned.

    Dates that stand in these times are left standing, and wishes to change that hold them stay
    open, but only those whose keys were confirmed. With `revoke_reason` the promised dates are
    taken back, at short notice if need be, and those that a group was offered.

    The queries depend on what is taken back only. Raises DatesInTheWayError with all that is in the
    way, ValidationError with the field at fault for what cannot be kept, and ledger.BusyError;
    nothing is changed then.
    """
    spans = _spans(plan, rooms, now)

    def close() -> ClosurePlan:
        locked = _lock(rooms, spans, and_dates=bool(revoke_reason))
        spaces = {space for room in rooms for space in locked.of(room.pk)}
        standing = refuse_unconfirmed(spaces, spans, confirmed, confirmed_wishes)
        _store(plan, rooms, spans, locked, actor, now)
        if revoke_reason:
            _take_back(standing, locked, revoke_reason, actor, now)
        return plan

    return ledger.in_one_go(close)


def _spans(plan: ClosurePlan, rooms: Collection[Room], now: datetime) -> list[Span]:
    """Return the times to close. Raises ValidationError."""
    plan.clean_fields(exclude=["created_at", "created_by"])
    if not rooms or {room.centre_id for room in rooms} != {plan.centre_id}:
        raise ValidationError({"rooms": _("Please choose rooms of one centre only.")})
    times = PlannedTimes(
        first=plan.first,
        last=plan.last,
        opens=plan.opens,
        closes=plan.closes,
        weekdays=tuple(plan.weekdays),
        is_holiday=_school_holidays() if plan.kind == Kind.SCHOOL_HOLIDAYS else None,
    )
    if faults := faults_of(times, now=now):
        raise ValidationError({field: str(PLAN_FAULTS[fault]) for field, fault in faults})
    return closed_spans(times, now=now)


def _school_holidays() -> Callable[[date], bool]:
    calendar = holiday_calendar()
    return lambda day: calendar.school_name(day) is not None


def _lock(rooms: Collection[Room], spans: Sequence[Span], *, and_dates: bool) -> Locked:
    """Lock the rooms; `and_dates`: also those of the dates, and of the wishes to change them."""
    keys = {room.pk for room in rooms}
    if and_dates:
        spaces = {space for own in spaces_around(keys).values() for space in own}
        of_dates, requests = rooms_and_requests_in(spaces, spans)
        keys |= of_dates | set(rooms_of_open_changes(requests))
    return ledger.lock_rooms(keys)


def _store(
    plan: ClosurePlan,
    rooms: Collection[Room],
    spans: Sequence[Span],
    locked: Locked,
    actor: User,
    now: datetime,
) -> None:
    plan.pk = None  # after a first try that met a deadlock
    plan.created_at, plan.created_by = now, actor
    plan.save(force_insert=True)
    plan.rooms.set(rooms)
    store_closures(
        spans,
        {room.pk: locked.of(room.pk) for room in rooms},
        centre_id=plan.centre_id,
        reason=plan.reason,
        actor=actor,
        now=now,
        plan=plan,
    )


def _take_back(
    standing: Sequence[BookingDate], locked: Locked, reason: str, actor: User, now: datetime
) -> None:
    """Take back what is promised or offered; the rooms are locked and closed already."""
    ours = [date for date in standing if date.state in TRANSITIONS[Action.REVOKE].sources]
    ours.sort(key=lambda date: date.booking_id)
    for _key, dates in groupby(ours, key=lambda date: date.booking_id):
        own = list(dates)
        held = lock_request(own[0].booking, [date.pk for date in own], within=locked)
        take_back(held, actor=actor, reason=reason, short_notice=True, now=now)


def delete_plan(*, plan: ClosurePlan, now: datetime) -> None:
    """Open the rooms again from now on, and let in who waits for the time.

    What is over stays as it was; a closed time that has begun ends now. Raises ledger.BusyError.
    """

    def reopen() -> None:
        rooms = set(plan.rooms.values_list("pk", flat=True))
        locked = ledger.lock_rooms(rooms)
        ahead = list(plan.closures.filter(ends_at__gt=now).order_by("starts_at"))
        ledger.reopen_all(ahead)
        freed = [Span(max(closure.starts_at, now), closure.ends_at) for closure in ahead]
        begun = [closure for closure in ahead if closure.starts_at < now]
        _end_now(begun, {space for room in rooms for space in locked.of(room)}, now)
        plan.closures.filter(starts_at__lt=now).update(plan=None)
        ClosurePlan.objects.filter(pk=plan.pk).delete()
        let_in_waiting(freed, locked, now=now)

    ledger.in_one_go(reopen)


def _end_now(closures: Sequence[Closure], space_ids: Collection[int], now: datetime) -> None:
    for closure in closures:
        closure.ends_at = now
    Closure.objects.bulk_update(closures, ["ends_at"])
    ledger.close_all(closures, space_ids)
