"""What django-scheduler has stored of a series, read as ours.

Its rules hold weekdays by name: of numbers it keeps only one (reference/scheduler.md, trap 7). It is
expanded on Berlin's clock only, and instants come back in UTC: Python takes no two datetimes of
different zones for equal within the hour that comes twice.
"""

from itertools import islice
from typing import Any

from bookings.rules.recurrence import LONGEST, WEEKDAYS, WEEKEND, Frequency, Recurrence
from bookings.rules.spans import Span
from bookings.rules.wall_clock import in_berlin, span_on
from cms.opening_hours import BERLIN

WORKDAYS = tuple(range(WEEKEND))


class UnknownRuleError(ValueError):
    """The rule of an event is none of ours, or has no end: it must not be expanded."""


def stored_rule(recurrence: Recurrence) -> tuple[str, str]:
    """Return frequency and params of django-scheduler's rule."""
    days = WORKDAYS if recurrence.frequency is Frequency.WORKDAYS else recurrence.weekdays
    params = {
        "byweekday": ",".join(WEEKDAYS[day] for day in days),
        "bysetpos": recurrence.nth or "",
        "interval": recurrence.interval if recurrence.interval > 1 else "",
    }
    daily = recurrence.frequency in {Frequency.DAILY, Frequency.WORKDAYS}
    return (
        "DAILY" if daily else recurrence.frequency.upper(),
        ";".join(f"{name}:{value}" for name, value in params.items() if value),
    )


def recurrence_of_event(event: Any) -> Recurrence | None:
    """Return how an event repeats, None for a single one. Its rule is read.

    Raises UnknownRuleError.
    """
    if event.rule is None:
        return None
    stored = event.rule.frequency, event.rule.params
    if stored == ("WEEKLY", ""):  # on the weekday of its start
        return Recurrence(Frequency.WEEKLY, (event.start.astimezone(BERLIN).weekday(),))
    recurrence = _read(*stored)
    if recurrence is None or not recurrence.is_known or stored_rule(recurrence) != stored:
        msg = f"event {event.pk}: unknown rule"
        raise UnknownRuleError(msg)
    return recurrence


def rule_spans(event: Any) -> list[Span]:
    """Return the dates of an event as asked for, in UTC, as django-scheduler's rule makes them.

    Starts come from the rule, ends from the clock: django-scheduler would add the time that passes.
    Raises UnknownRuleError; a rule without an end is one.
    """
    recurrence = recurrence_of_event(event)
    if recurrence is None:
        return [Span(event.start, event.end).in_utc]
    if event.end_recurring_period is None:
        msg = f"event {event.pk}: no end"
        raise UnknownRuleError(msg)
    start, end = in_berlin(Span(event.start, event.end))
    walls = islice(event.get_rrule_object(BERLIN), LONGEST + 1)
    spans = (span_on(wall.date(), start.time(), end.time()).in_utc for wall in walls)
    return [span for span in spans if span.start < event.end_recurring_period]


def _read(frequency: str, params: str) -> Recurrence | None:
    """Return a reading of a stored rule; the caller checks whether it is the right one."""
    values = dict(part.partition(":")[::2] for part in params.split(";"))
    days = tuple(
        WEEKDAYS.index(day) for day in values.get("byweekday", "").split(",") if day in WEEKDAYS
    )
    if frequency == "DAILY":
        return Recurrence(Frequency.WORKDAYS if days else Frequency.DAILY)
    try:
        return Recurrence(
            Frequency(frequency.lower()),
            days,
            interval=int(values.get("interval", 1)),
            nth=int(values.get("bysetpos", 0)),
        )
    except ValueError:
        return None
