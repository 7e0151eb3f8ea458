"""The association as it is stored now, held until the end of the transaction."""

from datetime import datetime

from bookings.models import Association, Invitation
from bookings.rules.associations import NotDone, NotDoneError
from bookings.selectors.associations import active_main_contacts
from cms.models import User


def lock_person(user: User) -> None:
    """Let what one person does follow one another; taken before the lock of an association."""
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user.pk)


def lock_association(association: Association) -> Association:
    rows = Association.objects.select_for_update(of=["self"], no_key=True)
    return rows.select_related("home_centre").get(pk=association.pk)


def require_main_contact(association: Association, user: User) -> None:
    """Raise NotDoneError unless this person is a main contact, as of now under the lock."""
    if user not in active_main_contacts(association):
        raise NotDoneError(NotDone.NOT_MAIN_CONTACT)


def require_another_main_contact(association: Association, user: User) -> None:
    """Raise NotDoneError if without this person the association would have no main contact."""
    if not [person for person in active_main_contacts(association) if person != user]:
        raise NotDoneError(NotDone.LAST_MAIN_CONTACT)


def withdraw_invitations_of(association: Association, user: User, now: datetime) -> None:
    """End the open invitations of somebody who may invite no longer: none leads back in."""
    theirs = Invitation.objects.filter(association=association, invited_by=user)
    theirs.filter(accepted_at=None, withdrawn_at=None).update(withdrawn_at=now)
