"""The addresses of the API about centres and services. The clock is read here."""

import datetime as dt

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router
from ninja.errors import HttpError

from cms.api import schemas
from cms.api.answers import (
    as_of,
    centre_answer,
    day_answer,
    location_answer,
    service_answers,
)
from cms.api.centres import centre_page
from cms.api.parameters import HoursQuery, ServiceQuery
from cms.models import CentrePage, Location, Service
from cms.opening_hours import BERLIN, HolidayPolicy, Status, osm_string
from cms.selectors.exchange import centre_pages_by_id, services_here
from cms.selectors.schedules import schedule_of
from cms.selectors.services import in_order

NOT_FOUND, UNPROCESSABLE = 404, 422
REFUSALS = {NOT_FOUND: schemas.Refusal, UNPROCESSABLE: schemas.Refusal}

router = Router(tags=["centres and services"])


@router.get("/centres", response=schemas.CentreList, summary="All centres")
def centre_list(request: HttpRequest) -> schemas.CentreList:
    """Return the centres that have a public page, by place."""
    today = _now().date()
    pages = centre_pages_by_id(request).values()
    return schemas.CentreList(centres=[centre_answer(page, today, request) for page in pages])


@router.get(
    "/centres/{slug}",
    response={200: schemas.CentreDetail, NOT_FOUND: schemas.Refusal},
    summary="One centre with its buildings and services",
)
def centre_detail(request: HttpRequest, slug: str) -> schemas.CentreDetail:
    """Return a centre, its buildings, and its services with what is the case now."""
    now = _now()
    page = centre_page(slug, request)
    services = in_order(services_here(request, now.date()).filter(centre=page.centre))
    locations = Location.objects.filter(centre=page.centre)
    return schemas.CentreDetail(
        **centre_answer(page, now.date(), request).dict(),
        **as_of(map(schedule_of, services), now).dict(),
        locations=[location_answer(location) for location in locations],
        services=service_answers(services, now, request),
    )


@router.get(
    "/services",
    response={200: schemas.ServiceList, **REFUSALS},
    summary="Services and whether they are open",
)
def service_list(request: HttpRequest, query: Query[ServiceQuery]) -> schemas.ServiceList:
    """Return services with their state now, or at the moment `open_at`; by place of the centre.

    Within a centre GP practices lead, as on its page.
    """
    moment = query.open_at or _now()
    pages = centre_pages_by_id(request)
    if query.centre:
        page = centre_page(query.centre, request)
        pages = {page.centre_id: page}
    services = _services_of(pages, moment, query.kind, request)
    if query.open_at:
        services = [
            service
            for service in services
            if schedule_of(service).state_at(moment).status is Status.OPEN
        ]
    shown = services[query.offset : query.offset + query.limit]
    return schemas.ServiceList(
        **as_of(map(schedule_of, services), moment).dict(),
        count=len(services),
        services=service_answers(shown, moment, request),
    )


@router.get(
    "/services/{int:service_id}/hours",
    response={200: schemas.HoursOut, **REFUSALS},
    summary="The hours of a service, day by day",
    url_name="service_hours",
)
def service_hours(
    request: HttpRequest, service_id: int, query: Query[HoursQuery]
) -> schemas.HoursOut:
    """Return what holds on each day, with holidays, closures and week patterns worked in."""
    now = _now()
    today = now.date()
    days = query.days(today)
    services = services_here(request, min(today, days[0])).filter(pk=service_id)
    service = services.first()
    if service is None:
        raise HttpError(NOT_FOUND, _("There is no service with this number here."))
    schedule = schedule_of(service)
    return schemas.HoursOut(
        **as_of([schedule], now).dict(),
        service=service_answers([service], now, request)[0],
        holiday_policy=HolidayPolicy(service.holiday_policy),
        osm=osm_string(schedule, today),
        days=[day_answer(service, schedule, day, today) for day in days],
    )


def _now() -> dt.datetime:
    return timezone.now().astimezone(BERLIN)


def _services_of(
    pages: dict[int, CentrePage], moment: dt.datetime, kind: str | None, request: HttpRequest
) -> list[Service]:
    """Return the services of these centres in the order of the centres."""
    found = services_here(request, moment.date()).filter(centre__in=pages)
    by_centre: dict[int, list[Service]] = {centre: [] for centre in pages}
    for service in in_order(found.filter(kind=kind) if kind else found):
        by_centre[service.centre_id].append(service)
    return [service for services in by_centre.values() for service in services]
