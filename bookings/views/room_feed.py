"""When a room is taken, as a calendar to subscribe to; the same for everybody."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vText

from bookings.models import Room
from bookings.rules.policy import LONGEST_HORIZON
from bookings.rules.spans import Span
from bookings.rules.wall_clock import berlin_day, in_berlin, monday_of, whole_day
from bookings.rules.week import Use, week_text
from bookings.selectors.public_uses import PublicEntry, public_entries
from bookings.selectors.rooms import room_here, space_ids_of
from bookings.views.calendars import for_calendars
from bookings.wording import use_text
from cms.calendar_format import calendar_to_subscribe
from cms.feeds import handed_out
from cms.wording import plain_text

DAYS_BACK = 28


@for_calendars("room_calendar")
def busy_times(request: HttpRequest, centre: str, room: str) -> HttpResponse:
    """Return what is taken, asked for and closed from four weeks ago on; what the week says.

    Kept as public pages are; the limit is for addresses with a query, which are answered anew.
    """
    _page, found = room_here(request, centre, room)
    entries = public_entries(space_ids_of(found), _time_shown(timezone.now()), found.policy)
    url = request.build_absolute_uri(reverse("room", args=[centre, room]))
    calendar = busy_calendar(found, entries, url=url)
    return handed_out(request, calendar, name=f"{centre}-{room}")


def _time_shown(now: datetime) -> Span:
    today = berlin_day(now)
    last = today + timedelta(days=LONGEST_HORIZON)
    return Span(whole_day(today - timedelta(days=DAYS_BACK)).start, whole_day(last).end)


def busy_calendar(room: Room, entries: list[PublicEntry], *, url: str) -> Calendar:
    """Return the calendar of a room. Nothing in it moves with the clock. `url`: of the room."""
    name = _("Taken: %(room)s, %(centre)s") % {"room": room.name, "centre": room.centre.name}
    calendar = calendar_to_subscribe(kind="Belegung", name=name)
    for entry in entries:
        calendar.add_component(_event(entry, room, url))
    return calendar


def _event(entry: PublicEntry, room: Room, url: str) -> Event:
    """Return the entry without set-up and clearing up, as the room's week shows it."""
    taken = entry.taken
    start, end = in_berlin(taken.span)
    event = Event()
    event.add("uid", f"{entry.key}-room-{room.pk}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("sequence", entry.version)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", start)
    event.add("dtend", end)
    words = use_text(taken.use, [taken.label] if taken.label else [])
    event.add("summary", vText(f"{room.name}: {plain_text(words)}"))
    event.add("status", "TENTATIVE" if taken.use is Use.REQUESTED else "CONFIRMED")
    event.add("location", vText(f"{room.name}, {room.centre.name}, {room.centre.place}"))
    event.add("url", f"{url}?woche={week_text(monday_of(start.date()))}")
    return event
