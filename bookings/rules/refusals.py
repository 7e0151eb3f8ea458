"""Why a request cannot be taken: values with a code, said in words elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from bookings.rules.policy import Policy
from bookings.rules.spans import Span, merged
from bookings.rules.wall_clock import MIDNIGHT, berlin_day, exists, in_berlin, span_on


class Code(StrEnum):
    END_BEFORE_START = "end_before_start"
    PAST_DAY = "past_day"
    PAST_TIME = "past_time"
    TOO_FAR = "too_far"
    TIME_MISSING = "time_missing"  # the clock skips it
    OFF_RASTER = "off_raster"
    TOO_SHORT = "too_short"
    OUTSIDE_HOURS = "outside_hours"
    NOT_OPEN = "not_open"  # no hours on this day at all
    TOO_MANY = "too_many"
    # Of a series:
    UNKNOWN_RULE = "unknown_rule"
    NO_END = "no_end"
    SERIES_ENDS_TOO_EARLY = "series_ends_too_early"  # before its first date
    SERIES_TOO_LONG = "series_too_long"
    TOO_MANY_DATES = "too_many_dates"
    NO_DATES = "no_dates"  # the rule makes none until then
    # Known for sure only under the lock:
    CLOSED = "closed"
    TAKEN = "taken"
    HELD = "held"
    OWN_TAKEN = "own_taken"  # by the group that asks
    OWN_HELD = "own_held"


# What would be right at the same time of another day.
OF_THE_DAY = frozenset({Code.TIME_MISSING, Code.OUTSIDE_HOURS, Code.NOT_OPEN})


@dataclass(frozen=True)
class Refusal:
    """`about`: what the person would change. `values`: for the sentence.

    That is day, start, end or persons; of a series also recurrence or until.
    """

    code: Code
    about: str
    values: dict[str, Any] = field(default_factory=dict)


class RefusedError(Exception):
    """The request cannot be taken; nothing was changed."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(", ".join(refusal.code for refusal in refusals))
        self.refusals = list(refusals)


@dataclass(frozen=True)
class Wish:
    day: date
    start: time
    end: time  # 0:00 is 24:00
    persons: int

    @classmethod
    def of(cls, span: Span, persons: int) -> "Wish":
        start, end = in_berlin(span)
        return cls(start.date(), start.time(), end.time(), persons)


def ends_too_early(start: time, end: time) -> bool:
    """Tell whether an end does not come after its start; 0:00 is 24:00."""
    return end != MIDNIGHT and end <= start


def refusals_of(
    wish: Wish, *, capacity: int, hours: Sequence[Span], policy: Policy, now: datetime
) -> list[Refusal]:
    """Return everything that is wrong with a wish before anybody looks at other bookings.

    `hours` are the room's spans on that day; they do not matter on a day that has to be changed.
    """
    day, times = _day(wish, policy, now), _times(wish, hours, policy, now)
    if day:
        times = [refusal for refusal in times if refusal.code not in OF_THE_DAY]
    return [*day, *times, *_persons(wish, capacity)]


def _day(wish: Wish, policy: Policy, now: datetime) -> list[Refusal]:
    ahead = (wish.day - berlin_day(now)).days
    if ahead < 0:
        return [Refusal(Code.PAST_DAY, "day")]
    if ahead > policy.horizon_days:
        last = date.fromordinal(berlin_day(now).toordinal() + policy.horizon_days)
        return [Refusal(Code.TOO_FAR, "day", {"last": last})]
    return []


def _times(wish: Wish, hours: Sequence[Span], policy: Policy, now: datetime) -> list[Refusal]:
    """Return what is wrong with the times; later questions make no sense before earlier ones."""
    if ends_too_early(wish.start, wish.end):
        return [Refusal(Code.END_BEFORE_START, "end", {"start": wish.start})]
    clock = [
        *_clock("start", wish.day, wish.start, policy),
        *_clock("end", wish.day, wish.end, policy),
    ]
    return clock or _span(span_on(wish.day, wish.start, wish.end), hours, policy, now)


def _span(span: Span, hours: Sequence[Span], policy: Policy, now: datetime) -> list[Refusal]:
    open_spans = merged(hours)
    if span.length < policy.shortest:
        return [Refusal(Code.TOO_SHORT, "end", {"minutes": policy.shortest.seconds // 60})]
    if not open_spans:
        return [Refusal(Code.NOT_OPEN, "day")]
    if not any(opening.contains(span) for opening in open_spans):
        about = "start" if span.start < open_spans[0].start else "end"
        return [Refusal(Code.OUTSIDE_HOURS, about, {"hours": tuple(open_spans)})]
    if span.start < now and berlin_day(span.start) == berlin_day(now):
        return [Refusal(Code.PAST_TIME, "start", {"now": now})]
    return []


def _clock(name: str, day: date, at: time, policy: Policy) -> list[Refusal]:
    if at.second or at.minute % policy.raster_minutes:
        return [Refusal(Code.OFF_RASTER, name, {"minutes": policy.raster_minutes})]
    if not exists(day, at):
        return [Refusal(Code.TIME_MISSING, name, {"day": day, "time": at})]
    return []


def _persons(wish: Wish, capacity: int) -> list[Refusal]:
    if wish.persons > capacity:
        values = {"capacity": capacity, "persons": wish.persons}
        return [Refusal(Code.TOO_MANY, "persons", values)]
    return []
