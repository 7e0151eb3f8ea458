"""Accounts, bookings and the admin stay on one host: passkeys and sessions are bound to it."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from cms.middleware.admin_policy import ADMIN_PATH
from cms.selectors.sites import site_of

BASE_HOST_PATHS = (ADMIN_PATH, "/konto/")
# Asking for a room, what follows, and one's own groups, in every language.
BOOKING_PATHS = re.compile(
    rf"(?:/(?:{'|'.join(code for code, _name in settings.LANGUAGES)}))?"
    r"/(?:buchungen/|konto/|raeume/[^/]+/[^/]+/anfrage/)"
)


class BaseHostMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if needs_base_host(request.path_info) and not is_base_host(request):
            return redirect(f"{settings.BASE_URL}{request.get_full_path()}")
        return self.get_response(request)


def needs_base_host(path: str) -> bool:
    return path.startswith(BASE_HOST_PATHS) or BOOKING_PATHS.match(path) is not None


def is_base_host(request: HttpRequest) -> bool:
    """Tell whether no centre's own site answers here; the address of the settings costs no query."""
    if f"{request.scheme}://{request.get_host()}" == settings.BASE_URL:
        return True
    site = site_of(request)
    return site is None or bool(site.is_default_site)
