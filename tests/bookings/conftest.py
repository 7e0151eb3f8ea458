"""A hall in Alfeld, a Tuesday morning."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from bookings.models import Association, RenewalRound, Room
from cms.models import Centre, CentrePage, User
from tests.bookings.renewing import opened
from tests.factories.bookings import NOW, AssociationFactory, add_hall, add_room, member_of
from tests.factories.staff import manager_of
from tests.planting import Garden


@pytest.fixture
def tuesday_morning() -> Iterator[dt.datetime]:
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def centre(alfeld: CentrePage) -> Centre:
    return alfeld.centre


@pytest.fixture
def manager(alfeld: CentrePage, garden: Garden) -> User:
    user = garden.plant("manager", lambda: manager_of(alfeld), alfeld)
    alfeld.centre.refresh_from_db()
    return user


@pytest.fixture
def room(centre: Centre, garden: Garden) -> Room:
    return garden.plant("room", lambda: add_room(centre, "Kursraum", capacity=25), centre)


@pytest.fixture
def hall(centre: Centre, garden: Garden) -> tuple[Room, Room, Room]:
    """Return the whole hall, its north and its south half."""
    return garden.plant("hall", lambda: add_hall(centre), centre)


@pytest.fixture
def choir(centre: Centre) -> Association:
    return AssociationFactory.create(name="Gemischter Chor", home_centre=centre)


@pytest.fixture
def singer(choir: Association) -> User:
    """Return somebody who books for the choir."""
    return member_of(choir, email="vorstand@chor.example.org")


@pytest.fixture
def desk(client: Client, manager: User) -> Client:
    """Return a client signed in as the manager of Alfeld."""
    client.force_login(manager)
    return client


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Return a clock that stands at Tuesday morning and can be shifted by seconds."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def plan(centre, manager) -> RenewalRound:
    return opened(centre, manager)


@pytest.fixture
def dancers(centre) -> Association:
    return AssociationFactory.create(name="Tanzkreis", home_centre=centre)
