"""A group asks for a room."""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from bookings import ledger, series
from bookings.ledger import ConflictError
from bookings.models import (
    Association,
    Booking,
    BookingDate,
    BookingLog,
    Layout,
    RequestDraft,
    Room,
)
from bookings.notifications import Notice, notify
from bookings.rules.policy import hold_end
from bookings.rules.recurrence import Recurrence, refusals_of_series
from bookings.rules.refusals import Code, Refusal, RefusedError, Wish, refusals_of
from bookings.rules.spans import Span
from bookings.rules.states import PROMISED, Action, DateState
from bookings.rules.wall_clock import berlin_day, in_berlin, whole_day
from bookings.selectors.hours import free_spans, hours_on
from bookings.selectors.occupancy import in_the_way, rows_within, spaces_around
from cms.models import User

# Without the signs that one mixes up on the telephone.
NUMBER_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
NUMBER_LENGTH = 6


class Waits(StrEnum):
    """What somebody accepts when the time is not free."""

    NO = ""
    BEHIND_REQUEST = "request"  # somebody else asked first
    BEHIND_PROMISE = "promise"  # the waiting list


@dataclass(frozen=True, kw_only=True)
class NewRequest:
    """What a group sends. `spans` without set-up and clearing up: one, or all of the recurrence."""

    room: Room
    association: Association
    requester: User
    spans: Sequence[Span]
    purpose: str
    persons: int
    contact_name: str
    contact_phone: str
    layout: Layout | None = None
    wishes: str = ""
    is_public_event: bool = False
    has_music: bool = False
    has_food: bool = False
    recurrence: Recurrence | None = None
    waits: Waits = Waits.NO


class SentAlreadyError(Exception):
    """The draft was sent before."""

    def __init__(self, booking: Booking) -> None:
        super().__init__(booking.number)
        self.booking = booking


def look_ahead(
    *,
    room: Room,
    span: Span,
    persons: int,
    waits: Waits,
    association: Association | None,
    now: datetime,
) -> None:
    """Tell before sending what would be refused now; nothing is promised by it.

    `association`: who asks, None as long as nobody knows. Raises RefusedError with everything that
    is wrong.
    """
    _check(room, [span], persons, now)
    try:
        _place(room, span, spaces_around([room.pk]).get(room.pk, ()), waits, association)
    except InTheWayError as error:
        raise _refused(room, error) from None


def send_request(
    *, request: NewRequest, now: datetime, draft: RequestDraft | None = None
) -> Booking:
    """Store a request: it holds its time, or waits if the group accepts that.

    Raises RefusedError with everything that is wrong (a time that is gone: CLOSED, TAKEN, HELD
    or one's OWN_…, with the free spans of that day), SentAlreadyError for a draft that was sent, and
    ledger.BusyError. Nothing is stored then.
    """
    _check(request.room, request.spans, request.persons, now, request.recurrence)
    try:
        return ledger.in_one_go(lambda: _send(request, draft, now))
    except InTheWayError as error:
        raise _refused(request.room, error) from None
    except ConflictError:  # every writer of ours locks, so this was somebody's own SQL
        raise RefusedError([Refusal(Code.TAKEN, "start", {"free": ()})]) from None


def _check(
    room: Room,
    spans: Sequence[Span],
    persons: int,
    now: datetime,
    recurrence: Recurrence | None = None,
) -> None:
    refusals = _refusals_of_series(spans, recurrence) if recurrence else []
    for span in spans:
        wish = Wish.of(span, persons)
        hours = hours_on(room, wish.day)
        refusals += refusals_of(
            wish, capacity=room.capacity, hours=hours, policy=room.policy, now=now
        )
    if refusals:
        raise RefusedError(refusals)


def _refusals_of_series(spans: Sequence[Span], recurrence: Recurrence) -> list[Refusal]:
    (first, end), (last, _end) = in_berlin(spans[0]), in_berlin(spans[-1])
    found = refusals_of_series(recurrence, first.date(), last.date(), first.time(), end.time())
    # What is wrong with the times is found on each date.
    return [refusal for refusal in found if refusal.about in {"recurrence", "until"}]


def _send(request: NewRequest, draft: RequestDraft | None, now: datetime) -> Booking:
    if draft is not None:
        _lock_draft(draft)
    locked = ledger.lock_rooms([request.room.pk])
    spaces = locked.of(request.room.pk)
    places = [
        _place(request.room, span, spaces, request.waits, request.association)
        for span in request.spans
    ]
    booking, dates = _store(request, places, now)
    standing = [date for date in dates if date.stands]
    if standing:
        ledger.take(standing, locked)
    entries = BookingLog.objects.bulk_create(_first_step(date, request, now) for date in dates)
    if draft is not None:
        draft.booking = booking
        draft.save(update_fields=["booking"])
    notify(Notice(entry=entries[0], dates=dates), now=now)
    return booking


