"""What tests of the manager's desk share."""

from django.urls import reverse

from bookings.models import Booking


def request_url(name: str, booking: Booking) -> str:
    """Return the address of a step of a decision: detail, approve, ask, reject, revoke, undo."""
    return reverse(f"request_{name}", args=[booking.pk])


def post(client, url: str, booking: Booking, **values):
    """Send a step for all dates of a request."""
    keys = list(booking.dates.values_list("pk", flat=True))
    return client.post(url, {"termin": keys, **values})
