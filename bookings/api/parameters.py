"""What may be asked about rooms. A refusal is a German sentence."""

import datetime as dt
import re
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from ninja import Field, Schema
from ninja.errors import HttpError
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from bookings.rules.refusals import Code, Refusal
from bookings.rules.spans import Span
from bookings.rules.wall_clock import MIDNIGHT, berlin_day, exists, span_on
from bookings.wording import refusal_sentence
from cms.api.parameters import Day, days_between
from cms.models import Answer

UNPROCESSABLE = 422
MOST_DAYS = 366
LONGEST_SERIES = dt.timedelta(days=2 * 366)
WEEK = dt.timedelta(days=7)
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


def _access(value: object) -> object:
    if value not in {*ENOUGH, ""}:
        raise PydanticCustomError(
            NO_ACCESS, _("Possible are: {answers}."), {"answers": ", ".join(ENOUGH)}
        )
    return value


Clock = Annotated[dt.time, BeforeValidator(_clock)]
Access = Annotated[Literal["", "yes", "partly"], BeforeValidator(_access)]


class RoomQuery(Schema):
    centre: str = Field("", description="Slug of a centre; empty: all centres of this host.")


class FreeQuery(RoomQuery):
    day: Day = Field(..., alias="date", description="The day, or the first one of a series.")
    start: Clock = Field(
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
        """Return the dates asked for. Raises HttpError with the reason."""
        day: dt.date = self.day  # type: ignore[assignment] # required, and never null
        last = self.weekly_until or day
        if last < day:
            raise _refused(_("The series must not end before its first date."))
        if last - day > LONGEST_SERIES:
            raise _refused(_("A series may last two years at most. Please choose an earlier end."))
        days = [day + number * WEEK for number in range((last - day) // WEEK + 1)]
        if refusal := self._refusal(days, now):
            raise _refused(refusal_sentence(refusal))
        return [span_on(one, self.start, self.end) for one in days]

    def _refusal(self, days: list[dt.date], now: dt.datetime) -> Refusal | None:
        if MIDNIGHT != self.end <= self.start:
            return Refusal(Code.END_BEFORE_START, "end", {"start": self.start})
        for day in days:
            for at in (self.start, self.end):
                if not exists(day, at):
                    return Refusal(Code.TIME_MISSING, "start", {"day": day, "time": at})
        if days[0] < berlin_day(now):
            return Refusal(Code.PAST_DAY, "day")
        if span_on(days[0], self.start, self.end).start < now:
            return Refusal(Code.PAST_TIME, "start", {"now": now})
        return None


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


def _refused(sentence: str) -> HttpError:
    return HttpError(UNPROCESSABLE, sentence)
