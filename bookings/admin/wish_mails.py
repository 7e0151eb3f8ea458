"""The mails on changes, as they would go out: wishes that are decided on, exchanges. Nothing is written."""

from copy import copy
from datetime import datetime
from urllib.parse import quote

from bookings.models import Booking, BookingDate, BookingLog, ChangedDate, ChangeRequest
from bookings.notifications import MailText, Notice, preview
from bookings.rules.states import TRANSITIONS, Action, DateState
from bookings.selectors.desk_wishes import DeskWish
from bookings.services.changes.seating import seating_missing
from bookings.services.open_changes import CHANGEABLE
from bookings.services.storing import seating_left_behind, successor_of
from bookings.wording.changes import goes_on

NO_NUMBER_YET = "…"


def mail_of_refusal(wish: DeskWish, now: datetime, *, reason: str) -> MailText:
    entry = BookingLog(booking=wish.change.booking, action=Action.REFUSE_CHANGE, text=reason)
    return preview(Notice(entry=entry, dates=wish.replaced, change=wish.change), now=now)


def mail_of_grant(wish: DeskWish, now: datetime, *, message: str) -> MailText:
    wish.change.answer = message  # for the preview only, as the service will store it
    return (_moved_on if wish.is_following else _moved)(wish, now)


def _moved(wish: DeskWish, now: datetime) -> MailText:
    change = wish.change
    dates = [_as_moved(one.date, one) for one in change.dates.all() if one.date is not None]
    notice = Notice(
        entry=BookingLog(booking=change.booking, action=Action.MOVE),
        dates=dates,
        change=change,
        seating=seating_missing(change.booking, [date.room for date in dates]),
    )
    return preview(notice, now=now)


def mail_of_exchange(
    date: BookingDate, other: BookingDate, now: datetime, *, message: str
) -> MailText:
    """Return the mail to the group of `date`, which gets room and time of the other one."""
    booking, room = date.booking, other.room
    moves = ChangedDate(
        date=date,
        room=room,
        start=other.span.start,
        end=other.span.end,
        old_room=date.room,
        old_start=date.span.start,
        old_end=date.span.end,
    )
    notice = Notice(
        entry=BookingLog(booking=booking, action=Action.EXCHANGE),
        dates=[_as_moved(date, moves)],
        change=ChangeRequest(booking=booking, kind=ChangeRequest.Kind.MOVE, answer=message),
        moves=[moves],
        seating=seating_missing(booking, [room]),
    )
    return preview(notice, now=now)


def _as_moved(date: BookingDate, changed: ChangedDate) -> BookingDate:
    moved = copy(date)
    moved.occurrence = copy(date.occurrence)
    moved.occurrence.start, moved.occurrence.end = changed.span
    moved.room = changed.room
    return moved


def _moved_on(wish: DeskWish, now: datetime) -> MailText:
    """Write about the new request, which gets its number when it is stored."""
    change, booking = wish.change, wish.change.booking
    sources = TRANSITIONS[Action.MOVE_ON].sources
    old = [date for date in wish.replaced if date.state in sources and date.span.start > now]
    first = wish.new[0].room
    successor = successor_of(booking, first, kind=Booking.OriginKind.SPLIT, now=now)
    successor.number = NO_NUMBER_YET
    states = {DateState(one.left_out or DateState.APPROVED) for one in change.dates.all()}
    entry = BookingLog(booking=booking, action=Action.MOVE_ON, text=goes_on(successor))
    notice = Notice(
        entry=entry,
        dates=[date for date in old if date.state in CHANGEABLE],
        change=change,
        new=[BookingDate(booking=successor, state=state) for state in states & CHANGEABLE],
        seating=seating_left_behind(successor, first),
    )
    written = preview(notice, now=now)
    return MailText(*map(_without_number, (written.subject, written.text, written.html)))


def _without_number(text: str) -> str:
    """Leave a gap where the number will stand, in an address and at the end of a sentence."""
    return text.replace(quote(NO_NUMBER_YET), NO_NUMBER_YET).replace(
        f"{NO_NUMBER_YET}.", NO_NUMBER_YET
    )
