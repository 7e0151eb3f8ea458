"""Why a request cannot be taken: values with a code, said in words elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from bookings.rules.policy import Bookers, OutsideHours, Policy
from bookings.rules.spans import Span, merged
from bookings.rules.wall_clock import (
    MIDNIGHT,
    berlin_day,
    clock_length,
    exists,
    in_berlin,
    instant,
    monday_of,
    span_on,
)


class Code(StrEnum):
    END_BEFORE_START = "end_before_start"
    PAST_DAY = "past_day"
    PAST_TIME = "past_time"
    TOO_FAR = "too_far"
    TIME_MISSING = "time_missing"  # the clock skips it
    OFF_RASTER = "off_raster"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_SOON = "too_soon"  # the team needs notice
    OUTSIDE_HOURS = "outside_hours"
    NOT_OPEN = "not_open"  # no hours on this day at all
    TOO_MANY = "too_many"
    LAYOUT_TOO_SMALL = "layout_too_small"
    # Who asks:
    NOT_CHECKED = "not_checked"
    NO_GUESTS = "no_guests"
    NO_SERIES_FOR_GUESTS = "no_series_for_guests"
    QUOTA_OPEN = "quota_open"
    QUOTA_HOURS = "quota_hours"
    TOO_OFTEN = "too_often"  # changes in an hour
    # Of a series:
    UNKNOWN_RULE = "unknown_rule"
    NO_END = "no_end"
    SERIES_ENDS_TOO_EARLY = "series_ends_too_early"  # before its first date
    SERIES_TOO_LONG = "series_too_long"
    TOO_MANY_DATES = "too_many_dates"
    NO_DATES = "no_dates"  # the rule makes none until then
    # Of what stands already:
    DATE_OVER = "date_over"  # it has begun
    NOT_BEGUN = "not_begun"
    DATE_GONE = "date_gone"  # it does not take place
    CHANGE_TOO_LATE = "change_too_late"
    CANCEL_TOO_LATE = "cancel_too_late"
    CHANGE_OPEN = "change_open"  # there is a wish to change already
    OFFER_OPEN = "offer_open"  # it has to be taken first
    PARTLY_DECIDED = "partly_decided"  # promised and undecided dates in one wish
    IN_PLAN = "in_plan"  # decided together with all others of a year
    NOTHING_CHANGES = "nothing_changes"
    TWICE = "twice"  # two dates of the wish in one space at once
    NOTHING_TO_END = "nothing_to_end"
    GOES_ON = "goes_on"  # under another number
    NOTHING_LEFT = "nothing_left"  # of a series, so that it cannot go on
    NOT_LEFT_OUT = "not_left_out"
    # Known for sure only under the lock:
    CLOSED = "closed"
    TAKEN = "taken"
    HELD = "held"
    OWN_TAKEN = "own_taken"  # by the group that asks
    OWN_HELD = "own_held"
    # Of the dates of a series, each with its own refusals:
    DATES_GONE = "dates_gone"
    CHOICE_GONE = "choice_gone"
    NO_DATES_LEFT = "no_dates_left"
    # Of a promised date that the centre takes back:
    NOTICE_TOO_SHORT = "notice_too_short"
    SUBSTITUTE_TAKEN = "substitute_taken"


# What would be right at the same time of another day.
OF_THE_DAY = frozenset({Code.TIME_MISSING, Code.OUTSIDE_HOURS, Code.NOT_OPEN})
# How far ahead, how soon and in which steps one may ask; the centre may exchange and offer otherwise.
BINDS_GROUPS_ONLY = frozenset({Code.TOO_FAR, Code.TOO_SOON, Code.OFF_RASTER})


@dataclass(frozen=True)
class Refusal:
    """`about`: what the person would change. `values`: for the sentence.

    That is day, start, end, persons or association; of a series also recurrence or until.
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

    `hours` are the room's spans on that day; they do not matter on a day that has to be changed,
    nor where the team decides on dates outside of them.
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
    """Return what is wrong with the times; without two times there is no span to look at."""
    notice = _notice(instant(wish.day, wish.start), policy, now)
    if ends_too_early(wish.start, wish.end):
        return [Refusal(Code.END_BEFORE_START, "end", {"start": wish.start}), *notice]
    found = [
        *_clock("start", wish.day, wish.start, policy),
        *_clock("end", wish.day, wish.end, policy),
    ]
    if all(refusal.code is not Code.TIME_MISSING for refusal in found):
        found += _span(span_on(wish.day, wish.start, wish.end), hours, policy)
    return [*found, *notice]


