"""What stands around every page: name, navigation, help, footer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import (
    BigIntegerField,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    UUIDField,
)
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.images.models import AbstractImage
from wagtail.models import Page, Site

from cms.models import Accent, Centre, CentrePage
from cms.prepared import Given, Prepared
from cms.selectors.navigation import (
    CENTRE_NAVIGATION,
    CENTRES,
    FOOTER,
    PROGRAMME_NAVIGATION,
    ROOMS,
    ROOMS_ANCHOR,
    Link,
    entries_for,
    links_of,
    navigation_links,
    pages_around_centre,
    pages_around_programme,
    route_url,
)
from cms.selectors.pages import public_pages
from cms.selectors.sites import site_of
from cms.selectors.visitors import opens_admin, signed_in

Key = TypeVar("Key")


@dataclass(frozen=True)
class Help:
    """Whom to ring or write to. `centres_url` leads to the phone numbers of all centres."""

    phone: str = ""
    email: str = ""
    centres_url: str = ""


@dataclass(frozen=True)
class Frame:
    """The frame of one page.

    site_name: what stands last in the title of the window, "" if the name says it already.
    centre: None on the programme's level.
    kinds: addresses of pages by what they are, for example "about"; "rooms" where there are any.
    services: addresses of the centre's pages by their service.
    stands_alone: only this centre is served here; nothing may speak of other centres.
    """

    name: str
    kind: str
    start_url: str
    navigation: list[Link]
    footer: list[Link]
    operator: str
    help: Help
    search: Link | None
    account: Link | None
    site_name: str = ""
    accent: str = Accent.NEUTRAL
    logo: AbstractImage | None = None
    centre: Centre | None = None
    kinds: dict[str, str] = field(default_factory=dict)
    services: dict[int, str] = field(default_factory=dict)
    stands_alone: bool = False


def frame_of(request: HttpRequest | None, page: Page | None = None) -> Frame:
    """Return the frame of a page, or of a plain view (search, login, error page)."""
    site = site_of(request)
    trail = _trail(page, site)
    root = trail[0] if trail else _root_of(site)
    centre_page = next((step for step in trail if isinstance(step, CentrePage)), None)
    if centre_page is None and isinstance(root, CentrePage):
        centre_page = root
    if centre_page is not None:
        return _centre_frame(request, page, centre_page, root)
    return _programme_frame(request, page, root)


def centre_pages_here(request: HttpRequest | None) -> QuerySet[CentrePage]:
    """Return the public pages of the centres that this host serves, in the active language."""
    return _centre_pages(**_here(request))


def _here(request: HttpRequest | None) -> dict[str, Any]:
    site = site_of(request)
    return {
        "root": site.root_page.translation_key if site else None,
        "language": get_supported_content_language_variant(get_language()),
    }


def _centre_pages(root: object, language: object) -> QuerySet[CentrePage]:
    path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    starts = Page.objects.filter(translation_key=root).alias(below=path)
    pages: QuerySet[CentrePage] = (
        CentrePage.objects.filter(
            Exists(starts.filter(below__startswith=F("path"))),
            pk__in=public_pages().values("pk"),
            locale__language_code=language,
        )
        .select_related("centre__operator")
        .order_by("centre__place", "pk")
    )
    return pages


def centre_page_here(request: HttpRequest | None, centre_id: int) -> CentrePage | None:
    """Return the public page of a centre, None if this host does not serve it."""
    return _PAGE_OF_CENTRE.first(**_here(request), centre=centre_id)


def centre_page_at(request: HttpRequest | None, slug: str) -> CentrePage | None:
    """Return the public page of the centre with this slug, None if this host does not serve it."""
    return _PAGE_AT_SLUG.first(**_here(request), slug=slug)


def _prepared_pages(**condition: Given) -> Prepared[CentrePage]:
    root, language = Given("root", UUIDField()), Given("language", CharField())
    return Prepared(lambda: _centre_pages(root, language).filter(**condition))


_PAGE_OF_CENTRE = _prepared_pages(centre=Given("centre", BigIntegerField()))
_PAGE_AT_SLUG = _prepared_pages(centre__slug=Given("slug", CharField()))


def centre_of(centre_page: CentrePage) -> Centre:
    """Return the centre of its page with the operator, in one query."""
    if not CentrePage.centre.is_cached(centre_page):
        centre_page.centre = Centre.objects.select_related("operator").get(pk=centre_page.centre_id)
    centre: Centre = centre_page.centre
    return centre


def _trail(page: Page | None, site: Site | None) -> list[Page]:
    """Return the pages from the site's root, in whichever language, to this one.

    Wagtail's routing leaves each page's parent on it, so this costs no query.
    """
    if page is None or site is None:
        return []
    trail = [page]
    while trail[0].depth > site.root_page.depth:
        trail.insert(0, _specific(_parent_of(trail[0], site)))
    return trail


def _parent_of(page: Page, site: Site) -> Page:
    """Return the page above; the site's root is known without asking."""
    if "_cached_parent_obj" not in vars(page) and page.path[: -Page.steplen] == site.root_page.path:
        return site.root_page
    return page.get_parent()


