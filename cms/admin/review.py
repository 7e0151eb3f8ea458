"""“Bitte prüfen”: what somebody should look at again, each with the way there."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from cms.models import (
    Centre,
    CentrePage,
    HoursException,
    Location,
    Service,
    TransportOffer,
)
from cms.selectors.centres import centre_status
from cms.selectors.schedules import schedule_of
from cms.wording import date_long

GETS_OLD = dt.timedelta(days=365)
OVER_SINCE = dt.timedelta(days=14)  # for so long an ended closure asks whether all is right again


@dataclass(frozen=True, slots=True)
class ReviewItem:
    centre_id: int
    text: str
    action: str
    url: str


def review_items(
    services: Iterable[Service], centres: Iterable[Centre], today: dt.date
) -> list[ReviewItem]:
    """Return what to check of these services (`with_hours`) and of the centres one manages."""
    services, managed = list(services), {centre.pk: centre for centre in centres}
    return [
        *_unknown_hours(services),
        *_ended_closures(services, today),
        *_old_answers(services, managed, today),
        *_openings(managed.values(), today),
        *_buildings(managed, today),
        *_transport(managed, today),
        *_expired_pages(managed),
    ]


def _unknown_hours(services: list[Service]) -> Iterator[ReviewItem]:
    for service in services:
        if schedule_of(service).is_unknown:
            text = _("%(service)s: no hours are entered. The site says “not specified”.")
            yield ReviewItem(
                service.centre_id,
                text % {"service": service.name},
                _("Enter times"),
                reverse("service_hours", args=[service.pk]),
            )


def _ended_closures(services: list[Service], today: dt.date) -> Iterator[ReviewItem]:
    ended = HoursException.objects.filter(
        service__in=services, last_day__lt=today, last_day__gte=today - OVER_SINCE
    ).select_related("service")
    for exception in ended:
        text = _("%(service)s: “%(reason)s” ended on %(day)s. Are the times right again?")
        yield ReviewItem(
            exception.service.centre_id,
            text
            % {
                "service": exception.service.name,
                "reason": exception.get_reason_display(),
                "day": date_long(exception.last_day),
            },
            _("View times"),
            reverse("service_hours", args=[exception.service_id]),
        )


def _old_answers(
    services: list[Service], managed: dict[int, Centre], today: dt.date
) -> Iterator[ReviewItem]:
    for service in services:
        checked = service.new_patients_checked_on
        answered = service.new_patients != Service.NewPatients.UNKNOWN
        if service.centre_id in managed and answered and checked and today - checked > GETS_OLD:
            text = _("%(service)s: “accepts new patients” was checked on %(day)s.")
            yield ReviewItem(
                service.centre_id,
                text % {"service": service.name, "day": date_long(checked)},
                _("Change contact"),
                reverse("service_contact", args=[service.pk]),
            )


def _openings(centres: Iterable[Centre], today: dt.date) -> Iterator[ReviewItem]:
    for centre in centres:
        if centre.expected_by is None or centre.expected_by >= today:
            continue
        sentence = centre_status(centre, today)
        if sentence:
            url = reverse("centre_contact", args=[centre.pk])
            yield ReviewItem(centre.pk, sentence.text, _("Change status"), url)


def _buildings(managed: dict[int, Centre], today: dt.date) -> Iterator[ReviewItem]:
    for location in Location.objects.filter(_is_old(today), centre__in=managed):
        url = reverse("cms_locations:edit", args=[location.pk])
        text = _checked(_("Building “%(name)s”") % {"name": location}, location.checked_on)
        yield ReviewItem(location.centre_id, text, _("Check now"), url)


def _transport(managed: dict[int, Centre], today: dt.date) -> Iterator[ReviewItem]:
    offers = TransportOffer.objects.filter(centre__in=managed)
    for offer in offers.filter(_is_old(today) | Q(valid_to__lt=today)):
        url = reverse("cms_transport_offers:edit", args=[offer.pk])
        if offer.valid_to and offer.valid_to < today:
            text = _("%(offer)s: held until %(day)s and is not shown any more.")
            text %= {"offer": offer, "day": date_long(offer.valid_to)}
        else:
            text = _checked(str(offer), offer.checked_on)
        yield ReviewItem(offer.centre_id, text, _("Check now"), url)


def _expired_pages(managed: dict[int, Centre]) -> Iterator[ReviewItem]:
    paths = list(CentrePage.objects.filter(centre__in=managed).values_list("path", "centre_id"))
    if not paths:
        return
    for page in Page.objects.filter(expired=True):
        for path, centre_id in paths:
            if page.path.startswith(path):
                text = _("The page “%(page)s” has expired and is not shown any more.")
                url = reverse("wagtailadmin_pages:edit", args=[page.pk])
                yield ReviewItem(centre_id, text % {"page": page.title}, _("Change text"), url)


def _is_old(today: dt.date) -> Q:
    return Q(checked_on__isnull=True) | Q(checked_on__lt=today - GETS_OLD)


def _checked(name: str, checked_on: dt.date | None) -> str:
    if checked_on is None:
        return _("%(name)s: not checked yet.") % {"name": name}
    return _("%(name)s: last checked on %(day)s.") % {"name": name, "day": date_long(checked_on)}
