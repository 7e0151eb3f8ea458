"""The way of a request: its details, the dates of a series, for whom it is, checking, done."""

from bookings.views.request.again import again
from bookings.views.request.checking import check
from bookings.views.request.dates import dates
from bookings.views.request.details import form
from bookings.views.request.discarding import discard
from bookings.views.request.done import sent
from bookings.views.request.for_whom import association
from bookings.views.request.guest import guest

__all__ = ["again", "association", "check", "dates", "discard", "form", "guest", "sent"]
