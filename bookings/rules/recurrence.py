"""How often a date repeats: a small grammar, its limits, and the days that it makes.

Days and wall-clock times are Berlin's: a weekly 19:00 stays 19:00 when the clocks change.
"""

import re
from calendar import monthrange
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date, time
from enum import StrEnum
from itertools import islice

from bookings.rules.refusals import Code, Refusal, ends_too_early
from bookings.rules.spans import Span
from bookings.rules.wall_clock import exists, monday_of, span_on

LONGEST = 400  # dates of a series
LONGEST_YEARS = 2
INTERVALS = (1, 2, 4)  # weeks
NTHS = (1, 2, 3, 4, -1)  # a fifth one does not come every month
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")  # as iCalendar names them
WEEKEND = 5
_NAME = re.compile(
    r"(?P<every>daily|workdays)"
    r"|(?P<weekly>weekly)(?:/(?P<interval>[24]))?:(?P<days>[A-Z]{2}(?:,[A-Z]{2})*)"
    r"|(?P<monthly>monthly):(?P<nth>-1|[1-4])(?P<day>[A-Z]{2})"
)


class Frequency(StrEnum):
    DAILY = "daily"
    WORKDAYS = "workdays"  # Monday to Friday; public holidays are a question of each date
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True)
class Recurrence:
    """`weekdays`: 0 is Monday. `interval`: every so many weeks. `nth`: of the month, -1 the last.

    One can hold what is not in the grammar: `refusals_of_series` says so.
    """

    frequency: Frequency
    weekdays: tuple[int, ...] = ()
    interval: int = 1
    nth: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "weekdays", tuple(sorted(set(self.weekdays))))

    @property
    def is_known(self) -> bool:
        """Tell whether the grammar has it."""
        if any(day not in range(len(WEEKDAYS)) for day in self.weekdays):
            return False
        if self.frequency is Frequency.WEEKLY:
            return bool(self.weekdays) and self.interval in INTERVALS and not self.nth
        if self.frequency is Frequency.MONTHLY:
            return len(self.weekdays) == 1 and self.interval == 1 and self.nth in NTHS
        return (self.weekdays, self.interval, self.nth) == ((), 1, 0)

    @property
    def name(self) -> str:
        """Return the name for addresses and tables: "daily", "weekly/2:TU,TH", "monthly:-1FR"."""
        days = ",".join(WEEKDAYS[day] for day in self.weekdays)
        if self.frequency is Frequency.WEEKLY:
            return f"weekly:{days}" if self.interval == 1 else f"weekly/{self.interval}:{days}"
        return (
            f"monthly:{self.nth}{days}" if self.frequency is Frequency.MONTHLY else self.frequency
        )


