"""Everything the page of one service says about it."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from cms.models import Contact, Location, Person, Service, ServiceKind
from cms.opening_hours import BERLIN, Status
from cms.selectors.notices import DAYS_AHEAD, Notice, notices_of_service
from cms.selectors.schedules import service_with_hours
from cms.selectors.services import ServiceRow, online_contacts, second_phones, service_row
from cms.wording import (
    ChangeSentence,
    WeekTable,
    change_sentences,
    closure_title,
    coming_dates,
    week_table,
)

# Somebody who stands before a closed door of these may need a doctor today.
EMERGENCY_KINDS = {ServiceKind.GP, ServiceKind.SPECIALIST}
ASKS_FOR_NEW_PATIENTS = {ServiceKind.GP, ServiceKind.SPECIALIST, ServiceKind.PSYCHOTHERAPY}
LATER_CLOSURES_DAYS = 120


@dataclass(frozen=True)
class Role:
    """People of one role; no names if only the role is known."""

    name: str
    people: list[Person]


@dataclass(frozen=True)
class ServiceFacts:
    """What is known of a service at one moment, ready to be shown."""

    now: dt.datetime
    service: Service
    row: ServiceRow
    second_phones: list[Contact]
    online_contacts: list[Contact]
    notices: list[Notice]
    week: WeekTable
    dates: tuple[str, ...]
    changes: tuple[ChangeSentence, ...]
    later_closures: list[str]
    team: list[Role]
    location: Location | None
    shows_emergency: bool
    emergency_is_near: bool
    asks_for_new_patients: bool


def facts_of_service(service_id: int, now: dt.datetime) -> ServiceFacts:
    """Return the facts of a service. Raises Service.DoesNotExist."""
    today = now.astimezone(BERLIN).date()
    service = service_with_hours(service_id, today)
    prefetch_related_objects([service], "contacts", "people", "location__entrances")
    row = service_row(service, now)
    schedule = row.schedule
    status = schedule.state_at(now).status
    return ServiceFacts(
        now=now.astimezone(BERLIN),
        service=service,
        row=row,
        second_phones=second_phones(service),
        online_contacts=online_contacts(service),
        notices=notices_of_service(schedule, today),
        week=week_table(schedule, today, service.kind),
        dates=coming_dates(schedule, now, service.kind),
        changes=change_sentences(schedule, today, service.kind),
        later_closures=[
            closure_title(exception, schedule, today=today)
            for exception in schedule.exceptions_ahead(today, LATER_CLOSURES_DAYS)
            if (exception.first - today).days > DAYS_AHEAD
        ],
        team=team_of(service, today),
        location=_location_of(service),
        shows_emergency=service.kind in EMERGENCY_KINDS,
        emergency_is_near=status in {Status.CLOSED, Status.UNKNOWN},
        asks_for_new_patients=service.kind in ASKS_FOR_NEW_PATIENTS,
    )


def team_of(service: Service, today: dt.date) -> list[Role]:
    """Return who works there today, by role, in the editor's order."""
    roles: dict[str, list[Person]] = {}
    for person in service.people.all():
        if (person.valid_from or today) <= today <= (person.valid_to or today):
            named = roles.setdefault(person.role, [])
            if person.name:
                named.append(person)
    return [Role(name, people) for name, people in roles.items()]


def _location_of(service: Service) -> Location | None:
    """Return the building of the service; the centre's only one if nothing is said."""
    if service.location is not None:
        return service.location
    locations = list(service.centre.locations.prefetch_related("entrances")[:2])
    return locations[0] if len(locations) == 1 else None
