"""When a room is closed that is closed regularly, and what in a plan cannot be kept."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from bookings.rules.refusals import ends_too_early
from bookings.rules.spans import Span, merged
from bookings.rules.wall_clock import ONE_DAY, span_on

LONGEST = timedelta(days=2 * 366)
MOST = 800  # closed times of one plan
WEEKDAYS = range(7)


class PlanFault(StrEnum):
    """Why a plan is refused; each says what to change in its sentence (bookings.wording)."""

    LAST_BEFORE_FIRST = "last_before_first"
    CLOSES_BEFORE_OPENS = "closes_before_opens"
    UNKNOWN_WEEKDAY = "unknown_weekday"
    NO_WEEKDAY = "no_weekday"  # every week, but on no day of it
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    NO_SUCH_DAY = "no_such_day"  # none of these weekdays in this time
    NO_SCHOOL_HOLIDAYS = "no_school_holidays"
    OVER = "over"


@dataclass(frozen=True)
class PlannedTimes:
    """Which times of which days are closed.

    first, last: both included. weekdays: 0 is Monday; none: every day. closes: 0:00 is 24:00.
    is_holiday: None for every week, otherwise only its days are closed.
    """

    first: date
    last: date
    opens: time
    closes: time
    weekdays: tuple[int, ...] = ()
    is_holiday: Callable[[date], bool] | None = None


def closed_spans(plan: PlannedTimes, *, now: datetime) -> list[Span]:
    """Return the closed times that are not over, in order; days that touch are one time.

    A time that the clock skips in spring is none.
    """
    spans = [span_on(day, plan.opens, plan.closes) for day in _days(plan)]
    # In UTC: within Berlin Python compares what the clock shows.
    return merged(
        Span(span.start.astimezone(UTC), span.end.astimezone(UTC))
        for span in spans
        if span.end > now
    )


def faults_of(plan: PlannedTimes, *, now: datetime) -> list[tuple[str, PlanFault]]:
    """Return what cannot be kept: the field to change, and why."""
    faults = list(_contradictions(plan))
    if faults:
        return faults
    if not any(_days(plan)):
        fault = PlanFault.NO_SCHOOL_HOLIDAYS if plan.is_holiday else PlanFault.NO_SUCH_DAY
        return [("last", fault)]
    spans = closed_spans(plan, now=now)
    if not spans:
        return [("last", PlanFault.OVER)]
    return [("last", PlanFault.TOO_MANY)] if len(spans) > MOST else []


def _contradictions(plan: PlannedTimes) -> Iterator[tuple[str, PlanFault]]:
    if plan.last < plan.first:
        yield "last", PlanFault.LAST_BEFORE_FIRST
    elif plan.last - plan.first > LONGEST:
        yield "last", PlanFault.TOO_LONG
    if ends_too_early(plan.opens, plan.closes):
        yield "closes", PlanFault.CLOSES_BEFORE_OPENS
    if not set(plan.weekdays) <= set(WEEKDAYS):
        yield "weekdays", PlanFault.UNKNOWN_WEEKDAY
    if plan.is_holiday is None and not plan.weekdays:
        yield "weekdays", PlanFault.NO_WEEKDAY


def _days(plan: PlannedTimes) -> Iterator[date]:
    day = plan.first
    while day <= plan.last:
        is_right = not plan.weekdays or day.weekday() in plan.weekdays
        if is_right and (plan.is_holiday is None or plan.is_holiday(day)):
            yield day
        day += ONE_DAY