def recurrence_of(name: str) -> Recurrence | None:
    """Return what `Recurrence.name` calls so, None for anything else."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    if match["every"]:
        return Recurrence(Frequency(match["every"]))
    days = (match["days"] or match["day"]).split(",")
    if not set(days) <= set(WEEKDAYS):
        return None
    return Recurrence(
        Frequency(match["weekly"] or match["monthly"]),
        tuple(WEEKDAYS.index(day) for day in days),
        interval=int(match["interval"] or 1),
        nth=int(match["nth"] or 0),
    )


# What it makes -----------------------------------------------------------------------------------


def days_of(recurrence: Recurrence, first: date, until: date) -> list[date]:
    """Return the days from `first` until `until`, both included; LONGEST + 1 of them at most.

    A `first` that is no day of the rule is none of the series: it begins with the next that is,
    and weeks are counted from there. Raises ValueError for a rule that the grammar does not have.
    """
    if not recurrence.is_known:
        msg = f"unknown rule: {recurrence}"
        raise ValueError(msg)
    return list(islice(_days(recurrence, first, until), LONGEST + 1))


def spans_of(
    recurrence: Recurrence, first: date, until: date, start: time, end: time
) -> list[Span]:
    """Return the dates with their times on the clock; an end at 0:00 is 24:00."""
    return [span_on(day, start, end) for day in days_of(recurrence, first, until)]


def replaced_days(day: date, old: Collection[date]) -> list[date]:
    """Return in place of which days of an old series a day of the new one comes.

    The same day, else those of its week: another day of the week replaces the old one.
    """
    if day in old:
        return [day]
    return [one for one in old if monday_of(one) == monday_of(day)]


def _days(recurrence: Recurrence, first: date, until: date) -> Iterator[date]:
    begins: date | None = None
    for ordinal in range(first.toordinal(), until.toordinal() + 1):
        day = date.fromordinal(ordinal)
        if _falls_on(recurrence, day):
            begins = begins or day
            if (_week(day) - _week(begins)) % recurrence.interval == 0:
                yield day


def _falls_on(recurrence: Recurrence, day: date) -> bool:
    """Tell whether the rule names this day, leaving aside which weeks count."""
    match recurrence.frequency:
        case Frequency.DAILY:
            return True
        case Frequency.WORKDAYS:
            return day.weekday() < WEEKEND
        case Frequency.WEEKLY:
            return day.weekday() in recurrence.weekdays
        case Frequency.MONTHLY:
            return day.weekday() in recurrence.weekdays and _is_nth(recurrence.nth, day)


def _is_nth(nth: int, day: date) -> bool:
    """Tell whether a day is the n-th of its weekday in its month."""
    if nth == -1:
        return day.day + 7 > monthrange(day.year, day.month)[1]
    return (day.day - 1) // 7 + 1 == nth


def _week(day: date) -> int:
    """Return the number of a week that begins on Monday."""
    return (day.toordinal() - 1) // 7


# What is refused ---------------------------------------------------------------------------------


def longest_until(first: date) -> date:
    """Return the last day that a series which begins on `first` may have."""
    year = first.year + LONGEST_YEARS
    if year > MAXYEAR:
        return date.max
    return date(year, first.month, min(first.day, monthrange(year, first.month)[1]))


def refusals_of_series(
    recurrence: Recurrence, first: date, until: date | None, start: time, end: time
) -> list[Refusal]:
    """Return everything that is wrong with a series, leaving aside room and clock.

    `about` is what the person would change: recurrence, until, start or end.
    """
    found = []
    if not recurrence.is_known:
        found.append(Refusal(Code.UNKNOWN_RULE, "recurrence"))
    if ends_too_early(start, end):
        found.append(Refusal(Code.END_BEFORE_START, "end", {"start": start}))
    if until is None:
        found.append(Refusal(Code.NO_END, "until", {"last": _last_day(recurrence, first)}))
    elif until < first:
        found.append(Refusal(Code.SERIES_ENDS_TOO_EARLY, "until", {"first": first}))
    elif recurrence.is_known:
        found += _refused_dates(recurrence, first, until, start, end)
    return found


def _last_day(recurrence: Recurrence, first: date) -> date:
    """Return the last day that an end may be: of the two limits the earlier one."""
    longest = longest_until(first)
    days = days_of(recurrence, first, longest) if recurrence.is_known else []
    return days[LONGEST - 1] if len(days) > LONGEST else longest


def _refused_dates(
    recurrence: Recurrence, first: date, until: date, start: time, end: time
) -> list[Refusal]:
    longest = longest_until(first)
    days = days_of(recurrence, first, min(until, longest))
    if not days:
        would_be = next(_days(recurrence, first, longest), longest)
        return [Refusal(Code.NO_DATES, "until", {"first": would_be})]
    found = []
    if len(days) > LONGEST:  # The earlier end of the two: it cures both.
        values = {"count": LONGEST, "last": days[LONGEST - 1]}
        found.append(Refusal(Code.TOO_MANY_DATES, "until", values))
    elif until > longest:
        values = {"count": LONGEST_YEARS, "last": longest}
        found.append(Refusal(Code.SERIES_TOO_LONG, "until", values))
    return found + [
        Refusal(Code.TIME_MISSING, about, {"day": day, "time": at})
        for day in days[:LONGEST]
        for about, at in (("start", start), ("end", end))
        if not exists(day, at)
    ]
