"""Mails about the people and the data of a group: invitations, handing over, the yearly question."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.models import Association, Invitation, Membership
from bookings.notifications.letters import Button, Fact, Letter, new_mails
from bookings.notifications.links import (
    association_desk_url,
    association_url,
    confirm_url,
    invitation_url,
)
from bookings.notifications.mails import team_addresses
from bookings.rules.wall_clock import berlin_day
from cms.models import User
from cms.services.mail import queue_mails
from cms.wording import date_long


def notify_invited(invitation: Invitation, *, now: datetime) -> None:
    """Write to the invited address; the same words whether or not it has an account.

    Until the centre's team has checked the group, no word that its people typed: what is sent to
    strangers in the centre's name is not theirs to write. The page behind the link names them.
    """
    key = f"invitation:{invitation.pk}:{invitation.times_sent}"
    with translation.override(settings.LANGUAGE_CODE):
        letter = _invitation(invitation)
        mails = new_mails(letter, invitation.association.home_centre, to={key: invitation.email})
    queue_mails(mails, now=now)


def notify_accepted(
    invitation: Invitation, user: User, people: Sequence[User], *, now: datetime
) -> None:
    """Tell the other main contacts that somebody acts for the group now."""
    association = invitation.association
    with translation.override(settings.LANGUAGE_CODE):
        role = invitation.get_role_display()
        letter = Letter(
            subject=_("%(person)s now acts for %(group)s") % _names(association, user),
            answer=_("%(person)s has accepted the invitation and now acts for %(group)s.")
            % _names(association, user),
            button=Button(_("See the people"), association_url(association)),
            facts=[Fact(_("Role"), role), Fact(_("E-mail"), user.email)],
        )
    _to_people("accepted", letter, association, people, now)


def notify_handed_over(
    invitation: Invitation, user: User, predecessor: User, *, now: datetime
) -> None:
    """Tell the predecessor that the access has ended."""
    association = invitation.association
    with translation.override(settings.LANGUAGE_CODE):
        letter = Letter(
            subject=_("%(group)s is handed over") % _names(association, user),
            answer=_("%(person)s has taken over %(group)s.") % _names(association, user),
            says=[
                _(
                    "Your access to this group has ended. Its bookings and everything that was "
                    "written stay with the group. Thank you for your work."
                )
            ],
        )
    _to_people("handed-over", letter, association, [predecessor], now)


def notify_access_ended(association: Association, user: User, *, now: datetime) -> None:
    """Tell somebody who was removed."""
    with translation.override(settings.LANGUAGE_CODE):
        letter = Letter(
            subject=_("Your access to %(group)s has ended") % _names(association),
            answer=_("You no longer act for %(group)s.") % _names(association),
            says=[_("A main contact of the group has ended your access. Your account stays.")],
        )
    _to_people("removed", letter, association, [user], now)


def notify_left(
    association: Association, user: User, people: Sequence[User], *, now: datetime
) -> None:
    """Tell the main contacts that somebody has left."""
    with translation.override(settings.LANGUAGE_CODE):
        letter = Letter(
            subject=_("%(person)s no longer acts for %(group)s") % _names(association, user),
            answer=_("%(person)s has left %(group)s and can no longer book for it.")
            % _names(association, user),
            button=Button(_("See the people"), association_url(association)),
        )
    _to_people("left", letter, association, people, now)


def notify_main_contact_invited(
    invitation: Invitation, people: Sequence[User], *, now: datetime
) -> None:
    """Tell the main contacts of the books that the team has invited another one."""
    association = invitation.association
    with translation.override(settings.LANGUAGE_CODE):
        letter = Letter(
            subject=_("New main contact for %(group)s") % _names(association),
            answer=_("We have invited another person to be main contact of %(group)s.")
            % _names(association),
            says=[
                _(
                    "We were told that nobody acts for the group any more. You still do? Then "
                    "please ring us up. Your access stays as it is."
                )
            ],
        )
    _to_people("team-invited", letter, association, people, now)


def notify_check_again(association: Association, *, before_name: str, now: datetime) -> None:
    """Tell the centre's team that a group has other words for what was checked."""
    with translation.override(settings.LANGUAGE_CODE):
        letter = Letter(
            subject=_("Please check again: %(group)s") % _names(association),
            answer=_("%(group)s has changed its name, kind or register number.")
            % _names(association),
            says=[_("Until you have checked it, it counts as not checked.")],
            button=Button(_("See the association"), association_desk_url(association)),
            facts=[
                Fact(_("Name"), association.name),
                Fact(_("Name until now"), before_name),
                Fact(_("Kind"), association.get_legal_form_display()),
                Fact(_("Register number"), association.register_number or _("not specified")),
            ],
            is_signed=False,
        )
        start, team = _key_start(association, "check", now), team_addresses(association.home_centre)
        to = {f"{start}{number}": address for number, address in enumerate(team)}
        mails = new_mails(letter, association.home_centre, to=to)
    queue_mails(mails, now=now)


