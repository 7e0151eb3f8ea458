"""What may be asked about rooms. A refusal is a German sentence."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from ninja import Field, Schema
from ninja.errors import HttpError
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from bookings.rules.recurrence import Frequency, Recurrence, refusals_of_series, spans_of
from bookings.rules.refusals import Code, Refusal
from bookings.rules.spans import Span
from bookings.rules.wall_clock import MIDNIGHT, berlin_day, span_on
from bookings.wording import refusal_sentence
from cms.api.parameters import Day, days_between
from cms.models import Answer

UNPROCESSABLE = 422
MOST_DAYS = 366
MOST_SENTENCES = 3
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00", re.ASCII)
NO_CLOCK, NO_ACCESS = "no_clock", "no_access"  # sorts of errors whose sentence is ours
ENOUGH = (Answer.YES.value, Answer.PARTLY.value)


def _clock(value: object) -> dt.time:
    text = str(value)
    if not CLOCK.fullmatch(text):
        raise PydanticCustomError(
            NO_CLOCK, _("This time of day does not exist. Please write it like this: 19:30.")
        )
    return MIDNIGHT if text == "24:00" else dt.time.fromisoformat(text)


def _start_clock(value: object) -> dt.time:
    if str(value) == "24:00":
        raise PydanticCustomError(
            NO_CLOCK, _("24:00 is the end of the day. Please enter 0:00 and the next day.")
        )
    return _clock(value)


def _access(value: object) -> object:
    if value not in {*ENOUGH, ""}:
        raise PydanticCustomError(
            NO_ACCESS, _("Possible are: {answers}."), {"answers": ", ".join(ENOUGH)}
        )
    return value


Clock = Annotated[dt.time, BeforeValidator(_clock)]
StartClock = Annotated[dt.time, BeforeValidator(_start_clock)]
Access = Annotated[Literal["", "yes", "partly"], BeforeValidator(_access)]


class RoomQuery(Schema):
    centre: str = Field("", description="Slug of a centre; empty: all centres of this host.")


class FreeQuery(RoomQuery):
    day: Day = Field(..., alias="date", description="The day, or the first one of a series.")
    start: StartClock = Field(
        ..., alias="from", description="From when, on the clock in Berlin.", examples=["19:00"]
    )
    end: Clock = Field(
        ..., alias="to", description="Until when, on the same day; 24:00 is its end."
    )
    weekly_until: Day = Field(
        None, description="For a series: every week until this day, two years at most."
    )
    persons: int = Field(1, ge=1, le=10_000, description="How many persons the room has to hold.")
    seating: str = Field(
        "", description="Name of a seating, as /rooms has it, that has to hold them."
    )
    equipment: list[str] = Field(
        [], description="Names of equipment, as /rooms has them; repeat it for several."
    )
    step_free: Access = Field("", description="yes; or partly, to be content with partly, too.")
    hearing_loop: Access = Field("", description="yes; or partly, to be content with partly, too.")

    def spans(self, now: dt.datetime) -> list[Span]:
        """Return the dates asked for. Raises HttpError with the reasons."""
        day: dt.date = self.day  # type: ignore[assignment] # required, and never null
        until = self.weekly_until or day
        weekly = Recurrence(Frequency.WEEKLY, (day.weekday(),))
        refusals = [
            *refusals_of_series(weekly, day, until, self.start, self.end),
            *self._over(day, now),
        ]
        if refusals:
            sentences = dict.fromkeys(map(refusal_sentence, refusals[:MOST_SENTENCES]))
            raise HttpError(UNPROCESSABLE, " ".join(sentences))
        return spans_of(weekly, day, until, self.start, self.end)

    def _over(self, day: dt.date, now: dt.datetime) -> Iterator[Refusal]:
        if day < berlin_day(now):
            yield Refusal(Code.PAST_DAY, "day")
        elif span_on(day, self.start, self.end).start < now:
            yield Refusal(Code.PAST_TIME, "start", {"now": now})


class BusyQuery(Schema):
    first: Day = Field(None, alias="from", description="First day; today if it is not given.")
    last: Day = Field(
        None,
        alias="to",
        description="Last day, included; six days after the first one if it is not given. At "
        f"most {MOST_DAYS} days can be asked for at once.",
    )

    def days(self, today: dt.date) -> list[dt.date]:
        """Return the days asked for. Raises HttpError with the reason."""
        return days_between(self.first, self.last, today=today, most=MOST_DAYS)
