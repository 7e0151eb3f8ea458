"""What a list of weekly groups consists of, and what can be wrong with it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from bookings.rules.recurrence import Frequency, Recurrence
from bookings.rules.spans import Span
from bookings.rules.wall_clock import ONE_DAY, berlin_day, instant, span_on

AN_ORDINARY_DAY = date(2026, 1, 5)  # on which the clocks do not change


class Column(StrEnum):
    """In the order that a list without a header has."""

    GROUP = "group"
    WEEKDAY = "weekday"
    TIMES = "times"
    ROOM = "room"
    UNTIL = "until"


class FaultCode(StrEnum):
    """What is wrong; behind it which `values` a fault has for its sentence, beside `text`."""

    # Of the whole list:
    NOT_DECODABLE = "not_decodable"
    WORKBOOK = "workbook"  # Excel's own format
    TOO_BIG = "too_big"
    EMPTY = "empty"
    TOO_MANY_LINES = "too_many_lines"  # count, limit
    HEADER_UNKNOWN = "header_unknown"  # text: the column
    HEADER_TWICE = "header_twice"  # text: the column
    HEADER_MISSING = "header_missing"  # columns
    # Of a line:
    COLUMNS = "columns"  # found, expected
    QUOTES = "quotes"
    CONTROL_SIGN = "control_sign"  # text: the code point
    LINE_TOO_LONG = "line_too_long"  # limit
    DUPLICATE = "duplicate"  # line
    OVERLAP = "overlap"  # line, group, start, end
    TOO_CLOSE = "too_close"  # the same: set-up and clearing up lie in each other
    # Of a column:
    GROUP_MISSING = "group_missing"
    GROUP_TOO_LONG = "group_too_long"  # limit
    WEEKDAY_UNKNOWN = "weekday_unknown"
    WEEKDAYS_SEVERAL = "weekdays_several"
    TIMES_UNCLEAR = "times_unclear"
    TIMES_SEVERAL = "times_several"
    NO_SUCH_TIME = "no_such_time"  # 25:00
    END_BEFORE_START = "end_before_start"
    AFTER_MIDNIGHT = "after_midnight"
    ROOM_UNKNOWN = "room_unknown"  # rooms
    ROOM_AMBIGUOUS = "room_ambiguous"  # rooms: their short names
    UNTIL_MISSING = "until_missing"
    DATE_UNCLEAR = "date_unclear"
    DATE_IMPOSSIBLE = "date_impossible"  # 31.2.
    UNTIL_PAST = "until_past"  # until, today
    SERIES = "series"  # refusal: of the rules of series


@dataclass(frozen=True)
class Fault:
    """`line` counts from 1, None for the whole list; `text` is what stands there."""

    code: FaultCode
    line: int | None = None
    column: Column | None = None
    text: str = ""
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ListRoom:
    """A room of the centre: the spaces it takes, set-up and clearing up of a new date."""

    key: int
    name: str
    slug: str
    spaces: frozenset[int]
    before: timedelta = timedelta()
    after: timedelta = timedelta()


@dataclass(frozen=True)
class WeeklyRow:
    """A group that comes every week. `until` is the last day that a date may lie on."""

    line: int
    group: str
    weekday: int  # 0 is Monday
    start: time
    end: time  # 0:00 is 24:00
    room: ListRoom
    until: date

    @property
    def recurrence(self) -> Recurrence:
        return Recurrence(Frequency.WEEKLY, (self.weekday,))

    @property
    def key(self) -> tuple[object, ...]:
        """Return what makes two lines the same."""
        times = (self.weekday, self.start, self.end, self.until)
        return (self.group.casefold(), self.room.key, *times)

    def first_day(self, first: date, *, now: datetime) -> date:
        """Return its first date on or after a day; one that has begun is none."""
        day = max(first, berlin_day(now))
        day += (self.weekday - day.weekday()) % 7 * ONE_DAY
        return day if instant(day, self.start) > now else day + 7 * ONE_DAY

    @property
    def span(self) -> Span:
        """Return its time on any day; only for comparing it with others."""
        return span_on(AN_ORDINARY_DAY, self.start, self.end)

    @property
    def period(self) -> Span:
        """Return the same with set-up and clearing up."""
        return self.span.widened(self.room.before, self.room.after)

    def shares_space_with(self, other: "WeeklyRow") -> bool:
        """Tell whether both want the same space on the same weekday."""
        return self.weekday == other.weekday and bool(self.room.spaces & other.room.spaces)


@dataclass(frozen=True)
class WeeklyList:
    """The lines that are right, and everything that is wrong with the others."""

    rows: tuple[WeeklyRow, ...] = ()
    faults: tuple[Fault, ...] = ()
