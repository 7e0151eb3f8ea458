"""What the watchdog asks."""

import pytest
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder

from cms.views import health


def test_live_needs_no_database(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get("/health/live")
    assert (response.status_code, response.text) == (200, "ok")


def test_ready_when_database_and_migrations_are_there(client, db, django_assert_max_num_queries):
    health.shipped_migrations()
    with django_assert_max_num_queries(2):
        assert client.get("/health/ready").status_code == 200


def test_not_ready_without_database(client, db, monkeypatch, caplog):
    def fail(self):
        raise OperationalError

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", fail)
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert "database" in response.text
    assert caplog.text == ""


def test_not_ready_while_a_migration_is_missing(client, db, monkeypatch):
    shipped = health.shipped_migrations()
    monkeypatch.setattr(health, "shipped_migrations", lambda: shipped | {("cms", "9999_future")})
    assert client.get("/health/ready").status_code == 503


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_no_cookie_and_never_cached(client, db, path, settings):
    settings.PAGE_CACHE_SECONDS = 60
    response = client.get(path)
    assert not response.cookies
    assert "no-store" in response.headers["Cache-Control"]
    assert client.post(path).status_code == 405
