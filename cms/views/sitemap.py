"""The map for search engines: the pages, and the public addresses of upper apps."""

from collections.abc import Callable, Iterable

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemaps
from django.http import HttpRequest, HttpResponse
from wagtail.contrib.sitemaps import Sitemap as PageSitemap

PathsHere = Callable[[HttpRequest], Iterable[str]]
_sources: list[PathsHere] = []


def register_paths(source: PathsHere) -> None:
    """Let an upper app name the paths of public pages that the host of a request serves."""
    _sources.append(source)


class PathSitemap(Sitemap[str]):
    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def items(self) -> list[str]:
        return [path for source in _sources for path in source(self.request)]

    def location(self, item: str) -> str:
        return item


def sitemap(request: HttpRequest) -> HttpResponse:
    return sitemaps.sitemap(request, {"pages": PageSitemap(request), "paths": PathSitemap(request)})
