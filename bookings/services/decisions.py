"""The centre decides: promise, refuse, ask back."""

import datetime as dt
from collections.abc import Iterable
from datetime import datetime, timedelta

from bookings import ledger
from bookings.ledger import Locked
from bookings.models import Booking, BookingDate, BookingLog
from bookings.notifications import Notice, notify, stop
from bookings.rules.policy import hold_end
from bookings.rules.spans import merged
from bookings.rules.states import HOLDING, Action, DateState, Role, TransitionError
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.occupancy import in_the_way
from bookings.selectors.waiting import rivals_of
from bookings.services.locked_request import close_question, free, lock_request
from bookings.services.transitions import apply, next_version
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


def approve(
    *,
    booking: Booking,
    date_ids: Iterable[int],
    actor: User,
    now: datetime,
    message: str = "",
    keep_mail_back: bool = False,
) -> datetime | None:
    """Promise dates of a request. Requests that held the time go to the waiting list.

    `keep_mail_back`: the mail waits for UNDO_FOR, so that `undo_approval` can still stop it, unless
    somebody was displaced, who is told at once. Return when it goes out, None for at once.

    Raises DecidedAlreadyError, TimeTakenError, ledger.BusyError.
    """

    def decide() -> datetime | None:
        held = lock_request(booking, date_ids, and_rivals=True)
        entries, displaced = [], []
        for date in held.dates:
            displaced += _make_room(date, held.locked, now)
            stood = date.stands
            entries.append(_apply(date, Action.APPROVE, actor=actor, now=now, text=message))
            if not stood:
                ledger.take([date], held.locked)
        # What displaced dates took beyond the promised time is free for others.
        let_in_waiting(merged(rival.period for rival in displaced), held.locked, now=now)
        close_question(held.booking)
        next_version(held.booking)
        mail_at = now + UNDO_FOR if keep_mail_back and not displaced else None
        notify(Notice(entry=entries[0], dates=held.dates), now=now, not_before=mail_at)
        return mail_at

    return ledger.in_one_go(decide)


def undo_approval(*, booking: Booking, date_ids: Iterable[int], actor: User, now: datetime) -> None:
    """Take a promise back before its mail went out. Raises DecidedAlreadyError afterwards."""

    def decide() -> None:
        held = lock_request(booking, date_ids)
        for date in held.dates:
            promise = date.log.filter(action=Action.APPROVE).last()
            if promise is None or not stop(promise, now=now):
                raise DecidedAlreadyError(_last_step(date))
            _apply(date, Action.UNDO_APPROVAL, actor=actor, now=now)
            date.holds_until = hold_end(date.room.policy, date.span.start, now=now)
            date.save(update_fields=["holds_until"])
        next_version(held.booking)

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
        held = lock_request(booking, date_ids)
        entries = [
            _apply(date, Action.REJECT, actor=actor, now=now, text=reason, suggestion=suggestion)
            for date in held.dates
        ]
        close_question(held.booking)
        next_version(held.booking)
        notify(Notice(entry=entries[0], dates=held.dates, suggestion=suggestion), now=now)
        free(held.dates, held.locked, now=now)

    ledger.in_one_go(decide)


def ask(*, booking: Booking, actor: User, question: str, now: datetime) -> None:
    """Ask the group something; its dates keep their time at least until the answer is due.

    Raises DecidedAlreadyError when there is nothing left to ask about.
    """

    def decide() -> None:
        held = lock_request(booking)
        open_dates = [date for date in held.dates if date.state == DateState.REQUESTED]
        if not open_dates:
            raise DecidedAlreadyError(_last_step(held.dates[0]))
        entries = []
        for date in open_dates:
            if date.holds_until is not None:
                date.holds_until = max(date.holds_until, _answer_time(date, now))
            entries.append(_apply(date, Action.ASK, actor=actor, now=now, text=question))
        held.booking.question = question
        held.booking.question_due = question_due(open_dates, now=now)
        held.booking.save(update_fields=["question", "question_due"])
        notify(Notice(entry=entries[0], dates=open_dates), now=now)

    ledger.in_one_go(decide)


def question_due(dates: Iterable[BookingDate], *, now: datetime) -> dt.date:
    """Return the day by which the group has to answer a question on these dates."""
    return min(berlin_day(_answer_time(asked, now)) for asked in dates)


def _answer_time(date: BookingDate, now: datetime) -> datetime:
    return min(now + timedelta(days=date.room.policy.answer_days), date.span.start)


# Parts -------------------------------------------------------------------------------------------


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


def _make_room(date: BookingDate, locked: Locked, now: datetime) -> list[BookingDate]:
    """Send everybody else who asked for the time to the waiting list, and return their dates.

    Raises TimeTakenError.
    """
    rows = in_the_way(locked.of(date.room_id), date.period, except_dates=[date.pk])
    for row in rows:
        if row.closure is not None:
            raise TimeTakenError(date, row.closure.reason)
        if row.booking_date is not None and row.booking_date.state not in HOLDING:
            raise TimeTakenError(date)
    standing = {row.booking_date_id for row in rows if row.booking_date_id}
    others = rivals_of(date, locked.neighbours(date.room_id), also=standing)
    rivals = list(others.filter(state__in=HOLDING))
    for rival in rivals:
        stood = rival.stands
        entry = apply(rival, Action.DISPLACE, role=Role.SYSTEM, now=now)
        if stood:
            ledger.release([rival])
        close_question(rival.booking)
        notify(Notice(entry=entry, dates=[rival]), now=now)
    return rivals
