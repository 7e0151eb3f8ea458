"""The rules for bookings of one room, and what in them contradicts itself.

A centre sets rules for all its rooms and others for one of them; what nobody set has the defaults
here. They follow what municipalities in Lower Saxony usually agree on with their associations.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from bookings.rules.spans import Span, merged
from bookings.rules.wall_clock import ONE_DAY, berlin_day, instant, span_on
from cms.holiday_calendar import holiday_name

MINUTES_A_DAY = 24 * 60
RASTERS = (5, 10, 15, 20, 30, 60)
LONGEST_HORIZON = 2 * 366  # days; as long as the longest series
SATURDAY = 5
OFFICE_CLOSES = time(18)
END_OF_DAY = time(23, 59)  # as one says it; midnight would be the next day


class Approval(StrEnum):
    AT_ONCE = "at_once"
    ON_REQUEST = "on_request"
    IN_WINDOWS = "in_windows"  # at once for checked associations within the windows


class Bookers(StrEnum):
    ASSOCIATIONS = "associations"
    CHECKED = "checked"  # associations that the centre has checked


class OutsideHours(StrEnum):
    REFUSE = "refuse"
    ON_REQUEST = "on_request"


class PublicDetail(StrEnum):
    TAKEN = "taken"
    NAME = "name"  # of the association, if it agreed


class HolidayRule(StrEnum):
    """What a series does on a public holiday, or in school holidays."""

    SKIP = "skip"
    KEEP = "keep"


class Window(NamedTuple):
    weekday: int  # 0 is Monday
    opens: time
    closes: time  # 0:00 is 24:00


@dataclass(frozen=True)
class Policy:
    """Numbers in the unit that their name says; None for a quota: no limit."""

    approval: Approval = Approval.ON_REQUEST
    windows: tuple[Window, ...] = ()
    lead_hours: int = 0
    horizon_days: int = 366
    shortest_minutes: int = 30
    longest_minutes: int = MINUTES_A_DAY
    raster_minutes: int = 15
    hold_days: int = 14  # a request keeps its time free for so long
    warning_days: int = 3  # so long before a hold ends the team is reminded
    answer_days: int = 7  # how long a group may take to answer a question
    quota_open: int | None = None  # undecided requests of an association
    quota_week_hours: int | None = None  # of an association, in one week from Monday
    bookers: Bookers = Bookers.ASSOCIATIONS
    guests: bool = False
    cancel_hours: int = 0  # before the start; later on one has to ring up
    change_hours: int = 0
    notice_days: int = 14  # for taking a promised date back
    offer_hours: int = 24  # how long an offer from the waiting list is held
    public_detail: PublicDetail = PublicDetail.NAME
    outside_hours: OutsideHours = OutsideHours.REFUSE
    public_holidays: HolidayRule = HolidayRule.SKIP  # preset for a series; the booker chooses
    school_holidays: HolidayRule = HolidayRule.SKIP

    @property
    def shortest(self) -> timedelta:
        return timedelta(minutes=self.shortest_minutes)

    @property
    def longest(self) -> timedelta:
        return timedelta(minutes=self.longest_minutes)


POLICY = Policy()  # what holds as long as nobody has set anything
NAMES = tuple(field.name for field in fields(Policy))


def policy_from(*layers: Mapping[str, Any]) -> Policy:
    """Return the rules of these layers, the more special one first; None means: not set there.

    An empty list of windows counts as not set. Windows from further up do not matter where another
    kind of approval is set before them; own ones without use stay, so that they are found.
    """
    values = {}
    for name in NAMES:
        for layer in layers:
            value = layer.get(name)
            if value is not None and value != ():
                values[name] = value
                break
    policy = Policy(**values)
    if policy.approval is not Approval.IN_WINDOWS and not layers[0].get("windows"):
        return replace(policy, windows=())
    return policy


# Approved at once ----------------------------------------------------------------------------


def approves_at_once(policy: Policy, span: Span, *, is_checked: bool, in_hours: bool) -> bool:
    """Tell whether a date is promised without anybody deciding.

    Never outside the room's hours, and in windows only to associations that were checked.
    """
    if not in_hours or policy.approval is Approval.ON_REQUEST:
        return False
    return policy.approval is Approval.AT_ONCE or (is_checked and _in_window(policy, span))


def _in_window(policy: Policy, span: Span) -> bool:
    day = berlin_day(span.start)
    windows = merged(
        span_on(day, window.opens, window.closes)
        for window in policy.windows
        if window.weekday == day.weekday()
    )
    return any(window.contains(span) for window in windows)


# Deadlines -----------------------------------------------------------------------------------


def hold_end(policy: Policy, start: datetime, *, now: datetime) -> datetime:
    """Return until when a request that comes now keeps its time free: not beyond its start."""
    return min(_end_of_day(policy.hold_days, now), start)


def answer_end(policy: Policy, start: datetime, *, now: datetime) -> datetime:
    """Return until when a question that is asked now can be answered: not beyond the start."""
    return min(_end_of_day(policy.answer_days, now), start)


def _end_of_day(days: int, now: datetime) -> datetime:
    """Return the end of the day so many days from now: people are told the day only."""
    return instant(berlin_day(now) + days * ONE_DAY, END_OF_DAY)


def offer_end(policy: Policy, start: datetime, *, now: datetime) -> datetime:
    """Return until when an offer that is made now can be taken: not beyond its start."""
    return min(now + timedelta(hours=policy.offer_hours), start)


def substitute_end(policy: Policy, start: datetime, *, now: datetime) -> datetime:
    """Return until when a substitute can be taken: not beyond its start.

    Nobody asked for it, so nobody looks out for it: the group has at least the next working day.
    """
    day = berlin_day(now) + ONE_DAY
    while day.weekday() >= SATURDAY or holiday_name(day):
        day += ONE_DAY
    return min(max(offer_end(policy, start, now=now), instant(day, OFFICE_CLOSES)), start)


def warning_time(policy: Policy, asked_at: datetime, holds_until: datetime) -> datetime:
    """Return when the team is reminded that a hold ends: not before half of its time is over."""
    half = asked_at + (holds_until - asked_at) / 2
    return max(holds_until - timedelta(days=policy.warning_days), half)


def is_short_notice(policy: Policy, start: datetime, *, now: datetime) -> bool:
    """Tell whether a promised date is taken back later than the group was told it would be."""
    return start < now + timedelta(days=policy.notice_days)


def last_cancel(policy: Policy, start: datetime) -> datetime:
    """Return until when a group may say itself that a date falls through."""
    return _hours_before(start, policy.cancel_hours)


def last_change(policy: Policy, start: datetime) -> datetime:
    """Return until when a group may ask for another time or room."""
    return _hours_before(start, policy.change_hours)


def _hours_before(start: datetime, hours: int) -> datetime:
    """Return the moment so many hours before, whichever zone the start is given in."""
    return start.astimezone(UTC) - timedelta(hours=hours)


# Contradictions ------------------------------------------------------------------------------


class Contradiction(StrEnum):
    """Why rules cannot be kept; each says what to change in its sentence (bookings.wording)."""

    RASTER = "raster"
    SHORTEST_NOT_ON_RASTER = "shortest_not_on_raster"
    LONGEST_NOT_ON_RASTER = "longest_not_on_raster"
    SHORTEST_OVER_LONGEST = "shortest_over_longest"
    LONGEST_OVER_A_DAY = "longest_over_a_day"
    LEAD_OVER_HORIZON = "lead_over_horizon"
    HORIZON_TOO_FAR = "horizon_too_far"
    WARNING_OVER_HOLD = "warning_over_hold"
    WINDOWS_MISSING = "windows_missing"
    WINDOWS_WITHOUT_USE = "windows_without_use"
    GUESTS_BUT_CHECKED = "guests_but_checked"
    QUOTA_UNDER_SHORTEST = "quota_under_shortest"
    NO_TIME_FOR_OFFER = "no_time_for_offer"


def contradictions(policy: Policy) -> list[tuple[str, Contradiction]]:
    """Return what cannot be kept together: the field to change, and why."""
    return [*_lengths(policy), *_deadlines(policy), *_approval(policy)]


def _lengths(policy: Policy) -> Iterator[tuple[str, Contradiction]]:
    if policy.raster_minutes not in RASTERS:
        yield "raster_minutes", Contradiction.RASTER
        return
    if policy.shortest_minutes % policy.raster_minutes or not policy.shortest_minutes:
        yield "shortest_minutes", Contradiction.SHORTEST_NOT_ON_RASTER
    if policy.longest_minutes % policy.raster_minutes:
        yield "longest_minutes", Contradiction.LONGEST_NOT_ON_RASTER
    if policy.longest_minutes > MINUTES_A_DAY:
        yield "longest_minutes", Contradiction.LONGEST_OVER_A_DAY
    if policy.shortest_minutes > policy.longest_minutes:
        yield "shortest_minutes", Contradiction.SHORTEST_OVER_LONGEST
    week = policy.quota_week_hours
    if week is not None and week * 60 < policy.shortest_minutes:
        yield "quota_week_hours", Contradiction.QUOTA_UNDER_SHORTEST


def _deadlines(policy: Policy) -> Iterator[tuple[str, Contradiction]]:
    if policy.lead_hours >= policy.horizon_days * 24:
        yield "lead_hours", Contradiction.LEAD_OVER_HORIZON
    if policy.horizon_days > LONGEST_HORIZON:
        yield "horizon_days", Contradiction.HORIZON_TOO_FAR
    if policy.warning_days >= policy.hold_days:
        yield "warning_days", Contradiction.WARNING_OVER_HOLD
    if not policy.offer_hours:
        yield "offer_hours", Contradiction.NO_TIME_FOR_OFFER


def _approval(policy: Policy) -> Iterator[tuple[str, Contradiction]]:
    if policy.approval is Approval.IN_WINDOWS and not policy.windows:
        yield "approval", Contradiction.WINDOWS_MISSING
    if policy.windows and policy.approval is not Approval.IN_WINDOWS:
        yield "approval", Contradiction.WINDOWS_WITHOUT_USE
    if policy.guests and policy.bookers is Bookers.CHECKED:
        yield "guests", Contradiction.GUESTS_BUT_CHECKED
