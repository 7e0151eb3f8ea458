"""Writes facts: operators, centres, buildings, services and their hours."""

import datetime as dt
import re
from collections.abc import Iterator

from django.db.models import Q

from cms.models import (
    Centre,
    Contact,
    Entrance,
    HoursException,
    HoursExceptionTime,
    Location,
    Operator,
    Person,
    Provider,
    Service,
    Stop,
    TransportOffer,
    WeeklyRule,
)
from home.demo.values import CentreData, Hours, LocationData, OtherHours, Ride, ServiceData

WEEKDAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So", "Feiertag")
WITHOUT_TIMES: list[tuple[dt.time | None, dt.time | None]] = [(None, None)]
SPAN = re.compile(r"(\d{1,2})(?::(\d\d))?–(\d{1,2})(?::(\d\d))?")


def ensure_centre(data: CentreData, today: dt.date) -> Centre:
    """Return the centre; a missing one is created with its buildings and on-demand buses."""
    existing = Centre.objects.filter(Q(slug=data.slug) | Q(name=data.name)).first()
    if existing:
        return existing
    operator, _created = Operator.objects.get_or_create(
        name=data.operator, defaults={"accent": data.accent}
    )
    centre = Centre.objects.create(
        name=data.name,
        place=data.place,
        slug=data.slug,
        operator=operator,
        district=data.district,
        status=data.status,
        status_date=data.status_date,
        opened=data.opened,
        expected_opening=data.expected_opening,
        expected_by=data.expected_by,
        phone=data.phone,
        email=data.email,
    )
    for order, location in enumerate(data.locations):
        create_location(centre, location, order, today)
    TransportOffer.objects.bulk_create(transport_offer(centre, ride, today) for ride in data.rides)
    return centre


def create_location(centre: Centre, data: LocationData, order: int, today: dt.date) -> None:
    location = Location.objects.create(
        centre=centre,
        name=data.name,
        street=data.street,
        house_number=data.house_number,
        city=data.city,
        address_note=data.address_note,
        parking=data.parking,
        from_station=data.from_station,
        checked_on=data.checked_on(today) if data.checked_on else None,
        sort_order=order,
    )
    Entrance.objects.bulk_create(
        Entrance(
            location=location,
            name=door.name,
            step_free=door.step_free,
            note=door.note,
            sort_order=position,
        )
        for position, door in enumerate(data.doors)
    )
    Stop.objects.bulk_create(
        Stop(
            location=location,
            name=stop.name,
            lines=stop.lines,
            walking_minutes=stop.walking_minutes,
            sort_order=position,
        )
        for position, stop in enumerate(data.stops)
    )


def transport_offer(centre: Centre, ride: Ride, today: dt.date) -> TransportOffer:
    return TransportOffer(
        centre=centre,
        kind=ride.kind,
        name=ride.name,
        phone=ride.phone,
        lead_minutes=ride.lead_minutes,
        area=ride.area,
        wheelchair=ride.wheelchair,
        valid_from=ride.valid_from,
        valid_to=ride.valid_to,
        checked_on=ride.checked_on(today) if ride.checked_on else None,
    )


def ensure_service(centre: Centre, data: ServiceData, order: int, today: dt.date) -> Service:
    """Return the service; a missing one is created with contacts, roles and hours.

    What hangs on an existing service stays as it is: somebody may have removed it on purpose.
    """
    existing = centre.services.filter(Q(slug=data.slug) | Q(name=data.name)).first()
    if existing:
        return existing
    provider = Provider.objects.get_or_create(name=data.provider)[0] if data.provider else None
    locations = centre.locations.all()
    service = Service.objects.create(
        centre=centre,
        location=locations.filter(name=data.location).first() or locations.first(),
        name=data.name,
        slug=data.slug,
        kind=data.kind,
        provider=provider,
        floor=data.floor,
        door=data.door,
        holiday_policy=data.holiday_policy,
        sort_order=10 * (order + 1),
    )
    create_contacts_and_roles(service, data)
    WeeklyRule.objects.bulk_create(
        rule for hours in data.hours for rule in weekly_rules(service, hours, today)
    )
    for other in data.other_hours:
        create_exception(service, other, today)
    return service


def create_contacts_and_roles(service: Service, data: ServiceData) -> None:
    Contact.objects.bulk_create(
        Contact(
            service=service,
            label=reach.label,
            phone=reach.phone,
            email=reach.email,
            website=reach.website,
            sort_order=position,
        )
        for position, reach in enumerate(data.reach)
    )
    Person.objects.bulk_create(
        Person(service=service, role=role, sort_order=position)
        for position, role in enumerate(data.roles)
    )


def weekly_rules(service: Service, hours: Hours, today: dt.date) -> Iterator[WeeklyRule]:
    starts = hours.starts(today) if hours.starts else None
    for day in hours.days.split():
        for start, end in spans(hours.spans) or WITHOUT_TIMES:
            yield WeeklyRule(
                service=service,
                kind=hours.kind,
                weekday=WEEKDAYS.index(day),
                start=start,
                end=end,
                valid_from=starts,
                pattern=hours.pattern,
                note=hours.note,
            )


def create_exception(service: Service, data: OtherHours, today: dt.date) -> None:
    exception = HoursException.objects.create(
        service=service,
        first_day=data.first(today),
        last_day=data.last(today),
        closed=not data.spans,
        reason=data.reason,
        substitute=data.substitute,
        substitute_phone=data.substitute_phone,
    )
    HoursExceptionTime.objects.bulk_create(
        HoursExceptionTime(exception=exception, start=start, end=end)
        for start, end in spans(data.spans)
    )


def spans(text: str) -> list[tuple[dt.time, dt.time]]:
    """Read "8–12 15:30–18"."""
    found = []
    for word in text.split():
        match = SPAN.fullmatch(word)
        if not match:
            msg = f"no span of time: {word!r}"
            raise ValueError(msg)
        start_hour, start_minute, end_hour, end_minute = (int(part or 0) for part in match.groups())
        found.append((dt.time(start_hour, start_minute), dt.time(end_hour % 24, end_minute)))
    return found
