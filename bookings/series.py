"""The only module that knows django-scheduler: calendars of rooms, events, their occurrences.

An Event is what was asked for, an Occurrence when one date takes place. Titles carry the number of
the request only. Availability never comes from here: the ledger says what is taken.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import ProtectedError
from django.db.models.signals import pre_delete
from schedule.models import Calendar, Event, Occurrence, Rule

from bookings.rules.recurrence import LONGEST, Recurrence, spans_of
from bookings.rules.spans import Span
from bookings.rules.wall_clock import in_berlin
from bookings.selectors.recurrences import (
    recurrence_of_event,
    rule_spans,
    stored_rule,
)
from cms.rows import insert_rows

__all__ = [
    "SeriesDate",
    "cancel_occurrence",
    "cancel_occurrences",
    "create_calendar",
    "create_event",
    "delete_calendar",
    "extend_event",
    "guard_deletions",
    "move_occurrence",
    "move_occurrences",
    "recurrence_of_event",
    "reinstate_occurrence",
    "reinstate_occurrences",
    "rule_spans",
]


@dataclass(frozen=True)
class SeriesDate:
    """A date as the rule makes it; `span` when it takes place at another time."""

    original: Span
    span: Span | None = None
    cancelled: bool = False


def create_calendar(*, name: str, slug: str) -> int:
    """Create the calendar of a room and return its key. `slug` has to be unique."""
    calendar: Calendar = Calendar.objects.create(name=name[:200], slug=slug)
    return int(calendar.pk)


def delete_calendar(calendar_id: int) -> None:
    """Delete a calendar that no booking was ever made in."""
    if not Event.objects.filter(calendar=calendar_id).exists():
        Calendar.objects.filter(pk=calendar_id).delete()


def create_event(
    *,
    calendar_id: int,
    title: str,
    dates: Sequence[SeriesDate],
    recurrence: Recurrence | None = None,
) -> tuple[Any, list[Any]]:
    """Store what was asked for; return the event and the occurrences of its dates, in order.

    `dates` are all that the recurrence makes, those that are left out as cancelled ones; without a
    recurrence it is one. Raises ValueError for anything else.
    """
    _check(dates, recurrence)
    first, last = dates[0].original, dates[-1].original
    event = Event(
        calendar_id=calendar_id,
        title=title,
        start=first.start,
        end=first.end,
        rule=_rule(recurrence) if recurrence else None,
        end_recurring_period=_right_after(last) if recurrence else None,
    )
    insert_rows([event])
    return event, _add_occurrences(event, dates)


def extend_event(
    event: Any, dates: Sequence[SeriesDate], recurrence: Recurrence | None = None
) -> list[Any]:
    """Let a series go on; return the occurrences of the new dates, in order.

    `dates` follow the last one without a gap. `recurrence` makes a series of a single date; a series
    keeps its own. The caller holds the lock of the booking. Raises ValueError for dates that the
    rule does not make.
    """
    own = recurrence_of_event(event)
    if not dates or (own and recurrence and own != recurrence):
        msg = "more dates of the same rule"
        raise ValueError(msg)
    recurrence = own or recurrence
    stored = event.occurrence_set.order_by("original_start")
    originals = stored.values_list("original_start", "original_end")
    _check([*(SeriesDate(Span(*times)) for times in originals), *dates], recurrence)
    if recurrence and not own:
        event.rule = _rule(recurrence)
    event.end_recurring_period = _right_after(dates[-1].original)
    event.save()
    return _add_occurrences(event, dates)


def move_occurrence(occurrence: Any, span: Span) -> None:
    """Let a date take place at another time; it stays the same date of its series."""
    move_occurrences([(occurrence, span)])


def move_occurrences(moves: Sequence[tuple[Any, Span]]) -> None:
    """Let dates take place at other times, in one statement."""
    for occurrence, span in moves:
        occurrence.start, occurrence.end = span
    Occurrence.objects.bulk_update([occurrence for occurrence, _span in moves], ["start", "end"])


def cancel_occurrence(occurrence: Any) -> None:
    """Write down that a date does not take place; nothing happens if that is known."""
    cancel_occurrences([occurrence])


def cancel_occurrences(occurrences: Iterable[Any]) -> None:
    _set_cancelled(occurrences, cancelled=True)


def reinstate_occurrence(occurrence: Any) -> None:
    """Write down that a date takes place after all; nothing happens if it does."""
    reinstate_occurrences([occurrence])


def reinstate_occurrences(occurrences: Iterable[Any]) -> None:
    _set_cancelled(occurrences, cancelled=False)


def _set_cancelled(occurrences: Iterable[Any], *, cancelled: bool) -> None:
    different = [one for one in occurrences if one.cancelled != cancelled]
    for occurrence in different:
        occurrence.cancelled = cancelled
    if different:
        keys = [occurrence.pk for occurrence in different]
        Occurrence.objects.filter(pk__in=keys).update(cancelled=cancelled)


def _check(dates: Sequence[SeriesDate], recurrence: Recurrence | None) -> None:
    """Raise ValueError unless these are exactly the dates that the recurrence makes."""
    spans = [date.original.in_utc for date in dates]
    if not spans or len(spans) > LONGEST or spans != _expected(spans, recurrence):
        msg = "one date, or all dates of a series that ends"
        raise ValueError(msg)


def _expected(spans: Sequence[Span], recurrence: Recurrence | None) -> list[Span]:
    if recurrence is None:
        return list(spans[:1])
    start, end = in_berlin(spans[0])
    last = in_berlin(spans[-1]).start.date()
    made = spans_of(recurrence, start.date(), last, start.time(), end.time())
    return [span.in_utc for span in made]


def _add_occurrences(event: Any, dates: Sequence[SeriesDate]) -> list[Any]:
    return insert_rows(_occurrence(event, date) for date in dates)


def _occurrence(event: Any, date: SeriesDate) -> Occurrence:
    span = date.span or date.original
    return Occurrence(
        event=event,
        start=span.start,
        end=span.end,
        original_start=date.original.start,
        original_end=date.original.end,
        cancelled=date.cancelled,
    )


def _right_after(last: Span) -> Any:
    """Return the end of a series: exclusive for django-scheduler, so right after the last start."""
    return last.start + timedelta(seconds=1)


def _rule(recurrence: Recurrence) -> Rule:
    """Return the row of a rule, made on demand.

    Nothing makes it unique: two requests at once may make it twice, which does no harm.
    """
    frequency, params = stored_rule(recurrence)
    known = Rule.objects.filter(frequency=frequency, params=params).order_by("pk").first()
    return known or Rule.objects.create(
        name=recurrence.name, description=recurrence.name, frequency=frequency, params=params
    )


def guard_deletions() -> None:
    """Keep rules that are in use, and keep Django from deferring fields of an Occurrence.

    Deleting a rule would quietly turn a series into one date. An Occurrence reads its fields while
    it is made: with deferred ones, as Django's deletion loads them, it recurses without end. A
    listener makes Django load whole rows.
    """
    pre_delete.connect(_refuse_used_rule, sender=Rule, dispatch_uid="bookings_rule_in_use")
    pre_delete.connect(_load_whole_row, sender=Occurrence, dispatch_uid="bookings_whole_occurrence")


def _refuse_used_rule(instance: Any, **_signal: Any) -> None:
    events = Event.objects.filter(rule=instance)
    if events.exists():
        msg = "A series uses this rule."
        raise ProtectedError(msg, set(events))


def _load_whole_row(**_signal: Any) -> None:
    pass
