"""Times from and to, as the week and the closures take them: their fields and what is wrong."""

from dataclasses import dataclass

from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy

from cms.opening_hours import Pattern
from cms.opening_hours.typed import Times
from cms.services.hours import WeekSpan

SPANS = 2  # of other hours on some days, unless more are stored
BOTH_TIMES = gettext_lazy("Please enter both times, from and to.")


def spans_overlap(one: WeekSpan, other: WeekSpan) -> bool:
    return _times(one).overlaps(_times(other))


def _times(span: WeekSpan) -> Times:
    return Times(span.start, span.end, span.note, Pattern(span.pattern))


@dataclass(frozen=True, slots=True)
class SpanFields:
    start: BoundField
    end: BoundField
