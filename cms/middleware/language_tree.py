"""A language exists when its page tree does; until then its addresses are not found."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import translation
from wagtail.models import Page

from cms.selectors.sites import site_of


class LanguageTreeMiddleware:
    """Answers 404 below a language prefix without a start page; Wagtail would show German there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, _kwargs: object
    ) -> None:
        language = translation.get_language_from_path(request.path_info)
        if language in {None, settings.LANGUAGE_CODE} or has_tree(request, str(language)):
            return
        # The page that says so speaks a language that exists.
        translation.activate(settings.LANGUAGE_CODE)
        raise Http404


def has_tree(request: HttpRequest, language: str) -> bool:
    site = site_of(request)
    if site is None:
        return False
    starts = Page.objects.live().filter(translation_key=site.root_page.translation_key)
    return bool(starts.filter(locale__language_code=language).exists())
