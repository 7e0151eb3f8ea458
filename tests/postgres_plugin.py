"""Gives the tests a PostgreSQL when DATABASE_URL names none.

Loaded with `-p` in pyproject.toml, so that it runs before pytest-django reads the settings. With
xdist the controller starts the server; the workers inherit DATABASE_URL.
"""

import os
import signal
from collections.abc import Generator

import pytest

from cms import embedded_postgres


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None]:
    if not os.environ.get("DATABASE_URL"):
        # Ended like by Ctrl-C: pytest winds up, and the server stops.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            embedded_postgres.start()
        except embedded_postgres.EmbeddedPostgresError as error:
            pytest.exit(str(error), returncode=4)
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    embedded_postgres.stop()
