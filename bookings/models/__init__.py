"""Rooms, associations, requests and the ledger."""

from bookings.models.associations import Association, Invitation, Membership
from bookings.models.bookings import Booking, BookingDate, BookingLog, RequestDraft
from bookings.models.changes import ChangedDate, ChangeRequest
from bookings.models.choices import PersonalChoices
from bookings.models.closures import Closure, ClosurePlan
from bookings.models.occupancy import Occupancy
from bookings.models.policies import BookingPolicy, InstantWindow
from bookings.models.renewals import RenewalRound
from bookings.models.rooms import Equipment, Layout, Room, RoomHours, Space, UseBuffer
from bookings.models.terms import TermsOfUse
from bookings.models.uses import UseKind

__all__ = [
    "Association",
    "Booking",
    "BookingDate",
    "BookingLog",
    "BookingPolicy",
    "ChangeRequest",
    "ChangedDate",
    "Closure",
    "ClosurePlan",
    "Equipment",
    "InstantWindow",
    "Invitation",
    "Layout",
    "Membership",
    "Occupancy",
    "PersonalChoices",
    "RenewalRound",
    "RequestDraft",
    "Room",
    "RoomHours",
    "Space",
    "TermsOfUse",
    "UseBuffer",
    "UseKind",
]
