"""What the API answers. Times are ISO 8601 with their offset in Europe/Berlin."""

import datetime as dt
from typing import Literal

from ninja import Field, Schema

from cms.models import Answer, Centre, ServiceKind
from cms.opening_hours import HolidayPolicy, Kind, Status


class StateOut(Schema):
    status: Status = Field(
        description="open: doors are open; appointment: only with an appointment; phone: only by "
        "phone; closed; by_appointment: there are no fixed times; unknown: no hours are entered."
    )
    sentence: str = Field(description="The same for people, in German.")
    closing_soon: bool = Field(description="Open, and 30 minutes or less are left.")
    since: dt.datetime | None = Field(description="Since when the status has held.")
    until: dt.datetime | None = Field(description="Until when the status holds.")
    reopens: dt.datetime | None = Field(description="When doors open again later on the same day.")
    opens: dt.datetime | None = Field(description="The next opening of a closed service.")
    opens_status: Status | None = Field(description="What it opens for: open, appointment, phone.")
    holiday: str | None = Field(description="The public holiday that it is closed for today.")


class AsOf(Schema):
    as_of: dt.datetime = Field(description="The moment, to the minute, that the states hold for.")
    valid_until: dt.datetime = Field(
        description="When the next of these states changes on its own, midnight at the latest. "
        "An editor's change shows at once: ask again with If-None-Match."
    )


class ServiceOut(Schema):
    id: int
    name: str
    centre: str = Field(description="Slug of its centre.")
    kind: ServiceKind
    kind_label: str = Field(description="The kind in German.")
    provider: str
    floor: str
    door: str
    phone: str = Field(description="The main number as people write it; empty if none is known.")
    url: str | None = Field(description="Its page for people; null if it has none.")
    hours_url: str = Field(description="Its hours by day, in this API.")
    closures_url: str = Field(description="Its closures and other hours as iCalendar.")
    state: StateOut


class ServiceList(AsOf):
    count: int = Field(description="All services that match, whatever limit and offset are.")
    services: list[ServiceOut]


class LocationOut(Schema):
    name: str
    street: str
    house_number: str
    postcode: str
    city: str
    latitude: float | None
    longitude: float | None
    lift: Answer
    accessible_toilet: Answer


class CentreOut(Schema):
    slug: str
    name: str
    place: str
    district: str
    status: Centre.Status
    status_date: dt.date = Field(description="The day on which the status was confirmed.")
    status_sentence: str | None = Field(
        description="In German, for a centre that is not open yet; null for others."
    )
    operator: str
    phone: str
    email: str
    url: str = Field(description="Its page for people.")


class CentreList(Schema):
    centres: list[CentreOut]


class CentreDetail(CentreOut, AsOf):
    locations: list[LocationOut]
    services: list[ServiceOut]


class SpanOut(Schema):
    kind: Kind
    label: str = Field(description="What such times are called here, in German.")
    start: dt.datetime
    end: dt.datetime = Field(description="Not included; may lie in the night after.")
    note: str


class ExceptionOut(Schema):
    first: dt.date
    last: dt.date
    closed: bool
    reason: str = Field(description="In German: leave, training, illness …; may be empty.")
    text: str = Field(description="All of it as German sentences.")
    note: str
    substitute: str = Field(description="Who stands in.")
    substitute_phone: str


class DayOut(Schema):
    date: dt.date
    spans: list[SpanOut] = Field(
        description="What begins on this day; empty: nothing. Holidays, closures and week "
        "patterns are worked in."
    )
    closed_by: Literal["exception", "public_holiday"] | None = Field(
        description="Why nothing takes place although the week has times."
    )
    public_holiday: str | None
    school_holidays: str | None = Field(description="Known for about three years ahead.")
    exception: ExceptionOut | None = Field(
        description="The closure or the other hours of this day, once they may be told."
    )


class HoursOut(AsOf):
    service: ServiceOut
    holiday_policy: HolidayPolicy = Field(
        description="On public holidays: closed, as on Sundays, or own times."
    )
    osm: str = Field(description="The hours as an opening_hours value for OpenStreetMap.")
    days: list[DayOut]


class Problem(Schema):
    field: str = Field(description="The parameter.")
    message: str


class Refusal(Schema):
    detail: str = Field(description="What is wrong, in German.")
    errors: list[Problem] = Field(description="The same by parameter, if it belongs to one.")
