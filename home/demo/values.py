"""The shapes of the demo data: what a centre's module is written in."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cms.models import (
    Accent,
    Answer,
    Centre,
    HoursException,
    HoursKind,
    Service,
    TransportOffer,
    WeekPattern,
)
from cms.models.services import ServiceKind

# A date that depends on the day of loading, so that the demo shows coming changes at any time.
RelativeDay = Callable[[dt.date], dt.date]
# What a StreamField stores: {"type": …, "value": …}.
Block = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Hours:
    """Spans that hold on some days of the week: `Hours(days="Mo Di", spans="8–12 15:30–18")`.

    Without spans: an appointment without times ("nach Vereinbarung").
    """

    days: str
    spans: str = ""
    kind: HoursKind = HoursKind.OPEN
    starts: RelativeDay | None = None
    pattern: WeekPattern = WeekPattern.EVERY
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class OtherHours:
    """A closure (no spans) or other hours from a first to a last day."""

    first: RelativeDay
    last: RelativeDay
    spans: str = ""
    reason: HoursException.Reason = HoursException.Reason.OTHER
    substitute: str = ""
    substitute_phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How one reaches a service; without a label it is the main contact."""

    label: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""


@dataclass(frozen=True, kw_only=True)
class PageText:
    """Prose of a service's page."""

    lead: str
    body: tuple[Block, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ServiceData:
    slug: str
    name: str
    kind: ServiceKind
    provider: str = ""
    location: str = ""
    floor: str = ""
    door: str = ""
    holiday_policy: Service.HolidayPolicy = Service.HolidayPolicy.CLOSED
    reach: tuple[Reach, ...] = ()
    roles: tuple[str, ...] = ()
    hours: tuple[Hours, ...] = ()
    other_hours: tuple[OtherHours, ...] = ()
    page: PageText | None = None


@dataclass(frozen=True, kw_only=True)
class Door:
    name: str
    step_free: Answer = Answer.UNKNOWN
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class StopData:
    name: str
    lines: str = ""
    walking_minutes: int | None = None


@dataclass(frozen=True, kw_only=True)
class LocationData:
    city: str
    name: str = ""
    street: str = ""
    house_number: str = ""
    address_note: str = ""
    parking: str = ""
    from_station: str = ""
    checked_on: RelativeDay | None = None
    doors: tuple[Door, ...] = (Door(name="Haupteingang"),)
    stops: tuple[StopData, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ride:
    """An on-demand bus or another way to come that one has to ring for."""

    kind: TransportOffer.Kind = TransportOffer.Kind.ON_DEMAND_BUS
    name: str = ""
    phone: str = ""
    lead_minutes: int | None = None
    area: str = ""
    wheelchair: Answer = Answer.UNKNOWN
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    checked_on: RelativeDay | None = None


@dataclass(frozen=True, kw_only=True)
class CentreData:
    slug: str
    name: str
    place: str
    title: str
    operator: str
    accent: Accent
    district: str
    status: Centre.Status
    status_date: dt.date
    lead: str
    body: tuple[Block, ...]
    opened: str = ""
    expected_opening: str = ""
    expected_by: dt.date | None = None
    phone: str = ""
    email: str = ""
    locations: tuple[LocationData, ...]
    rides: tuple[Ride, ...] = ()
    services: tuple[ServiceData, ...] = ()
