"""DATABASE_URL → Django's DATABASES entry."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def database_from_url(url: str) -> dict[str, Any]:
    """Return the DATABASES entry for a `postgresql://` URL.

    A socket directory may stand in the query (`?host=/run/postgresql`), as libpq allows. An empty
    URL gives an entry without a name: Django can load, and fails only when it connects.

    Raises ImproperlyConfigured for any other scheme.
    """
    parts = urlsplit(url)
    if url and parts.scheme not in {"postgres", "postgresql"}:
        msg = f"DATABASE_URL must start with postgresql://, not {parts.scheme!r}."
        raise ImproperlyConfigured(msg)
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]) or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or query.get("host", [""])[0],
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        # PostgreSQL would compile statements that it expects to be costly. Compiling the search for
        # rooms takes two seconds, running it ten milliseconds (bench/ledger.py).
        "OPTIONS": {"options": "-c jit=off"},
    }