def _root_of(site: Site | None) -> Page | None:
    return _specific(site.root_page.localized) if site else None


def _specific(page: Page) -> Page:
    """Return the page with the columns of its own type."""
    model = page.specific_class
    if model is None or isinstance(page, model):
        return page
    return _pages_of(model).first(pk=page.pk) or page


@cache
def _pages_of(model: type[Page]) -> Prepared[Page]:
    return Prepared(lambda: model.objects.filter(pk=Given("pk", BigIntegerField())))


def _centre_frame(
    request: HttpRequest | None, page: Page | None, centre_page: CentrePage, root: Page | None
) -> Frame:
    centre = centre_of(centre_page)
    around = pages_around_centre(centre_page)
    start_url = centre_page.get_url(request) or "/"
    entries = entries_for(CENTRE_NAVIGATION, around)
    kinds = _addresses(around.by_kind, request)
    if any(entry.needs == ROOMS for entry in entries):
        kinds[ROOMS] = f"{start_url}#{ROOMS_ANCHOR}"
    stands_alone = root is not None and root.pk == centre_page.pk
    return Frame(
        name=centre.name,
        kind=_("Regional care centre"),
        start_url=start_url,
        navigation=navigation_links(
            entries,
            around,
            request,
            page=page,
            start_url=start_url,
            centre="" if stands_alone else centre.slug,
        ),
        footer=links_of(FOOTER, around.by_kind, request, page=page),
        operator=_("Operator: %(name)s") % {"name": centre.operator.name},
        help=Help(centre.phone, centre.email),
        search=_search_link(request),
        account=account_link(request),
        site_name="" if stands_alone else getattr(root, "site_name", ""),
        accent=centre.operator.accent,
        logo=centre.operator.logo,
        centre=centre,
        kinds=kinds,
        services=_addresses(around.by_service, request),
        stands_alone=stands_alone,
    )


def _programme_frame(request: HttpRequest | None, page: Page | None, home: Page | None) -> Frame:
    """Return the programme's frame; what the start page says is read by name, as home is above."""
    if home is None:
        return _bare_frame(request)
    around = pages_around_programme(home)
    start_url = home.get_url(request) or "/"
    entries = entries_for(PROGRAMME_NAVIGATION, around)
    kinds = _addresses(around.by_kind, request)
    if any(entry.needs == ROOMS for entry in entries):
        kinds[ROOMS] = route_url("room_list")
    return Frame(
        name=getattr(home, "site_name", "") or settings.WAGTAIL_SITE_NAME,
        kind=getattr(home, "site_kind", ""),
        start_url=start_url,
        navigation=navigation_links(entries, around, request, page=page, start_url=start_url),
        footer=links_of(FOOTER, around.by_kind, request, page=page),
        operator=getattr(home, "footer_name", ""),
        help=Help(
            getattr(home, "help_phone", ""),
            getattr(home, "help_email", ""),
            kinds.get(CENTRES, ""),
        ),
        search=_search_link(request),
        account=account_link(request),
        kinds=kinds,
    )


def _addresses(pages: Mapping[Key, Page], request: HttpRequest | None) -> dict[Key, str]:
    return {key: page.get_url(request) or "" for key, page in pages.items()}


def _bare_frame(request: HttpRequest | None) -> Frame:
    """Return what stands before the first page is made."""
    return Frame(
        name=settings.WAGTAIL_SITE_NAME,
        kind="",
        start_url="/",
        navigation=[],
        footer=[],
        operator="",
        help=Help(),
        search=_search_link(request),
        account=account_link(request),
    )


def _search_link(request: HttpRequest | None) -> Link | None:
    url = route_url("search")
    return Link(_("Search"), url, bool(request and request.path == url)) if url else None


def account_link(request: HttpRequest | None) -> Link | None:
    """Return where one signs in, or one's own pages. They live on the base host only."""
    user = signed_in(request)
    if user is None:
        label, route = _("Sign in"), "account_login"
    elif opens_admin(user):
        label, route = _("Administration"), "wagtailadmin_home"
    elif route_url("my_bookings"):
        label, route = _("My bookings"), "my_bookings"
    else:
        label, route = _("Account"), "account"
    url = route_url(route)
    if not url:
        return None
    site = site_of(request)
    elsewhere = site is not None and not site.is_default_site
    here = request is not None and request.path == url
    return Link(label, f"{settings.BASE_URL}{url}" if elsewhere else url, here)
