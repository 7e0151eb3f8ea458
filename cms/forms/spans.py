"""Times from and to, as the week and the closures take them: their fields and what is wrong."""

import datetime as dt
from dataclasses import dataclass

from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.services.hours import WeekSpan
from cms.wording import clock, span_text

SPANS = 2  # a day and kind, unless more are stored
BOTH_TIMES = gettext_lazy("Please enter both times, from and to.")


def end_before_start(start: dt.time) -> str:
    return _("The end must be after the start. Please enter a time after %(time)s.") % {
        "time": clock(start)
    }


def overlapping(start: dt.time, end: dt.time) -> str:
    return _("This overlaps with %(times)s. Please enter each time once.") % {
        "times": span_text(start, end)
    }


def spans_overlap(one: WeekSpan, other: WeekSpan) -> bool:
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return False
    return _before_end(one.start, other.end) and _before_end(other.start, one.end)


def _before_end(start: dt.time, end: dt.time) -> bool:
    return end == dt.time(0) or start < end


@dataclass(frozen=True, slots=True)
class SpanFields:
    start: BoundField
    end: BoundField
