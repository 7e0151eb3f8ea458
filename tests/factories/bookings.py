"""Rooms, associations and requests."""

import datetime as dt
from collections.abc import Sequence

import factory
from django.utils.text import slugify

from bookings.models import (
    Association,
    Booking,
    BookingDate,
    Layout,
    Membership,
    Room,
    RoomHours,
    Space,
)
from bookings.rules.recurrence import Frequency, Recurrence
from bookings.rules.spans import Span
from bookings.rules.wall_clock import span_on
from bookings.services.decisions import approve
from bookings.services.requests import NewRequest, Waits, send_request
from bookings.services.rooms import give_calendar
from cms.models import Centre, User
from cms.opening_hours import BERLIN
from tests.factories.cms import CentreFactory, UserFactory

NOW = dt.datetime(2026, 11, 24, 10, 14, tzinfo=BERLIN)  # a Tuesday
FRIDAY = dt.date(2026, 11, 27)
EVERY_FRIDAY = Recurrence(Frequency.WEEKLY, (FRIDAY.weekday(),))


class SpaceFactory(factory.django.DjangoModelFactory[Space]):
    class Meta:
        model = Space

    centre = factory.SubFactory(CentreFactory)
    name = factory.Sequence(lambda number: f"Teil {number}")


def add_room(
    centre: Centre,
    name: str = "Saal",
    *,
    spaces: Sequence[Space] | None = None,
    hours: tuple[str, str] | None = ("08:00", "22:00"),
    **values,
) -> Room:
    """Create a room that is open at these hours on every day, on one new space unless given."""
    room = Room(centre=centre, name=name, **{"slug": slugify(name), "capacity": 60, **values})
    give_calendar(room)
    room.save()
    room.spaces.set(spaces or [SpaceFactory.create(centre=centre, name=f"{name} (Teil)")])
    if hours:
        opens, closes = map(dt.time.fromisoformat, hours)
        for weekday in range(7):
            RoomHours.objects.create(room=room, weekday=weekday, opens=opens, closes=closes)
    Layout.objects.create(room=room, name="Reihen", capacity=room.capacity)
    return room


def add_hall(centre: Centre) -> tuple[Room, Room, Room]:
    """Create a divisible hall: the whole, north, south – three rooms on two spaces."""
    north, south = (SpaceFactory.create(centre=centre, name=f"Saal {half}") for half in ("N", "S"))
    return (
        add_room(centre, "Saal", spaces=[north, south]),
        add_room(centre, "Saal Nord", spaces=[north], capacity=30),
        add_room(centre, "Saal Süd", spaces=[south], capacity=30, slug="saal-sued"),
    )


class AssociationFactory(factory.django.DjangoModelFactory[Association]):
    class Meta:
        model = Association

    name = factory.Sequence(lambda number: f"Verein {number}")
    legal_form = Association.LegalForm.REGISTERED
    home_centre = factory.SubFactory(CentreFactory)
    created_at = NOW
    checked_at = NOW


def member_of(association: Association, **values) -> User:
    """Create somebody who may book for an association."""
    user = UserFactory.create(**{"first_name": "Erika", "last_name": "Muster", **values})
    Membership.objects.create(association=association, user=user)
    return user


def span(start: str = "19:00", end: str = "21:00", day: dt.date = FRIDAY) -> Span:
    """Return a span of a day, times as "19:00"; an end at "00:00" is midnight."""
    return span_on(day, dt.time.fromisoformat(start), dt.time.fromisoformat(end))


def new_request(
    room: Room, when: Span | None = None, *, association: Association | None = None, **values
) -> NewRequest:
    """Return a request as a group would send it, for Friday evening unless said otherwise."""
    if association is None:
        association = AssociationFactory.create(home_centre=room.centre)
    requester = values.pop("requester", None) or association.members.first()
    defaults = {
        "purpose": "Chorprobe",
        "persons": 20,
        "contact_name": "Erika Muster",
        "contact_phone": "040 66969 120",
    }
    return NewRequest(
        room=room,
        association=association,
        requester=requester or member_of(association),
        spans=[when or span()],
        **{**defaults, **values},
    )


def requested(room: Room, when: Span | None = None, *, now: dt.datetime = NOW, **values) -> Booking:
    """Send a request."""
    return send_request(request=new_request(room, when, **values), now=now)


def requested_too(room: Room, when: Span | None = None, **values) -> Booking:
    """Send a request for a time that another group has."""
    return requested(room, when, waits=Waits.BEHIND_PROMISE, **values)


def promised(
    room: Room, when: Span | None = None, *, actor: User | None = None, **values
) -> Booking:
    """Send a request and promise it."""
    booking = requested(room, when, **values)
    approve(
        booking=booking,
        date_ids=[date_of(booking).pk],
        actor=actor or UserFactory.create(),
        now=values.get("now", NOW),
    )
    return booking


def date_of(booking: Booking) -> BookingDate:
    """Return the one date of a booking as it is stored now."""
    return BookingDate.objects.select_related("booking", "room", "occurrence").get(booking=booking)
