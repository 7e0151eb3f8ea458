"""The way from an address to its page, in fewer queries than Wagtail's own."""

from collections.abc import Iterator
from functools import cache
from typing import Any, ClassVar

from django.db.models import CharField, IntegerField, Q, QuerySet
from django.http import Http404, HttpRequest
from wagtail.models import Page, PageViewRestriction
from wagtail.url_routing import RouteResult

from cms.prepared import Given, Prepared

START_DEPTH = 2  # of a site's start page: the root of the tree is 1


class DirectRouting:
    """Fetches a child with its specific part and what its page shows first: one query a step.

    Wagtail asks twice for every step and twice more for the restrictions of the pages above. Mixed
    in front of Page, which has no types, hence the ignored ones.
    """

    # Foreign keys that the page's frame and first lines need anyway.
    fetched_on_the_way: ClassVar[tuple[str, ...]] = ()

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        if not path_components:
            return super().route(request, path_components)  # type: ignore[misc]
        child = self._child(path_components[0])
        if child is None:
            raise Http404
        # As Wagtail does it: the page knows its parent without asking.
        child._cached_parent_obj = self  # noqa: SLF001
        return child.route(request, path_components[1:])

    def get_view_restrictions(self) -> "QuerySet[PageViewRestriction]":
        """Return the restrictions of this page and of all above, as Wagtail does.

        The pages above are known from the routing; a page's path names all of them. Where that
        is not so, or one is an alias (which takes the restrictions of its source), Wagtail asks.
        """
        trail = list(self._trail())
        if trail[-1].depth != START_DEPTH or any(page.alias_of_id for page in trail):
            return super().get_view_restrictions()  # type: ignore[misc, no-any-return]
        path = trail[0].path
        ends = range(Page.steplen, len(path) + 1, Page.steplen)
        return PageViewRestriction.objects.filter(  # type: ignore[no-any-return]
            page__path__in=[path[:end] for end in ends]
        )

    def _child(self, slug: str) -> Any:
        children, links = _children_of(type(self))  # type: ignore[arg-type]
        child = children.first(slug=slug, path=self.path, depth=self.depth)  # type: ignore[attr-defined]
        if child is None:
            return None
        link = links.get(child.specific_class)
        return getattr(child, link) if link else child.specific

    def _trail(self) -> Iterator[Any]:
        page: Any = self
        while page is not None:
            yield page
            page = getattr(page, "_cached_parent_obj", None)


@cache
def _children_of(model: Any) -> tuple[Prepared[Page], dict[type[Page], str]]:
    """Return the query for a child of such a page, and how the types it may have hang on Page."""
    links = {child: child._meta.model_name for child in model.allowed_subpage_models()}
    related = [
        "__".join(filter(None, (link, step)))
        for child, link in links.items()
        for step in ("", *getattr(child, "fetched_on_the_way", ()))
    ]

    def child() -> "QuerySet[Page]":
        below = Q(path__startswith=Given("path", CharField()))
        below &= Q(depth=Given("depth", IntegerField()) + 1)
        pages: QuerySet[Page] = Page.objects.filter(below, slug=Given("slug", CharField()))
        return pages.select_related(*related) if related else pages

    return Prepared(child), links
