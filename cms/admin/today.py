"""The start of the admin: today's states, closures ahead, what to check."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.ui.components import Component

from cms.admin.holidays import holiday_notice
from cms.admin.review import ReviewItem, review_items
from cms.models import Centre, HoursException
from cms.opening_hours import BERLIN
from cms.permissions import centres_of, services_of
from cms.selectors.notices import closures_of_service
from cms.selectors.schedules import with_hours
from cms.selectors.services import ServiceRow, in_order, service_row

FOLDED_FROM = 3  # centres: the administration sees headings first


@dataclass
class CentreToday:
    """What a person sees of one centre on the start of the admin."""

    centre: Centre
    is_manager: bool
    rows: list[ServiceRow] = field(default_factory=list)
    closures: list[tuple[HoursException, str]] = field(default_factory=list)
    reviews: list[ReviewItem] = field(default_factory=list)


def today_of(user: Any, now: dt.datetime) -> list[CentreToday]:
    """Return the centres somebody works for, with a number of queries that stays the same."""
    today = now.astimezone(BERLIN).date()
    managed = {centre.pk: centre for centre in centres_of(user)}
    entries = {pk: CentreToday(centre, is_manager=True) for pk, centre in managed.items()}
    services = in_order(with_hours(services_of(user), today).select_related("centre"))
    for service in services:
        entry = entries.setdefault(service.centre_id, CentreToday(service.centre, is_manager=False))
        row = service_row(service, now)
        entry.rows.append(row)
        entry.closures += closures_ahead(row, today)
    for item in review_items(services, managed.values(), today):
        entries[item.centre_id].reviews.append(item)
    return sorted(entries.values(), key=lambda entry: entry.centre.place)


def closures_ahead(row: ServiceRow, today: dt.date) -> Iterator[tuple[HoursException, str]]:
    for stored, sentence in closures_of_service(row, today):
        yield stored, f"{row.name} – {sentence}"


class TodayPanel(Component):
    """The first panel; upper apps add theirs with `construct_homepage_panels`."""

    order = 100
    template_name = "cms/admin/today.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        request: HttpRequest = parent_context["request"]
        now = timezone.now()
        entries = today_of(request.user, now)
        notice = holiday_notice(request.user, now.astimezone(BERLIN).date())  # type: ignore[arg-type]
        return {
            "entries": entries,
            "folded": len(entries) >= FOLDED_FROM,
            "notice": notice,
            "is_all_checked": not notice and not any(entry.reviews for entry in entries),
            "request": request,
        }
