"""Answers public pages from the cache; stands before everything that costs a query."""

import gzip
import logging
import re
from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags

from cms import page_cache

logger = logging.getLogger(__name__)

ACCEPTS_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)


class PageCacheMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not page_cache.may_be_cached(request):
            return private(self.get_response(request))
        key = self.key(request)
        stored = self.read(key)
        if stored is not None:
            return answer(request, stored)
        response = self.get_response(request)
        if key and request.method == "GET" and page_cache.is_public_page(request, response):
            return self.keep(request, key, response)
        return private(response)

    def key(self, request: HttpRequest) -> str:
        """Return the key under the token of *now*: read before the page is rendered."""
        try:
            return page_cache.page_key(request, page_cache.generation())
        except DisallowedHost:  # refused further inside, where the error page gets its headers
            return ""
        except Exception:  # a broken cache must not take the site down
            logger.exception("page cache: cannot read the generation")
            return ""

    def read(self, key: str) -> page_cache.StoredPage | None:
        try:
            return page_cache.pages_cache().get(key) if key else None
        except Exception:
            logger.exception("page cache: cannot read")
            return None

    def keep(self, request: HttpRequest, key: str, response: HttpResponseBase) -> HttpResponseBase:
        seconds = page_cache.seconds_to_live(request, timezone.now())
        if seconds <= 0 or not isinstance(response, HttpResponse):
            return private(response)
        try:
            return answer(request, page_cache.store(key, response, seconds=seconds))
        except Exception:
            logger.exception("page cache: cannot write")
            return response


def answer(request: HttpRequest, page: page_cache.StoredPage) -> HttpResponse:
    response: HttpResponse
    if page.etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse()
    for name, value in page.headers:
        if response.status_code == HTTPStatus.OK or name != "Content-Type":
            response.headers[name] = value
    response.headers["ETag"] = page.etag
    if response.status_code == HTTPStatus.OK:
        write_body(request, response, page.gzipped)
    return response


def write_body(request: HttpRequest, response: HttpResponse, gzipped: bytes) -> None:
    if ACCEPTS_GZIP.search(request.headers.get("Accept-Encoding", "")):
        response.content = gzipped
        response.headers["Content-Encoding"] = "gzip"
    else:
        response.content = gzip.decompress(gzipped)
    response.headers["Content-Length"] = str(len(response.content))


def private(response: HttpResponseBase) -> HttpResponseBase:
    """Keep what may be personal out of shared caches, and have browsers ask again."""
    if "Cache-Control" not in response.headers and response.get("Content-Type", "").startswith(
        "text/html"
    ):
        patch_cache_control(response, private=True, no_cache=True)
    return response
