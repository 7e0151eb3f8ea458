"""The search over facts and pages of one site, in a number of queries that does not grow."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from bookings.models import Room
from bookings.wording import capacity_text
from cms.models import Centre, CentrePage, Service
from cms.opening_hours import BERLIN
from cms.selectors.centres import centre_status
from cms.selectors.pages import SERVICE_OF_PAGE, public_pages
from cms.selectors.schedules import with_hours
from cms.selectors.service_addresses import times_url
from cms.selectors.services import ServiceRow, service_row
from cms.selectors.sites import site_of
from cms.wording import StateSentence
from home.search_words import CENTRE_WORDS, ROOM_WORDS, WordIndex, synonyms

MAX_ROWS = 40
Entry: TypeAlias = CentrePage | Service | Room | Page
# How much a word says about its entry: its own name most, the place it stands in least.
NAME, KIND, PLACE = 9, 5, 2


@dataclass(frozen=True)
class CentreRow:
    name: str
    url: str
    side: str
    status: StateSentence | None
    phone: str


@dataclass(frozen=True)
class PageRow:
    name: str
    url: str
    text: str


@dataclass(frozen=True)
class Hit:
    """One row of the results; exactly one of the three is set."""

    service: ServiceRow | None = None
    side: str = ""
    centre: CentreRow | None = None
    page: PageRow | None = None


@dataclass(frozen=True)
class Results:
    hits: list[Hit]
    count: int
    suggestion: str = ""


@dataclass
class Searched:
    """Everything of one site that can be found, and where it stands in the index."""

    request: HttpRequest
    pages: list[Page]
    services: list[Service] = field(default_factory=list)
    index: WordIndex = field(default_factory=WordIndex)
    entries: list[Entry] = field(default_factory=list)
    entry_of_page: dict[int, int] = field(default_factory=dict)

    def add(self, entry: Entry, *texts: tuple[str, int]) -> int:
        number = len(self.entries)
        self.entries.append(entry)
        for text, weight in texts:
            self.index.add(number, text, weight)
        return number


def search_site(query: str, *, request: HttpRequest, now: dt.datetime) -> Results:
    """Return what fits the query on the request's site: a centre's own site knows only this one."""
    site = site_of(request)
    if site is None:
        return Results([], 0)
    searched = everything_on(root_in_language(site), request)
    found = list(
        dict.fromkeys([*searched.index.find(query), *full_text(query, searched, site.root_page)])
    )
    if not found:
        return Results([], 0, searched.index.suggestion(query))
    shown = [searched.entries[number] for number in found[:MAX_ROWS]]
    return Results(as_hits(shown, searched, now), len(found))


def root_in_language(site: Site) -> Page:
    """Return the start page in the active language; German costs no query."""
    root: Page = site.root_page
    return root if get_language() == settings.LANGUAGE_CODE else root.localized


# What can be found ---------------------------------------------------------------------------------


def everything_on(root: Page, request: HttpRequest) -> Searched:
    """Index the public pages below `root` and the services of the centres among them."""
    pages = (
        public_pages()
        .filter(path__startswith=root.path)
        .annotate(service_id=SERVICE_OF_PAGE)
        .order_by("path")
    )
    searched = Searched(request, list(pages))
    centre_pages = list(
        CentrePage.objects.filter(pk__in=[page.pk for page in searched.pages])
        .select_related("centre")
        .order_by("centre__place", "pk")
    )
    for page in centre_pages:
        add_centre(searched, page)
    centre_ids = [page.centre_id for page in centre_pages]
    add_services(searched, centre_ids)
    add_rooms(searched, centre_ids)
    for page in searched.pages:
        if page.pk not in searched.entry_of_page:
            searched.entry_of_page[page.pk] = searched.add(page, (page.title, NAME))
    return searched


def add_centre(searched: Searched, page: CentrePage) -> None:
    centre = page.centre
    searched.entry_of_page[page.pk] = searched.add(
        page,
        (f"{centre.place} {centre.name} {page.title}", NAME + 1),
        (f"{CENTRE_WORDS} {centre.district}", KIND),
    )


def add_services(searched: Searched, centre_ids: list[int]) -> None:
    """Add the services of these centres, also those without a page."""
    page_of = {page.service_id: page for page in searched.pages if page.service_id}
    searched.services = list(
        Service.objects.filter(centre__in=centre_ids)
        .select_related("centre", "provider", "location")
        .prefetch_related("people")
        .order_by("centre__place", "sort_order", "name")
    )
    for service in searched.services:
        number = searched.add(service, *words_of_service(service))
        if service.pk in page_of:
            searched.entry_of_page[page_of[service.pk].pk] = number


def add_rooms(searched: Searched, centre_ids: list[int]) -> None:
    rooms = Room.objects.filter(centre__in=centre_ids, is_public=True).select_related("centre")
    for room in rooms.order_by("centre__place", "sort_order", "name"):
        centre = room.centre
        searched.add(
            room,
            (room.name, NAME),
            (ROOM_WORDS, KIND),
            (f"{centre.place} {centre.name} {centre.district}", PLACE),
        )


def words_of_service(service: Service) -> Iterable[tuple[str, int]]:
    people = " ".join(person.name for person in service.people.all())
    provider = service.provider.name if service.provider else ""
    city = service.location.city if service.location else ""
    centre = service.centre
    yield f"{service.name} {people}", NAME
    yield f"{service.get_kind_display()} {synonyms([service.kind])} {provider}", KIND
    yield f"{centre.place} {centre.name} {centre.district} {city}", PLACE


def full_text(query: str, searched: Searched, root: Page) -> list[int]:
    """Return the entries whose page has the query in its text, by PostgreSQL's German search."""
    found = Page.objects.live().filter(path__startswith=root.path).search(query, operator="and")
    keys = [page.pk for page in found[:MAX_ROWS]]
    return [searched.entry_of_page[key] for key in keys if key in searched.entry_of_page]


