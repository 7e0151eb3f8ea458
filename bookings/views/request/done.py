"""The request is sent: its number, what happens next and by when."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bookings.models import Booking, BookingDate
from bookings.permissions import bookings_of
from bookings.rules.states import DateState
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.waiting import places_of
from bookings.views.request.steps import form_url, sign_in
from bookings.wording import times
from cms.selectors.frame import centre_page_here
from cms.selectors.visitors import signed_in


@never_cache
@require_safe
def sent(request: HttpRequest, number: str) -> HttpResponse:
    """Say that the request is there, and whether it holds its time or waits."""
    if signed_in(request) is None:
        return sign_in(request, request.get_full_path())
    bookings = bookings_of(request.user).select_related("centre").distinct()
    booking = get_object_or_404(bookings, number=number)
    date = booking.dates.select_related("room__centre", "occurrence").first()
    if date is None or (waiting := _how_it_waits(date)) is None:
        return redirect("booking", booking.number)
    return render(request, "bookings/sent.html", _context(request, booking, date, waiting))


def _how_it_waits(date: BookingDate) -> str | None:
    """Return what may be said; never that the time is held when it is not. None: decided."""
    if date.state == DateState.WAITLISTED:
        return "waiting_list"
    if date.state in {DateState.REQUESTED, DateState.NEEDS_INFO}:
        return "holds" if date.stands else "waits"
    return None


def _context(
    request: HttpRequest, booking: Booking, date: BookingDate, waiting: str
) -> dict[str, object]:
    room = date.room
    return {
        "frame_page": centre_page_here(request, booking.centre_id),
        "booking": booking,
        "day": berlin_day(date.span.start),
        "times": times(date.span),
        "room": room,
        "waiting": waiting,
        "place": places_of([date]).get(date.pk),
        "already": "schon" in request.GET,
        "again_url": form_url([room.centre.slug, room.slug]) if room.is_public else "",
    }
