"""Dates of a request as iCalendar, to be entered by whoever's date it is; nothing about others.

A date keeps its UID for good, and every change that matters raises the booking's `sequence`: so
a later file corrects or removes what an earlier one entered.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from bookings.models import Booking, BookingDate
from bookings.rules.states import PROMISED, UNDECIDED, DateState
from cms.calendar_format import BERLIN_TIME
from cms.models import Centre, Location
from cms.opening_hours import BERLIN

MIME_TYPE = "text/calendar"
TENTATIVE, CONFIRMED, CANCELLED = "TENTATIVE", "CONFIRMED", "CANCELLED"


class Method(StrEnum):
    PUBLISH = "PUBLISH"
    CANCEL = "CANCEL"


def calendar_of(dates: Sequence[BookingDate], *, method: Method, now: datetime, url: str) -> str:
    """Return the file that enters these dates of one request, or with CANCEL removes them.

    Their occurrences, rooms and booking are read. `url`: where the group finds its request.
    """
    booking = dates[0].booking
    centre = booking.centre
    calendar = Calendar()
    calendar.add("prodid", f"-//{_ascii(centre.name)}//RVZ//DE")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(Timezone.from_ical(BERLIN_TIME))
    address = _address_of(centre)
    for date in dates:
        event = _event(date, method, now)
        event.add("location", vText(", ".join(part for part in (date.room.name, address) if part)))
        event.add("url", url)
        if centre.email:
            organizer = vCalAddress(f"mailto:{centre.email}")
            organizer.params["cn"] = vText(centre.name)
            event["organizer"] = organizer
        calendar.add_component(event)
    return str(calendar.to_ical().decode())


def entered_dates(dates: Iterable[BookingDate]) -> list[BookingDate]:
    """Return the dates that belong into a calendar: all that are wanted, or that once were.

    Those that fell through stay in the file as cancelled, so that they vanish when it is read.
    """
    return [date for date in dates if date.state != DateState.UNVERIFIED]


def _event(date: BookingDate, method: Method, now: datetime) -> Event:
    booking = date.booking
    event = Event()
    event.add("uid", _uid(booking, date))
    event.add("sequence", booking.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", date.span.start.astimezone(BERLIN))
    event.add("dtend", date.span.end.astimezone(BERLIN))
    event.add("summary", f"{booking.purpose} – {date.room.name}")
    event.add("status", CANCELLED if method is Method.CANCEL else _status(DateState(date.state)))
    event.add("description", _("Number of your request: %(number)s") % {"number": booking.number})
    return event


def _uid(booking: Booking, date: BookingDate) -> str:
    """Return the id of one date; a series has several under one request."""
    return str(booking.uid) if booking.event.rule_id is None else f"{booking.uid}-{date.pk}"


def _status(state: DateState) -> str:
    if state in PROMISED - {DateState.OFFERED}:
        return CONFIRMED
    return TENTATIVE if state in {*UNDECIDED, DateState.OFFERED} else CANCELLED


def _address_of(centre: Centre) -> str:
    location = Location.objects.filter(centre=centre).first()
    return location.address if location else ""


def _ascii(name: str) -> str:
    return name.encode("ascii", "ignore").decode().replace("/", " ")
