"""Calendars to subscribe to: how they are handed out, and the closures of a service."""

import datetime as dt
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from cms.calendar_format import calendar_to_subscribe
from cms.models import HoursException as ExceptionRow
from cms.models import Service
from cms.opening_hours import BERLIN, HoursException, Schedule
from cms.page_cache import asked_again
from cms.selectors.exchange import page_urls, services_here
from cms.selectors.schedules import schedule_of
from cms.wording import closure_text, closure_title, plain_text

CONTENT_TYPE = "text/calendar; charset=utf-8"
DAYS_AHEAD = 800
# A change raises the SEQUENCE of all events of the service: the seconds since this moment.
SEQUENCE_ZERO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@require_safe
def service_closures(request: HttpRequest, centre: str, service: str) -> HttpResponse:
    """Return closures and other hours that are not over and may be told, also without a page."""
    today = timezone.now().astimezone(BERLIN).date()
    found = services_here(request, today).filter(centre__slug=centre, slug=service).first()
    if found is None:
        raise Http404
    url = page_urls([found], request).get(found.pk, "")
    calendar = calendar_of(found, today, url=url)
    return handed_out(request, calendar, name=f"{found.centre.slug}-{found.slug}")


def handed_out(request: HttpRequest, calendar: Calendar, *, name: str) -> HttpResponse:
    """Return the file; who has it already gets no body."""
    response = HttpResponse(calendar.to_ical(), content_type=CONTENT_TYPE)
    file = get_valid_filename(f"{name}.ics")
    response.headers["Content-Disposition"] = f'inline; filename="{file}"'
    return asked_again(request, response)


def calendar_of(service: Service, today: dt.date, *, url: str) -> Calendar:
    """Return the calendar of a service fetched `with_hours`. `url`: its page, "" if it has none."""
    name = _("Closures: %(service)s, %(centre)s") % {
        "service": service.name,
        "centre": service.centre.name,
    }
    calendar = calendar_to_subscribe(kind="Schliessungen", name=name)
    schedule = schedule_of(service)
    shown = set(schedule.exceptions_ahead(today, DAYS_AHEAD))
    rows = zip(service.hours_exceptions.all(), schedule.exceptions, strict=True)
    for row, exception in rows:
        if exception in shown:
            calendar.add_component(_event(row, exception, schedule, service, url))
    return calendar


def _event(
    row: ExceptionRow, exception: HoursException, schedule: Schedule, service: Service, url: str
) -> Event:
    """Return an event of whole days. Its words do not change from day to day, only with the facts."""
    changed = service.facts_changed_at
    event = Event()
    event.add("uid", f"closure-{row.pk}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("sequence", max(0, int((changed - SEQUENCE_ZERO).total_seconds())))
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("dtstart", exception.first)
    event.add("dtend", min(exception.last, dt.date(9999, 12, 30)) + dt.timedelta(days=1))
    event.add("summary", plain_text(closure_title(exception, schedule, service=service.name)))
    event.add("description", plain_text(closure_text(exception, schedule)))
    event.add("location", service.centre.name)
    event.add("transp", "TRANSPARENT")
    if url:
        event.add("url", url)
    return event
