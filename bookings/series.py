"""The only module that knows django-scheduler: calendars of rooms, events, their occurrences.

An Event is what was asked for, an Occurrence when one date takes place. Titles carry the number of
the request only. Availability never comes from here: the ledger says what is taken.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import ProtectedError
from django.db.models.signals import pre_delete
from schedule.models import Calendar, Event, Occurrence, Rule

from bookings.rules.spans import Span

WEEKLY = ("weekly", "WEEKLY")
LONGEST = 400  # dates of a series


def create_calendar(*, name: str, slug: str) -> int:
    """Create the calendar of a room and return its key. `slug` has to be unique."""
    calendar: Calendar = Calendar.objects.create(name=name[:200], slug=slug)
    return int(calendar.pk)


def delete_calendar(calendar_id: int) -> None:
    """Delete a calendar that no booking was ever made in."""
    if not Event.objects.filter(calendar=calendar_id).exists():
        Calendar.objects.filter(pk=calendar_id).delete()


def create_event(
    *, calendar_id: int, title: str, spans: Sequence[Span], weekly: bool = False
) -> tuple[Any, list[Any]]:
    """Store what was asked for; return the event and the occurrences of its dates, in order.

    `spans` are all dates, in order. More than one date needs `weekly`: then they are a week apart
    on the wall clock. Raises ValueError for spans that no rule of ours makes.
    """
    if not spans or len(spans) > LONGEST or (len(spans) > 1 and not weekly):
        msg = "one date, or a weekly series that ends"
        raise ValueError(msg)
    first, last = spans[0], spans[-1]
    event = Event.objects.create(
        calendar_id=calendar_id,
        title=title,
        start=first.start,
        end=first.end,
        rule=_rule() if weekly else None,
        # Exclusive in get_occurrences: right after the last start.
        end_recurring_period=last.start + timedelta(seconds=1) if weekly else None,
    )
    occurrences = Occurrence.objects.bulk_create(
        [
            Occurrence(
                event=event,
                start=span.start,
                end=span.end,
                original_start=span.start,
                original_end=span.end,
            )
            for span in spans
        ]
    )
    return event, occurrences


def _rule() -> Rule:
    name, frequency = WEEKLY
    rule: Rule = Rule.objects.get_or_create(
        name=name, defaults={"frequency": frequency, "description": name}
    )[0]
    return rule


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
