"""From facts to answers."""

import datetime as dt
from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse

from cms.api import schemas
from cms.models import Centre, CentrePage, Location, Service, ServiceKind
from cms.opening_hours import BERLIN, HoursException, Schedule
from cms.selectors.centres import centre_status
from cms.selectors.exchange import page_urls
from cms.selectors.schedules import next_change, schedule_of
from cms.wording import closure_text, column_label, plain_text, state_sentence


def as_of(schedules: Iterable[Schedule], moment: dt.datetime) -> schemas.AsOf:
    """Return the moment and when the first of these states changes."""
    local = moment.astimezone(BERLIN)
    return schemas.AsOf(
        as_of=local.replace(second=0, microsecond=0),
        valid_until=next_change(schedules, moment).astimezone(BERLIN),
    )


def state_answer(schedule: Schedule, moment: dt.datetime, phone: str) -> schemas.StateOut:
    state = schedule.state_at(moment)
    return schemas.StateOut(
        status=state.status,
        sentence=plain_text(state_sentence(state, moment, has_phone=bool(phone)).text),
        closing_soon=state.closing_soon,
        since=state.since,
        until=state.until,
        reopens=state.reopens,
        opens=state.opens,
        opens_status=state.opens_status,
        holiday=state.holiday,
    )


def service_answers(
    services: list[Service], moment: dt.datetime, request: HttpRequest
) -> list[schemas.ServiceOut]:
    """Return services that were fetched by `services_here`, with their states at the moment."""
    urls = page_urls(services, request)
    return [
        schemas.ServiceOut(
            id=service.pk,
            name=service.name,
            centre=service.centre.slug,
            kind=ServiceKind(service.kind),
            kind_label=service.get_kind_display(),
            provider=service.provider.name if service.provider else "",
            floor=service.floor,
            door=service.door,
            phone=service.main_phone,  # type: ignore[attr-defined]
            url=urls.get(service.pk),
            hours_url=request.build_absolute_uri(reverse("api:service_hours", args=[service.pk])),
            closures_url=request.build_absolute_uri(
                reverse("service_closures", args=[service.centre.slug, service.slug])
            ),
            state=state_answer(schedule_of(service), moment, service.main_phone),  # type: ignore[attr-defined]
        )
        for service in services
    ]


def centre_answer(page: CentrePage, today: dt.date, request: HttpRequest) -> schemas.CentreOut:
    centre: Centre = page.centre
    status = centre_status(centre, today)
    return schemas.CentreOut(
        slug=centre.slug,
        name=centre.name,
        place=centre.place,
        district=centre.district,
        status=Centre.Status(centre.status),
        status_date=centre.status_date,
        status_sentence=plain_text(status.text) if status else None,
        operator=centre.operator.name,
        phone=centre.phone,
        email=centre.email,
        url=page.get_full_url(request) or "",
    )


def location_answer(location: Location) -> schemas.LocationOut:
    return schemas.LocationOut.from_orm(location)


def day_answer(
    service: Service, schedule: Schedule, day: dt.date, today: dt.date
) -> schemas.DayOut:
    """Return what holds on the day. Its times are always right; the words wait for `shown_from`."""
    exception, holiday = schedule.exception_on(day), schedule.closed_by_holiday(day)
    closed = exception is not None and exception.is_closed
    return schemas.DayOut(
        date=day,
        spans=[
            schemas.SpanOut(
                kind=span.kind,
                label=column_label(span.kind, service.kind),
                start=span.start,
                end=span.end,
                note=span.note,
            )
            for span in schedule.spans_on(day)
        ],
        closed_by="exception" if closed else "public_holiday" if holiday else None,
        public_holiday=schedule.holidays(day),
        school_holidays=schedule.school_holidays(day),
        exception=exception_answer(exception, schedule, today) if exception else None,
    )


def exception_answer(
    exception: HoursException, schedule: Schedule, today: dt.date
) -> schemas.ExceptionOut | None:
    if exception.shown_from is not None and exception.shown_from > today:
        return None
    return schemas.ExceptionOut(
        first=exception.first,
        last=exception.last,
        closed=exception.is_closed,
        reason=exception.reason,
        text=plain_text(closure_text(exception, schedule, today=today)),
        note=exception.note,
        substitute=exception.substitute,
        substitute_phone=exception.substitute_phone,
    )
