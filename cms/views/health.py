"""For the watchdog of whoever runs the site: no session, no cache, no log lines."""

from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def live(_request: HttpRequest) -> HttpResponse:
    """Answer as long as this process serves requests."""
    return plain("ok")


@require_safe
@never_cache
def ready(_request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database is there and has every migration of this version, else 503."""
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except DatabaseError:
        return unavailable("database does not answer")
    missing = shipped_migrations() - applied.keys()
    return unavailable("migrations are missing") if missing else plain("ok")


@cache
def shipped_migrations() -> frozenset[tuple[str, str]]:
    """Return the newest migrations of every app; the files do not change while we run."""
    loader = MigrationLoader(None)
    return frozenset(key for key in loader.graph.leaf_nodes() if key[0] in loader.migrated_apps)


def plain(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain; charset=utf-8", status=status)


def unavailable(reason: str) -> HttpResponse:
    response = plain(reason, status=503)
    # Asked every few seconds; who asks sees the answer, the log need not repeat it.
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001
    return response
