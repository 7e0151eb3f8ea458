"""What the benchmarks stand on: a database of their own, the example data, the raw connection."""

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from django.core.management import call_command
from django.db import connection, connections
from django.test import override_settings
from psycopg import sql

from cms import embedded_postgres
from cms.environment import use_environment

NAME = "rvz_bench"


def use_demo() -> None:
    """Take the demo's settings, and start the embedded PostgreSQL where no other is named."""
    os.environ["RVZ_ENV"] = "demo"
    use_environment()
    if not os.environ.get("DATABASE_URL"):
        embedded_postgres.start()


@contextmanager
def own_site(*, example_data: bool = True) -> Iterator[None]:
    """Set Django up on a migrated database that is thrown away afterwards."""
    with own_database():
        django.setup()
        with tempfile.TemporaryDirectory() as media, override_settings(MEDIA_ROOT=media):
            call_command("migrate", verbosity=0)
            if example_data:
                call_command("load_demo", stdout=io.StringIO())
        try:
            yield
        finally:
            connections.close_all()


@contextmanager
def own_database() -> Iterator[None]:
    address = os.environ["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as server:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME))
        server.execute(drop)
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
        os.environ["DATABASE_URL"] = urlunsplit(urlsplit(address)._replace(path=f"/{NAME}"))
        try:
            yield
        finally:
            os.environ["DATABASE_URL"] = address
            server.execute(drop)


@contextmanager
def raw_connection() -> "Iterator[psycopg.Connection[Any]]":
    """Give a connection that sends statements as Django does: planned for their values each time."""
    options = connection.settings_dict["OPTIONS"]
    address = os.environ["DATABASE_URL"]
    with psycopg.connect(address, prepare_threshold=None, **options) as raw:
        yield raw


def machine() -> dict[str, Any]:
    return {
        "python": sys.version.split()[0],
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
    }
