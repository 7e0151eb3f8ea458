"""What the people of a group, and its centre's team, see of it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from bookings.models import Association, Booking, Invitation, Membership, Room
from bookings.rules.associations import RESEND_AFTER, NotDone, is_confirmation_due
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.own_bookings import coming_dates
from cms.models import Centre, User


@dataclass(frozen=True)
class OpenInvitation:
    """An invitation that nobody has accepted, as those see it who may withdraw it."""

    invitation: Invitation
    is_over: bool
    may_resend: bool


def own_memberships(user: User) -> QuerySet[Membership]:
    """Return for which groups somebody acts, by name."""
    own = Membership.objects.filter(user=user).order_by("association__name", "association_id")
    return own.select_related("association__home_centre")


def people_of(association: Association) -> list[Membership]:
    """Return who acts for a group, main contacts first."""
    return list(association.memberships.select_related("user").order_by("role", "pk"))


def open_invitations(association: Association, *, now: datetime) -> list[OpenInvitation]:
    """Return what is neither accepted nor withdrawn, also what is over and can be sent again."""
    rows = association.invitations.filter(accepted_at=None, withdrawn_at=None)
    return [
        OpenInvitation(
            invitation=row,
            is_over=row.expires_at <= now,
            may_resend=row.sent_at + RESEND_AFTER <= now,
        )
        for row in rows.select_related("predecessor")
    ]


def team_invitations(association: Association, *, now: datetime) -> list[Invitation]:
    """Return the invitations of the centre's team that can still be accepted."""
    rows = association.invitations.filter(accepted_at=None, withdrawn_at=None, is_from_team=True)
    return list(rows.filter(expires_at__gt=now))


def active_main_contacts(association: Association) -> list[User]:
    """Return the main contacts who can sign in, who were there longest first."""
    people = User.objects.filter(
        is_active=True,
        memberships__association=association,
        memberships__role=Membership.Role.MAIN_CONTACT,
    )
    return list(people.order_by("memberships__pk"))


def is_only_main_contact(user: User, people: Sequence[Membership]) -> bool:
    """Tell whether these people would have no active main contact without this one."""
    main = {
        one.user_id
        for one in people
        if one.role == Membership.Role.MAIN_CONTACT and one.user.is_active
    }
    return main == {user.pk}


def data_looked_at(association: Association) -> datetime:
    """Return when a main contact last confirmed the data; they were right when registered."""
    return association.confirmed_at or association.created_at


def has_to_confirm(association: Association, *, now: datetime) -> bool:
    return is_confirmation_due(data_looked_at(association), now)


def notice_is_over(association: Association, *, now: datetime) -> bool:
    """Tell whether the notice that the group is non-profit counts no more."""
    until: date | None = association.notice_until
    return until is not None and until < berlin_day(now)


def centres_with_rooms() -> QuerySet[Centre]:
    """Return the centres in which one can ask for a room."""
    rooms = Room.objects.filter(centre=OuterRef("pk"), is_public=True)
    return Centre.objects.filter(Exists(rooms)).order_by("name")


def invitation_with_key(key: uuid.UUID) -> Invitation | None:
    rows = Invitation.objects.select_related(
        "association__home_centre", "invited_by", "predecessor"
    )
    return rows.filter(pk=key).first()


def standing_of(invitation: Invitation, user: User | None, *, now: datetime) -> NotDone | None:
    """Return why this person cannot accept the invitation, None if nothing is in the way."""
    if invitation.withdrawn_at is not None:
        return NotDone.WITHDRAWN
    if invitation.accepted_at is not None:
        return NotDone.USED
    if invitation.expires_at <= now or not inviter_counts(invitation):
        return NotDone.EXPIRED
    if user is not None and user.email.lower() != invitation.email:
        return NotDone.OTHER_ADDRESS
    return None


def inviter_counts(invitation: Invitation) -> bool:
    """Tell whether whoever invited may still do so; nobody comes in by somebody whose access ended."""
    inviter = invitation.invited_by
    return invitation.is_from_team or inviter in active_main_contacts(invitation.association)


def requests_naming(association: Association, user: User, *, now: datetime) -> QuerySet[Booking]:
    """Return the requests with dates to come that name this person as contact on the day."""
    name = user.get_full_name()
    coming = coming_dates(now=now).filter(booking=OuterRef("pk"))
    named = association.bookings.filter(Exists(coming), contact_name__iexact=name)
    return named if name else named.none()


def has_accepted(invitation: Invitation, user: User) -> bool:
    """Tell whether this person acts for the group because of this invitation."""
    people = Membership.objects.filter(association=invitation.association_id, user=user)
    return invitation.accepted_by_id == user.pk and people.exists()
