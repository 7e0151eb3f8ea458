"""Entries of navigation and footer as data, and the pages they lead to."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Exists,
    F,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from cms.models import CentrePage, StandardPage
from cms.models.pages import AbstractServicePage
from cms.prepared import Given, Prepared
from cms.selectors.pages import SERVICE_OF_PAGE, public_pages

Purpose = StandardPage.Purpose
LEGAL_NOTICE, ACCESSIBILITY, CENTRES = "legal_notice", "accessibility", "centres"
SERVICES_ANCHOR, ROOMS_ANCHOR = "angebote", "raeume"
ROOMS = "rooms"


@dataclass(frozen=True)
class Entry:
    """An entry whose target is an anchor of the start, a route by name, or a page by its kind.

    It becomes a link only where that target exists. `needs`: what an upper app has to have for it.
    An anchor with a route is marked as "here" on all addresses below the route, and so is a route
    `of_centre`, which leads to what it has of the centre.
    """

    label: str | Promise
    anchor: str = ""
    route: str = ""
    page_kind: str = ""
    needs: str = ""
    of_centre: bool = False


@dataclass(frozen=True)
class Link:
    label: str | Promise
    url: str
    current: bool = False


HOURS = Entry(_("Opening hours"), route="opening_hours", of_centre=True)
CENTRE_NAVIGATION = (
    HOURS,
    Entry(_("Services"), anchor=SERVICES_ANCHOR),
    Entry(_("Rooms"), anchor=ROOMS_ANCHOR, route="room_list", needs=ROOMS),
    Entry(_("Getting here & contact"), anchor="anfahrt"),
)
PROGRAMME_NAVIGATION = (
    Entry(_("Centres"), page_kind=CENTRES),
    HOURS,
    Entry(_("Rooms"), route="room_list", needs=ROOMS),
    Entry(_("About RVZ"), page_kind=Purpose.ABOUT),
    Entry(_("For municipalities"), page_kind=Purpose.MUNICIPALITIES),
)
FOOTER = (
    Entry(_("Legal notice"), page_kind=LEGAL_NOTICE),
    Entry(_("Privacy"), page_kind=Purpose.PRIVACY),
    Entry(_("Accessibility"), page_kind=ACCESSIBILITY),
)
_FOOTER_KINDS = frozenset({entry.page_kind for entry in FOOTER})

# What upper apps have, as conditions: of the centre that is given, or None for any centre.
_needs: dict[str, Callable[[Given | None], Exists]] = {}
_HAS = "has_"

_KIND = Case(
    When(legalnoticepage__isnull=False, then=Value(LEGAL_NOTICE)),
    When(accessibilitystatementpage__isnull=False, then=Value(ACCESSIBILITY)),
    When(centreindexpage__isnull=False, then=Value(CENTRES)),
    default=Coalesce(F("standardpage__purpose"), Value("")),
)


@dataclass(frozen=True)
class PagesAround:
    """The pages that a frame may link to, in the order of the tree; pages of services apart.

    `found`: which needs of entries are met.
    """

    menu: list[Page]
    by_kind: dict[str, Page]
    found: frozenset[str]
    by_service: dict[int, Page] = field(default_factory=dict)


def register_need(name: str, condition: Callable[[Given | None], Exists]) -> None:
    """Let an upper app say whether what an entry needs is there, within the query for the pages."""
    _needs[name] = condition


def entries_for(entries: Iterable[Entry], around: "PagesAround") -> list[Entry]:
    """Return the entries that need nothing, or what is there."""
    return [entry for entry in entries if not entry.needs or entry.needs in around.found]


def pages_around_centre(centre_page: CentrePage) -> PagesAround:
    """Return the centre's own pages; legal ones also from the programme, where it has none."""
    pages = _AROUND_CENTRE(
        page=centre_page.pk,
        path=centre_page.path,
        depth=centre_page.depth,
        home_path=centre_page.path[: -Page.steplen],
        centre=centre_page.centre_id,
    )
    own_pages = [page for page in pages if page.depth > centre_page.depth]
    return PagesAround(
        menu=[page for page in own_pages if page.show_in_menus],
        by_kind={**_first_of_kind(pages), **_first_of_kind(own_pages)},
        found=_found(pages),
        by_service={page.service_id: page for page in own_pages if page.service_id},
    )


def pages_around_programme(home: Page) -> PagesAround:
    """Return the pages directly below the start page, centres left out."""
    pages = _AROUND_PROGRAMME(page=home.pk, path=home.path, depth=home.depth)
    below = [page for page in pages if page.pk != home.pk]
    return PagesAround(
        menu=[page for page in below if page.show_in_menus],
        by_kind=_first_of_kind(below),
        found=_found(pages),
    )


