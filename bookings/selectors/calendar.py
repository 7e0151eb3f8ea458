"""A room's month in words, and a list of its next days; both as everybody may see them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bookings.models import Room
from bookings.rules.months import days_of_month, month_after, month_before, month_of
from bookings.rules.spans import Span
from bookings.rules.wall_clock import MIDNIGHT, berlin_day, in_berlin, span_on
from bookings.rules.week import next_step, shown_days, within
from bookings.selectors.find import free_days
from bookings.selectors.week import EVENING, Day, days_of_room, utc_hours
from cms.selectors.schedules import holiday_calendar

LIST_DAYS = 28


# A list of days ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class DayList:
    """`previous` and `following`: first days of other lists; None where nothing comes."""

    first: date
    is_now: bool
    previous: date | None
    following: date | None
    last_day: date  # for which one may ask
    days: list[Day]

    @property
    def last(self) -> date:
        return self.days[-1].date


def room_days(
    room: Room, space_ids: Collection[int], first: date, *, now: datetime, evenings: bool = False
) -> DayList:
    """Return the days of four weeks, in two queries if the room's hours were prefetched."""
    today = berlin_day(now)
    last_day = today + timedelta(days=room.policy.horizon_days)
    _first_shown, last_shown = shown_days(today, room.policy)
    dates = [first + timedelta(days=number) for number in range(LIST_DAYS)]
    dates = [day for day in dates if day <= last_shown]
    following = dates[-1] + timedelta(days=1)
    return DayList(
        first=first,
        is_now=first == today,
        previous=max(first - timedelta(days=LIST_DAYS), today) if first > today else None,
        following=following if following <= last_day else None,
        last_day=last_day,
        days=days_of_room(room, space_ids, dates, now=now, evenings=evenings).days,
    )


# A month -----------------------------------------------------------------------------------------


class Free(StrEnum):
    """How much of a part of a day is free."""

    ALL = "all"
    PART = "part"
    NONE = "none"


@dataclass(frozen=True)
class DayPart:
    """Daytime or evening. `span`: what is free, in Berlin's time, if it is one piece of it."""

    free: Free
    span: Span | None = None
    is_first: bool = False  # the free piece begins with the part
    is_last: bool = False  # it ends with it


@dataclass(frozen=True)
class MonthDay:
    """`daytime`, `evening`: None where the room cannot be used then, or no longer today."""

    date: date
    is_today: bool
    is_past: bool
    can_be_asked_for: bool
    has_hours: bool
    holiday: str  # the name of a public one
    daytime: DayPart | None
    evening: DayPart | None

    @property
    def has_free(self) -> bool:
        return any(part and part.free is not Free.NONE for part in (self.daytime, self.evening))

    @property
    def is_all_free(self) -> bool:
        parts = [part for part in (self.daytime, self.evening) if part]
        return bool(parts) and all(part.free is Free.ALL for part in parts)


@dataclass(frozen=True)
class Month:
    """`previous` and `following`: first days of months; None where none is shown any more."""

    first: date
    is_this_month: bool
    previous: date | None
    following: date | None
    last_day: date  # for which one may ask
    days: list[MonthDay]

    @property
    def has_hours(self) -> bool:
        return any(day.has_hours for day in self.days)


def room_month(room: Room, space_ids: Collection[int], first: date, *, now: datetime) -> Month:
    """Return a month of a room, in two queries if its hours were prefetched."""
    today, policy = berlin_day(now), room.policy
    dates, holidays = days_of_month(first), holiday_calendar()
    free = free_days(room, space_ids, dates, now=now)
    first_shown, last_shown = shown_days(today, policy)
    before, after = month_before(first), month_after(first)
    return Month(
        first=first,
        is_this_month=first == month_of(today),
        previous=before if before >= month_of(first_shown) else None,
        following=after if after <= last_shown else None,
        last_day=today + timedelta(days=policy.horizon_days),
        days=[
            _month_day(room, day, free[day], holidays.public_name(day) or "", now) for day in dates
        ],
    )


def _month_day(room: Room, day: date, free: list[Span], holiday: str, now: datetime) -> MonthDay:
    today = berlin_day(now)
    hours = utc_hours(room.hours.all(), day)
    left = within(hours, Span(next_step(now, room.policy), hours[-1].end)) if hours else []
    halves = span_on(day, MIDNIGHT, EVENING), span_on(day, EVENING, MIDNIGHT)
    daytime, evening = (_part(left, free, half.in_utc) for half in halves)
    return MonthDay(
        date=day,
        is_today=day == today,
        is_past=day < today,
        can_be_asked_for=day <= today + timedelta(days=room.policy.horizon_days),
        has_hours=bool(hours),
        holiday=holiday,
        daytime=daytime,
        evening=evening,
    )


def _part(hours: Iterable[Span], free: Iterable[Span], half: Span) -> DayPart | None:
    """Return what is free of the hours of one half of the day."""
    usable = within(hours, half)
    if not usable:
        return None
    pieces = within(free, half)
    if not pieces:
        return DayPart(Free.NONE)
    if pieces == usable:
        return DayPart(Free.ALL)
    (start, end) = pieces[0].start, pieces[-1].end
    return DayPart(
        Free.PART,
        in_berlin(pieces[0]) if len(pieces) == 1 else None,
        is_first=start == usable[0].start,
        is_last=end == usable[-1].end,
    )
