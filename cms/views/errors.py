"""Pages for what went wrong. The frame needs a database; without one a plain page stands."""

import logging
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation

from cms.models import Centre, CentrePage
from cms.selectors.sites import site_of
from cms.services.typed import is_marked, lead_back

logger = logging.getLogger(__name__)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return framed(request, "404.html", 404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say what the view said, if it said something."""
    return framed(request, "403.html", 403, reason=str(exception or ""))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without its token, most often sent after cookies were deleted or blocked.

    Where somebody was signed out, or in again in another window, what was typed is not lost. Only
    on the browser's word that our own page sent it: else anybody could fill in people's forms.
    """
    origin = f"{request.scheme}://{request.get_host()}"
    if is_marked(request) and request.headers.get("Origin") == origin:
        again = lead_back(request)
        if again is not None:
            return again
    return framed(request, "403_csrf.html", 403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer without the frame: an unknown host has no site whose frame could be shown."""
    return standalone("400.html", 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer without database, cache, session and hashed static files: any may be the cause."""
    return standalone("500.html", 500)


def framed(request: HttpRequest, template: str, status: int, *, reason: str = "") -> HttpResponse:
    try:
        context: dict[str, Any] = {"centres": centres_to_ring(request), "reason": reason}
        return render(request, template, context, status=status)
    except Exception:  # an error page must not fail for the reason it explains
        logger.exception("error page %s: no frame", template)
        return standalone(f"{status}_plain.html", status)


def centres_to_ring(request: HttpRequest) -> list[Centre]:
    """Return the open centres with a phone number, by place; on a centre's own site only this one."""
    centres = Centre.objects.filter(status=Centre.Status.OPEN).exclude(phone="")
    site = site_of(request)
    own = CentrePage.objects.filter(pk=site.root_page_id).values("centre") if site else None
    if own is not None and own.exists():
        centres = centres.filter(pk__in=own)
    return list(centres)


def standalone(template: str, status: int) -> HttpResponse:
    with translation.override(settings.LANGUAGE_CODE):
        context = {"static_url": settings.STATIC_URL, "LANGUAGE_CODE": settings.LANGUAGE_CODE}
        content = render_to_string(template, context)
    return HttpResponse(content, status=status)
