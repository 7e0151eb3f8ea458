"""Which services are open: now, at a moment, on a day; and what opens next."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.http import HttpRequest

from cms.models import Centre, CentrePage, Service, ServiceKind
from cms.opening_hours import Kind, Schedule, Span, Status
from cms.selectors.centres import centre_status
from cms.selectors.schedules import next_change, services_with_hours
from cms.selectors.service_addresses import addresses, own_pages
from cms.selectors.services import ServiceGroup, ServiceRow, grouped, in_order, service_row
from cms.selectors.sheets import DoorSheet, door_sheet
from cms.wording import (
    StateSentence,
    day_month,
    moment_text,
    opening_sentence,
    state_at_another_time,
    today_times,
    weekday_short,
)

NEXT = 3
OPEN_DOORS = {Kind.OPEN, Kind.WALK_IN}


@dataclass(frozen=True)
class When:
    """A moment in Berlin, or its whole day."""

    at: dt.datetime
    is_now: bool = False
    whole_day: bool = False


@dataclass(frozen=True)
class Question:
    """What somebody wants to see; `when` None: all services, whether open or not."""

    centre: str = ""  # slug, "" for all
    kind: str = ""
    when: When | None = None


@dataclass(frozen=True)
class CentreTimes:
    """A centre with the rows that answer the question; `status`: while it is not open."""

    page: CentrePage
    status: StateSentence | None
    groups: list[ServiceGroup]

    @property
    def is_closed_for_good(self) -> bool:
        return bool(self.page.centre.status == Centre.Status.CLOSED)


@dataclass(frozen=True)
class OpenServices:
    """The answer.

    count: of the services shown; count_open: of those that are open at the moment.
    when: the moment in words, "" for now.
    next_rows: what opens next, if nothing is open then.
    sheet: for the door, where one centre is shown and no time was asked for.
    changes_at: until then the answer is right.
    """

    centres: list[CentreTimes]
    count: int
    count_open: int
    when: str
    next_rows: list[ServiceRow]
    sheet: DoorSheet | None
    changes_at: dt.datetime


def kinds_at(pages: Iterable[CentrePage]) -> set[str]:
    """Return which kinds of services these centres have."""
    services = Service.objects.filter(centre__in=[page.centre_id for page in pages])
    return set(services.order_by().values_list("kind", flat=True).distinct())


def who_is_open(
    pages: list[CentrePage], question: Question, *, now: dt.datetime, request: HttpRequest
) -> OpenServices:
    """Answer for the centres of these pages, in a number of queries that does not grow."""
    pages = [page for page in pages if question.centre in {"", page.centre.slug}]
    rows = _rows(pages, question.kind, now, request)
    everything = [row for of_centre in rows.values() for row in of_centre]
    found = {key: _answers(of_centre, question.when, now) for key, of_centre in rows.items()}
    shown = [row for of_centre in found.values() for row in of_centre]
    is_filtered = bool(question.kind or question.when)
    centres = [_centre_times(page, found[page.pk], now) for page in pages]
    one_centre = len(pages) == 1 and question.when is None
    return OpenServices(
        centres=[one for one in centres if one.groups or not is_filtered],
        count=len(shown),
        count_open=sum(row.is_open for row in shown),
        when=_when_text(question.when, now),
        next_rows=[] if shown or question.when is None else _next(everything, question.when, now),
        sheet=door_sheet(shown, now.date()) if shown and one_centre else None,
        changes_at=next_change((row.schedule for row in everything), now),
    )


def _rows(
    pages: list[CentrePage], kind: str, now: dt.datetime, request: HttpRequest
) -> dict[int, list[ServiceRow]]:
    """Return page → rows of now in their order; a centre that is not open has none."""
    centres = {page.centre_id: page for page in pages if page.centre.status == Centre.Status.OPEN}
    services = services_with_hours(centres, now.date(), [kind] if kind else ServiceKind.values)
    of_centre: dict[int, list[Service]] = {page.pk: [] for page in pages}
    for service in in_order(services):
        page = centres[service.centre_id]
        service.centre = page.centre
        of_centre[page.pk].append(service)
    locale_id = pages[0].locale_id if pages else 0
    own = {
        page.service_id: page.get_url(request) or ""
        for page in own_pages([one.pk for some in of_centre.values() for one in some], locale_id)
    }
    urls = {
        key: url
        for page in pages
        for key, url in addresses(page.centre, of_centre[page.pk], own).items()
    }
    return {
        key: [service_row(service, now, urls[service.pk]) for service in some]
        for key, some in of_centre.items()
    }


def _centre_times(page: CentrePage, rows: list[ServiceRow], now: dt.datetime) -> CentreTimes:
    return CentreTimes(page, centre_status(page.centre, now.date()), grouped(rows))


def _answers(rows: list[ServiceRow], when: When | None, now: dt.datetime) -> list[ServiceRow]:
    """Return the rows that answer the question, as of the moment it asks about."""
    if when is None:
        return rows
    if when.is_now:
        return [row for row in rows if row.is_open]
    return [_at_another_time(row, when, now) for row in rows if is_open_then(row.schedule, when)]


def is_open_then(schedule: Schedule, when: When) -> bool:
    """Tell whether the doors are open without an appointment then, or at some time of that day."""
    if when.whole_day:
        return any(span.kind in OPEN_DOORS for span in schedule.spans_on(when.at.date()))
    return schedule.state_at(when.at).status is Status.OPEN


def _at_another_time(row: ServiceRow, when: When, now: dt.datetime) -> ServiceRow:
    """Return the row as of another day: its times, and its state if a time was asked for."""
    day = when.at.date()
    state = None if when.whole_day else row.schedule.state_at(when.at)
    return replace(
        row,
        state=state_at_another_time(state, when.at),
        times=tuple(today_times(row.schedule.spans_on(day))),
        closed_today=False,
        is_open=True,
        day="" if day == now.date() else f"{weekday_short(day.weekday())}, {day_month(day)}:",
    )


def _when_text(when: When | None, now: dt.datetime) -> str:
    if when is None or when.is_now:
        return ""
    return moment_text(when.at, now, whole_day=when.whole_day)


def _next(rows: list[ServiceRow], when: When, now: dt.datetime) -> list[ServiceRow]:
    """Return what opens first after the moment."""
    openings = [
        (opening.start, order, row)
        for order, row in enumerate(rows)
        if (opening := _opening_after(row.schedule, when))
    ]
    return [
        replace(row, state=opening_sentence(start, now), times=(), closed_today=False)
        for start, _order, row in sorted(openings, key=lambda entry: entry[:2])[:NEXT]
    ]


def _opening_after(schedule: Schedule, when: When) -> Span | None:
    opening = schedule.next_opening(when.at)
    return opening if opening and opening.kind in OPEN_DOORS else None