def _span(span: Span, hours: Sequence[Span], policy: Policy) -> list[Refusal]:
    length = _length(span, policy)
    if policy.outside_hours is OutsideHours.REFUSE:
        outside = _outside(span, merged(hours))
        # A day without hours, or a time outside of them, says more than what is too long for it.
        if outside:
            return [*(refusal for refusal in length if refusal.code is Code.TOO_SHORT), outside]
    return length


def _length(span: Span, policy: Policy) -> list[Refusal]:
    length = clock_length(span)
    if length < policy.shortest:
        return [Refusal(Code.TOO_SHORT, "end", {"minutes": policy.shortest_minutes})]
    if length > policy.longest:
        return [Refusal(Code.TOO_LONG, "end", {"minutes": policy.longest_minutes})]
    return []


def _outside(span: Span, hours: Sequence[Span]) -> Refusal | None:
    if not hours:
        return Refusal(Code.NOT_OPEN, "day")
    if is_within(span, hours):
        return None
    about = "start" if span.start < hours[0].start else "end"
    return Refusal(Code.OUTSIDE_HOURS, about, {"hours": tuple(hours)})


def is_within(span: Span, hours: Sequence[Span]) -> bool:
    """Tell whether a span lies in the times of use."""
    return any(opening.contains(span) for opening in merged(hours))


def _notice(start: datetime, policy: Policy, now: datetime) -> list[Refusal]:
    if start < now and berlin_day(start) == berlin_day(now):
        return [Refusal(Code.PAST_TIME, "start", {"now": now})]
    earliest = now + timedelta(hours=policy.lead_hours)
    if now <= start < earliest:
        return [Refusal(Code.TOO_SOON, "day", {"hours": policy.lead_hours, "earliest": earliest})]
    return []


def _clock(name: str, day: date, at: time, policy: Policy) -> list[Refusal]:
    found = []
    if at.second or at.minute % policy.raster_minutes:
        found.append(Refusal(Code.OFF_RASTER, name, {"minutes": policy.raster_minutes}))
    if not exists(day, at):
        found.append(Refusal(Code.TIME_MISSING, name, {"day": day, "time": at}))
    return found


def _persons(wish: Wish, capacity: int) -> list[Refusal]:
    if wish.persons > capacity:
        values = {"capacity": capacity, "persons": wish.persons}
        return [Refusal(Code.TOO_MANY, "persons", values)]
    return []


# Who asks ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asker:
    """What the rules have to know of who asks.

    open_requests: how many requests of the association somebody still has to decide on.
    week_minutes: the Monday of a week → how many minutes of it the association has, promised or
    asked for, without this request. week_before: the same with what it replaces in this room. All
    matter only where there is a quota.
    """

    is_guest: bool = False
    is_checked: bool = False
    open_requests: int = 0
    week_minutes: Mapping[date, int] = field(default_factory=dict)
    week_before: Mapping[date, int] = field(default_factory=dict)


def refusals_of_asker(asker: Asker, spans: Sequence[Span], policy: Policy) -> list[Refusal]:
    """Return everything that speaks against this asker, whatever the time."""
    return [*_kind(asker, spans, policy), *_quotas(asker, spans, policy)]


def _kind(asker: Asker, spans: Sequence[Span], policy: Policy) -> list[Refusal]:
    if asker.is_guest:
        if not policy.guests:
            return [Refusal(Code.NO_GUESTS, "association")]
        return [Refusal(Code.NO_SERIES_FOR_GUESTS, "association")] if len(spans) > 1 else []
    if policy.bookers is Bookers.CHECKED and not asker.is_checked:
        return [Refusal(Code.NOT_CHECKED, "association")]
    return []


def _quotas(asker: Asker, spans: Sequence[Span], policy: Policy) -> list[Refusal]:
    refusals = []
    limit = policy.quota_open
    if limit is not None and asker.open_requests >= limit:
        refusals.append(Refusal(Code.QUOTA_OPEN, "association", {"limit": limit}))
    full = _full_week(asker, spans, policy)
    if full is not None:
        values = {"limit": policy.quota_week_hours, "monday": full}
        refusals.append(Refusal(Code.QUOTA_HOURS, "association", values))
    return refusals


def _full_week(asker: Asker, spans: Sequence[Span], policy: Policy) -> date | None:
    """Return the Monday of the first week in which the hours would be too many.

    What a group had in a room before there was this quota it may still move about there.
    """
    if policy.quota_week_hours is None:
        return None
    minutes = dict(asker.week_minutes)
    for span in sorted(spans):
        monday = monday_of(berlin_day(span.start))
        minutes[monday] = minutes.get(monday, 0) + clock_length(span) // timedelta(minutes=1)
        if minutes[monday] > max(policy.quota_week_hours * 60, asker.week_before.get(monday, 0)):
            return monday
    return None