def _lock_draft(draft: RequestDraft) -> None:
    """Let a second click wait for the first one. Drafts are locked before any space.

    Without a join: after the wait its other side would still be the one from before.
    """
    stored = RequestDraft.objects.select_for_update().get(pk=draft.pk)
    if stored.booking is not None:
        raise SentAlreadyError(stored.booking)


class Place(NamedTuple):
    """Where a date would stand."""

    state: DateState
    holds: bool


class InTheWayError(Exception):
    """The time is not free. What else is free that day is looked up once the locks are gone."""

    def __init__(self, code: Code, span: Span, **values: str) -> None:
        super().__init__(code)
        self.code, self.span, self.values = code, span, values


def _place(
    room: Room, span: Span, spaces: Sequence[int], waits: Waits, association: Association | None
) -> Place:
    """Return where a new date would stand. Raises InTheWayError."""
    taken = in_the_way(spaces, span.widened(*room.buffers))
    closures = [row.closure for row in taken if row.closure is not None]
    if closures:
        raise InTheWayError(Code.CLOSED, span, reason=closures[0].reason)
    dates = [row.booking_date for row in taken if row.booking_date is not None]
    promised = [date for date in dates if date.state in PROMISED]
    if promised:
        if _all_own(promised, association):  # nobody waits for what is promised to them
            raise InTheWayError(Code.OWN_TAKEN, span)
        if waits is not Waits.BEHIND_PROMISE:
            raise InTheWayError(Code.TAKEN, span)
        return Place(DateState.WAITLISTED, holds=False)
    if dates and waits is Waits.NO:
        raise InTheWayError(Code.OWN_HELD if _all_own(dates, association) else Code.HELD, span)
    return Place(DateState.REQUESTED, holds=not dates)


def _all_own(dates: Sequence[BookingDate], association: Association | None) -> bool:
    """Tell whether all these dates are of the group that asks."""
    return association is not None and all(
        date.booking.association_id == association.pk for date in dates
    )


def _refused(room: Room, error: InTheWayError) -> RefusedError:
    day = berlin_day(error.span.start)
    spaces = spaces_around([room.pk]).get(room.pk, ())
    rows = rows_within(spaces, whole_day(day).widened(*room.buffers))
    taken = [Span(row.period.lower, row.period.upper) for row in rows]
    free = tuple(free_spans(room, day, taken))
    return RefusedError([Refusal(error.code, "start", {"free": free, **error.values})])


def _store(
    request: NewRequest, places: Sequence[Place], now: datetime
) -> tuple[Booking, list[BookingDate]]:
    room = request.room
    number = new_number()
    event, occurrences = series.create_event(
        calendar_id=room.calendar_id,
        title=number,
        dates=[series.SeriesDate(span) for span in request.spans],
        recurrence=request.recurrence,
    )
    booking = Booking.objects.create(
        number=number,
        uid=uuid.uuid4(),
        event=event,
        centre=room.centre,
        association=request.association,
        requester=request.requester,
        purpose=request.purpose,
        persons=request.persons,
        contact_name=request.contact_name,
        contact_phone=request.contact_phone,
        layout=request.layout,
        wishes=request.wishes,
        is_public_event=request.is_public_event,
        has_music=request.has_music,
        has_food=request.has_food,
        sent_at=now,
        answer_due=berlin_day(hold_end(room.policy, request.spans[0].start, now=now)),
    )
    dates = BookingDate.objects.bulk_create(
        BookingDate(
            booking=booking,
            room=room,
            occurrence=occurrence,
            state=place.state,
            holds_until=hold_end(room.policy, occurrence.start, now=now) if place.holds else None,
            setup_minutes=room.setup_minutes,
            turnover_minutes=room.turnover_minutes,
        )
        for place, occurrence in zip(places, occurrences, strict=True)
    )
    return booking, dates


def _first_step(date: BookingDate, request: NewRequest, now: datetime) -> BookingLog:
    waits_behind_promise = date.state == DateState.WAITLISTED
    return BookingLog(
        booking=date.booking,
        date=date,
        action=Action.JOIN_WAITLIST if waits_behind_promise else Action.SEND,
        from_state=DateState.DRAFT,
        to_state=date.state,
        actor=request.requester,
        at=now,
    )


def new_number() -> str:
    """Return a number that can be said on the telephone and that nobody can guess."""
    return "".join(secrets.choice(NUMBER_SIGNS) for _sign in range(NUMBER_LENGTH))
