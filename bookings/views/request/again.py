"""Asking again for what a group had before: the form is filled in from an earlier request."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bookings.forms.series import fields_of
from bookings.models import Booking, Room
from bookings.permissions import bookings_of
from bookings.rules.spans import Span
from bookings.rules.wall_clock import in_berlin
from bookings.selectors.recurrences import recurrence_of_event
from bookings.views.request.steps import LIKE_FIELD, form_url, sign_in
from cms.models import User
from cms.selectors.visitors import signed_in

TEXTS = ("purpose", "persons", "contact_name", "contact_phone", "use", "wishes", "equipment")
FLAGS = ("is_public_event", "has_music", "has_food", "has_alcohol")


@never_cache
@require_safe
def again(request: HttpRequest, number: str) -> HttpResponse:
    """Lead from an earlier request to the form of its room, filled in."""
    user = signed_in(request)
    if user is None:
        return sign_in(request, request.path)
    booking = earlier_or_404(user, number)
    event: Any = booking.event
    if event.rule is not None:
        room = event.calendar.room  # a single date of it may be in another one
    else:
        room = booking.dates.select_related("room__centre").order_by("pk")[0].room
    if not room.is_public:
        return redirect("room_list")
    return redirect(form_url([room.centre.slug, room.slug], **{LIKE_FIELD: booking.number}))


def earlier_or_404(user: User, number: str) -> Booking:
    """Return a request of one's own associations; anybody else's is not found."""
    own = bookings_of(user).select_related("event__rule", "event__calendar__room__centre", "layout")
    return get_object_or_404(own, number=number.upper())


def values_like(booking: Booking, room: Room) -> dict[str, Any]:
    """Return what the form shows of an earlier request: all but its days."""
    values = {name: getattr(booking, name) for name in (*TEXTS, *FLAGS)}
    start, end = in_berlin(Span(booking.event.start, booking.event.end))
    values |= {"start": start.time(), "end": end.time(), "association": booking.association_id}
    if booking.layout is not None and booking.layout.room_id == room.pk:
        values["layout"] = booking.layout.pk
    recurrence = recurrence_of_event(booking.event)
    values |= fields_of(recurrence) if recurrence else {}
    return {name: value for name, value in values.items() if value}
