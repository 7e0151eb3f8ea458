"""What the address of the form says: ?tag=2026-11-27&von=19:30, as a free block of the week does.

The search says more: bis, personen, wiederholung (a word of forms.series) and endet, the last day.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from bookings.forms.series import ONCE, REGULARLY, rhythm_from
from bookings.rules.wall_clock import span_on
from cms.forms.fields import ClockField, DayField

FIELDS = {
    "tag": ("day", DayField(required=False)),
    "von": ("start", ClockField()),
    "bis": ("end", ClockField()),
    "personen": ("persons", forms.IntegerField(min_value=1, required=False)),
    "endet": ("until", DayField(required=False)),
}
REPEATS = "wiederholung"


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
    _read_rhythm(query.get(REPEATS, ""), asked)
    return asked


def _read_rhythm(text: str, asked: Asked) -> None:
    """Read how often; an end alone says that it is regularly."""
    said = rhythm_from(text) if text else None
    if text and said is None:
        asked.unreadable = True
    if "until" in asked.values and (said or {}).get("repeats") != ONCE:
        asked.values["repeats"] = REGULARLY
    asked.values |= said or {}


def address_of(sent: Mapping[str, str]) -> dict[str, str]:
    """Return what an address has to say for the same time and rhythm as a form that was sent."""
    names = {name: field_name for name, (field_name, _field) in FIELDS.items()}
    if sent.get("repeats") == REGULARLY:
        names[REPEATS] = "rhythm"
    else:
        del names["endet"]
    return {name: sent[field] for name, field in names.items() if sent.get(field)}


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
