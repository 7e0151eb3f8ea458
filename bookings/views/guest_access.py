"""Which requests a guest may see: those whose signed link was opened in this browser a moment ago."""

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone

from bookings.models import Booking

OPENED = "guest_requests"  # in the session: number → until when
STAYS_OPEN = timedelta(hours=2)
MOST_OPEN = 10


def open_for_guest(request: HttpRequest, booking: Booking) -> None:
    """Let this browser see the request for a while; afterwards the link has to be opened again."""
    until = (timezone.now() + STAYS_OPEN).timestamp()
    opened = {**request.session.get(OPENED, {}), booking.number: until}
    request.session[OPENED] = dict(list(opened.items())[-MOST_OPEN:])


def is_open_for_guest(request: HttpRequest, number: str) -> bool:
    until: float = request.session.get(OPENED, {}).get(number.upper(), 0)
    return timezone.now().timestamp() < until
