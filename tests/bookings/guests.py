"""Requests of guests, for the tests of several parts. The rules of the centre have to allow them."""

import re

from bookings.models import Booking
from bookings.notifications.links import guest_url
from bookings.services.guests import confirm_request
from bookings.services.requests import Guest, NewRequest, send_request
from cms.models import OutgoingMail
from tests.factories.bookings import NOW, span

ADDRESS = "gast@example.org"


def of_guest(room, when=None, *, now=NOW, email=ADDRESS, **values) -> Booking:
    """Send a guest's request."""
    request = NewRequest(
        room=room,
        association=None,
        guest=Guest("Ada Gast", email),
        requester=None,
        spans=[when or span()],
        purpose="Geburtstag",
        persons=10,
        contact_name="Ada Gast",
        contact_phone="040 66969 120",
        **values,
    )
    return send_request(request=request, now=now)


def confirmed(room, when=None, **values) -> Booking:
    booking = of_guest(room, when, **values)
    confirm_request(booking=booking, now=NOW)
    booking.refresh_from_db()
    return booking


def path_of(booking: Booking, step: str = "") -> str:
    return re.sub(r"^https?://[^/]+", "", guest_url(booking, step))


def last_mail(address: str = ADDRESS) -> OutgoingMail:
    return OutgoingMail.objects.filter(recipient=address).latest("pk")
