"""The way of a request: its details, for whom it is, checking, done."""

from bookings.views.request.checking import check
from bookings.views.request.details import form
from bookings.views.request.done import sent
from bookings.views.request.for_whom import association

__all__ = ["association", "check", "form", "sent"]
