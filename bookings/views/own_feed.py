"""A person's dates as a calendar to subscribe to, at a secret address. Nobody signs in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.calendar_entries import Method, addresses_of, events_of
from bookings.notifications.links import entry_url
from bookings.selectors.choices import owner_of_feed
from bookings.selectors.own_calendar import bookings_to_subscribe
from bookings.views.calendars import for_calendars
from cms.calendar_format import calendar_to_subscribe
from cms.feeds import handed_out


@for_calendars("own_calendar")
def dates(request: HttpRequest, token: str) -> HttpResponse:
    """Return the dates of all groups somebody acts for; those undecided are provisional.

    Nothing in it moves with the clock but which dates are long over.
    """
    owner = owner_of_feed(token)
    if owner is None:
        raise Http404
    bookings = bookings_to_subscribe(owner, now=timezone.now())
    addresses = addresses_of(booking.centre_id for booking in bookings)
    names_groups = len({booking.association_id for booking in bookings}) > 1
    calendar = calendar_to_subscribe(kind="Termine", name=_("My dates at the RVZ"))
    for booking in bookings:
        entries = events_of(
            list(booking.dates.all()),
            method=Method.PUBLISH,
            stamp=booking.changed_at,  # type: ignore[attr-defined]  # annotated
            url=entry_url(booking),
            address=addresses.get(booking.centre_id, ""),
            group=booking.asker if names_groups else "",
        )
        for event in entries:
            calendar.add_component(event)
    response = handed_out(request, calendar, name=_("my-dates"))
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
