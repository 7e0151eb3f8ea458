"""Dates of a request as iCalendar, to be entered by whoever's date it is; nothing about others.

A request keeps its UID for good, and every change that matters raises the booking's `sequence`: so
a later file corrects or removes what an earlier one entered. A series is one entry that repeats
(RFC 5545), and always the whole of it: a calendar replaces what it had under that UID.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from bookings.models import Booking, BookingDate, Room
from bookings.rules.recurrence import WEEKDAYS, WEEKEND, Frequency, Recurrence
from bookings.rules.spans import Span
from bookings.rules.states import PROMISED, UNDECIDED, DateState
from bookings.rules.wall_clock import clock_length
from bookings.selectors.recurrences import recurrence_of_event, rule_spans
from cms.calendar_format import BERLIN_TIME
from cms.lines import one_line
from cms.models import Location
from cms.opening_hours import BERLIN

MIME_TYPE = "text/calendar"
TENTATIVE, CONFIRMED, CANCELLED = "TENTATIVE", "CONFIRMED", "CANCELLED"


class Method(StrEnum):
    PUBLISH = "PUBLISH"
    CANCEL = "CANCEL"


def calendar_of(dates: Sequence[BookingDate], *, method: Method, now: datetime, url: str) -> str:
    """Return the file that enters these dates of one request, or with CANCEL removes them.

    Their occurrences, rooms and booking are read. `url`: where the group finds its request, or "".
    """
    centre = dates[0].booking.centre
    calendar = Calendar()
    calendar.add("prodid", f"-//{_ascii(centre.name)}//RVZ//DE")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(Timezone.from_ical(BERLIN_TIME))
    address = addresses_of([centre.pk]).get(centre.pk, "")
    for event in events_of(dates, method=method, stamp=now, url=url, address=address):
        calendar.add_component(event)
    return str(calendar.to_ical().decode())


def events_of(
    dates: Sequence[BookingDate],
    *,
    method: Method,
    stamp: datetime,
    url: str,
    address: str,
    group: str = "",
) -> Iterator[Event]:
    """Give the entries of these dates of one request.

    `stamp`: as of when. `address`: of the house. `group`: whose they are, where that is a question.
    """
    centre = dates[0].booking.centre
    for event, room in _entries(dates, method, stamp):
        event.add("location", vText(", ".join(part for part in (room.name, address) if part)))
        if group:
            event["description"] = vText(f"{one_line(group)}\n{event['description']}")
        if url:
            event.add("url", url)
        if centre.email:
            organizer = vCalAddress(f"mailto:{centre.email}")
            organizer.params["cn"] = vText(centre.name)
            event["organizer"] = organizer
        yield event


def addresses_of(centres: Iterable[int]) -> dict[int, str]:
    """Return the address of each centre's first location; one query."""
    found: dict[int, str] = {}
    for location in Location.objects.filter(centre__in=set(centres)):
        found.setdefault(location.centre_id, location.address)
    return found


def mailed_calendar(
    dates: Sequence[BookingDate], *, method: Method, now: datetime, url: str
) -> str:
    """Return the file for a mail on these dates, whose states are stored.

    Of a series it enters all dates that are promised now, so it also takes out what fell through;
    only when none is left, it removes the series.
    """
    booking = dates[0].booking
    if booking.event.rule_id is not None:
        promised = booking.dates.filter(state__in=PROMISED - {DateState.OFFERED})
        if standing := list(promised.select_related("room", "occurrence")):
            standing[0].booking = booking
            dates, method = standing, Method.PUBLISH
    return calendar_of(dates, method=method, now=now, url=url)


def joined(files: Sequence[str]) -> str:
    """Return one file with the entries of several that do the same."""
    first, *others = files
    if not others:
        return first
    calendar = Calendar.from_ical(first)
    for other in others:
        for entry in Calendar.from_ical(other).walk("VEVENT"):
            calendar.add_component(entry)
    return str(calendar.to_ical().decode())


def entered_dates(dates: Iterable[BookingDate]) -> list[BookingDate]:
    """Return the dates that belong into a calendar: all that are wanted, or that once were.

    Those that fell through stay in the file as cancelled, so that they vanish when it is read.
    """
    return [date for date in dates if date.state != DateState.UNVERIFIED]


# Entries -----------------------------------------------------------------------------------------


