"""What the public pages show. The clock is read here, once a page."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import Page

from cms.models import Centre, CentrePage, StandardPage
from cms.opening_hours import BERLIN
from cms.page_cache import live_until
from cms.selectors.arrival import (
    Arrival,
    arrival_of,
    door_text,
    offer_sentences,
    stop_text,
)
from cms.selectors.centres import (
    CentreEntry,
    centre_entries,
    centre_status,
    public_centre_pages,
)
from cms.selectors.frame import Frame, centre_of
from cms.selectors.notices import Notices, notices_of_centre
from cms.selectors.schedules import next_change, services_with_hours
from cms.selectors.service_addresses import addresses
from cms.selectors.service_facts import ServiceFacts, facts_of_service
from cms.selectors.services import ServiceGroup, service_groups
from cms.wording import StateSentence, WeekColumn, WeekRow

register = template.Library()
register.filter("stop_text", stop_text)
register.filter("door_text", door_text)
register.simple_tag(offer_sentences)


@dataclass(frozen=True)
class CentreFacts:
    """What the page of a centre shows at one moment."""

    now: dt.datetime
    centre: Centre
    status: StateSentence | None
    groups: list[ServiceGroup]
    notices: Notices
    arrival: Arrival


@dataclass(frozen=True)
class CentreList:
    now: dt.datetime
    entries: list[CentreEntry]


@register.simple_tag(takes_context=True)
def centre_facts(context: template.Context, page: CentrePage, frame: Frame) -> CentreFacts:
    """Return the centre's services, notices and ways to come, all as of one moment."""
    now, request = _now(), context.get("request")
    centre = centre_of(page)
    services = services_with_hours([centre.pk], now.date())
    groups = service_groups(services, now, addresses(centre, services, frame.services))
    rows = [row for group in groups for row in group.rows]
    _lives_until(request, next_change((row.schedule for row in rows), now))
    return CentreFacts(
        now=now,
        centre=centre,
        status=centre_status(centre, now.date()),
        groups=groups,
        notices=notices_of_centre(rows, now.date()),
        arrival=arrival_of(centre, now.date()),
    )


@register.simple_tag(takes_context=True)
def service_facts(context: template.Context, service_id: int) -> ServiceFacts:
    """Return all that the page of a service says besides its own text."""
    now = _now()
    facts = facts_of_service(service_id, now)
    _lives_until(context.get("request"), next_change([facts.row.schedule], now))
    return facts


@register.simple_tag(takes_context=True)
def centre_list(context: template.Context, page: Page) -> CentreList:
    """Return the centres in the language of this page with the state of their GP practice."""
    now, request = _now(), context.get("request")
    entries = centre_entries(page.locale_id, now, request)
    schedules = (entry.practice.schedule for entry in entries if entry.practice)
    _lives_until(request, next_change(schedules, now))
    return CentreList(now, entries)


@register.simple_tag
def centre_pages(page: Page) -> QuerySet[CentrePage]:
    """Return the pages of the centres in the language of this page."""
    return public_centre_pages(page.locale_id)


@register.simple_tag
def text_page_above(page: Page) -> Page | None:
    """Return the text page that this one belongs to; start and centre are in the header."""
    parent = page.get_parent() if page.depth > 1 else None
    return parent if parent and issubclass(parent.specific_class, StandardPage) else None


@register.filter
def in_columns(
    row: WeekRow, columns: Iterable[WeekColumn]
) -> list[tuple[WeekColumn, tuple[str, ...] | None]]:
    """Return (column, times) for the cells of a day."""
    return list(zip(columns, row.cells, strict=True))


@register.filter
def apart_from_remark(times: str) -> tuple[str, str]:
    """Return "8:00–12:00" and "(1. Dienstag im Monat)", which may take lines of its own."""
    clock, bracket, remark = times.partition(" (")
    return clock, f"({remark}" if bracket else ""


def _now() -> dt.datetime:
    return timezone.now().astimezone(BERLIN)


def _lives_until(request: Any, moment: dt.datetime) -> None:
    if request is not None:
        live_until(request, moment)
