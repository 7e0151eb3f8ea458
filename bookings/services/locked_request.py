"""A request under lock, as every step on it begins: spaces first, then the request, then its dates."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bookings import ledger
from bookings.ledger import Locked
from bookings.models import Booking, BookingDate, BookingLog
from bookings.notifications import stop
from bookings.notifications.reminders import stop_reminders
from bookings.rules.spans import merged
from bookings.rules.states import Action, DateState
from bookings.selectors.occupancy import spaces_around
from bookings.services.open_changes import let_changes_follow, rooms_of_open_changes
from bookings.services.waiting import let_in_waiting


@dataclass(frozen=True)
class LockedRequest:
    """A request and those of its dates that a step is about, as they are now."""

    booking: Booking
    dates: list[BookingDate]
    locked: Locked


def lock_request(
    booking: Booking,
    date_ids: Iterable[int] | None = None,
    *,
    and_rivals: bool = False,
    and_rooms: Iterable[int] = (),
    within: Locked | None = None,
) -> LockedRequest:
    """Lock the spaces, then the request, then read again; without `date_ids` all its dates.

    Those of open wishes to change come along: they follow their dates. `and_rivals`: lock the
    rooms around those of rivals, too, who may have to make room. `and_rooms`: where dates shall go.
    `within`: who takes steps on several requests has locked all their spaces before the first.
    Raises BookingDate.DoesNotExist when none of the dates belongs to the request.
    """
    wanted = BookingDate.objects.filter(booking=booking)
    if date_ids is not None:
        wanted = wanted.filter(pk__in=list(date_ids))
    room_ids = {*wanted.values_list("room_id", flat=True), *and_rooms}
    room_ids |= set(rooms_of_open_changes([booking.pk]))
    if and_rivals:
        room_ids |= spaces_around(room_ids).keys()
    locked = within or ledger.lock_rooms(room_ids)
    if not room_ids <= locked.spaces.keys():  # spaces come in key order, so not one by one
        raise ledger.RoomsChangedError
    held = Booking.objects.select_for_update().get(pk=booking.pk)
    dates = list(wanted.select_related("occurrence", "room").order_by("occurrence__start"))
    if not dates:
        raise BookingDate.DoesNotExist
    if any(date.room_id not in locked.spaces for date in dates):
        raise ledger.RoomsChangedError
    for date in dates:
        date.booking = held
    return LockedRequest(held, dates, locked)


def free(
    dates: Sequence[BookingDate],
    locked: Locked,
    *,
    now: datetime,
    ends_after: dt.date | None = None,
) -> None:
    """Delete the rows of dates that stand no more, and let in who waits for their time.

    Open wishes to change them come first: they may need a part of the time, or are over.
    `ends_after`: the last day of the series, if it ends with these dates given up.
    """
    ledger.release(dates)
    also = let_changes_follow(dates, locked, now=now, ends_after=ends_after)
    let_in_waiting(merged([*(date.period for date in dates), *also]), locked, now=now)


def stop_promise(dates: Iterable[BookingDate], *, now: datetime) -> None:
    """Stop the mail of a promise that still waits and tells only of dates that now are over.

    Otherwise it would arrive after the mail that takes the promise back. So would a reminder.
    """
    dates = list(dates)
    stop_reminders(dates)
    over = {date.pk: date for date in dates if date.decided_at is not None}
    if not over:
        return
    promises: dict[tuple[int, datetime], list[BookingLog]] = {}
    for entry in BookingLog.objects.filter(
        booking__in={date.booking_id for date in over.values()},
        action=Action.APPROVE,
        at__in={date.decided_at for date in over.values()},
    ).order_by("pk"):
        promises.setdefault((entry.booking_id, entry.at), []).append(entry)
    for told in promises.values():
        if {entry.date_id for entry in told} <= over.keys():
            stop(told[0], now=now)


def close_question(booking: Booking) -> None:
    """Forget the open question once none of the request's dates waits for an answer."""
    if booking.question and not booking.dates.filter(state=DateState.NEEDS_INFO).exists():
        booking.question, booking.question_due = "", None
        booking.save(update_fields=["question", "question_due"])
