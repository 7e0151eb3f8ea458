"""What the pages of a group share: who is signed in, and which requests are theirs."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache

from bookings.models import Booking, BookingDate
from bookings.permissions import bookings_of
from bookings.views.guest_access import is_open_for_guest
from cms.models import User
from cms.selectors.visitors import signed_in

View = Callable[..., HttpResponseBase]
# What the address says after a click that changed nothing.
CHANGED, BUSY = "geaendert", "besetzt"


def for_groups(view: View) -> View:
    """Let people see it who are signed in; nobody keeps a copy."""
    return never_cache(login_required(view))


def for_askers(view: View) -> View:
    """Let people see it who are signed in, and guests who opened the link to this request."""

    @wraps(view)
    def opened(request: HttpRequest, number: str, **keys: object) -> HttpResponseBase:
        of_guest = is_open_for_guest(request, number)
        return (view if of_guest else login_required(view))(request, number=number, **keys)

    return never_cache(opened)


def actor_of(request: HttpRequest, found: Booking) -> User | None:
    """Return who acts on a request; None is its guest."""
    return None if found.is_of_guest else user_of(request)


def user_of(request: HttpRequest) -> User:
    user = signed_in(request)
    if user is None:
        raise PermissionDenied
    return user


def own_booking(request: HttpRequest, number: str) -> Booking:
    """Return a request of one's own associations, or that a guest opened; others are not found."""
    if is_open_for_guest(request, number):
        own = Booking.objects.filter(association__isnull=True)
    else:
        own = bookings_of(user_of(request))
    own = own.select_related("association", "centre", "layout", "event__rule")
    return get_object_or_404(own, number=number.upper())


def own_date(found: Booking, key: int) -> BookingDate:
    """Return a date of one's own request; that of another request is not found."""
    dates = found.dates.select_related("booking__centre", "room", "occurrence")
    return get_object_or_404(dates, pk=key)
