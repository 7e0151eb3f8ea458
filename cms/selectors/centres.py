"""The centres as a list, for people who choose one."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from cms.models import Centre, CentrePage, Location, Service, ServiceKind
from cms.opening_hours import BERLIN
from cms.prepared import Given, Prepared
from cms.selectors.pages import public_pages
from cms.selectors.schedules import services_with_hours
from cms.selectors.services import ServiceRow, in_order, service_row
from cms.wording import StateSentence, expected_opening_sentence


@dataclass(frozen=True)
class CentreEntry:
    """A centre in a list: the state of its GP practice, or its own status while it is not open."""

    centre: Centre
    page: CentrePage
    url: str
    town: str
    status: StateSentence | None
    practice: ServiceRow | None

    @property
    def phone(self) -> str:
        """The number for somebody who needs this centre: the practice's, else its own."""
        if self.status is None and self.practice is not None:
            return self.practice.phone or self.centre.phone
        return "" if self.status else self.centre.phone


def centre_status(centre: Centre, today: dt.date) -> StateSentence | None:
    """Return the sentence on a centre that is planned or being built; None for the others."""
    return expected_opening_sentence(
        centre.status, centre.expected_opening, centre.expected_by, centre.status_date, today
    )


def public_centre_pages(locale: int | Given) -> QuerySet[CentrePage]:
    """Return the pages of all centres in one language (a key of Locale), by place."""
    pages: QuerySet[CentrePage] = (
        CentrePage.objects.filter(pk__in=public_pages().values("pk"), locale=locale)
        .select_related("centre")
        .order_by("centre__place", "pk")
    )
    return pages


def _pages_in_list() -> QuerySet[CentrePage]:
    towns = Location.objects.filter(centre=OuterRef("centre")).order_by("sort_order", "pk")
    pages: QuerySet[CentrePage] = public_centre_pages(Given("locale", IntegerField()))
    pages = pages.annotate(town=Subquery(towns.values("city")[:1])).select_related("picture")
    return pages.prefetch_related("picture__renditions")


_PAGES_IN_LIST = Prepared(_pages_in_list)


def centre_entries(
    locale_id: int, now: dt.datetime, request: HttpRequest | None
) -> list[CentreEntry]:
    """Return the centres that have a page, by place, with the state of the leading practice."""
    today = now.astimezone(BERLIN).date()
    pages = _PAGES_IN_LIST(locale=locale_id)
    practices = _leading_practices([page.centre_id for page in pages], now)
    return [
        CentreEntry(
            centre=page.centre,
            page=page,
            url=page.get_url(request) or "",
            town=_town_worth_telling(page.centre, page.town or ""),
            status=centre_status(page.centre, today),
            practice=practices.get(page.centre_id),
        )
        for page in pages
    ]


def _leading_practices(centre_ids: list[int], now: dt.datetime) -> dict[int, ServiceRow]:
    today = now.astimezone(BERLIN).date()
    services = services_with_hours(centre_ids, today, [ServiceKind.GP])
    leading: dict[int, Service] = {}
    for service in in_order(services):
        leading.setdefault(service.centre_id, service)
    return {centre: service_row(service, now) for centre, service in leading.items()}


def _town_worth_telling(centre: Centre, town: str) -> str:
    """Return the town only if neither place nor name of the centre say it already."""
    return "" if town in centre.place or town in centre.name else town
