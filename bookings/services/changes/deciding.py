"""What becomes of a wish to change: granted, refused, withdrawn."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bookings import ledger
from bookings.ledger import ConflictError
from bookings.models import ChangeRequest
from bookings.rules.refusals import Code, Refusal, RefusedError
from bookings.rules.spans import Span
from bookings.rules.states import Action, ReasonMissingError
from bookings.selectors.policies import read_policies, read_rooms
from bookings.services import open_changes
from bookings.services.changes.moves import grant_move
from bookings.services.changes.planning import Planned
from bookings.services.changes.splitting import places_of, promised_dates, split
from bookings.services.decisions import DecidedAlreadyError
from bookings.services.locked_request import LockedRequest, lock_request
from bookings.services.making_room import Place, TimeTakenError, make_room
from bookings.services.open_changes import log_step, replaced_dates, tell, with_dates
from bookings.services.waiting import let_in_waiting
from cms.models import User

Kind, Status = ChangeRequest.Kind, ChangeRequest.Status


def grant_change(
    *, change: ChangeRequest, actor: User, now: datetime, message: str = ""
) -> ChangeRequest:
    """Grant a wish; undecided requests for the new time go to the waiting list.

    Raises DecidedAlreadyError, TimeTakenError when the new time is not to be had (a wish without a
    hold, or the room was closed), RefusedError (DATE_OVER), and ledger.BusyError.
    """

    def grant() -> ChangeRequest:
        held, current = lock_change(change)
        if current.kind == Kind.FOLLOWING:
            _grant_following(held, current, actor, now, message)
        else:
            _grant_move(held, current, actor, now, message)
        return current

    try:
        return ledger.in_one_go(grant)
    except ConflictError:  # set-up times of the room have changed since
        raise TimeTakenError(change.first_date) from None


def _grant_move(
    held: LockedRequest, change: ChangeRequest, actor: User, now: datetime, message: str
) -> None:
    planned = _planned(held, change)
    _refuse_past([span for one in planned for span in (one.span, one.date.span)], now)
    freed = _make_room([one.place for one in planned], held, change, now)
    grant_move(change, planned, held, actor=actor, now=now, decided_by=actor, message=message)
    let_in_waiting(freed, held.locked, now=now)


def _grant_following(
    held: LockedRequest, change: ChangeRequest, actor: User, now: datetime, message: str
) -> None:
    dates = promised_dates(change)
    places = places_of(change, dates)
    _refuse_past([change.first_date.span, *(place.span for place in places)], now)
    freed = _make_room(places, held, change, now)
    split(change, dates, held, actor=actor, now=now, decided_by=actor, message=message)
    let_in_waiting(freed, held.locked, now=now)


def _refuse_past(spans: Iterable[Span], now: datetime) -> None:
    if any(span.start <= now for span in spans):
        raise RefusedError([Refusal(Code.DATE_OVER, "date")])


def _make_room(
    places: Sequence[Place], held: LockedRequest, change: ChangeRequest, now: datetime
) -> list[Span]:
    own = [date.pk for date in held.dates]
    return make_room(places, held.locked, own=own, now=now, except_changes=[change.pk])


def refuse_change(*, change: ChangeRequest, actor: User, reason: str, now: datetime) -> None:
    """Refuse a wish; the dates stay as they are, and the group reads why.

    Raises DecidedAlreadyError, ReasonMissingError, and ledger.BusyError.
    """
    if not reason.strip():
        msg = f"{Action.REFUSE_CHANGE} needs a reason"
        raise ReasonMissingError(msg)
    _close(change, Status.REFUSED, Action.REFUSE_CHANGE, actor, now, reason)


def withdraw_change(*, change: ChangeRequest, actor: User | None, now: datetime) -> None:
    """Take a wish back; the dates stay as they are. Raises DecidedAlreadyError, BusyError."""
    _close(change, Status.WITHDRAWN, Action.WITHDRAW_CHANGE, actor, now)


def _close(
    change: ChangeRequest,
    status: ChangeRequest.Status,
    action: Action,
    actor: User | None,
    now: datetime,
    text: str = "",
) -> None:
    def close() -> None:
        held, current = lock_change(change)
        decided_by = actor if status is Status.REFUSED else None
        freed = open_changes.end(current, status, now=now, actor=decided_by, answer=text)
        step = log_step(current, action, now=now, actor=actor, text=text)
        tell(step, held.dates, current, now=now)
        let_in_waiting(freed, held.locked, now=now)

    ledger.in_one_go(close)


def lock_change(change: ChangeRequest) -> tuple[LockedRequest, ChangeRequest]:
    """Lock a wish with its request, and read both again; the dates are those it would replace.

    Raises DecidedAlreadyError unless it is open.
    """
    wished = ChangeRequest.objects.filter(pk=change.pk)
    before = with_dates(wished).get()
    held = lock_request(
        before.booking,
        [date.pk for date in replaced_dates(before)],
        and_rivals=True,
        and_rooms=[changed.room_id for changed in before.dates.all()],
    )
    current = with_dates(wished).get()
    if current.status != Status.OPEN:
        raise DecidedAlreadyError(current.log.select_related("actor").latest("at", "pk"))
    current.booking = held.booking
    return held, current


def _planned(held: LockedRequest, change: ChangeRequest) -> list[Planned]:
    rooms = read_rooms(changed.room_id for changed in change.dates.all())
    read_policies(date.room for date in held.dates)
    wished = {changed.date_id: changed for changed in change.dates.all()}
    return [
        Planned(date, rooms[wished[date.pk].room_id], wished[date.pk].span) for date in held.dates
    ]
