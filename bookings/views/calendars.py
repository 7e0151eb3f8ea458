"""How programs read the calendars of rooms and groups."""

from collections.abc import Callable

from allauth.decorators import rate_limit
from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

View = Callable[..., HttpResponseBase]


def for_calendars(action: str) -> Callable[[View], View]:
    """Let programs read it, some times a minute (ACCOUNT_RATE_LIMITS): it costs more than a page."""

    def readable(view: View) -> View:
        limited: View = rate_limit(action=action, limit_get=True)(view)
        return require_safe(limited)

    return readable
