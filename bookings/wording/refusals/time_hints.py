"""What several refusals say of times: which are free, which the clock skips."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from bookings.rules.spans import Span
from bookings.wording.dates import spans_text
from cms.wording import clock, date_long


def free_sentence(spans: Sequence[Span]) -> str:
    """Say what else is free on that day."""
    if not spans:
        return _("Nothing else is free on this day.")
    return _("Free on this day: %(times)s.") % {"times": spans_text(spans)}


def time_missing(day: dt.date, at: dt.time) -> str:
    """Say that the clock skips this time on this day."""
    return _(
        "On %(date)s there is no %(time)s: the clocks go forward. Please choose another time."
    ) % {"date": date_long(day), "time": clock(at)}