def navigation_links(
    entries: Iterable[Entry],
    around: PagesAround,
    request: HttpRequest | None,
    *,
    page: Page | None,
    start_url: str,
    centre: str = "",
) -> list[Link]:
    """Return the fixed entries that lead somewhere, then the pages an editor put in the menu."""
    found = links_of(
        entries, around.by_kind, request, page=page, start_url=start_url, centre=centre
    )
    named = {
        around.by_kind[entry.page_kind].pk for entry in entries if entry.page_kind in around.by_kind
    }
    return found + [
        _page_link(target.title, target, request, page)
        for target in around.menu
        if target.pk not in named and target.kind not in _FOOTER_KINDS
    ]


def links_of(
    entries: Iterable[Entry],
    by_kind: Mapping[str, Page],
    request: HttpRequest | None,
    *,
    page: Page | None,
    start_url: str = "",
    centre: str = "",
) -> list[Link]:
    """Return the entries that lead somewhere.

    `page` is the one being shown, None for a view; `centre` the slug of the centre that has this
    frame among others, "" for the programme and for one that stands alone.
    """
    links = []
    for entry in entries:
        if entry.anchor:
            current = _is_below(request, entry.route) or (
                entry.anchor == SERVICES_ANCHOR and isinstance(page, AbstractServicePage)
            )
            links.append(Link(entry.label, f"{start_url}#{entry.anchor}", current))
        elif entry.of_centre and (url := route_url(entry.route)):
            query = f"?zentrum={centre}" if centre else ""
            links.append(Link(entry.label, url + query, _is_below(request, entry.route)))
        elif entry.route and (url := route_url(entry.route)):
            links.append(Link(entry.label, url, _is_here(request, url)))
        elif entry.page_kind in by_kind:
            links.append(_page_link(entry.label, by_kind[entry.page_kind], request, page))
    return [link for link in links if link.url]


def route_url(name: str) -> str:
    """Return the address of a view, "" as long as it does not exist."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _is_here(request: HttpRequest | None, url: str) -> bool:
    return request is not None and request.path == url


def _is_below(request: HttpRequest | None, route: str) -> bool:
    url = route_url(route) if route else ""
    return bool(url and request is not None and request.path.startswith(url))


def _page_link(
    label: str | Promise, target: Page, request: HttpRequest | None, page: Page | None
) -> Link:
    current = page is not None and page.path.startswith(target.path)
    return Link(label, target.get_url(request) or "", current)


def _found(pages: Iterable[Any]) -> frozenset[str]:
    """Return the needs that are met; all rows say the same."""
    page = next(iter(pages), None)
    return frozenset(name for name in _needs if getattr(page, _HAS + name, False))


def _around_centre() -> QuerySet[Any]:
    own = Q(path__startswith=_PATH, depth=_DEPTH + 1)
    in_footer = Q(kind__in=_FOOTER_KINDS)
    programme = Q(path__startswith=Given("home_path", CharField()), depth=_DEPTH) & in_footer
    # The page itself comes along because it tells what was found.
    wanted = own & (_WANTED | Q(service_id__isnull=False)) | programme | Q(pk=_PAGE)
    pages = _with_kind(Given("centre", BigIntegerField()))
    found: QuerySet[Any] = pages.annotate(service_id=SERVICE_OF_PAGE).filter(wanted)
    return found


def _around_programme() -> QuerySet[Any]:
    below = Q(path__startswith=_PATH, depth=_DEPTH + 1)
    pages = _with_kind(None)
    return pages.filter(Q(pk=_PAGE) | _WANTED & below, centrepage__isnull=True)


_AROUND_CENTRE = Prepared(_around_centre)
_AROUND_PROGRAMME = Prepared(_around_programme)
_PAGE = Given("page", IntegerField())
_PATH = Given("path", CharField())
_DEPTH = Given("depth", IntegerField())
_WANTED = Q(show_in_menus=True) | Q(
    kind__in=[LEGAL_NOTICE, ACCESSIBILITY, CENTRES, *Purpose.values[1:]]
)


def _with_kind(centre: Given | None) -> QuerySet[Any]:
    needs = {_HAS + name: condition(centre) for name, condition in _needs.items()}
    pages: QuerySet[Any] = (
        public_pages()
        .annotate(kind=_KIND, **needs)
        .only("title", "path", "depth", "url_path", "show_in_menus")
        .order_by("path")
    )
    return pages


def _first_of_kind(pages: Iterable[Page]) -> dict[str, Page]:
    found: dict[str, Page] = {}
    for page in pages:
        if page.kind and page.kind != Purpose.TEXT:
            found.setdefault(page.kind, page)
    return found
