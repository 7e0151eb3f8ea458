"""Associations and groups: their data, the people who act for them, invitations.

Everything that changes who may act locks the association first, so that of two people who leave at
once one stays, and an invitation is accepted or withdrawn but never both.
"""

from bookings.services.associations.data import (
    AssociationData,
    check_association,
    confirm_data,
    edit_association,
    register_association,
)
from bookings.services.associations.invitations import (
    accept_invitation,
    hand_over,
    invite,
    invite_main_contact,
    resend_invitation,
    withdraw_invitation,
)
from bookings.services.associations.people import change_role, leave, remove_member
from bookings.services.associations.yearly import ask_to_confirm, prune_invitations

__all__ = [
    "AssociationData",
    "accept_invitation",
    "ask_to_confirm",
    "change_role",
    "check_association",
    "confirm_data",
    "edit_association",
    "hand_over",
    "invite",
    "invite_main_contact",
    "leave",
    "prune_invitations",
    "register_association",
    "remove_member",
    "resend_invitation",
    "withdraw_invitation",
]
