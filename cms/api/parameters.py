"""What may be asked: dates that exist, kinds that exist. A refusal is a German sentence."""

import datetime as dt
import re
from typing import Annotated

from django.utils.translation import gettext as _
from ninja import Field, Schema
from ninja.errors import HttpError
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from cms.models import ServiceKind
from cms.opening_hours import BERLIN

UNPROCESSABLE = 422
MOST_DAYS = 400
YEARS = range(2000, 2101)
WEEK = dt.timedelta(days=6)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# An offset's plus sign is a space by the time it arrives, unless it was written as %2B.
MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?)(Z|[+ -]\d{2}:\d{2})?", re.ASCII)
# Sorts of errors whose sentence is ours.
NO_DAY, NO_MOMENT, NO_KIND = "no_day", "no_moment", "no_kind"


def _day(value: object) -> dt.date | None:
    if value is None:
        return None
    try:
        day = dt.date.fromisoformat(value) if DAY.fullmatch(str(value)) else None  # type: ignore[arg-type]
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        raise PydanticCustomError(
            NO_DAY, _("This date does not exist. Please write it like this: 2026-11-24.")
        )
    return day


def _moment(value: object) -> dt.datetime | None:
    """Return the aware moment; without an offset it is wall-clock time in Berlin."""
    if value is None:
        return None
    found = MOMENT.fullmatch(str(value))
    try:
        moment = dt.datetime.fromisoformat(
            found[1] + (found[2] or "").replace(" ", "+") if found else ""
        )
    except ValueError:
        moment = None
    if moment is None or moment.year not in YEARS or not _exists(moment):
        raise PydanticCustomError(
            NO_MOMENT,
            _("This time does not exist. Please write it like this: 2026-11-24T10:30+01:00."),
        )
    return moment.astimezone(BERLIN) if moment.tzinfo else moment.replace(tzinfo=BERLIN)


def _exists(moment: dt.datetime) -> bool:
    """Tell whether the clock ever shows this time: on one Sunday in spring an hour is missing."""
    if moment.tzinfo is not None:
        return True
    wall = moment.replace(tzinfo=BERLIN)
    return wall.astimezone(dt.UTC).astimezone(BERLIN).replace(tzinfo=None) == moment


def _kind(value: object) -> object:
    if value is not None and value not in ServiceKind.values:
        raise PydanticCustomError(
            NO_KIND,
            _("There is no such kind of service. Possible are: {kinds}."),
            {"kinds": ", ".join(ServiceKind.values)},
        )
    return value


Day = Annotated[dt.date | None, BeforeValidator(_day)]
Moment = Annotated[dt.datetime | None, BeforeValidator(_moment)]
Kind = Annotated[ServiceKind | None, BeforeValidator(_kind)]


class ServiceQuery(Schema):
    centre: str = Field("", description="Slug of a centre; empty: all centres of this host.")
    kind: Kind = Field(None, description="Kind of service.")
    open_at: Moment = Field(
        None,
        description="Only services whose doors are open then, without an appointment. ISO 8601; "
        "without an offset the time is wall-clock time in Europe/Berlin. The states are those of "
        "that moment.",
        examples=["2026-11-24T10:30:00+01:00"],
    )
    limit: int = Field(100, ge=1, le=500, description="How many services at most.")
    offset: int = Field(0, ge=0, le=100_000, description="How many services to leave out.")


class HoursQuery(Schema):
    first: Day = Field(None, alias="from", description="First day; today if it is not given.")
    last: Day = Field(
        None,
        alias="to",
        description=f"Last day, included; six days after the first one if it is not given. At "
        f"most {MOST_DAYS} days can be asked for at once.",
    )

    def days(self, today: dt.date) -> list[dt.date]:
        """Return the days asked for. Raises HttpError with the reason."""
        return days_between(self.first, self.last, today=today, most=MOST_DAYS)


def days_between(
    first: dt.date | None, last: dt.date | None, *, today: dt.date, most: int
) -> list[dt.date]:
    """Return the days asked for; a missing one is today, or a week. Raises HttpError."""
    first = first or (min(today, last) if last else today)
    last = last or first + WEEK
    if last < first:
        raise HttpError(UNPROCESSABLE, _("The first day (from) must not lie after the last (to)."))
    if (last - first).days >= most:
        raise HttpError(
            UNPROCESSABLE, _("Please ask for at most %(days)s days at once.") % {"days": most}
        )
    return [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
