"""A database with all tables, made once, and copies of it.

Migrations take longer than the start of everything else; a copy takes a moment. The database stays
for the next run, and is made anew when a migration or a package is another.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from cms.environment import BASE_DIR
from cms.fingerprint import fingerprint

NAME = f"{settings.DATABASES['default']['TEST']['NAME']}_migrated"


def copy_migrated(name: str, *, afresh: bool = False) -> None:
    """Create a database with all tables and what the migrations write; there may be an old one.

    Workers wait for the one that migrates. `afresh` has the tables made again, too.
    """
    with _alone() as server:
        if afresh or _stamp(server) != _wanted():
            _migrate(server)
        drop(server, name)
        template = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(template.format(sql.Identifier(name), sql.Identifier(NAME)))
        for setting in ("synchronous_commit", "jit"):  # nothing has to last, no query is long
            off = sql.SQL("ALTER DATABASE {} SET {} TO off")
            server.execute(off.format(sql.Identifier(name), sql.Identifier(setting)))


def remove(name: str) -> None:
    with _alone() as server:
        drop(server, name)


def drop(server: psycopg.Connection, name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _alone() -> Iterator[psycopg.Connection]:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(hashtext(%s))", [NAME])
        yield server


def _stamp(server: psycopg.Connection) -> str | None:
    found = server.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [NAME]
    ).fetchone()
    return found[0] if found else None


def _wanted() -> str:
    migrations = sorted(BASE_DIR.glob("*/migrations"))
    return fingerprint([*migrations, BASE_DIR / "requirements" / "dev.txt"])


def _migrate(server: psycopg.Connection) -> None:
    drop(server, NAME)
    test, usual = connection.settings_dict["TEST"], connection.settings_dict["NAME"]
    name, test["NAME"] = test["NAME"], NAME
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        connection.close()
        test["NAME"], connection.settings_dict["NAME"] = name, usual
    comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
    server.execute(comment.format(sql.Identifier(NAME), sql.Literal(_wanted())))
