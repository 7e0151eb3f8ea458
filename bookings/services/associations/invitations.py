"""Asking somebody by e-mail to act for an association, and handing it over.

Nothing here looks whether an address has an account: the mail, and what the group sees, is the same.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from bookings.models import Association, Invitation, Membership
from bookings.notifications.associations import (
    notify_accepted,
    notify_handed_over,
    notify_invited,
    notify_main_contact_invited,
)
from bookings.rules.associations import (
    A_DAY,
    INVITATION_COUNTS,
    INVITATIONS_A_DAY,
    INVITATIONS_TO_AN_ADDRESS,
    INVITATIONS_UNCHECKED,
    MAILS_OF_AN_INVITATION,
    RESEND_AFTER,
    NotDone,
    NotDoneError,
)
from bookings.selectors.associations import (
    active_main_contacts,
    has_accepted,
    inviter_counts,
    requests_naming,
    standing_of,
)
from bookings.services.associations.locked import (
    lock_association,
    lock_person,
    require_main_contact,
    withdraw_invitations_of,
)
from cms.models import User

MAIN_CONTACT = Membership.Role.MAIN_CONTACT


@transaction.atomic
def invite(
    *, association: Association, email: str, role: str, actor: User, now: datetime
) -> Invitation:
    """Let a main contact invite somebody. Raises NotDoneError."""
    lock_person(actor)
    current = lock_association(association)
    require_main_contact(current, actor)
    if Membership.objects.filter(association=current, user__email__iexact=email).exists():
        raise NotDoneError(NotDone.ALREADY_MEMBER)
    return _create(Invitation(association=current, email=email, role=role, invited_by=actor), now)


@transaction.atomic
def hand_over(*, association: Association, email: str, actor: User, now: datetime) -> Invitation:
    """Ask a successor to take the place of this main contact. Raises NotDoneError.

    Until the successor accepts, everything stays as it is. Somebody who books already may follow.
    """
    lock_person(actor)
    current = lock_association(association)
    require_main_contact(current, actor)
    if email.lower() == actor.email.lower():
        raise NotDoneError(NotDone.ONESELF)
    if _open(current).filter(predecessor=actor, expires_at__gt=now).exists():
        raise NotDoneError(NotDone.ALREADY_HANDING_OVER)
    _open(current).filter(predecessor=actor).update(withdrawn_at=now)
    new = Invitation(
        association=current, email=email, role=MAIN_CONTACT, invited_by=actor, predecessor=actor
    )
    return _create(new, now)


@transaction.atomic
def invite_main_contact(
    *, association: Association, email: str, is_gone: bool, actor: User, now: datetime
) -> Invitation:
    """Let the team name a main contact where nobody is left. The caller checks its centre.

    `is_gone`: the team has made sure that the main contacts of the books act no longer, for example
    because one died. They are told all the same, and lose nothing by it. Raises NotDoneError.
    """
    current = lock_association(association)
    contacts = active_main_contacts(current)
    if contacts and not is_gone:
        raise NotDoneError(NotDone.STILL_SOMEBODY)
    if email.lower() in [person.email.lower() for person in contacts]:
        raise NotDoneError(NotDone.ALREADY_MAIN_CONTACT)
    # The new one takes the place of what was mistyped, or lost, before.
    earlier = Q(is_from_team=True) | Q(email=email.lower())
    _open(current).filter(earlier).update(withdrawn_at=now)
    new = Invitation(
        association=current, email=email, role=MAIN_CONTACT, invited_by=actor, is_from_team=True
    )
    invitation = _create(new, now)
    notify_main_contact_invited(invitation, contacts, now=now)
    return invitation


def _create(invitation: Invitation, now: datetime) -> Invitation:
    """Store an invitation and queue its mail; one whose time is over makes room."""
    association = invitation.association
    invitation.email = invitation.email.lower()
    _require_few(invitation, now)
    to_the_same = _open(association).filter(email=invitation.email)
    to_the_same.filter(expires_at__lte=now).update(withdrawn_at=now)
    if to_the_same.exists():
        raise NotDoneError(NotDone.ALREADY_INVITED)
    invitation.created_at = invitation.sent_at = now
    invitation.expires_at = now + INVITATION_COUNTS
    invitation.save(force_insert=True)
    notify_invited(invitation, now=now)
    return invitation


def _require_few(invitation: Invitation, now: datetime) -> None:
    """Raise NotDoneError if group, person or address have had their mails of a day."""
    association = invitation.association
    lately = Invitation.objects.filter(sent_at__gt=now - A_DAY)
    most = INVITATIONS_A_DAY
    if not (association.is_checked or invitation.is_from_team):
        most = INVITATIONS_UNCHECKED
    if _mails(lately.filter(association=association)) >= most:
        raise NotDoneError(NotDone.TOO_MANY)
    if invitation.is_from_team:
        return
    if _mails(lately.filter(invited_by=invitation.invited_by)) >= INVITATIONS_A_DAY:
        raise NotDoneError(NotDone.TOO_MANY)
    if _mails(lately.filter(email=invitation.email)) >= INVITATIONS_TO_AN_ADDRESS:
        raise NotDoneError(NotDone.TOO_MANY_TO_ADDRESS)


def _mails(invitations: QuerySet[Invitation]) -> int:
    """Return how many mails went out for these."""
    mails: int = invitations.aggregate(mails=Sum("times_sent", default=0))["mails"]
    return mails


def _open(association: Association) -> QuerySet[Invitation]:
    return Invitation.objects.filter(association=association, accepted_at=None, withdrawn_at=None)


@transaction.atomic
def resend_invitation(*, invitation: Invitation, actor: User, now: datetime) -> None:
    """Send the mail once more; the link counts for two weeks from now. Raises NotDoneError.

    If whoever invited acts no longer, the person who sends it again invites instead.
    """
    lock_person(actor)
    current = _locked(invitation)
    require_main_contact(current.association, actor)
    _require_open(current)
    if now < current.sent_at + RESEND_AFTER:
        raise NotDoneError(NotDone.TOO_SOON)
    if current.times_sent >= MAILS_OF_AN_INVITATION:
        raise NotDoneError(NotDone.TOO_MANY)
    if not inviter_counts(current):
        current.invited_by, current.predecessor = actor, None
    _require_few(current, now)
    current.sent_at, current.times_sent = now, current.times_sent + 1
    current.expires_at = now + INVITATION_COUNTS
    current.save(update_fields=["invited_by", "predecessor", "sent_at", "times_sent", "expires_at"])
    notify_invited(current, now=now)


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, actor: User, now: datetime) -> None:
    """Let a main contact take an invitation back; its link is dead. Raises NotDoneError."""
    current = _locked(invitation)
    require_main_contact(current.association, actor)
    _require_open(current)
    current.withdrawn_at = now
    current.save(update_fields=["withdrawn_at"])


@transaction.atomic
def accept_invitation(
    *, invitation: Invitation, user: User, phone: str = "", now: datetime
) -> bool:
    """Let the invited person act for the association; False if that was done before (two clicks).

    Of an association handed over the predecessor's access ends, and the successor becomes contact
    on the day where the predecessor was, with `phone`. Raises NotDoneError.
    """
    current = _locked(invitation)
    association = current.association
    if has_accepted(current, user):
        return False
    if why := standing_of(current, user, now=now):
        raise NotDoneError(why)
    current.accepted_at, current.accepted_by = now, user
    current.save(update_fields=["accepted_at", "accepted_by"])
    told = [person for person in active_main_contacts(association) if person != user]
    _let_in(association, user, current.role)
    predecessor = current.predecessor
    if predecessor is not None:
        _let_go(association, predecessor, now)
        ahead = requests_naming(association, predecessor, now=now)
        ahead.update(contact_name=user.get_full_name(), contact_phone=phone)
        notify_handed_over(current, user, predecessor, now=now)
        told = [person for person in told if person != predecessor]
    notify_accepted(current, user, told, now=now)
    return True


def _let_in(association: Association, user: User, role: str) -> None:
    """Make somebody a member; who is one already never loses by an invitation."""
    membership, is_new = Membership.objects.get_or_create(
        association=association, user=user, defaults={"role": role}
    )
    if not is_new and role == MAIN_CONTACT:
        membership.role = role
        membership.save(update_fields=["role"])


def _let_go(association: Association, predecessor: User, now: datetime) -> None:
    Membership.objects.filter(association=association, user=predecessor).delete()
    withdraw_invitations_of(association, predecessor, now)


def _locked(invitation: Invitation) -> Invitation:
    """Lock the association, then read the invitation again."""
    association = lock_association(invitation.association)
    current = Invitation.objects.select_related("predecessor", "invited_by").get(pk=invitation.pk)
    current.association = association
    return current


def _require_open(invitation: Invitation) -> None:
    if invitation.accepted_at is not None:
        raise NotDoneError(NotDone.USED)
    if invitation.withdrawn_at is not None:
        raise NotDoneError(NotDone.WITHDRAWN)
