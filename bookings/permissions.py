"""Which bookings somebody sees: those of the own associations; managers those of their centres."""

from django.db.models import Model, QuerySet

from bookings.models import (
    Association,
    Booking,
    BookingDate,
    ChangeRequest,
    Closure,
    Layout,
    Room,
    RoomHours,
    Space,
    TermsOfUse,
    UseBuffer,
)
from bookings.selectors.asking import acted_for_by
from cms.models import User
from cms.permissions import Visitor, centres_of, register_centre_lookup

# The way from a model to its centre, for the admin's scoped views.
LOOKUPS: dict[type[Model], str] = {
    Association: "home_centre",
    Booking: "centre",
    BookingDate: "booking__centre",
    Closure: "centre",
    Layout: "room__centre",
    Room: "centre",
    RoomHours: "room__centre",
    Space: "centre",
    TermsOfUse: "centre",
    UseBuffer: "room__centre",
}


def register_lookups() -> None:
    for model, lookup in LOOKUPS.items():
        register_centre_lookup(model, lookup)


def associations_of(user: Visitor) -> QuerySet[Association]:
    """Return the associations somebody acts for."""
    if not isinstance(user, User) or not user.is_active:
        return Association.objects.none()
    return acted_for_by(user)


def bookings_of(user: Visitor) -> QuerySet[Booking]:
    """Return the requests of the associations somebody acts for; anybody else's are a 404."""
    return Booking.objects.filter(association__in=associations_of(user))


def bookings_to_decide(user: Visitor) -> QuerySet[Booking]:
    """Return the requests of the centres somebody looks after; a guest's once it is confirmed."""
    found = Booking.objects.filter(centre__in=centres_of(user))
    return found.exclude(status=Booking.Status.UNVERIFIED)


def changes_to_decide(user: Visitor) -> QuerySet[ChangeRequest]:
    """Return the wishes to change of the requests that somebody decides on."""
    return ChangeRequest.objects.filter(booking__in=bookings_to_decide(user))
