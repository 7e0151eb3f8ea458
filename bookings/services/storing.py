"""Writing a request and its dates: event, occurrences, dates, history, ledger. For all who make some.

The caller holds the spaces of the rooms, has checked everything, and queues the mails.
"""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bookings import ledger, series
from bookings.ledger import Locked
from bookings.models import Booking, BookingDate, BookingLog, Room
from bookings.rules.policy import hold_end
from bookings.rules.recurrence import Recurrence
from bookings.rules.spans import Span
from bookings.rules.states import GONE, Action, DateState
from bookings.selectors.seating import same_seating
from bookings.series import SeriesDate
from bookings.wording.changes import seating_gone
from cms.models import User
from cms.rows import insert_rows

# Without the signs that one mixes up on the telephone.
NUMBER_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
NUMBER_LENGTH = 6
MINUTE = timedelta(minutes=1)

FIRST_STEPS = {
    DateState.REQUESTED: Action.SEND,
    DateState.UNVERIFIED: Action.SEND,
    DateState.WAITLISTED: Action.JOIN_WAITLIST,
    DateState.APPROVED: Action.BOOK,
    DateState.OFFERED: Action.OFFER,
    DateState.SKIPPED_HOLIDAY: Action.SKIP_HOLIDAY,
    DateState.SKIPPED_SCHOOL_HOLIDAY: Action.SKIP_SCHOOL_HOLIDAY,
    DateState.SKIPPED_CONFLICT: Action.SKIP_CONFLICT,
    DateState.CLOSED: Action.SKIP_CLOSED,
}


@dataclass(frozen=True, kw_only=True)
class NewDate:
    """A date as it will be stored.

    original: as the rule of the series makes it. span: when it takes place.
    holds_until: of an undecided date that keeps its time, and of an offer.
    reason: why it is left out, as people read it.
    """

    original: Span
    span: Span
    room: Room
    state: DateState
    holds_until: datetime | None = None
    reason: str = ""

    @property
    def takes_place(self) -> bool:
        return self.state not in GONE


class Stored(NamedTuple):
    """What was written, in order; an entry for each date is its first step in the history."""

    dates: list[BookingDate]
    entries: list[BookingLog]


# What a request has from the one it comes from.
_COPIED = (
    *("centre_id", "association_id", "requester_id", "purpose", "use", "persons", "contact_name"),
    *("contact_phone", "wishes", "is_public_event", "has_music", "has_food", "has_alcohol"),
    *("equipment", "terms_id", "guest_name", "guest_email"),
    *("on_public_holidays", "on_school_holidays"),
)


def successor_of(
    origin: Booking, room: Room, *, kind: Booking.OriginKind, now: datetime, **other: Any
) -> Booking:
    """Return an unsaved request that comes from another one, with everything that the group said.

    The seating comes along if this room has it for so many; `other` is not as in the origin.
    """
    layout = origin.layout
    if layout is not None and layout.room_id != room.pk:
        layout = same_seating(layout, [room.pk], origin.persons).get(room.pk)
    values = {name: getattr(origin, name) for name in _COPIED}
    values["layout"] = layout
    return Booking(**{**values, "origin": origin, "origin_kind": kind, "sent_at": now, **other})


def seating_left_behind(successor: Booking, room: Room) -> str:
    """Say that a request has not the seating of the one it comes from, "" if it has.

    For its history, as the text of `store_booking`, and for the mail.
    """
    before = successor.origin.layout if successor.origin else None
    return seating_gone(before, [room]) if before and successor.layout is None else ""


def holding(date: NewDate, *, now: datetime) -> datetime:
    """Return until when this date would be kept free by the rules of its room."""
    return hold_end(date.room.policy, date.span.start, now=now)


def store_booking(
    *,
    booking: Booking,
    dates: Sequence[NewDate],
    recurrence: Recurrence | None,
    locked: Locked,
    actor: User | None,
    now: datetime,
    text: str = "",
    room: Room | None = None,
) -> Stored:
    """Store a request with all its dates, in order, and take the time of those that stand.

    `booking` is unsaved and holds the facts; number, calendar id and event are given here. `room`:
    whose calendar has the event, if the first date may be in another one. Raises IntegrityError
    (23P01) if something is in the way, and ValueError for dates that the recurrence does not make.
    """
    booking.number = new_number()
    booking.uid = uuid.uuid4()
    booking.event, occurrences = series.create_event(
        calendar_id=(room or dates[0].room).calendar_id,
        title=booking.number,
        dates=[_series_date(date) for date in dates],
        recurrence=recurrence,
    )
    insert_rows([booking])
    return _store_dates(booking, dates, occurrences, locked, actor, now, text)


def add_dates(
    *,
    booking: Booking,
    dates: Sequence[NewDate],
    recurrence: Recurrence | None = None,
    locked: Locked,
    actor: User | None,
    now: datetime,
    text: str = "",
) -> Stored:
    """Let a request go on with further dates, as `series.extend_event` takes them."""
    occurrences = series.extend_event(
        booking.event, [_series_date(date) for date in dates], recurrence
    )
    return _store_dates(booking, dates, occurrences, locked, actor, now, text)


def _series_date(date: NewDate) -> SeriesDate:
    moved = date.span if date.span != date.original else None
    return SeriesDate(date.original, moved, cancelled=not date.takes_place)


def _store_dates(
    booking: Booking,
    dates: Sequence[NewDate],
    occurrences: Sequence[object],
    locked: Locked,
    actor: User | None,
    now: datetime,
    text: str,
) -> Stored:
    stored = insert_rows(
        _row(booking, date, occurrence, now)
        for date, occurrence in zip(dates, occurrences, strict=True)
    )
    entries = insert_rows(_first_step(date, actor, now, text) for date in stored)
    standing = [date for date in stored if date.stands]
    if standing:
        ledger.take(standing, locked)
    return Stored(stored, entries)


def _row(booking: Booking, date: NewDate, occurrence: object, now: datetime) -> BookingDate:
    before, after = date.room.buffers_for(booking.use)
    is_promised = date.state is DateState.APPROVED
    return BookingDate(
        booking=booking,
        room=date.room,
        occurrence=occurrence,
        state=date.state,
        holds_until=date.holds_until,
        reason=date.reason,
        decided_at=now if is_promised else None,
        setup_minutes=before // MINUTE,
        turnover_minutes=after // MINUTE,
    )


def _first_step(date: BookingDate, actor: User | None, now: datetime, text: str) -> BookingLog:
    return BookingLog(
        booking=date.booking,
        date=date,
        action=FIRST_STEPS[DateState(date.state)],
        from_state=DateState.DRAFT,
        to_state=date.state,
        actor=actor,
        text=date.reason or text,
        at=now,
    )


def new_number() -> str:
    """Return a number that can be said on the telephone and that nobody can guess."""
    return "".join(secrets.choice(NUMBER_SIGNS) for _sign in range(NUMBER_LENGTH))
