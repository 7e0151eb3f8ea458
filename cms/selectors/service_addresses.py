"""Where one reads about a service: on its own page, else on the page of its times."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from wagtail.models import Page

from cms.models import Centre, CentrePage, Service
from cms.selectors.frame import centre_page_at
from cms.selectors.pages import SERVICE_OF_PAGE, public_pages


@dataclass(frozen=True)
class ServiceHere:
    """A service that this host serves, the page of its centre, and its own page, if it has one."""

    service: Service
    centre_page: CentrePage
    own_page: Page | None

    @property
    def times_url(self) -> str:
        return times_url(self.centre_page.centre, self.service)


def service_here(request: HttpRequest, centre: str, service: str) -> ServiceHere:
    """Return a service by the slugs in an address. Raises Http404 for what is not served here."""
    page = centre_page_at(request, centre)
    found = page and Service.objects.filter(centre=page.centre_id, slug=service).first()
    if page is None or found is None:
        raise Http404
    own_page = own_pages([found.pk], page.locale_id).filter(path__startswith=page.path).first()
    return ServiceHere(found, page, own_page)


def times_url(centre: Centre, service: Service) -> str:
    """Return the address of the service's times, which every service has."""
    return reverse("service_times", args=[centre.slug, service.slug])


def own_pages(service_ids: Iterable[int], locale_id: int) -> QuerySet[Any]:
    """Return the public pages of these services in one language, each with its `service_id`."""
    pages: QuerySet[Any] = (
        public_pages()
        .annotate(service_id=SERVICE_OF_PAGE)
        .filter(service_id__in=service_ids, locale=locale_id)
    )
    return pages


def addresses(
    centre: Centre, services: Iterable[Service], own: Mapping[int, str]
) -> dict[int, str]:
    """Return service → address; `own`: addresses of the pages that some have."""
    return {service.pk: own.get(service.pk) or times_url(centre, service) for service in services}


def full_address(here: ServiceHere, request: HttpRequest) -> str:
    """Return the one address of the service with its host: where a QR code on paper leads."""
    own = here.own_page and here.own_page.get_full_url()
    if own:
        return str(own)
    parts = here.centre_page.get_url_parts()
    return f"{parts[1]}{here.times_url}" if parts else request.build_absolute_uri(here.times_url)
