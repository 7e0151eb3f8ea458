"""Pages on which people keep their own groups. Others' groups are a 404."""

from bookings.views.associations.data import confirm, edit, register
from bookings.views.associations.invitations import (
    hand_over,
    invitation,
    invite,
    resend,
    withdraw,
)
from bookings.views.associations.overview import association, own_associations
from bookings.views.associations.people import leave, person

__all__ = [
    "association",
    "confirm",
    "edit",
    "hand_over",
    "invitation",
    "invite",
    "leave",
    "own_associations",
    "person",
    "register",
    "resend",
    "withdraw",
]
