"""Closures and other hours that a reader of the centre's page has to know."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from cms.models import HoursException as ExceptionRow
from cms.opening_hours import HoursException, Schedule
from cms.selectors.services import ServiceRow
from cms.wording import PhoneSentence, closure_title, return_sentence, substitute_sentence

SHOWN = 2
DAYS_AHEAD = 14


@dataclass(frozen=True)
class Notice:
    """One exception in words. `url` leads to the service's page, if it has one."""

    title: str
    returns: str
    note: str
    substitute: PhoneSentence | None
    url: str = ""
    covers_today: bool = False

    @property
    def has_body(self) -> bool:
        return bool(self.returns or self.note or self.substitute)


@dataclass(frozen=True)
class Notices:
    """At most two stand in full, the others are counted and folded."""

    shown: list[Notice]
    folded: list[Notice]


def notices_of_service(schedule: Schedule, today: dt.date, days: int = DAYS_AHEAD) -> list[Notice]:
    """Return what is different at one service in the next fortnight, or so many days."""
    return [
        _notice(exception, schedule, today) for exception in schedule.exceptions_ahead(today, days)
    ]


def notices_of_centre(rows: Iterable[ServiceRow], today: dt.date) -> Notices:
    """Return what is different in the house: today's first, then by day and order of services."""
    found = [
        (not exception.covers(today), exception.first, order, exception, row)
        for order, row in enumerate(rows)
        for exception in row.schedule.exceptions_ahead(today, DAYS_AHEAD)
    ]
    found.sort(key=lambda entry: entry[:3])
    notices = [
        _notice(exception, row.schedule, today, service=row.name, url=row.url)
        for *_, exception, row in found
    ]
    return Notices(shown=notices[:SHOWN], folded=notices[SHOWN:])


def closures_of_service(row: ServiceRow, today: dt.date) -> list[tuple[ExceptionRow, str]]:
    """Return what is entered for a service fetched `with_hours`, each with its sentence."""
    return [
        (stored, closure_title(exception, row.schedule, today=today))
        for stored, exception in zip(
            row.service.hours_exceptions.all(), row.schedule.exceptions, strict=True
        )
        if exception.last >= today
    ]


def _notice(
    exception: HoursException,
    schedule: Schedule,
    today: dt.date,
    *,
    service: str = "",
    url: str = "",
) -> Notice:
    return Notice(
        title=closure_title(exception, schedule, service=service, today=today),
        returns=return_sentence(exception, schedule),
        note=exception.note,
        substitute=substitute_sentence(exception),
        url=url,
        covers_today=exception.covers(today),
    )
