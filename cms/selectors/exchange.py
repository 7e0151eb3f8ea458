"""What others may read of this host's centres and services: the API and the feeds."""

import datetime as dt

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.coreutils import get_supported_content_language_variant

from cms.models import CentrePage, Service
from cms.selectors.frame import centre_pages_here
from cms.selectors.pages import SERVICE_OF_PAGE, public_pages
from cms.selectors.schedules import with_hours


def centre_pages_by_id(request: HttpRequest) -> dict[int, CentrePage]:
    """Return the public pages of the centres that this host serves, by the key of the centre."""
    return {page.centre_id: page for page in centre_pages_here(request)}


def services_here(request: HttpRequest, day: dt.date) -> QuerySet[Service]:
    """Return the services that this host serves with their hours from the eve of `day` on."""
    centres = centre_pages_here(request).order_by().values("centre")
    services = Service.objects.filter(centre__in=centres)
    return with_hours(services, day).select_related("centre", "provider")


def page_urls(services: list[Service], request: HttpRequest) -> dict[int, str]:
    """Return the full addresses of the services' public pages by service, in one query."""
    pages = (
        public_pages()
        .annotate(service_id=SERVICE_OF_PAGE)
        .filter(
            service_id__in=[service.pk for service in services],
            locale__language_code=get_supported_content_language_variant(get_language()),
        )
        .only("title", "path", "depth", "url_path")
    )
    return {page.service_id: page.get_full_url(request) or "" for page in pages}
