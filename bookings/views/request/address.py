"""The time in the address of the form: ?tag=2026-11-27&von=19:30, as a free block of the week says."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from bookings.rules.wall_clock import span_on
from cms.forms.fields import ClockField, DayField

FIELDS = {
    "tag": ("day", DayField(required=False)),
    "von": ("start", ClockField()),
    "bis": ("end", ClockField()),
}


@dataclass
class Asked:
    """What the address says. `unreadable`: something in it was no date or time."""

    values: dict[str, Any] = field(default_factory=dict)
    unreadable: bool = False


def asked_times(query: Mapping[str, str]) -> Asked:
    asked = Asked()
    for name, (field_name, reader) in FIELDS.items():
        try:
            value = reader.clean(query.get(name, ""))
        except ValidationError:
            asked.unreadable = True
            continue
        if value is not None:
            asked.values[field_name] = value
    return asked


def moved(typed: Mapping[str, str], asked: Asked) -> dict[str, Any]:
    """Return the asked times; an end that was typed for another start moves along with it."""
    values = dict(asked.values)
    if "start" in values and "end" not in values and "end" in typed:
        values["end"] = _moved_end(typed, values["start"])
    return values


def _moved_end(typed: Mapping[str, str], start: dt.time) -> dt.time | None:
    day = dt.date(2000, 1, 1)  # any day on which the clocks do not change
    try:
        span = span_on(day, *(dt.time.fromisoformat(typed[name]) for name in ("start", "end")))
    except (KeyError, ValueError):
        return None
    end = span_on(day, start, start).start + (span.end - span.start)
    fits = end.date() == day or end == span_on(day, start, dt.time()).end
    return end.time() if fits else None