def notify_to_confirm(association: Association, people: Sequence[User], *, now: datetime) -> None:
    """Ask the main contacts once a year whether everything is still right."""
    with translation.override(settings.LANGUAGE_CODE):
        letter = Letter(
            subject=_("Are the data of %(group)s still right?") % _names(association),
            answer=_("Please look once a year whether the data of %(group)s are still right.")
            % _names(association),
            says=[
                _(
                    "If they are, one click is enough. Has somebody else taken over? Then hand "
                    "the group over on the same page."
                )
            ],
            button=Button(_("Look at the data"), confirm_url(association)),
            facts=_facts(association),
        )
    _to_people("confirm", letter, association, people, now)


# Parts -------------------------------------------------------------------------------------------


def _invitation(invitation: Invitation) -> Letter:
    association = invitation.association
    names = {
        "group": association.name,
        "person": str(invitation.invited_by) if invitation.invited_by else _("The group"),
        "centre": association.home_centre.name,
    }
    subject, answer, says = _("Invitation: %(group)s"), "", ""
    if not (association.is_checked or invitation.is_from_team):
        subject, answer = _without_names(invitation)
        says = _("Which group it is, and who invites you, stands on the page behind the link.")
    elif invitation.is_from_team:
        answer = _("The team of %(centre)s asks you to be main contact of %(group)s.")
        says = _("You then book rooms for the group, keep its data and invite others.")
    elif invitation.predecessor_id is not None:
        subject = _("%(group)s is to be handed over to you")
        answer = _("%(person)s would like to hand %(group)s over to you.")
        says = _(
            "You become main contact: you book rooms, keep the data and invite others. All "
            "bookings stay. %(person)s then has no access any more."
        )
    elif invitation.role == Membership.Role.MAIN_CONTACT:
        answer = _("%(person)s invites you to be main contact of %(group)s.")
        says = _("You then book rooms for the group, keep its data and invite others.")
    else:
        answer = _("%(person)s invites you to book rooms for %(group)s.")
        says = _("You then see the dates of the group, and can ask for rooms and cancel dates.")
    return Letter(
        subject=subject % names,
        answer=answer % names,
        says=[
            says % names,
            _(
                "To accept, please sign in with this e-mail address, or register with it, by "
                "%(day)s."
            )
            % {"day": date_long(berlin_day(invitation.expires_at))},
        ],
        button=Button(_("See the invitation"), invitation_url(invitation)),
        after=[_("You do not know this group? Then you need not do anything.")],
    )


def _without_names(invitation: Invitation) -> tuple[str, str]:
    if invitation.predecessor_id is not None:
        return (
            _("A group is to be handed over to you"),
            _("Somebody would like to hand a group over to you that books rooms at %(centre)s."),
        )
    return (
        _("Invitation to book rooms for a group"),
        _("Somebody invites you to act for a group that books rooms at %(centre)s."),
    )


def _facts(association: Association) -> list[Fact]:
    people = association.memberships.select_related("user").order_by("role", "pk")
    lines = [f"{one.user} ({one.get_role_display()})" for one in people]
    facts = [
        Fact(pgettext("of a group", "Kind"), association.get_legal_form_display()),
        Fact(_("Responsible person"), association.responsible_name),
        Fact(_("Phone"), association.responsible_phone),
        Fact(_("People"), "\n".join(lines)),
    ]
    return [fact for fact in facts if fact.text]


def _names(association: Association, person: User | None = None) -> dict[str, str]:
    return {"group": association.name, "person": str(person)}


def _to_people(
    event: str, letter: Letter, association: Association, people: Sequence[User], now: datetime
) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        start = _key_start(association, event, now)
        to = {f"{start}{person.pk}": person.email for person in people if person.is_active}
        mails = new_mails(letter, association.home_centre, to=to)
    queue_mails(mails, now=now)


def _key_start(association: Association, event: str, now: datetime) -> str:
    return f"association:{association.pk}:{event}:{now.isoformat()}:"
