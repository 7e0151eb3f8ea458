"""What all calendars to subscribe to share: their frame, and how they are handed out."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.text import get_valid_filename
from icalendar import Calendar, Timezone, vDuration, vText

from cms.calendar_format import BERLIN_TIME
from cms.opening_hours import BERLIN
from cms.page_cache import asked_again

CONTENT_TYPE = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=1)


def calendar_to_subscribe(*, kind: str, name: str) -> Calendar:
    """Return a calendar without entries. `kind`: what it holds, in ASCII."""
    calendar = Calendar()
    calendar.add("prodid", f"-//RVZ//{kind}//DE")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", vText(name))
    calendar.add("x-wr-calname", vText(name))
    calendar.add("x-wr-timezone", BERLIN.key)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    calendar.add_component(Timezone.from_ical(BERLIN_TIME))
    return calendar


def handed_out(request: HttpRequest, calendar: Calendar, *, name: str) -> HttpResponse:
    """Return the file; who has it already gets no body."""
    response = HttpResponse(calendar.to_ical(), content_type=CONTENT_TYPE)
    file = get_valid_filename(f"{name}.ics")
    response.headers["Content-Disposition"] = f'inline; filename="{file}"'
    return asked_again(request, response)