# As rows ------------------------------------------------------------------------------------------


def as_hits(entries: Iterable[Entry], searched: Searched, now: dt.datetime) -> list[Hit]:
    entries = list(entries)
    rows = service_rows(entries, searched, now)
    today = now.astimezone(BERLIN).date()
    hits = []
    for entry in entries:
        if isinstance(entry, Service):
            hits.append(Hit(service=rows[entry.pk], side=side_of(entry)))
        elif isinstance(entry, CentrePage):
            hits.append(Hit(centre=centre_row(entry, today, searched.request)))
        elif isinstance(entry, Room):
            hits.append(Hit(page=room_row(entry)))
        else:
            hits.append(Hit(page=page_row(entry, searched.request)))
    return hits


def service_rows(
    entries: list[Entry], searched: Searched, now: dt.datetime
) -> dict[int, ServiceRow]:
    """Return service → row; only the services shown have their hours read."""
    services = [entry for entry in entries if isinstance(entry, Service)]
    if not services:
        return {}
    with_rules = with_hours(
        Service.objects.filter(pk__in=[service.pk for service in services]),
        now.astimezone(BERLIN).date(),
    )
    urls = service_urls(services, searched)
    return {service.pk: service_row(service, now, urls[service.pk]) for service in with_rules}


def service_urls(services: list[Service], searched: Searched) -> dict[int, str]:
    """Return service → its page, or the page of its times."""
    own = {page.service_id: page for page in searched.pages if page.service_id}
    return {
        service.pk: (own[service.pk].get_url(searched.request) or "")
        if service.pk in own
        else times_url(service.centre, service)
        for service in services
    }


def side_of(service: Service) -> str:
    return f"{service.get_kind_display()} · {service.centre.place}"


def centre_row(page: CentrePage, today: dt.date, request: HttpRequest) -> CentreRow:
    centre: Centre = page.centre
    return CentreRow(
        name=centre.name,
        url=page.get_url(request) or "",
        side=" · ".join([_("Centre"), centre.place]),
        status=centre_status(centre, today),
        phone=centre.phone,
    )


def page_row(page: Page, request: HttpRequest) -> PageRow:
    return PageRow(page.title, page.get_url(request) or "", page.search_description)


def room_row(room: Room) -> PageRow:
    centre = room.centre
    persons = capacity_text(room.capacity)
    url = reverse("room", args=[centre.slug, room.slug])
    return PageRow(room.name, url, " · ".join([_("Room"), centre.place, persons]))
