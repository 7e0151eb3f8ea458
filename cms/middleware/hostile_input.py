"""Refuses what no browser sends: NUL characters, odd encodings, numbers no column holds, broken JSON."""

from collections.abc import Callable
from json import JSONDecodeError

from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import HttpRequest, HttpResponseBase

from cms.middleware.admin_policy import ADMIN_PATH

UTF_8 = "utf-8"


class HostileInputMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        query = request.META.get("QUERY_STRING", "")
        if "\x00" in request.path_info or "%00" in query or "\x00" in query:
            message = "NUL character in the address"
            raise BadRequest(message)
        # Python knows encodings that make texts which no database takes.
        charset = (request.content_params or {}).get("charset", UTF_8)
        if charset.lower() not in {UTF_8, "utf8"}:
            message = "a body that is not in UTF-8"
            raise BadRequest(message)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Answer 400 for what Wagtail takes from a request without a look at it."""
        reads = request.method in {"GET", "HEAD"}
        if reads and isinstance(exception, DataError):
            message = "a number in the address that the database cannot take"
            raise BadRequest(message) from exception
        in_admin = request.path_info.startswith(ADMIN_PATH)
        if in_admin and not reads and isinstance(exception, JSONDecodeError):
            message = "no JSON where an editor of the admin would have sent it"
            raise BadRequest(message) from exception
