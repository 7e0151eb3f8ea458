"""The centre takes promised or offered dates back, for care for example, and offers a substitute."""

from collections.abc import Iterable, Sequence
from copy import copy
from datetime import datetime

from bookings import ledger
from bookings.ledger import Locked
from bookings.models import Booking, BookingDate, BookingLog
from bookings.notifications import Notice, notify
from bookings.rules.policy import is_short_notice, substitute_end
from bookings.rules.refusals import Code, Refusal, RefusedError
from bookings.rules.spans import Span
from bookings.rules.states import Action, DateState, Role
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.alternatives import Alternative, refusals_of_substitute
from bookings.selectors.occupancy import in_the_way
from bookings.selectors.policies import read_policies
from bookings.services.closures import store_closures
from bookings.services.decisions import DecidedAlreadyError
from bookings.services.locked_request import LockedRequest, free, lock_request, stop_promise
from bookings.services.storing import NewDate, seating_left_behind, store_booking, successor_of
from bookings.services.transitions import DateTransitionError, apply_all, next_version
from cms.models import User


def revoke(
    *,
    booking: Booking,
    date_ids: Iterable[int],
    actor: User,
    reason: str,
    substitute: Alternative | str = "",
    closed_for: str = "",
    short_notice: bool = False,
    now: datetime,
) -> BookingDate | None:
    """Take promised or offered dates back; one mail tells the reason and the substitute.

    substitute: in words; or for one date a room of the same centre and a time: it is offered to the
    group as a request of its own, held until the offer runs out, and its date is returned.
    closed_for: what the room is needed for; it is closed then, and everybody may read this.
    Otherwise who waits for the time gets it.
    short_notice: the team knows that it is later than it promised to be.

    Raises RefusedError (NOTICE_TOO_SHORT; SUBSTITUTE_TAKEN and what the rules say on it),
    DecidedAlreadyError, ReasonMissingError, ledger.BusyError.
    """
    ids = list(date_ids)

    def decide() -> BookingDate | None:
        also = [substitute.room.pk] if isinstance(substitute, Alternative) else []
        held = lock_request(booking, ids, and_rooms=also)
        return take_back(
            held,
            actor=actor,
            reason=reason,
            substitute=substitute,
            closed_for=closed_for,
            short_notice=short_notice,
            now=now,
        )

    return ledger.in_one_go(decide)


def take_back(
    held: LockedRequest,
    *,
    actor: User,
    reason: str,
    substitute: Alternative | str = "",
    closed_for: str = "",
    short_notice: bool = False,
    now: datetime,
) -> BookingDate | None:
    """Do what `revoke` says in the caller's transaction, which holds the substitute's room, too."""
    if not short_notice:
        _refuse_short_notice(held, now)
    stop_promise(held.dates, now=now)
    suggestion = "" if isinstance(substitute, Alternative) else substitute
    entries = _revoke(held.dates, actor, reason, suggestion, now)
    if closed_for:
        _close_for(held, closed_for, actor, now)
    next_version(held.booking)
    offered = None
    if isinstance(substitute, Alternative):
        ledger.release(held.dates)  # it may overlap the old time
        offered = _offer(held, substitute, actor, now)
    notice = Notice(
        entry=entries[0],
        dates=held.dates,
        suggestion=suggestion,
        substitute=offered,
        seating=seating_left_behind(offered.booking, offered.room) if offered else "",
    )
    notify(notice, now=now)
    free(held.dates, held.locked, now=now)
    return offered


def _close_for(held: LockedRequest, reason: str, actor: User, now: datetime) -> None:
    """Close the rooms of the dates at their times."""
    periods: dict[int, list[Span]] = {}
    for date in held.dates:
        periods.setdefault(date.room_id, []).append(date.period)
    for room_id, spans in periods.items():
        store_closures(
            spans,
            {room_id: held.locked.of(room_id)},
            centre_id=held.booking.centre_id,
            reason=reason,
            actor=actor,
            now=now,
        )


def _refuse_short_notice(held: LockedRequest, now: datetime) -> None:
    read_policies([date.room for date in held.dates])
    late = [
        date.room.policy.notice_days
        for date in held.dates
        if date.state == DateState.APPROVED
        and is_short_notice(date.room.policy, date.span.start, now=now)
    ]
    if late:
        raise RefusedError([Refusal(Code.NOTICE_TOO_SHORT, "short_notice", {"days": max(late)})])


def _revoke(
    dates: Sequence[BookingDate], actor: User, reason: str, suggestion: str, now: datetime
) -> list[BookingLog]:
    try:
        return apply_all(
            dates,
            Action.REVOKE,
            role=Role.MANAGER,
            actor=actor,
            now=now,
            text=reason,
            suggestion=suggestion,
        )
    except DateTransitionError as error:
        last_step = error.date.log.select_related("actor").latest("at", "pk")
        raise DecidedAlreadyError(last_step) from None


# The substitute ----------------------------------------------------------------------------------


def _offer(held: LockedRequest, wanted: Alternative, actor: User, now: datetime) -> BookingDate:
    """Store the substitute as an offer to the same group. Raises RefusedError."""
    booking, room = held.booking, wanted.room
    if room.centre_id != booking.centre_id or len(held.dates) != 1:
        msg = "a substitute is a room of the same centre, for one date"
        raise ValueError(msg)
    _refuse_substitute(booking, wanted, held.locked, now)
    new, end = _request_for(booking, wanted, now)
    stored = store_booking(
        booking=new,
        dates=[
            NewDate(
                original=wanted.span,
                span=wanted.span,
                room=room,
                state=DateState.OFFERED,
                holds_until=end,
            )
        ],
        recurrence=None,
        locked=held.locked,
        actor=actor,
        now=now,
        text=seating_left_behind(new, room),
    )
    return stored.dates[0]


def planned_offer(date: BookingDate, wanted: Alternative, *, now: datetime) -> BookingDate:
    """Return a substitute as it would be offered in place of a date, unsaved: for a preview."""
    offer = copy(date)
    offer.booking, offer.holds_until = _request_for(date.booking, wanted, now)
    offer.booking.number, offer.booking.uid = "...", date.booking.uid
    offer.pk, offer.room = 0, wanted.room
    offer.occurrence = copy(date.occurrence)
    offer.occurrence.start, offer.occurrence.end = wanted.span
    return offer


def _request_for(origin: Booking, wanted: Alternative, now: datetime) -> tuple[Booking, datetime]:
    """Return the unsaved request that a substitute is of, and until when it is held."""
    end = substitute_end(wanted.room.policy, wanted.span.start, now=now)
    new = successor_of(
        origin,
        wanted.room,
        kind=Booking.OriginKind.SUBSTITUTE,
        now=now,
        answer_due=berlin_day(end),
    )
    return new, end


def _refuse_substitute(
    booking: Booking, wanted: Alternative, locked: Locked, now: datetime
) -> None:
    room = wanted.room
    refusals = refusals_of_substitute(wanted, booking.persons, now=now)
    period = wanted.span.widened(*room.buffers_for(booking.use))
    if not refusals and in_the_way(locked.of(room.pk), period):
        refusals = [Refusal(Code.SUBSTITUTE_TAKEN, "substitute")]
    if refusals:
        raise RefusedError(refusals)
