"""Opening hours as schema.org knows them: the usual week, and by their dates the days that differ.

Only open doors count (open and walk-in times). Holidays, exceptions, week patterns and clock
changes are unknown there, so each day that they make different stands on its own.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from cms.opening_hours.day_plan import blocks, slots_of_rules, what_counts
from cms.opening_hours.schedule import Schedule
from cms.opening_hours.values import (
    DAY_SECONDS,
    DAYS_OF_A_WEEK,
    Kind,
    Pattern,
    Rule,
    second_of_day,
)
from cms.opening_hours.wall_clock import ONE_DAY, missing_seconds

DAYS_AHEAD = 366  # of holidays and exceptions
PATTERN_DAYS = 92  # of what comes only in some weeks: a date for each would fill the page
WEEKDAYS = tuple(
    f"https://schema.org/{name}"
    for name in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
)
# "Closed" for those who read the rule of schema.org (no time at all) and those who read Google's.
CLOSED = (("00:00", "00:00"),)

Times = tuple[tuple[str, str], ...]  # opens, closes; one that closes earlier goes on after midnight
Specification = dict[str, object]


class Period(NamedTuple):
    """Days, both included, with the same usual week; None: from ever, for good."""

    first: date | None
    last: date | None
    week: tuple[Times, ...]
    has_patterns: bool  # besides, there are times that come only in some weeks


class Run(NamedTuple):
    """Days, both included, that have the same times and differ from their usual week."""

    first: date
    last: date
    times: Times


def usual_hours(schedule: Schedule, today: date) -> list[Specification]:
    """Return `openingHoursSpecification`: the times of every week, now and as far as known."""
    return [
        specification
        for period in _periods(schedule, today)
        for specification in _of_period(period)
    ]


def special_hours(schedule: Schedule, today: date) -> list[Specification]:
    """Return `specialOpeningHoursSpecification`: what differs from the usual week in the next year.

    Days of week patterns are named for three months only; later ones are not claimed at all.
    """
    return [
        _entry(opens, closes, validFrom=run.first.isoformat(), validThrough=run.last.isoformat())
        for run in _runs(schedule, today)
        for opens, closes in run.times or CLOSED
    ]


def _of_period(period: Period) -> Iterator[Specification]:
    days: dict[tuple[str, str], list[str]] = {}
    for weekday, times in zip(WEEKDAYS, period.week, strict=True):
        for opens_closes in times:
            days.setdefault(opens_closes, []).append(weekday)
    validity = {"validFrom": period.first, "validThrough": period.last}
    limits = {name: day.isoformat() for name, day in validity.items() if day is not None}
    for (opens, closes), weekdays in days.items():
        yield _entry(opens, closes, dayOfWeek=weekdays, **limits)


def _entry(opens: str, closes: str, **more: object) -> Specification:
    return {"@type": "OpeningHoursSpecification", **more, "opens": opens, "closes": closes}


def _periods(schedule: Schedule, today: date) -> list[Period]:
    """Return the usual weeks from yesterday on: a night that began then may still go on."""
    yesterday = today - ONE_DAY
    changes = schedule.changes_ahead(yesterday)
    firsts = [None, *(day for day in changes if day <= today + timedelta(DAYS_AHEAD))]
    after = changes[len(firsts) - 1 :]
    ends = [day - ONE_DAY for day in firsts[1:] if day] + [after[0] - ONE_DAY if after else None]
    return [
        _period(first, last, schedule.rules_valid_on(first or yesterday))
        for first, last in zip(firsts, ends, strict=True)
    ]


def _period(first: date | None, last: date | None, rules: tuple[Rule, ...]) -> Period:
    every_week = [rule for rule in rules if rule.pattern is Pattern.EVERY]
    return Period(first, last, _usual_week(every_week), len(every_week) < len(rules))


def _usual_week(rules: list[Rule]) -> tuple[Times, ...]:
    return tuple(
        tuple(
            _opens_closes(start, end)
            for kind, start, end in what_counts(
                (slot.kind, slot.start, slot.end) for slot in slots_of_rules(rules, weekday)
            )
            if kind is Kind.OPEN
        )
        for weekday in range(DAYS_OF_A_WEEK)
    )


def _runs(schedule: Schedule, today: date) -> Iterator[Run]:
    """Give the days that differ, joined where the times and the days between them are the same."""
    run: Run | None = None
    last = today + timedelta(DAYS_AHEAD)
    for day, period in _days(_periods(schedule, today), today, last):
        usual = period.week[day.weekday()]
        by_date = _goes_by_date(schedule, day)
        looked_at = by_date or (period.has_patterns and (day - today).days <= PATTERN_DAYS)
        times = _times_on(schedule, day) if looked_at else usual
        if run is not None and (times != run.times or not (looked_at or not period.has_patterns)):
            yield run
            run = None
        if times != usual or schedule.exception_on(day) is not None:
            run = run._replace(last=day) if run is not None else Run(day, day, times)
    if run is not None:
        closure = schedule.exception_on(last)
        goes_on = run.last == last and closure is not None and closure.is_closed
        yield run._replace(last=closure.last) if closure and goes_on else run


def _days(periods: list[Period], today: date, last: date) -> Iterator[tuple[date, Period]]:
    """Give each day with its period; yesterday only if its night may go on."""
    starts = [period.first or today - ONE_DAY for period in periods]
    for period, (start, end) in zip(periods, pairwise([*starts, last + ONE_DAY]), strict=True):
        for number in range((end - start).days):
            day = start + timedelta(number)
            usual = period.week[day.weekday()]
            if day >= today or any(closes <= opens for opens, closes in usual):
                yield day, period


def _goes_by_date(schedule: Schedule, day: date) -> bool:
    """Tell whether the day can differ from its week for another reason than a week pattern."""
    return (
        schedule.holidays(day) is not None
        or schedule.exception_on(day) is not None
        or any(map(missing_seconds, (day, day + ONE_DAY)))
    )


def _times_on(schedule: Schedule, day: date) -> Times:
    return tuple(
        _opens_closes(
            second_of_day(span.start.time()),
            second_of_day(span.end.time()) + (span.end.date() - day).days * DAY_SECONDS,
        )
        for span in blocks(schedule.spans_on(day))
        if span.kind is Kind.OPEN
    )


def _opens_closes(start: int, end: int) -> tuple[str, str]:
    """Return both in hours and minutes; a whole day ends at 23:59, which is not "closed"."""
    return _clock(start), "23:59" if end - start >= DAY_SECONDS else _clock(end % DAY_SECONDS)


def _clock(second: int) -> str:
    return f"{second // 3600:02}:{second % 3600 // 60:02}"
