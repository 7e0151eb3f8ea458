"""How often who is not signed in may ask: per network, and guests per address."""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.core import ratelimit
from django.http import HttpRequest
from django.utils.translation import gettext as _


def is_allowed(request: HttpRequest, action: str, email: str = "") -> bool:
    """Count this against what one network and one address may do (ACCOUNT_RATE_LIMITS)."""
    usage = ratelimit.consume(request, action=action, key=email.lower())
    return bool(usage)


class TooOftenError(Exception):
    """The limit is reached; nothing was tried."""


@contextmanager
def counted(request: HttpRequest, action: str, email: str) -> Iterator[None]:
    """Count what happens within as `is_allowed` does, but only once it has succeeded.

    Who comes too late for a time must not lock out an address. Raises TooOftenError.
    """
    if not ratelimit.consume(request, action=action, key=email.lower(), dry_run=True):
        raise TooOftenError
    yield
    ratelimit.consume(request, action=action, key=email.lower())


def too_often() -> str:
    return _("That was too often in a short time. Please try again later, or ring us.")
