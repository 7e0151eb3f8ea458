"""The way of a request: form, for whom, check, sent."""

from bookings.views.request.association import association
from bookings.views.request.check import check
from bookings.views.request.form import form
from bookings.views.request.sent import sent

__all__ = ["association", "check", "form", "sent"]
