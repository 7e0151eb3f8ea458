"""The manager's desk of Alfeld, on a Tuesday morning."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from cms.models import CentrePage, Service, User
from tests.cms.desk import NOW
from tests.factories.staff import manager_of
from tests.planting import Garden


@pytest.fixture
def tuesday_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def practice(alfeld: CentrePage) -> Service:
    return alfeld.centre.services.get()


@pytest.fixture
def manager(alfeld: CentrePage, garden: Garden) -> User:
    user = garden.plant("manager", lambda: manager_of(alfeld), alfeld)
    alfeld.centre.refresh_from_db()
    return user


@pytest.fixture
def desk(client: Client, manager: User) -> Client:
    """Return a client signed in as the manager of Alfeld."""
    client.force_login(manager)
    return client
