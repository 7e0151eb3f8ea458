"""Rooms, associations, requests and the ledger."""

from bookings.models.associations import Association, Membership
from bookings.models.bookings import Booking, BookingDate, BookingLog, RequestDraft
from bookings.models.occupancy import Occupancy
from bookings.models.rooms import Closure, Equipment, Layout, Room, RoomHours, Space

__all__ = [
    "Association",
    "Booking",
    "BookingDate",
    "BookingLog",
    "Closure",
    "Equipment",
    "Layout",
    "Membership",
    "Occupancy",
    "RequestDraft",
    "Room",
    "RoomHours",
    "Space",
]
