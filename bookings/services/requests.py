"""A group asks for a room."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from django.db.models import prefetch_related_objects

from bookings import ledger
from bookings.ledger import ConflictError
from bookings.models import Association, Booking, Layout, RequestDraft, Room, TermsOfUse
from bookings.notifications import Notice, notify
from bookings.notifications.guests import notify_to_confirm
from bookings.rules.proposal import HolidayChoice
from bookings.rules.recurrence import Recurrence
from bookings.rules.refusals import Code, Refusal, RefusedError
from bookings.rules.spans import Span
from bookings.rules.states import DateState
from bookings.rules.wall_clock import berlin_day, whole_day
from bookings.selectors.hours import free_spans
from bookings.selectors.occupancy import periods_within, spaces_around
from bookings.selectors.policies import read_policies
from bookings.selectors.proposals import WantedDate, rooms_of
from bookings.services.making_room import Place, displace_waiting
from bookings.services.places import Asked, Outcome, outcome_of, refusals_of_rules
from bookings.services.storing import holding, store_booking
from cms.models import User


class Waits(StrEnum):
    """What somebody accepts when the time is not free."""

    NO = ""
    BEHIND_REQUEST = "request"  # somebody else asked first
    BEHIND_PROMISE = "promise"  # the waiting list


WAITS_FOR = {
    Waits.NO: frozenset[Code](),
    Waits.BEHIND_REQUEST: frozenset({Code.HELD}),
    Waits.BEHIND_PROMISE: frozenset({Code.HELD, Code.TAKEN}),
}


@dataclass(frozen=True)
class Guest:
    """Somebody who asks without an association; the address is not confirmed yet."""

    name: str
    email: str


@dataclass(frozen=True, kw_only=True)
class NewRequest:
    """What a group sends, or a guest: one of `association` and `guest` is given.

    spans: without set-up and clearing up; one, or all of the recurrence. dates: the same with what
    was chosen for each (`selectors.proposals.wanted_dates`); without them all take place as they are.
    """

    room: Room
    association: Association | None
    guest: Guest | None = None
    requester: User | None
    spans: Sequence[Span] = ()
    dates: Sequence[WantedDate] = ()
    purpose: str
    persons: int
    contact_name: str
    contact_phone: str
    use: str = ""
    layout: Layout | None = None
    wishes: str = ""
    is_public_event: bool = False
    has_music: bool = False
    has_food: bool = False
    has_alcohol: bool = False
    equipment: Sequence[str] = ()  # names
    terms: TermsOfUse | None = None  # that were accepted
    recurrence: Recurrence | None = None
    holidays: HolidayChoice = field(default_factory=HolidayChoice)
    waits: Waits = Waits.NO
    may_be_firm: bool = True  # False: nobody was told that it is promised at once

    @property
    def asked(self) -> Asked:
        dates = self.dates or [
            WantedDate(original=span, span=span, room=self.room) for span in self.spans
        ]
        return Asked(
            room=self.room,
            dates=dates,
            persons=self.persons,
            association=self.association,
            recurrence=self.recurrence,
            use=self.use,
            layout=self.layout,
            waits=WAITS_FOR[self.waits],
        )


class SentAlreadyError(Exception):
    """The draft was sent before."""

    def __init__(self, booking: Booking) -> None:
        super().__init__(booking.number)
        self.booking = booking


class FirmNowError(Exception):
    """The request would be promised at once, and who sends it does not know; nothing was stored."""


class TermsChangedError(Exception):
    """The terms of use were rewritten or deleted since they were read; nothing was stored."""


def look_ahead(
    *,
    room: Room,
    span: Span,
    persons: int,
    waits: Waits,
    association: Association | None,
    now: datetime,
    use: str = "",
) -> bool:
    """Tell before sending what would be refused now; nothing is promised by it.

    `association`: who asks, None as long as nobody knows. Return whether the date would be promised
    at once. Raises RefusedError with everything that is wrong.
    """
    asked = Asked(
        room=room,
        dates=[WantedDate(original=span, span=span, room=room)],
        persons=persons,
        association=association,
        use=use,
        waits=WAITS_FOR[waits],
    )
    return _look(asked, now, is_known=association is not None).is_booked_at_once


def look_at_request(request: NewRequest, *, now: datetime) -> Outcome:
    """Return what would be stored of a whole request; for the page before sending.

    Raises RefusedError like `look_ahead`.
    """
    is_known = request.association is not None or request.guest is not None
    return _look(request.asked, now, is_known=is_known)


def _look(asked: Asked, now: datetime, *, is_known: bool) -> Outcome:
    _read_rooms(asked)
    outcome = _outcome_without_locks(asked, now)
    # Who asks is not known yet, and no guest until it is said.
    refusals = [one for one in outcome.refusals if is_known or one.about != "association"]
    if refusals:
        raise RefusedError(with_free_spans(asked, refusals))
    return outcome


def send_request(
    *, request: NewRequest, now: datetime, draft: RequestDraft | None = None
) -> Booking:
    """Store a request: it holds its time, waits if the group accepts that, or is promised at once.

    Who still waits for a time that is promised, after a hold that ended, goes to the waiting list.
    Raises RefusedError with everything that is wrong (a time that is gone: CLOSED, TAKEN, HELD
    or one's OWN_…, with the free spans of that day; of a series DATES_GONE, or TWICE where it stands
    in its own way), SentAlreadyError for a draft that was sent, TermsChangedError, FirmNowError, and
    ledger.BusyError. Nothing is stored then. A guest's request holds nothing, and nobody else hears
    of it, until the address is confirmed (services.guests).
    """
    asked = request.asked
    _read_rooms(asked)
    try:
        # Nobody has to wait for a lock to hear what the rules say; locks do not change it.
        if found := refusals_of_rules(asked, now=now):
            _refuse(_outcome_without_locks(asked, now, found))
        return ledger.in_one_go(lambda: _send(request, asked, draft, now))
    except RefusedError as error:
        raise RefusedError(with_free_spans(asked, error.refusals)) from None
    except ConflictError:  # every writer of ours locks, so this was somebody's own SQL
        raise RefusedError([Refusal(Code.TAKEN, "start", {"free": ()})]) from None


def _read_rooms(asked: Asked) -> None:
    """Read what the rules ask of the rooms for each date: three queries, however many they are."""
    rooms = list(
        {id(room): room for room in (asked.room, *(one.room for one in asked.dates))}.values()
    )
    prefetch_related_objects(rooms, "hours", *(["use_buffers"] if asked.use else []))
    read_policies(rooms)


def _refuse(outcome: Outcome) -> None:
    if outcome.refusals:
        raise RefusedError(outcome.refusals)


def _outcome_without_locks(
    asked: Asked, now: datetime, known: Sequence[Refusal] | None = None
) -> Outcome:
    return outcome_of(asked, spaces_around(rooms_of(asked.dates)), now=now, known=known)


def _send(request: NewRequest, asked: Asked, draft: RequestDraft | None, now: datetime) -> Booking:
    if draft is not None:
        _lock_draft(draft)
    rooms = rooms_of(asked.dates)
    group = request.association.pk if request.association else None
    ledger.lock_quotas([group], (room.policy for room in rooms.values()))
    locked = ledger.lock_rooms({request.room.pk, *rooms})
    outcome = outcome_of(asked, locked.spaces, now=now, known=())
    _refuse(outcome)
    if outcome.is_booked_at_once and not (request.may_be_firm or request.guest):
        raise FirmNowError
    booking = _booking(request, now)
    taking_place = [date for date in outcome.dates if date.takes_place]
    booking.answer_due = berlin_day(holding(taking_place[0], now=now))
    dates = outcome.dates
    if request.guest is not None:
        dates = [replace(one, state=DateState.UNVERIFIED, holds_until=None) for one in dates]
    stored = store_booking(
        booking=booking,
        dates=dates,
        recurrence=request.recurrence,
        locked=locked,
        actor=request.requester,
        now=now,
        room=request.room,
    )
    if draft is not None:
        draft.booking = booking
        draft.save(update_fields=["booking"])
    _hold_terms(request.terms)
    if request.guest is not None:
        notify_to_confirm(booking, stored.dates[0], now=now)
        return booking
    told = [
        (entry, date)
        for entry, date in zip(stored.entries, stored.dates, strict=True)
        if date.state in _TOLD
    ]
    left_out = sum(date.left_out is not None for date in asked.dates)
    notice = Notice(entry=told[0][0], dates=[date for _entry, date in told], left_out=left_out)
    notify(notice, now=now)
    promised = [date for date in stored.dates if date.state is DateState.APPROVED]
    displace_waiting(map(Place.of, promised), locked, now=now)
    return booking


_TOLD = frozenset({DateState.REQUESTED, DateState.WAITLISTED, DateState.APPROVED})


def _lock_draft(draft: RequestDraft) -> None:
    """Let a second click wait for the first one. Drafts are locked before any space.

    Without a join: after the wait its other side would still be the one from before.
    """
    stored = RequestDraft.objects.select_for_update().get(pk=draft.pk)
    if stored.booking is not None:
        raise SentAlreadyError(stored.booking)


def _hold_terms(read: TermsOfUse | None) -> None:
    """Let nobody rewrite the terms before the request that agrees to them is stored.

    Late, since all requests of a centre hold the same row. The foreign key locks at the commit only.
    """
    if read is None:
        return
    stored = TermsOfUse.objects.select_for_update(no_key=True).filter(pk=read.pk).first()
    if stored is None or stored.face != read.face:
        raise TermsChangedError


def _booking(request: NewRequest, now: datetime) -> Booking:
    guest = request.guest
    return Booking(
        centre=request.room.centre,
        association=request.association,
        guest_name=guest.name if guest else "",
        guest_email=guest.email if guest else "",
        status=Booking.Status.UNVERIFIED if guest else Booking.Status.SENT,
        requester=request.requester,
        purpose=request.purpose,
        use=request.use,
        on_public_holidays=request.holidays.public,
        on_school_holidays=request.holidays.school,
        persons=request.persons,
        contact_name=request.contact_name,
        contact_phone=request.contact_phone,
        layout=request.layout,
        wishes=request.wishes,
        is_public_event=request.is_public_event,
        has_music=request.has_music,
        has_food=request.has_food,
        has_alcohol=request.has_alcohol,
        equipment=list(request.equipment),
        terms=request.terms,
        sent_at=now,
    )


# What is free instead ----------------------------------------------------------------------------

_GONE = frozenset({Code.CLOSED, Code.TAKEN, Code.HELD, Code.OWN_TAKEN, Code.OWN_HELD})


def with_free_spans(asked: Asked, refusals: Sequence[Refusal]) -> list[Refusal]:
    """Add what else is free that day to the refusal of a single date; the locks are gone by then."""
    return [
        replace(one, values={"free": _free_that_day(asked), **one.values})
        if one.code in _GONE
        else one
        for one in refusals
    ]


def _free_that_day(asked: Asked) -> tuple[Span, ...]:
    date = asked.taking_place[0]
    day = berlin_day(date.span.start)
    spaces = spaces_around([date.room.pk]).get(date.room.pk, ())
    around = whole_day(day).widened(*date.room.buffers_for(asked.use))
    taken = periods_within(spaces, around)
    return tuple(free_spans(date.room, day, taken, asked.use))
