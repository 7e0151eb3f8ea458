"""How often guests may ask: per network and per address."""

from allauth.core import ratelimit
from django.http import HttpRequest
from django.utils.translation import gettext as _


def is_allowed(request: HttpRequest, action: str, email: str) -> bool:
    """Count this against what one network and one address may do (ACCOUNT_RATE_LIMITS)."""
    usage = ratelimit.consume(request, action=action, key=email.lower())
    return bool(usage)


def too_often() -> str:
    return _("That was too often in a short time. Please try again later, or ring us.")
