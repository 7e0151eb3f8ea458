"""The values opening hours are made of: rules, exceptions, spans and the state of a moment."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum

DAYS_OF_A_WEEK = 7
HOLIDAY = 7  # weekday number of a rule for public holidays; 0 is Monday, 6 is Sunday
DAY_SECONDS = 24 * 60 * 60
# A time that goes on after midnight begins at noon at the earliest and ends in the night. Anything
# else with the end before the start is a slip of the pen.
NOON = time(12)
END_OF_NIGHT = time(6)


class Kind(StrEnum):
    OPEN = "open"
    WALK_IN = "walk_in"
    APPOINTMENT = "appointment"
    PHONE = "phone"


class Pattern(StrEnum):
    """The weeks in which a rule holds.

    Odd and even go by the number of the ISO week (ISO 8601), so after a week 53 two odd ones follow
    each other. FIRST … FIFTH and LAST count the weekday within its month.
    """

    EVERY = "every"
    ODD = "odd"
    EVEN = "even"
    FIRST = "1"
    SECOND = "2"
    THIRD = "3"
    FOURTH = "4"
    FIFTH = "5"
    LAST = "last"
    SCHOOL_HOLIDAYS = "school_holidays"
    SCHOOL_WEEKS = "school_weeks"  # outside the school holidays

    @property
    def asks_for_school(self) -> bool:
        return self is Pattern.SCHOOL_HOLIDAYS or self is Pattern.SCHOOL_WEEKS

    def holds_on(self, day: date, *, is_school_holiday: bool) -> bool:
        """Tell whether the week of the day is one of these; the weekday is not looked at."""
        match self:
            case Pattern.EVERY:
                return True
            case Pattern.ODD | Pattern.EVEN:
                return (day.isocalendar().week % 2 == 1) is (self is Pattern.ODD)
            case Pattern.SCHOOL_HOLIDAYS | Pattern.SCHOOL_WEEKS:
                return is_school_holiday is (self is Pattern.SCHOOL_HOLIDAYS)
            case Pattern.LAST:
                return day.day + DAYS_OF_A_WEEK > monthrange(day.year, day.month)[1]
        return (day.day - 1) // DAYS_OF_A_WEEK + 1 == int(self.value)


class HolidayPolicy(StrEnum):
    CLOSED = "closed"
    AS_SUNDAY = "as_sunday"
    OWN_TIMES = "own_times"  # the rules whose weekday is HOLIDAY


class Status(StrEnum):
    OPEN = "open"
    APPOINTMENT = "appointment"
    PHONE = "phone"
    CLOSED = "closed"
    BY_APPOINTMENT = "by_appointment"
    UNKNOWN = "unknown"


def second_of_day(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second


def end_second(start: time, end: time) -> int:
    """Return the second, counted from 0:00 of the day of `start`, at which a range ends.

    0:00 is the end of the day; an end that is not after the start lies in the night that follows
    (22:00–2:00 ends at second 93600).
    """
    second = second_of_day(end)
    return second if second > second_of_day(start) else second + DAY_SECONDS


def is_range(start: time, end: time) -> bool:
    """Tell whether the end lies after the start: on the same day, at 24:00 or in the night after."""
    at_midnight = end == time(0)
    return end > start or at_midnight or (start >= NOON and end <= END_OF_NIGHT)


def _refuse_wrong_range(start: time, end: time) -> None:
    if start.tzinfo is not None or end.tzinfo is not None:
        message = "opening times are wall-clock times without a time zone"
        raise ValueError(message)
    if not is_range(start, end):
        message = f"an opening time ends after its start: {start}, {end}"
        raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds in the weeks of a pattern, in Europe/Berlin wall-clock time.

    `end` 0:00 means 24:00; an end in the night after (22:00–2:00) belongs to the day on which the
    time begins. Both borders of the validity are included. An appointment may have no times ("nach
    Vereinbarung"): it is shown and never a state. Raises ValueError for a weekday outside 0…7, for
    half a range, for a range that does not end after its start (see `is_range`), and for any other
    kind without times.
    """

    kind: Kind
    weekday: int
    start: time | None
    end: time | None
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""
    pattern: Pattern = Pattern.EVERY

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= HOLIDAY:
            message = f"no weekday: {self.weekday}"
            raise ValueError(message)
        if self.start is not None and self.end is not None:
            _refuse_wrong_range(self.start, self.end)
        elif self.start is not self.end or self.kind is not Kind.APPOINTMENT:
            message = "only an appointment may go without times, and then without both"
            raise ValueError(message)

    @property
    def is_timed(self) -> bool:
        return self.start is not None

    def is_valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class TimeRange:
    """Times on the days of an exception; `end` as in Rule. Raises ValueError as Rule does."""

    start: time
    end: time
    kind: Kind = Kind.OPEN

    def __post_init__(self) -> None:
        _refuse_wrong_range(self.start, self.end)


@dataclass(frozen=True, slots=True)
class HoursException:
    """Days on which not the week holds but `times`, and nothing else; without times it is closed.

    `first` and `last` are included. `reason` is a label in the reader's language. The public
    reads of it from `shown_from` on. Raises ValueError if it ends before it begins.
    """

    first: date
    last: date
    times: tuple[TimeRange, ...] = ()
    reason: str = ""
    substitute: str = ""
    substitute_phone: str = ""
    note: str = ""
    shown_from: date | None = None

    def __post_init__(self) -> None:
        if self.last < self.first:
            message = f"an exception ends on its first day at the earliest: {self.first}"
            raise ValueError(message)

    @property
    def is_closed(self) -> bool:
        return not self.times

    @property
    def is_one_day(self) -> bool:
        return self.first == self.last

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


def as_moment(now: datetime) -> datetime:
    """Return `now` in UTC, so that comparing follows the instant, also in the hour that comes twice.

    Raises ValueError for a datetime without time zone.
    """
    if now.utcoffset() is None:
        message = "now needs a time zone"
        raise ValueError(message)
    return now.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open `[start, end)`, aware, in Europe/Berlin; the end may lie in the night after."""

    kind: Kind
    start: datetime
    end: datetime
    note: str = ""

    def covers(self, now: datetime) -> bool:
        """Say whether the aware `now` lies inside; right in the hour that comes twice, too."""
        return self.start <= as_moment(now) < self.end


@dataclass(frozen=True, slots=True)
class State:
    """What is the case at one moment. All instants are aware, in Europe/Berlin.

    since, until: the time during which the status stays (None if closed, or if it has no end
        within the search). "Only by phone" ends where the doors open.
    reopens: a later opening without appointment on the same day; never set if closed.
    opens, opens_status: the next opening, if closed now; opens_status is open, appointment or
        phone.
    closing_soon: open, and 30 minutes or less are left.
    holiday: name of the public holiday because of which today has no times.
    closure: the exception because of which today is closed.
    """

    status: Status
    since: datetime | None = None
    until: datetime | None = None
    reopens: datetime | None = None
    opens: datetime | None = None
    opens_status: Status | None = None
    closing_soon: bool = False
    holiday: str | None = None
    closure: HoursException | None = None
