"""The services of a centre as rows: name, state, today's times, phone."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cms.models import Contact, Service, ServiceKind
from cms.opening_hours import BERLIN, Schedule, Status
from cms.selectors.schedules import schedule_of
from cms.wording import StateSentence, state_sentence, today_times

GROUP_WHEN_MORE_THAN = 8

_GROUPS = (
    (
        _("Medicine"),
        (
            ServiceKind.GP,
            ServiceKind.SPECIALIST,
            ServiceKind.PSYCHOTHERAPY,
            ServiceKind.MIDWIFE,
            ServiceKind.PHARMACY,
        ),
    ),
    (_("Care & therapy"), (ServiceKind.DAY_CARE, ServiceKind.THERAPY, ServiceKind.HOUSEHOLD)),
    (_("Advice & offices"), (ServiceKind.ADVICE, ServiceKind.OFFICE)),
    (_("Meeting & everyday life"), (ServiceKind.CAFE, ServiceKind.HOUSE, ServiceKind.OTHER)),
)


@dataclass(frozen=True)
class ServiceRow:
    """What a list shows of a service.

    `url` is "" where the list links to nothing. `day` stands before the times: "heute", if it is "".
    """

    service: Service
    schedule: Schedule
    state: StateSentence
    times: tuple[str, ...]
    closed_today: bool
    phone: str
    url: str
    is_open: bool = False
    day: str = ""

    @property
    def name(self) -> str:
        return self.service.name


@dataclass(frozen=True)
class ServiceGroup:
    """Rows under one heading; the heading is "" where there are few services."""

    heading: str
    rows: list[ServiceRow]

    @property
    def level(self) -> int:
        """The level of the headings of the rows."""
        return 4 if self.heading else 3


def service_row(service: Service, now: dt.datetime, url: str = "") -> ServiceRow:
    """Return the row of a service that was fetched `with_hours`."""
    schedule = schedule_of(service)
    state = schedule.state_at(now)
    phone: str = service.main_phone  # type: ignore[attr-defined]
    times = tuple(today_times(schedule.spans_on(now.astimezone(BERLIN).date())))
    known = state.status not in {Status.UNKNOWN, Status.BY_APPOINTMENT}
    return ServiceRow(
        service=service,
        schedule=schedule,
        state=state_sentence(state, now, has_phone=bool(phone)),
        times=times,
        # On a public holiday the state says it already.
        closed_today=known and not times and state.holiday is None,
        phone=phone,
        url=url,
        is_open=state.status is Status.OPEN,
    )


def main_contact(service: Service) -> Contact | None:
    """Return the contact that stands large: the first with a phone number, else the first."""
    contacts = list(service.contacts.all())
    with_phone = (contact for contact in contacts if contact.phone)
    return next(with_phone, contacts[0] if contacts else None)


def second_phones(service: Service) -> list[Contact]:
    """Return the contacts whose number is not the main one."""
    return [contact for contact in service.contacts.all() if contact.phone][1:]


def online_contacts(service: Service) -> list[Contact]:
    return [contact for contact in service.contacts.all() if contact.email or contact.website]


def in_order(services: Iterable[Service]) -> list[Service]:
    """Sort as on the centre's page: GP practices lead, then the editor's order."""
    return sorted(
        services,
        key=lambda service: (service.kind != ServiceKind.GP, service.sort_order, service.name),
    )


def service_groups(
    services: Iterable[Service], now: dt.datetime, urls: Mapping[int, str]
) -> list[ServiceGroup]:
    """Return the rows of a centre, under headings only where there are many."""
    return grouped([service_row(one, now, urls.get(one.pk, "")) for one in in_order(services)])


def grouped(rows: list[ServiceRow]) -> list[ServiceGroup]:
    """Put rows under the headings of their kinds, where there are many."""
    if len(rows) <= GROUP_WHEN_MORE_THAN:
        return [ServiceGroup("", rows)] if rows else []
    groups = [
        ServiceGroup(str(heading), [row for row in rows if row.service.kind in kinds])
        for heading, kinds in _GROUPS
    ]
    return [group for group in groups if group.rows]
