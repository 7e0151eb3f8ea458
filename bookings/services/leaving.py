"""Somebody deletes the own account: the bookings of the group stay, without the name."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from bookings.models import Association, Booking, Membership
from bookings.selectors.own_bookings import coming_dates
from bookings.selectors.personal_data import requests_as_guest
from bookings.services.associations.locked import withdraw_invitations_of
from cms.models import User


def obstacles(*, user: User, now: datetime) -> Sequence[str]:
    """Return a sentence for each association that would have dates and nobody to answer for them.

    Locks the associations: two who leave at once cannot each rely on the other. Call it in a
    transaction.
    """
    own = Association.objects.filter(memberships__user=user).order_by("pk")
    keys = [one.pk for one in own.select_for_update(no_key=True, of=("self",))]
    others = _others(user).filter(association=OuterRef("pk"))
    leads = Membership.objects.filter(
        association=OuterRef("pk"), user=user, role=Membership.Role.MAIN_CONTACT
    )
    left_alone = Association.objects.filter(
        Exists(coming_dates(now=now).filter(booking__association=OuterRef("pk"))),
        ~Exists(others.filter(role=Membership.Role.MAIN_CONTACT)),
        Exists(leads) | ~Exists(others),
        pk__in=keys,
    )
    sentence = _(
        "You are the only main contact of %(name)s, and there are dates to come. Please hand"
        " the association over first, or cancel the dates."
    )
    return [sentence % {"name": one.name} for one in left_alone.order_by("name")]


def stays(*, user: User) -> Sequence[str]:
    """Return a sentence for each group that nobody leads then, and one on the requests as a guest."""
    led = Membership.objects.filter(user=user, role=Membership.Role.MAIN_CONTACT)
    others = _others(user).filter(association=OuterRef("pk"), role=Membership.Role.MAIN_CONTACT)
    left = Association.objects.filter(~Exists(others), pk__in=led.values("association"))
    sentence = _(
        "Nobody is main contact of %(name)s then. If somebody is to go on with it, please hand it"
        " over first."
    )
    sentences = [sentence % {"name": one.name} for one in left.order_by("name")]
    if requests_as_guest(user):
        sentences.append(
            _(
                "What you asked for as a guest, with name and e-mail address. It is forgotten half"
                " a year after the last date."
            )
        )
    return sentences


def forget(*, user: User, now: datetime) -> None:
    """Take name and phone out of the requests, and end the invitations this person sent.

    Of what is over both go, whoever was named. Of what is to come, the group's main contact takes
    the place of the one who leaves; somebody else who was named stays.
    """
    for association in Association.objects.filter(memberships__user=user):
        withdraw_invitations_of(association, user, now)
    name = user.get_full_name()
    named = Q(contact_name__iexact=name, association__memberships__user=user)
    asked = Booking.objects.filter(Q(requester=user) | named if name else Q(requester=user))
    coming = Exists(coming_dates(now=now).filter(booking=OuterRef("pk")))
    _update(asked.filter(~coming), contact_name="", contact_phone="")
    for booking in asked.filter(coming, contact_name__iexact=name).distinct():
        successor = _main_contact(booking, user)
        booking.contact_name = successor.get_full_name() if successor else ""
        booking.contact_phone = ""
        booking.save(update_fields=["contact_name", "contact_phone"])


def _update(bookings: QuerySet[Booking], **values: str) -> None:
    Booking.objects.filter(pk__in=bookings.values("pk")).update(**values)


def _main_contact(booking: Booking, leaver: User) -> User | None:
    others = _others(leaver).filter(association=booking.association_id)
    # "main_contact" comes before "may_book".
    first = others.select_related("user").order_by("role", "pk").first()
    return first.user if first else None


def _others(leaver: User) -> QuerySet[Membership]:
    """Return who else acts, as far as they can sign in."""
    return Membership.objects.filter(user__is_active=True).exclude(user=leaver)
