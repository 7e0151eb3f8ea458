"""The centre decides: promise, refuse, ask back."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from bookings import ledger
from bookings.ledger import Locked
from bookings.models import Booking, BookingDate, BookingLog
from bookings.notifications import Notice, notify, stop
from bookings.rules.policy import answer_end
from bookings.rules.refusals import Code, Refusal, RefusedError
from bookings.rules.spans import Span, merged
from bookings.rules.states import Action, DateState, Role
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.policies import read_policies
from bookings.services.locked_request import close_question, free, lock_request
from bookings.services.making_room import Place, TimeTakenError, make_room
from bookings.services.open_changes import let_changes_follow
from bookings.services.transitions import (
    DateTransitionError,
    apply_all,
    next_version,
    undo_promises,
)
from bookings.services.waiting import let_in_waiting
from bookings.services.year_plans import lock_plan_of, note_if_decided, reopen
from cms.models import User

__all__ = [
    "DecidedAlreadyError",
    "TimeTakenError",
    "approve",
    "ask",
    "decide",
    "question_due",
    "reject",
    "undo_approval",
]

UNDO_FOR = timedelta(minutes=2)


class DecidedAlreadyError(Exception):
    """Somebody was first; `entry` says who, when and what. Nothing of this decision is stored."""

    def __init__(self, entry: BookingLog) -> None:
        super().__init__(str(entry))
        self.entry = entry


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

    Raises DecidedAlreadyError, TimeTakenError, RefusedError (DATE_OVER), ledger.BusyError.
    """

    def promise() -> datetime | None:
        plan = lock_plan_of(booking)
        held = lock_request(booking, date_ids, and_rivals=True)
        entries, displaced = _promise(held.dates, held.locked, actor=actor, now=now, text=message)
        # What displaced dates took beyond the promised time is free for others.
        let_in_waiting(displaced, held.locked, now=now)
        close_question(held.booking)
        next_version(held.booking)
        mail_at = now + UNDO_FOR if keep_mail_back and not displaced else None
        notify(Notice(entry=entries[0], dates=held.dates), now=now, not_before=mail_at)
        note_if_decided(plan, actor=actor, now=now)
        return mail_at

    return ledger.in_one_go(promise)


def undo_approval(*, booking: Booking, date_ids: Iterable[int], actor: User, now: datetime) -> None:
    """Take a promise back before its mail went out. Raises DecidedAlreadyError afterwards.

    The dates are as before: what was kept free is until the same moment, unless that is over; what
    was asked is asked again, unless the group has answered meanwhile.
    """

    def decide() -> None:
        plan = lock_plan_of(booking)
        held = lock_request(booking, date_ids)
        steps = BookingLog.objects.filter(date__in=held.dates, action=Action.APPROVE)
        promises = {entry.date_id: entry for entry in steps.order_by("at", "pk")}  # the last one
        kept_back = {
            at
            for at, entry in {entry.at: entry for entry in promises.values()}.items()
            if stop(entry, now=now)
        }
        question = _last_question(held.booking)
        back_to = []
        for date in held.dates:
            promise = promises.get(date.pk)
            if promise is None or promise.at not in kept_back:
                raise DecidedAlreadyError(_last_step(date))
            until = promise.held_until
            date.holds_until = until if until and until > now else None
            before = DateState(promise.from_state)
            answered = before is DateState.NEEDS_INFO and not question
            back_to.append(DateState.REQUESTED if answered else before)
        try:
            undo_promises(held.dates, back_to, actor=actor, now=now)
        except DateTransitionError as error:
            raise DecidedAlreadyError(_last_step(error.date)) from None
        if question and DateState.NEEDS_INFO in back_to:
            _ask_again(held.booking, question)
        for at in kept_back:
            reopen(plan, decided_at=at)
        let_go = [date for date in held.dates if not date.stands]
        ledger.release(let_go)
        freed = let_changes_follow(held.dates, held.locked, now=now)
        freed = merged([*(date.period for date in let_go), *freed])
        let_in_waiting(freed, held.locked, now=now, except_dates=[date.pk for date in let_go])
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
        plan = lock_plan_of(booking)
        held = lock_request(booking, date_ids)
        entries = _apply(
            held.dates, Action.REJECT, actor=actor, now=now, text=reason, suggestion=suggestion
        )
        close_question(held.booking)
        next_version(held.booking)
        notify(Notice(entry=entries[0], dates=held.dates, suggestion=suggestion), now=now)
        free(held.dates, held.locked, now=now)
        note_if_decided(plan, actor=actor, now=now)

    ledger.in_one_go(decide)


