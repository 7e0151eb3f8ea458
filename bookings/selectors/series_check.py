"""Proof that what is stored of every series is what its rule makes.

Occurrences = the rule's dates, each with its BookingDate, cancelled exactly if that one is gone. All
is read in one statement, so it shows one moment, and streamed: memory does not grow with the years.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any, NamedTuple

from bookings.models import Booking
from bookings.rules.spans import Span
from bookings.rules.states import GONE
from bookings.selectors.recurrences import UnknownRuleError, rule_spans
from cms.models import Centre

Event: Any = Booking._meta.get_field("event").related_model
Rule: Any = Event._meta.get_field("rule").related_model
ROWS_AT_ONCE = 2000


class SeriesKind(StrEnum):
    UNKNOWN_RULE = "rule unknown or without an end"
    NO_BOOKING = "event without a booking"
    OCCURRENCE_MISSING = "occurrence missing"
    OCCURRENCE_TOO_MANY = "occurrence that the rule does not make"
    WRONG_END = "original end is not the rule's"
    NO_DATE = "occurrence without a date"
    OTHER_BOOKING = "date of another booking"
    NOT_CANCELLED = "occurrence not cancelled although its date is gone"
    CANCELLED = "occurrence cancelled although its date is not gone"


@dataclass(frozen=True)
class SeriesDifference:
    """What is wrong, with keys only. `start` is the occurrence's key in its series."""

    kind: SeriesKind
    event: int
    occurrence: int | None = None
    date: int | None = None
    start: datetime | None = None

    def __str__(self) -> str:
        keys = {"event": self.event, "occurrence": self.occurrence, "date": self.date}
        named = [f"{name} {key}" for name, key in keys.items() if key is not None]
        if self.start is not None:
            named.append(f"start {self.start:%Y-%m-%dT%H:%MZ}")
        return f"{self.kind}: {', '.join(named)}"


class _Row(NamedTuple):
    """An occurrence beside its event; without one its fields are None, as are those of a date."""

    event: int
    start: datetime
    end: datetime
    series_end: datetime | None
    rule: int | None
    frequency: str | None
    params: str | None
    booking: int | None
    occurrence: int | None
    original_start: datetime | None
    original_end: datetime | None
    cancelled: bool | None
    date: int | None
    state: str | None
    date_booking: int | None


_FIELDS = (
    *("pk", "start", "end", "end_recurring_period", "rule", "rule__frequency", "rule__params"),
    *("booking", "occurrence", "occurrence__original_start", "occurrence__original_end"),
    *("occurrence__cancelled", "occurrence__date", "occurrence__date__state"),
    "occurrence__date__booking",
)


def series_differences(*, centre: Centre | None = None) -> Iterator[SeriesDifference]:
    """Give what is stored of events otherwise than their rules make it, by event and start."""
    events = Event.objects.order_by("pk", "occurrence__original_start", "occurrence")
    if centre is not None:
        events = events.filter(calendar__room__centre=centre)
    rows = events.values_list(*_FIELDS).iterator(chunk_size=ROWS_AT_ONCE)
    for key, group in groupby((_Row(*row) for row in rows), key=lambda row: row.event):
        yield from _of_event(key, list(group))


def _of_event(key: int, rows: Sequence[_Row]) -> Iterator[SeriesDifference]:
    if rows[0].booking is None:
        yield SeriesDifference(SeriesKind.NO_BOOKING, key)
    stored = [row for row in rows if row.occurrence is not None]
    try:
        spans = rule_spans(_event(rows[0]))
    except UnknownRuleError:
        yield SeriesDifference(SeriesKind.UNKNOWN_RULE, key)
    else:
        yield from _against_rule(key, spans, stored)
    for row in stored:
        if kind := _fault_of_date(row):
            yield SeriesDifference(kind, key, row.occurrence, row.date, row.original_start)


def _event(row: _Row) -> Any:
    """Return the event as far as its rule needs it; nothing is read again."""
    rule = Rule(pk=row.rule, frequency=row.frequency, params=row.params) if row.rule else None
    return Event(
        pk=row.event, start=row.start, end=row.end, end_recurring_period=row.series_end, rule=rule
    )


def _against_rule(
    key: int, spans: Iterable[Span], stored: Iterable[_Row]
) -> Iterator[SeriesDifference]:
    missing: dict[datetime | None, datetime] = {span.start: span.end for span in spans}
    for row in stored:
        start = row.original_start
        end = missing.pop(start, None)  # the second one of a start is one too many
        if end != row.original_end:
            kind = SeriesKind.WRONG_END if end else SeriesKind.OCCURRENCE_TOO_MANY
            yield SeriesDifference(kind, key, row.occurrence, row.date, start)
    for start in missing:
        yield SeriesDifference(SeriesKind.OCCURRENCE_MISSING, key, start=start)


def _fault_of_date(row: _Row) -> SeriesKind | None:
    if row.date is None:
        return SeriesKind.NO_DATE
    if row.date_booking != row.booking:
        return SeriesKind.OTHER_BOOKING
    is_gone = row.state in GONE
    if is_gone == row.cancelled:
        return None
    return SeriesKind.NOT_CANCELLED if is_gone else SeriesKind.CANCELLED
