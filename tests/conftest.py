"""Fixtures shared by all tests."""

import gc
import os
from collections.abc import Iterator
from itertools import count

import hypothesis
import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client

from cms.models import CentrePage, User
from tests.databases import copy_migrated
from tests.factories.cms import Tree, UserFactory, plant_tree
from tests.planting import Garden

# Playwright's synchronous API keeps an event loop open; Django would refuse to touch the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# Each run draws other examples, so a run need not try many. For a long look at one property:
# HYPOTHESIS_EXAMPLES=5000 make test ARGS="-k …"
hypothesis.settings.register_profile(
    "suite", max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "40")), deadline=None
)
hypothesis.settings.load_profile("suite")

upload_folders = count()


def pytest_collection_finish() -> None:
    """Take programs and tests, which stay to the end, out of what the garbage collector looks at."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment, django_db_blocker, django_db_modify_db_settings, django_db_createdb
) -> None:
    """In place of pytest-django's: a copy of one migrated database for each worker."""
    name = connection.settings_dict["TEST"]["NAME"]
    with django_db_blocker.unblock():
        copy_migrated(name, afresh=django_db_createdb)
        connection.settings_dict["NAME"] = name


@pytest.fixture(autouse=True)
def _own_files_and_caches(settings, tmp_path_factory) -> Iterator[None]:
    """Keep every test's uploads and caches to itself. The folder appears with the first upload."""
    settings.MEDIA_ROOT = tmp_path_factory.getbasetemp() / f"media-{next(upload_folders)}"
    for cache in caches.all(initialized_only=True):
        cache.clear()
    yield
    for cache in caches.all(initialized_only=True):
        cache.clear()


@pytest.fixture
def visitor() -> Client:
    """Return a browser on the base host, where accounts and the admin live."""
    return Client(headers={"host": "localhost"})


@pytest.fixture
def garden(db) -> Garden:
    """Return what puts back rows that an earlier test has built."""
    return Garden()


@pytest.fixture
def tree(garden: Garden) -> Tree:
    """Start page and list of centres on the default site, no centre yet."""
    return Tree(*garden.plant("tree", lambda: plant_tree().roots))


@pytest.fixture
def alfeld(tree: Tree, garden: Garden) -> CentrePage:
    return tree.know(garden.plant("alfeld", lambda: tree.add_centre("Alfeld")))


@pytest.fixture
def nordholz(tree: Tree, garden: Garden) -> CentrePage:
    return tree.know(garden.plant("nordholz", lambda: tree.add_centre("Nordholz")))


@pytest.fixture
def administrator(db) -> User:
    return UserFactory.create(email="verwaltung@example.org", is_superuser=True)
