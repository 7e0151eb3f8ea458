"""The request is sent: its number, what happens next and by when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bookings.models import Booking, BookingDate
from bookings.permissions import bookings_of
from bookings.rules.proposal import LEFT_OUT_AS
from bookings.rules.states import DateState
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.waiting import places_of
from bookings.views.request.steps import form_url, sign_in
from bookings.wording import times
from cms.selectors.frame import centre_page_here
from cms.selectors.visitors import signed_in

UNDECIDED_STATES = frozenset({DateState.REQUESTED, DateState.NEEDS_INFO})
PROMISED = frozenset({DateState.APPROVED})
LEFT_OUT = frozenset(LEFT_OUT_AS.values()) | {DateState.SKIPPED_CONFLICT}


@dataclass(frozen=True)
class Sent:
    """What became of the dates of a request, in the order of the dates."""

    dates: list[BookingDate]
    places: Mapping[int, int]  # on the waiting list

    @property
    def promised(self) -> list[BookingDate]:
        return [date for date in self.dates if date.state in PROMISED]

    @property
    def held(self) -> list[BookingDate]:
        return [date for date in self.dates if date.state in UNDECIDED_STATES and date.stands]

    @property
    def behind(self) -> list[BookingDate]:
        """Return the dates that an earlier request has."""
        return [date for date in self.dates if date.state in UNDECIDED_STATES and not date.stands]

    @property
    def waiting(self) -> list[BookingDate]:
        """Return the dates on the waiting list."""
        return [date for date in self.dates if date.state == DateState.WAITLISTED]

    @property
    def left_out(self) -> list[BookingDate]:
        return [date for date in self.dates if date.state in LEFT_OUT]

    @property
    def asked(self) -> list[BookingDate]:
        return [*self.held, *self.behind, *self.waiting]


@never_cache
@require_safe
def sent(request: HttpRequest, number: str) -> HttpResponse:
    """Say that the request is there, whether it holds its times or waits, and what is left out."""
    if signed_in(request) is None:
        return sign_in(request, request.get_full_path())
    bookings = bookings_of(request.user).select_related("centre", "event__calendar__room__centre")
    booking = get_object_or_404(bookings, number=number.upper())
    dates = list(booking.dates.select_related("room", "occurrence"))
    found = Sent(dates, places_of(dates))
    is_new = found.promised and len(found.promised) + len(found.left_out) == len(dates)
    if not (found.asked or is_new):
        return redirect("booking", booking.number)
    return render(request, "bookings/sent.html", _context(request, booking, found))


def _context(request: HttpRequest, booking: Booking, found: Sent) -> dict[str, object]:
    first = (found.asked or found.promised)[0]
    event: Any = booking.event
    room = event.calendar.room
    return {
        "frame_page": centre_page_here(request, booking.centre_id),
        "booking": booking,
        "sent": found,
        "is_series": len(found.dates) > 1,
        "taking_place": [*found.asked, *found.promised],
        "day": berlin_day(first.span.start),
        "times": times(first.span),
        "room": first.room,
        "place": found.places.get(first.pk),
        "already": "schon" in request.GET,
        "again_url": form_url([room.centre.slug, room.slug]) if room.is_public else "",
    }
