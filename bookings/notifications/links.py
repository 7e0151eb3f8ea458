"""Absolute addresses: of the site of what they lead to. Accounts and the admin have one host."""

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from wagtail.models import Site

from bookings.models import Booking, Room
from bookings.rules.spans import Span
from bookings.rules.wall_clock import berlin_day


def booking_url(booking: Booking) -> str:
    return _on_base_host("booking", booking.number)


def answer_url(booking: Booking) -> str:
    return _on_base_host("booking_answer", booking.number)


def decision_url(booking: Booking) -> str:
    return _on_base_host("request_detail", booking.pk)


def week_url(room: Room, span: Span) -> str:
    """Return the room's week in which this time lies."""
    centre = room.centre
    year, week, _weekday = berlin_day(span.start).isocalendar()
    own_site = Site.objects.filter(root_page__centrepage__centre=centre).first()
    host = own_site.root_url if own_site else settings.BASE_URL
    path = _path("room", centre.slug, room.slug)
    return f"{host}{path}?woche={year}-W{week:02}" if path else ""


def _on_base_host(name: str, key: object) -> str:
    path = _path(name, key)
    return f"{settings.BASE_URL}{path}" if path else ""


def _path(name: str, *keys: object) -> str:
    try:
        return reverse(name, args=keys)
    except NoReverseMatch:  # that part of the site is not installed
        return ""
