"""Open wishes to change: what they hold, and what becomes of them when their dates change.

Nothing here locks: callers hold the spaces and the request.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db.models import QuerySet

from bookings import ledger
from bookings.ledger import Locked, Use
from bookings.models import BookingDate, BookingLog, ChangedDate, ChangeRequest
from bookings.notifications import Notice, notify
from bookings.rules.policy import hold_end
from bookings.rules.recurrence import replaced_days
from bookings.rules.spans import Span
from bookings.rules.states import GIVEN_UP, SKIPPED, UNDECIDED, Action, DateState
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.occupancy import rows_against
from bookings.selectors.policies import read_policies
from bookings.services.transitions import log_all
from bookings.wording.changes import given_up as given_up_text
from cms.models import User

Status = ChangeRequest.Status
# Dates that take place if all goes well: they can be given up, or go on elsewhere.
CHANGEABLE = UNDECIDED | {DateState.OFFERED, DateState.APPROVED}
# What a decision on a wish, and the mails on it, need of its dates.
OF_DATES = (
    "dates__date__occurrence",
    "dates__date__room",
    "dates__room__use_buffers",
    "dates__old_room",
)


def rooms_of_open_changes(booking_ids: Iterable[int]) -> QuerySet[ChangedDate, int]:
    """Return the keys of the rooms that open wishes of these requests are about."""
    wished = ChangedDate.objects.filter(
        change__booking__in=list(booking_ids), change__status=Status.OPEN
    )
    return wished.order_by().values_list("room_id", flat=True).distinct()


def open_changes(booking_ids: Iterable[int]) -> list[ChangeRequest]:
    """Return the wishes of these requests that nobody has decided on, with their dates."""
    wishes = ChangeRequest.objects.filter(booking__in=list(booking_ids), status=Status.OPEN)
    return list(with_dates(wishes).order_by("pk"))


def with_dates(changes: QuerySet[ChangeRequest]) -> QuerySet[ChangeRequest]:
    """Read wishes with everything that a decision needs, in a few queries."""
    return changes.select_related(
        "booking", "first_date__occurrence", "first_date__room"
    ).prefetch_related(*OF_DATES)


def replaced_dates(change: ChangeRequest) -> list[BookingDate]:
    """Return the dates in whose place the wish would come, whatever their state, in order."""
    if change.kind == ChangeRequest.Kind.MOVE:
        return [changed.date for changed in change.dates.all() if changed.date is not None]
    following = BookingDate.objects.filter(
        booking=change.booking_id,
        occurrence__original_start__gte=change.first_date.occurrence.original_start,
    )
    return list(following.select_related("occurrence", "room").order_by("occurrence__start", "pk"))


def original_day(date: BookingDate) -> dt.date:
    """Return the day on which the rule of its series has a date, wherever it is now."""
    return berlin_day(date.occurrence.original_start)


def begins(change: ChangeRequest) -> datetime:
    """Return when the first date of a wish begins, old or new; it has to be decided by then."""
    dates = change.dates.all()
    old = [changed.date.occurrence.start for changed in dates if changed.date is not None]
    new = [changed.start for changed in dates if not changed.left_out]
    first: datetime = min([change.first_date.occurrence.start, *old, *new])
    return first


def hold(change: ChangeRequest, replaced: Iterable[BookingDate], locked: Locked) -> bool:
    """Take what the wish needs beyond what its old dates take now, if that is free.

    Return whether it was; otherwise nothing is written. Closed times do not count: they may lie
    over anything, and are looked at when the wish is granted.
    """
    wanted = [
        Use(changed.room_id, changed.period)
        for changed in change.dates.all()
        if not changed.left_out
    ]
    own = [Use(date.room_id, date.period) for date in replaced if date.stands]
    parts = ledger.beyond(wanted, own, locked)
    for rows in rows_against([((space_id,), span) for space_id, span in parts]):
        if any(row.closure_id is None for row in rows):
            return False
    ledger.hold_change(change, parts)
    return True


def end(
    change: ChangeRequest,
    status: ChangeRequest.Status,
    *,
    now: datetime,
    actor: User | None = None,
    answer: str = "",
) -> list[Span]:
    """Close a wish; return the time that it held and holds no more."""
    change.status = status
    change.holds_until = None
    change.decided_at, change.decided_by, change.answer = now, actor, answer
    change.save(update_fields=["status", "holds_until", "decided_at", "decided_by", "answer"])
    return ledger.release_change(change)


def let_changes_follow(
    dates: Sequence[BookingDate],
    locked: Locked,
    *,
    now: datetime,
    ends_after: dt.date | None = None,
) -> list[Span]:
    """Bring the open wishes up to date once these dates are gone or have moved.

    A wish for a date that is gone is over. One for all that follow leaves out what would come in
    place of dates given up; `ends_after`: the last day of the series, if they are all that follow.
    It needs the time of dates that moved away itself; if somebody else has it, the wish waits
    without a hold. Call this before anybody else may take the time. Return what became free.
    Raises RoomsChangedError.
    """
    keys = {date.pk for date in dates}
    freed: list[Span] = []
    for change in open_changes({date.booking_id for date in dates}):
        replaced = replaced_dates(change)
        if not keys & {date.pk for date in replaced}:
            continue
        if any(changed.room_id not in locked.spaces for changed in change.dates.all()):
            raise ledger.RoomsChangedError
        if change.kind == ChangeRequest.Kind.FOLLOWING:
            _leave_out_given_up(change, replaced, keys, ends_after)
        if _is_over(change, replaced, keys):
            freed += expire(change, replaced, now=now)
        elif change.holds:
            freed += hold_again(change, replaced, locked, now=now)
    return freed


def _leave_out_given_up(
    change: ChangeRequest,
    replaced: Iterable[BookingDate],
    touched: Collection[int],
    ends_after: dt.date | None,
) -> None:
    """Leave out what a wish wants in place of dates given up now; those of before it knew."""
    given_up = {date.pk for date in replaced if date.pk in touched and date.state in GIVEN_UP}
    old = {
        original_day(date): date
        for date in replaced
        if date.pk in given_up or date.state in CHANGEABLE
    }
    last = next((date for date in reversed(old.values()) if date.pk in given_up), None)
    left_out = []
    for changed in change.dates.all():
        day = berlin_day(changed.original.start)
        dates = [old[one] for one in replaced_days(day, old)]
        if not dates and last and ends_after and day > ends_after:
            dates = [last]
        if changed.left_out not in SKIPPED and dates and given_up.issuperset(d.pk for d in dates):
            changed.left_out = DateState.SKIPPED_CONFLICT
            changed.reason = given_up_text(dates[-1])[:300]
            left_out.append(changed)
    ChangedDate.objects.bulk_update(left_out, ["left_out", "reason"])


def _is_over(
    change: ChangeRequest, replaced: Collection[BookingDate], touched: Collection[int]
) -> bool:
    """Tell whether a wish has lost what it was about: dates that were promised, or all new ones."""
    promised = {date.pk for date in replaced if date.state == DateState.APPROVED}
    if change.kind == ChangeRequest.Kind.MOVE:
        return len(promised) < len(replaced)
    undone = any(date.pk in touched and date.state in UNDECIDED for date in replaced)
    takes_place = any(changed.left_out not in SKIPPED for changed in change.dates.all())
    return undone or not promised or not takes_place


def expire(change: ChangeRequest, replaced: Sequence[BookingDate], *, now: datetime) -> list[Span]:
    """Close a wish that nobody decided on; the group is told if a date of it remains.

    Return the time that it held.
    """
    freed = end(change, Status.EXPIRED, now=now)
    remaining = [date for date in replaced if date.state == DateState.APPROVED]
    entry = log_step(change, Action.EXPIRE_CHANGE, now=now)
    if remaining:
        tell(entry, remaining, change, now=now)
    return freed


def hold_again(
    change: ChangeRequest, replaced: Sequence[BookingDate], locked: Locked, *, now: datetime
) -> list[Span]:
    """Compute anew what a wish holds; without a hold it waits. Return what became free."""
    freed = ledger.release_change(change)
    if hold(change, replaced, locked):
        return freed
    return end_hold(change, replaced, now=now) or freed


def let_waiting_hold(
    spans: Sequence[Span], locked: Locked, *, now: datetime, except_changes: Iterable[int] = ()
) -> None:
    """Let wishes that wait hold what became free, oldest first, as far as all they need is free.

    Requests come first: their groups have no other time. The caller holds the spaces, and who steps
    on a wish holds those of all its rooms; a wish that goes beyond them waits for another occasion.
    Nobody is told. `except_changes`: those that had their turn.
    """
    waiting = ChangeRequest.objects.filter(
        status=Status.OPEN, holds_until=None, dates__room__in=list(locked.spaces)
    ).exclude(pk__in=list(except_changes))
    for change in with_dates(waiting).distinct().order_by("requested_at", "pk"):
        new = [changed for changed in change.dates.all() if not changed.left_out]
        is_possible = all(changed.room_id in locked.spaces for changed in new)
        gains = any(changed.period.overlaps(span) for changed in new for span in spans)
        if is_possible and gains and begins(change) > now:
            _try_to_hold(change, new, locked, now)


def _try_to_hold(
    change: ChangeRequest, new: Sequence[ChangedDate], locked: Locked, now: datetime
) -> None:
    if not hold(change, replaced_dates(change), locked):
        return
    read_policies([changed.room for changed in new])
    change.holds_until = min(
        hold_end(changed.room.policy, min(changed.start, _old_start(change, changed)), now=now)
        for changed in new
    )
    change.save(update_fields=["holds_until"])
    log_step(change, Action.HOLD, now=now)


def _old_start(change: ChangeRequest, changed: ChangedDate) -> datetime:
    start: datetime = (changed.date or change.first_date).occurrence.start
    return start


def end_hold(
    change: ChangeRequest, replaced: Sequence[BookingDate], *, now: datetime
) -> list[Span]:
    """Let go of what a wish holds; it stays open. Return the time."""
    freed = ledger.release_change(change)
    change.holds_until = None
    change.save(update_fields=["holds_until"])
    tell(log_step(change, Action.END_CHANGE_HOLD, now=now), replaced, change, now=now)
    return freed


def log_step(
    change: ChangeRequest,
    action: Action,
    *,
    now: datetime,
    actor: User | None = None,
    text: str = "",
) -> BookingLog:
    """Write down a step of a wish on the first of its dates."""
    change.first_date.booking = change.booking
    return log_all([change.first_date], action, now=now, actor=actor, text=text, change=change)[0]


def tell(
    entry: BookingLog,
    dates: Iterable[BookingDate],
    change: ChangeRequest,
    *,
    now: datetime,
    new: Sequence[BookingDate] = (),
    seating: str = "",
) -> None:
    """Queue the mails of a step of a wish.

    `dates` are those it is about, `new` those that came in their place under another number.
    `seating`: what the group has to know of its seating in the new room.
    """
    dates = list(dates)
    for date in dates:
        date.booking = change.booking
    notify(Notice(entry=entry, dates=dates, change=change, new=new, seating=seating), now=now)