def decide(
    *,
    booking: Booking,
    approve: Iterable[int],
    reject: Iterable[int],
    actor: User,
    now: datetime,
    reason: str = "",
    suggestion: str = "",
    message: str = "",
) -> None:
    """Promise some dates of a request and refuse others: one transaction, one mail.

    `approve`, `reject`: keys of dates. `reason` and `suggestion` are for those refused, `message`
    goes along with the promise. Raises DecidedAlreadyError, TimeTakenError, RefusedError (DATE_OVER for
    a promise of what has begun), ReasonMissingError for a refusal without one, ledger.BusyError, and
    ValueError without any date or for one in both lists.
    """
    yes, no = set(approve), set(reject)
    if yes & no or not yes | no:
        msg = "at least one date, and each in one list"
        raise ValueError(msg)

    def decide_all() -> None:
        plan = lock_plan_of(booking)
        held = lock_request(booking, yes | no, and_rivals=True)
        refused = [date for date in held.dates if date.pk in no]
        promised = [date for date in held.dates if date.pk in yes]
        entries = _apply(
            refused, Action.REJECT, actor=actor, now=now, text=reason, suggestion=suggestion
        )
        ledger.release(refused)
        steps, displaced = _promise(promised, held.locked, actor=actor, now=now, text=message)
        close_question(held.booking)
        next_version(held.booking)
        entry = [*steps, *entries][0]
        notify(Notice(entry=entry, dates=promised or refused, suggestion=suggestion), now=now)
        free(refused, held.locked, now=now)
        let_in_waiting(displaced, held.locked, now=now)
        note_if_decided(plan, actor=actor, now=now)

    ledger.in_one_go(decide_all)


def ask(*, booking: Booking, actor: User, question: str, now: datetime) -> None:
    """Ask the group something; its dates keep their time at least until the answer is due.

    What has begun is left alone. Raises DecidedAlreadyError when there is nothing left to ask about.
    """

    def decide() -> None:
        held = lock_request(booking)
        open_dates = [
            date
            for date in held.dates
            if date.state == DateState.REQUESTED and date.span.start > now
        ]
        if not open_dates:
            raise DecidedAlreadyError(_last_step(held.dates[0]))
        due = question_due(open_dates, now=now)
        for date in open_dates:
            if date.holds_until is not None:
                date.holds_until = max(date.holds_until, _answer_time(date, now))
        entries = _apply(open_dates, Action.ASK, actor=actor, now=now, text=question)
        held.booking.question = question
        held.booking.question_due = due
        held.booking.save(update_fields=["question", "question_due"])
        notify(Notice(entry=entries[0], dates=open_dates), now=now)

    ledger.in_one_go(decide)


def question_due(dates: Collection[BookingDate], *, now: datetime) -> dt.date:
    """Return the day by which the group has to answer a question on these dates."""
    read_policies([date.room for date in dates])
    return min(berlin_day(_answer_time(asked, now)) for asked in dates)


def _answer_time(date: BookingDate, now: datetime) -> datetime:
    return answer_end(date.room.policy, date.span.start, now=now)


# Parts -------------------------------------------------------------------------------------------


def _last_question(booking: Booking) -> list[BookingLog]:
    """Return the steps with which the group was asked last, none if it has answered since."""
    last = booking.log.filter(action__in=[Action.ASK, Action.ANSWER]).order_by("at", "pk").last()
    if last is None or last.action == Action.ANSWER:
        return []
    asked = booking.log.filter(action=Action.ASK, at=last.at)
    return list(asked.select_related("date__room", "date__occurrence"))


def _ask_again(booking: Booking, asked: Sequence[BookingLog]) -> None:
    """Open a question again that a decision closed; nothing goes out."""
    if booking.question:
        return
    dates = [entry.date for entry in asked if entry.date is not None]
    booking.question = asked[0].text
    booking.question_due = question_due(dates, now=asked[0].at)
    booking.save(update_fields=["question", "question_due"])


def _promise(
    dates: Sequence[BookingDate], locked: Locked, *, actor: User, now: datetime, text: str
) -> tuple[list[BookingLog], list[Span]]:
    """Promise dates; return their steps, and the time that displaced requests had."""
    if any(date.span.start <= now for date in dates):
        raise RefusedError([Refusal(Code.DATE_OVER, "date")])
    places = [Place.of(date) for date in dates]
    displaced = make_room(places, locked, own=[date.pk for date in dates], now=now)
    waiting = [date for date in dates if not date.stands]
    entries = _apply(dates, Action.APPROVE, actor=actor, now=now, text=text)
    if waiting:
        ledger.take(waiting, locked)
    return entries, displaced


def _apply(
    dates: Sequence[BookingDate],
    action: Action,
    *,
    actor: User,
    now: datetime,
    text: str = "",
    suggestion: str = "",
) -> list[BookingLog]:
    try:
        return apply_all(
            dates,
            action,
            role=Role.MANAGER,
            actor=actor,
            now=now,
            text=text,
            suggestion=suggestion,
        )
    except DateTransitionError as error:
        raise DecidedAlreadyError(_last_step(error.date)) from None


def _last_step(date: BookingDate) -> BookingLog:
    return date.log.select_related("actor").latest("at", "pk")
