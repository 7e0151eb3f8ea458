"""A form whose session has ended meanwhile: whoever sent it signs in and finds it as it was typed."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from cms.services.typed import forget_typed, is_marked, lead_back


class EndedSessionMiddleware:
    """Stands behind the check of tokens: only our own pages get as far."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseBase | None:
        if not is_marked(request):
            return None
        if request.user.is_authenticated:
            forget_typed(request)
            return None
        return lead_back(request)
