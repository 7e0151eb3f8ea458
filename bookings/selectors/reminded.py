"""The date and the person that the link in a reminder is about."""

from datetime import datetime

from bookings.models import BookingDate
from cms.models import User


def date_reminded_of(key: int, start: datetime) -> BookingDate | None:
    """Return the date, None if it takes place at another time now."""
    dates = BookingDate.objects.filter(pk=key, occurrence__start=start)
    return dates.select_related("booking__centre", "room", "occurrence").first()


def acting_person(date: BookingDate, key: int) -> User | None:
    """Return the person if that one still acts for the group."""
    acting = User.objects.filter(memberships__association__bookings=date.booking_id)
    return acting.filter(pk=key, is_active=True).first()
