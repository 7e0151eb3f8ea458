"""The centre decides: promise, refuse, ask back, take back."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bookings import ledger
from bookings.ledger import Locked
from bookings.models import Booking, BookingDate, BookingLog, Closure
from bookings.notifications import Notice, notify, stop
from bookings.rules.policy import POLICY
from bookings.rules.spans import merged
from bookings.rules.states import HOLDING, Action, DateState, Role, TransitionError
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.waiting import rivals_of
from bookings.services.closures import store_closure
from bookings.services.transitions import apply, hold_end, next_version
from bookings.services.waiting import let_in_waiting
from cms.models import User

UNDO_FOR = timedelta(minutes=2)


class DecidedAlreadyError(Exception):
    """Somebody was first; `entry` says who, when and what. Nothing of this decision is stored."""

    def __init__(self, entry: BookingLog) -> None:
        super().__init__(str(entry))
        self.entry = entry


class TimeTakenError(Exception):
    """The time of a waiting date is promised to somebody else, or the room is closed."""

    def __init__(self, date: BookingDate, reason: str = "") -> None:
        super().__init__(str(date))
        self.date = date
        self.reason = reason  # of a closure


@dataclass(frozen=True)
class Deciding:
    """A request under lock, as it is now."""

    booking: Booking
    dates: list[BookingDate]
    locked: Locked


def approve(
    *,
    booking: Booking,
    date_ids: Iterable[int],
    actor: User,
    now: datetime,
    message: str = "",
    keep_mail_back: bool = False,
) -> list[BookingDate]:
    """Promise dates of a request. Requests that held the time go to the waiting list.

    `keep_mail_back`: the mail waits for UNDO_FOR, so that `undo_approval` can still stop it.

    Raises DecidedAlreadyError, TimeTakenError, ledger.BusyError.
    """

    def decide() -> list[BookingDate]:
        deciding = lock_request(booking, date_ids)
        entries = []
        for date in deciding.dates:
            _make_room(date, deciding.locked, now)
            stood = date.stands
            entries.append(_apply(date, Action.APPROVE, actor=actor, now=now, text=message))
            if not stood:
                ledger.take([date], deciding.locked)
        close_question(deciding.booking)
        next_version(deciding.booking)
        notify(
            _notice(Action.APPROVE, deciding, entries, text=message),
            now=now,
            not_before=now + UNDO_FOR if keep_mail_back else None,
        )
        return deciding.dates

    return ledger.in_one_go(decide)


def undo_approval(*, booking: Booking, date_ids: Iterable[int], actor: User, now: datetime) -> None:
    """Take a promise back before its mail went out. Raises DecidedAlreadyError afterwards."""

    def decide() -> None:
        deciding = lock_request(booking, date_ids)
        for date in deciding.dates:
            promise = date.log.filter(action=Action.APPROVE).last()
            if promise is None or not stop(promise, now=now):
                raise DecidedAlreadyError(_last_step(date))
            _apply(date, Action.UNDO_APPROVAL, actor=actor, now=now)
            date.holds_until = hold_end(date.span.start, now=now)
            date.save(update_fields=["holds_until"])
        next_version(deciding.booking)

    ledger.in_one_go(decide)


def reject(
    *,
    booking: Booking,
    date_ids: Iterable[int],
    actor: User,
    reason: str,
    suggestion: str = "",
    now: datetime,
) -> None:
    """Refuse dates of a request; who waits for the time gets it.

    Raises DecidedAlreadyError, ledger.BusyError.
    """

    def decide() -> None:
        deciding = lock_request(booking, date_ids)
        entries = [
            _apply(date, Action.REJECT, actor=actor, now=now, text=reason, suggestion=suggestion)
            for date in deciding.dates
        ]
        close_question(deciding.booking)
        next_version(deciding.booking)
        notify(
            _notice(Action.REJECT, deciding, entries, text=reason, suggestion=suggestion), now=now
        )
        free(deciding.dates, deciding.locked, now=now)

    ledger.in_one_go(decide)


def ask(*, booking: Booking, actor: User, question: str, now: datetime) -> None:
    """Ask the group something; its dates keep their time at least until the answer is due.

    Raises DecidedAlreadyError when there is nothing left to ask about.
    """

    def decide() -> None:
        deciding = lock_request(booking, None)
        open_dates = [date for date in deciding.dates if date.state == DateState.REQUESTED]
        if not open_dates:
            raise DecidedAlreadyError(_last_step(deciding.dates[0]))
        entries = []
        for date in open_dates:
            if date.holds_until is not None:
                date.holds_until = max(date.holds_until, _answer_time(date, now))
            entries.append(_apply(date, Action.ASK, actor=actor, now=now, text=question))
        deciding.booking.question = question
        deciding.booking.question_due = question_due(open_dates, now=now)
        deciding.booking.save(update_fields=["question", "question_due"])
        notify(_notice(Action.ASK, deciding, entries, open_dates, text=question), now=now)

    ledger.in_one_go(decide)


def question_due(dates: Iterable[BookingDate], *, now: datetime) -> dt.date:
    """Return the day by which the group has to answer a question on these dates."""
    return min(berlin_day(_answer_time(asked, now)) for asked in dates)


def _answer_time(date: BookingDate, now: datetime) -> datetime:
    return min(now + timedelta(days=POLICY.answer_days), date.span.start)


def revoke(
    *,
    booking: Booking,
    date_ids: Iterable[int],
    actor: User,
    reason: str,
    suggestion: str = "",
    closed_for: str = "",
    now: datetime,
) -> None:
    """Take promised dates back, for care for example.

    `closed_for`: what the room is needed for; it is closed then, and everybody may read this.
    Otherwise who waits for the time gets it. Raises DecidedAlreadyError, ledger.BusyError.
    """

    def decide() -> None:
        deciding = lock_request(booking, date_ids)
        entries = [
            _apply(date, Action.REVOKE, actor=actor, now=now, text=reason, suggestion=suggestion)
            for date in deciding.dates
        ]
        ledger.release(deciding.dates)
        for date in deciding.dates if closed_for else []:
            _close_for(closed_for, date, deciding.locked, actor, now)
        next_version(deciding.booking)
        notify(
            _notice(Action.REVOKE, deciding, entries, text=reason, suggestion=suggestion), now=now
        )
        free(deciding.dates, deciding.locked, now=now)

    ledger.in_one_go(decide)


def _close_for(reason: str, date: BookingDate, locked: Locked, actor: User, now: datetime) -> None:
    span = ledger.padded(date)
    closure = Closure(
        centre_id=date.booking.centre_id,
        reason=reason,
        starts_at=span.start,
        ends_at=span.end,
        created_at=now,
        created_by=actor,
    )
    store_closure(closure, {date.room_id: locked.of(date.room_id)})


def free(dates: Sequence[BookingDate], locked: Locked, *, now: datetime) -> None:
    """Delete the rows of dates that stand no more, and let in who waits for their time."""
    ledger.release(dates)
    let_in_waiting(merged(ledger.padded(date) for date in dates), locked, now=now)


# Parts -------------------------------------------------------------------------------------------


def lock_request(booking: Booking, date_ids: Iterable[int] | None) -> Deciding:
    """Lock the spaces, then the request, then read again; `None` means all its dates.

    Raises BookingDate.DoesNotExist when none of the dates belongs to the request.
    """
    wanted = BookingDate.objects.filter(booking=booking)
    if date_ids is not None:
        wanted = wanted.filter(pk__in=list(date_ids))
    locked = ledger.lock_rooms(wanted.values_list("room_id", flat=True))
    held = Booking.objects.select_for_update().get(pk=booking.pk)
    dates = list(wanted.select_related("occurrence", "room").order_by("occurrence__start"))
    if not dates:
        raise BookingDate.DoesNotExist
    if any(date.room_id not in locked.spaces for date in dates):
        raise ledger.RoomsChangedError
    for date in dates:
        date.booking = held
    return Deciding(held, dates, locked)


def _apply(
    date: BookingDate,
    action: Action,
    *,
    actor: User,
    now: datetime,
    text: str = "",
    suggestion: str = "",
) -> BookingLog:
    try:
        return apply(
            date,
            action,
            role=Role.MANAGER,
            actor=actor,
            now=now,
            text=text,
            suggestion=suggestion,
        )
    except TransitionError:
        raise DecidedAlreadyError(_last_step(date)) from None


def _last_step(date: BookingDate) -> BookingLog:
    return date.log.select_related("actor").latest("at", "pk")


def _make_room(date: BookingDate, locked: Locked, now: datetime) -> None:
    """Send everybody else who asked for the time to the waiting list. Raises TimeTakenError."""
    rows = ledger.in_the_way(locked.of(date.room_id), ledger.padded(date), except_dates=[date.pk])
    for row in rows:
        if row.closure is not None:
            raise TimeTakenError(date, row.closure.reason)
        if row.booking_date is not None and row.booking_date.state not in HOLDING:
            raise TimeTakenError(date)
    in_the_way = {row.booking_date_id for row in rows if row.booking_date_id}
    others = rivals_of(date, locked.neighbours(date.room_id), also=in_the_way)
    for rival in others.filter(state__in=HOLDING):
        stood = rival.stands
        entry = apply(rival, Action.DISPLACE, role=Role.SYSTEM, now=now)
        if stood:
            ledger.release([rival])
        notify(
            Notice(action=Action.DISPLACE, booking=rival.booking, dates=[rival], entry=entry),
            now=now,
        )


def close_question(booking: Booking) -> None:
    if booking.question:
        booking.question, booking.question_due = "", None
        booking.save(update_fields=["question", "question_due"])


def _notice(
    action: Action,
    deciding: Deciding,
    entries: Sequence[BookingLog],
    dates: Sequence[BookingDate] | None = None,
    *,
    text: str = "",
    suggestion: str = "",
) -> Notice:
    return Notice(
        action=action,
        booking=deciding.booking,
        dates=dates if dates is not None else deciding.dates,
        entry=entries[0],
        text=text,
        suggestion=suggestion,
    )
