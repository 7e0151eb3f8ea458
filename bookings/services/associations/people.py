"""Who acts for an association: roles, leaving, removing. A main contact always remains."""

from datetime import datetime

from django.db import transaction

from bookings.models import Association, Membership
from bookings.notifications.associations import notify_access_ended, notify_left
from bookings.selectors.associations import active_main_contacts
from bookings.services.associations.locked import (
    lock_association,
    require_another_main_contact,
    require_main_contact,
    withdraw_invitations_of,
)
from cms.models import User

MAIN_CONTACT = Membership.Role.MAIN_CONTACT


@transaction.atomic
def change_role(*, membership: Membership, role: str, actor: User, now: datetime) -> None:
    """Let a main contact give somebody another role, also himself. Raises NotDoneError."""
    association = lock_association(membership.association)
    require_main_contact(association, actor)
    current = Membership.objects.filter(pk=membership.pk).select_related("user").first()
    if current is None or current.role == role:
        return
    if current.role == MAIN_CONTACT:
        require_another_main_contact(association, current.user)
        withdraw_invitations_of(association, current.user, now)
    current.role = role
    current.save(update_fields=["role"])


@transaction.atomic
def remove_member(*, membership: Membership, actor: User, now: datetime) -> None:
    """End somebody's access; what was booked stays with the group. Raises NotDoneError."""
    association = lock_association(membership.association)
    require_main_contact(association, actor)
    if _end(association, membership, now):
        notify_access_ended(association, membership.user, now=now)


@transaction.atomic
def leave(*, association: Association, user: User, now: datetime) -> None:
    """End one's own access; the main contacts hear of it. Raises NotDoneError."""
    current = lock_association(association)
    own = Membership.objects.filter(association=current, user=user).select_related("user").first()
    if own is not None and _end(current, own, now):
        notify_left(current, user, active_main_contacts(current), now=now)


def _end(association: Association, membership: Membership, now: datetime) -> bool:
    """Delete a membership under the lock; False if somebody else was faster."""
    current = Membership.objects.filter(pk=membership.pk).first()
    if current is None:
        return False
    if current.role == MAIN_CONTACT:
        require_another_main_contact(association, membership.user)
    withdraw_invitations_of(association, membership.user, now)
    current.delete()
    return True
