"""What a guest does before the request counts: confirm the address, have the link sent again."""

from datetime import datetime, timedelta

from bookings import ledger
from bookings.models import Booking, BookingDate
from bookings.notifications import Notice, notify
from bookings.rules.refusals import RefusedError
from bookings.rules.states import Action, DateState, Role
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.guests import open_requests_of_guest
from bookings.selectors.occupancy import spaces_around
from bookings.selectors.policies import read_rooms
from bookings.selectors.proposals import WantedDate
from bookings.services.locked_request import LockedRequest, lock_request
from bookings.services.making_room import Place, displace_waiting
from bookings.services.own_dates import NotPossibleError
from bookings.services.places import Asked, outcome_of
from bookings.services.requests import WAITS_FOR, FirmNowError, Waits, with_free_spans
from bookings.services.storing import MINUTE, NewDate, holding
from bookings.services.transitions import apply, next_version
from bookings.tasks import send_links

KEEP_UNVERIFIED = timedelta(hours=24)  # a guest who has not confirmed the address


def confirm_request(
    *, booking: Booking, now: datetime, waits: Waits = Waits.NO, may_be_firm: bool = True
) -> DateState:
    """Let a guest's request count from now on; return what became of its date.

    It holds its time, waits if the guest accepts that, or is promised at once, as every request.
    may_be_firm: False for a guest who was not told of a promise. Raises FirmNowError if it would be
    one then, NotPossibleError if it is confirmed already or came to its end, RefusedError with what
    speaks against it now (a time that is gone with the free spans of that day) and ledger.BusyError;
    the request then stays as it was.
    """
    asked: list[Asked] = []

    def confirm() -> DateState:
        held = lock_request(booking)
        current = held.dates[0]
        if current.state != DateState.UNVERIFIED or now - held.booking.sent_at >= KEEP_UNVERIFIED:
            raise NotPossibleError(current)
        asked.append(_asked(held.booking, current, waits))
        outcome = outcome_of(asked[-1], held.locked.spaces, now=now)
        if outcome.refusals:
            raise RefusedError(outcome.refusals)
        if outcome.is_booked_at_once and not may_be_firm:
            raise FirmNowError
        _let_count(held, current, outcome.dates[0], now)
        return DateState(current.state)

    try:
        return ledger.in_one_go(confirm)
    except RefusedError as error:
        raise RefusedError(with_free_spans(asked[-1], error.refusals)) from None


def promises_at_once(*, booking: Booking, now: datetime) -> bool:
    """Tell whether confirming a request would be a promise; nothing is promised by it."""
    date = booking.dates.select_related("occurrence").get()
    asked = _asked(booking, date, Waits.NO)
    outcome = outcome_of(asked, spaces_around([date.room_id]), now=now)
    return outcome.is_booked_at_once


def _asked(booking: Booking, date: BookingDate, waits: Waits) -> Asked:
    room = read_rooms([date.room_id])[date.room_id]
    return Asked(
        room=room,
        dates=[WantedDate(original=date.span, span=date.span, room=room)],
        persons=booking.persons,
        association=None,
        use=booking.use,
        layout=booking.layout,
        waits=WAITS_FOR[waits],
    )


def _let_count(held: LockedRequest, date: BookingDate, placed: NewDate, now: datetime) -> None:
    booking = held.booking
    entry = apply(date, Action.VERIFY, role=Role.BOOKER, now=now)
    if placed.state is DateState.APPROVED:
        entry = apply(date, Action.BOOK, role=Role.SYSTEM, now=now)
        date.decided_at = now
    elif placed.state is DateState.WAITLISTED:
        apply(date, Action.DISPLACE, role=Role.SYSTEM, now=now)
    date.holds_until = placed.holds_until
    before, after = placed.room.buffers_for(booking.use)
    date.setup_minutes, date.turnover_minutes = before // MINUTE, after // MINUTE
    date.save(update_fields=["decided_at", "holds_until", "setup_minutes", "turnover_minutes"])
    if date.stands:
        ledger.take([date], held.locked)
    # Who asked first is who confirmed first.
    booking.status, booking.sent_at = Booking.Status.SENT, now
    booking.answer_due = berlin_day(holding(placed, now=now))
    booking.save(update_fields=["status", "sent_at", "answer_due"])
    next_version(booking)
    notify(Notice(entry=entry, dates=[date]), now=now)
    if placed.state is DateState.APPROVED:
        displace_waiting([Place.of(date)], held.locked, now=now)


def send_links_again(*, email: str, now: datetime) -> None:
    """Have a guest sent the links of what is to come.

    The worker gets a task whether there is anything or not, so it takes the same time here: from
    outside nobody can measure who has asked for a room.
    """
    send_links.enqueue(open_requests_of_guest(email, now=now))
