"""What differs under /verwaltung/: a content security policy Wagtail can work with."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

ADMIN_PATH = "/verwaltung/"
# Inline scripts without a nonce; in InlinePanel's templates they are nested and found as well.
INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\s(?:src|nonce)\s*=)(?=[\s>])", re.IGNORECASE)


class AdminPolicyMiddleware:
    """Relaxes the CSP for the admin: inline scripts get a nonce, inline styles are allowed.

    Stands inside CSPMiddleware, because the nonce can only be made before the header is written.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not request.path_info.startswith(ADMIN_PATH):
            return response
        # What django-csp's own decorator does.
        response._csp_replace = settings.ADMIN_CSP_REPLACE  # type: ignore[attr-defined]  # noqa: SLF001
        if isinstance(response, HttpResponse) and response.get("Content-Type", "").startswith(
            "text/html"
        ):
            add_nonce(request, response)
        return response


def add_nonce(request: HttpRequest, response: HttpResponse) -> None:
    if not INLINE_SCRIPT.search(response.content):
        return
    nonce = str(request.csp_nonce)  # type: ignore[attr-defined]
    response.content = INLINE_SCRIPT.sub(b'<script nonce="%s"' % nonce.encode(), response.content)
    if response.has_header("Content-Length"):
        response.headers["Content-Length"] = str(len(response.content))
