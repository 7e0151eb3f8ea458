"""The demo, loaded once for all modules; each test gets a savepoint of its own."""

import datetime as dt
import gc
import warnings
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings
from wagtail.models import Site

from home.demo import build
from tests.factories.cms import plant_roots
from tests.planting import Garden

TODAY = dt.date(2026, 11, 24)
BASE_URL = "http://localhost:8123"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tell pytest-django that these tests need the test database, before it puts them in order.

    It looks at marks only; without one, a run of this folder alone would load the demo into the
    database behind DATABASE_URL, and a whole run would come here after tests that empty it.
    """
    for item in items:
        if Path(__file__).parent in item.path.parents and "demo" in item.fixturenames:  # type: ignore[attr-defined]
            item.add_marker(pytest.mark.django_db)


def load() -> list[str]:
    plant_roots()
    lines: list[str] = []
    build.load(today=TODAY, base_url=BASE_URL, say=lines.append)
    return lines


def load_first() -> None:
    load()


@pytest.fixture(scope="session")
def media(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker, media: Path):
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media), transaction.atomic():
        with warnings.catch_warnings():
            # Wagtail leaves the temporary file of a new picture size to the garbage collector.
            warnings.simplefilter("ignore", ResourceWarning)
            Garden().plant("demo", load_first, at_once=True)
            gc.collect()
        yield media
        transaction.set_rollback(True)
    Site.clear_site_root_paths_cache()


@pytest.fixture
def demo(_loaded, settings):
    settings.MEDIA_ROOT = _loaded
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    Site.clear_site_root_paths_cache()
