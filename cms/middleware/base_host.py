"""Accounts and the admin stay on one host: passkeys and sessions are bound to it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from wagtail.models import Site

from cms.middleware.admin_policy import ADMIN_PATH

BASE_HOST_PATHS = (ADMIN_PATH, "/konto/")


class BaseHostMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(BASE_HOST_PATHS):
            site = Site.find_for_request(request)
            if site is not None and not site.is_default_site:
                return redirect(f"{settings.BASE_URL}{request.get_full_path()}")
        return self.get_response(request)