def _entries(
    dates: Sequence[BookingDate], method: Method, now: datetime
) -> Iterator[tuple[Event, Room]]:
    """Give each entry and its room."""
    booking = dates[0].booking
    recurrence = recurrence_of_event(booking.event)
    if recurrence is None:
        (date,) = dates
        status = CANCELLED if method is Method.CANCEL else _status(date)
        yield _event(booking, date.span, date.room, status, now), date.room
        return
    repeated = Repeated.of(dates, is_cancelled=method is Method.CANCEL)
    master = _event(booking, repeated.first, repeated.room, repeated.status, now)
    master.add("rrule", _rrule(recurrence, until=repeated.starts[-1]))
    if left_out := repeated.left_out(rule_spans(booking.event)):
        master.add("exdate", [start.astimezone(BERLIN) for start in left_out])
    yield master, repeated.room
    for date in repeated.exceptions():
        exception = _event(booking, date.span, date.room, repeated.status_of(date), now)
        exception.add("recurrence-id", date.occurrence.original_start.astimezone(BERLIN))
        yield exception, date.room


def _event(booking: Booking, span: Span, room: Room, status: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", str(booking.uid))
    event.add("sequence", booking.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", span.start.astimezone(BERLIN))
    event.add("dtend", span.end.astimezone(BERLIN))
    event.add("summary", one_line(f"{booking.purpose} – {room.name}"))
    event.add("status", status)
    event.add("description", _("Number of your request: %(number)s") % {"number": booking.number})
    return event


def _rrule(recurrence: Recurrence, *, until: datetime) -> dict[str, Any]:
    """Return the rule; its end is the last start itself, in UTC."""
    days = [WEEKDAYS[day] for day in recurrence.weekdays]
    parts: dict[str, Any]
    match recurrence.frequency:
        case Frequency.DAILY:
            parts = {"freq": "DAILY"}
        case Frequency.WORKDAYS:  # calendars know this form better than days of a daily one
            parts = {"freq": "WEEKLY", "byday": WEEKDAYS[:WEEKEND]}
        case Frequency.WEEKLY:
            parts = {"freq": "WEEKLY", "interval": recurrence.interval, "byday": days}
        case Frequency.MONTHLY:
            parts = {"freq": "MONTHLY", "byday": [f"{recurrence.nth}{day}" for day in days]}
    return {**parts, "until": until.astimezone(UTC)}


@dataclass(frozen=True)
class Repeated:
    """What the dates of a series have in common, from its first to its last one that stands.

    `first` is when the first one takes place by the rule: all others do so on the same clock.
    """

    dates: Sequence[BookingDate]
    first: Span
    room: Room
    status: str
    is_cancelled: bool

    @classmethod
    def of(cls, dates: Sequence[BookingDate], *, is_cancelled: bool) -> "Repeated":
        """Leave out what fell through, unless nothing else is left."""
        standing = [date for date in dates if is_cancelled or _status(date) != CANCELLED]
        shown = sorted(standing or dates, key=lambda date: date.occurrence.original_start)
        rooms = Counter(date.room for date in shown)
        states = Counter(_status(date) for date in shown)
        return cls(
            dates=shown,
            first=_original(shown[0]),
            room=rooms.most_common(1)[0][0],
            status=CANCELLED if is_cancelled else states.most_common(1)[0][0],
            is_cancelled=is_cancelled,
        )

    @property
    def starts(self) -> list[datetime]:
        return [date.occurrence.original_start.astimezone(UTC) for date in self.dates]

    def left_out(self, spans: Iterable[Span]) -> list[datetime]:
        """Return the starts of the rule between the first and the last date that are no dates."""
        known = set(self.starts)
        first, last = min(known), max(known)
        return [
            span.start for span in spans if first < span.start < last and span.start not in known
        ]

    def status_of(self, date: BookingDate) -> str:
        return CANCELLED if self.is_cancelled else _status(date)

    def exceptions(self) -> list[BookingDate]:
        """Return the dates that are not as the rule, room and state of the series say.

        So is a night when the clock changes: calendars differ on whether an entry that repeats ends
        by the clock or after the time that passes.
        """
        usual = self.room, self.status, *_lengths(self.first)
        return [
            date
            for date in self.dates
            if date.span != _original(date)
            or (date.room, self.status_of(date), *_lengths(date.span)) != usual
        ]


def _original(date: BookingDate) -> Span:
    return Span(date.occurrence.original_start, date.occurrence.original_end)


def _lengths(span: Span) -> tuple[timedelta, timedelta]:
    """Return the time that passes, and the time between start and end on the clock."""
    return span.length, clock_length(span)


# Parts -------------------------------------------------------------------------------------------


def _status(date: BookingDate) -> str:
    state = DateState(date.state)
    if state in PROMISED - {DateState.OFFERED}:
        return CONFIRMED
    return TENTATIVE if state in {*UNDECIDED, DateState.OFFERED} else CANCELLED


def _ascii(name: str) -> str:
    return name.encode("ascii", "ignore").decode().replace("/", " ")
