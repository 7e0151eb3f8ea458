"""A person's dates as a calendar to subscribe to, at a secret address. Nobody signs in."""

from collections.abc import Callable

from allauth.decorators import rate_limit
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.calendar_entries import Method, addresses_of, events_of
from bookings.notifications.links import booking_url
from bookings.selectors.choices import owner_of_feed
from bookings.selectors.own_calendar import bookings_to_subscribe
from bookings.views.calendars import calendar_to_subscribe, handed_out

View = Callable[..., HttpResponseBase]


def for_calendars(view: View) -> View:
    """Let programs read it that know the address, some times a minute."""
    limited: View = rate_limit(action="own_calendar", limit_get=True)(view)
    return require_safe(limited)


@for_calendars
def dates(request: HttpRequest, token: str) -> HttpResponse:
    """Return the dates of all groups somebody acts for; those undecided are provisional.

    Nothing in it moves with the clock but which dates are long over.
    """
    owner = owner_of_feed(token)
    if owner is None:
        raise Http404
    bookings = bookings_to_subscribe(owner, now=timezone.now())
    addresses = addresses_of(booking.centre_id for booking in bookings)
    calendar = calendar_to_subscribe(kind="Termine", name=_("My dates at the RVZ"))
    for booking in bookings:
        entries = events_of(
            list(booking.dates.all()),
            method=Method.PUBLISH,
            stamp=booking.changed_at,  # type: ignore[attr-defined]  # annotated
            url=booking_url(booking),
            address=addresses.get(booking.centre_id, ""),
        )
        for event in entries:
            calendar.add_component(event)
    response = handed_out(request, calendar, name=_("my-dates"))
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
