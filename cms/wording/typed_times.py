"""What was understood of the times of a day as typed, and what was not."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from cms.opening_hours.typed import LONGEST_NOTE, Fault, NotUnderstoodError, Times
from cms.wording.dates import clock, join_and, span_text, weekday_name
from cms.wording.labels import pattern_text

LONGEST_PART = 40

_SENTENCES = {
    Fault.UNCLEAR: gettext_lazy(
        "“%(part)s” was not understood. Please write times like this: 8–12, 15–18."
    ),
    Fault.WORDS: gettext_lazy(
        "“%(part)s” was not understood. Please put notes in brackets: 8–12 (laboratory)."
    ),
    Fault.NO_END: gettext_lazy("“%(part)s” has no end. Please write from and to: 8–12."),
    Fault.NO_TIME: gettext_lazy("“%(part)s”: there is no such time of day."),
    Fault.OTHER_DAY: gettext_lazy("“%(part)s” does not fit to %(day)s."),
    Fault.TWO_PATTERNS: gettext_lazy(
        "“%(part)s”: a time can have only one word about its weeks. Please enter two times."
    ),
    Fault.LONG_NOTE: gettext_lazy(
        "The note “%(part)s” is too long. Please use %(number)s characters at most."
    ),
    Fault.BRACKET: gettext_lazy("“%(part)s”: a bracket is missing."),
}


def times_in_words(times: Iterable[Times], weekday: int) -> str:
    """Say "8:00–12:00 Uhr und 15:00–18:00 Uhr (1. Dienstag im Monat)"; "" without times."""
    return join_and([_in_words(one, weekday) for one in times])


def _in_words(one: Times, weekday: int) -> str:
    text = pgettext("hours", "by arrangement")
    if one.start is not None and one.end is not None:
        text = span_text(one.start, one.end)
    remarks = (pattern_text(one.pattern, weekday), one.note)
    named = "; ".join(remark for remark in remarks if remark)
    return f"{text} ({named})" if named else text


def fault_sentence(error: NotUnderstoodError, weekday: int) -> str:
    """Say what was not understood, and how to write it instead."""
    times = error.times
    if times is not None and times.start is not None and times.end is not None:
        wrong_end = error.fault is Fault.END_BEFORE_START
        sentence = (
            end_before_start(times.start) if wrong_end else overlapping(times.start, times.end)
        )
        return pgettext("what is wrong with a part", "“%(part)s”: %(sentence)s") % {
            "part": shown(error.part),
            "sentence": sentence,
        }
    values = {"part": shown(error.part), "day": weekday_name(weekday), "number": LONGEST_NOTE}
    return str(_SENTENCES[error.fault]) % values


def end_before_start(start: dt.time) -> str:
    return _("The end must be after the start. Please enter a time after %(time)s.") % {
        "time": clock(start)
    }


def overlapping(start: dt.time, end: dt.time) -> str:
    return _("This overlaps with %(times)s. Please enter each time once.") % {
        "times": span_text(start, end)
    }


def shown(part: str) -> str:
    """Return what was typed as a sentence can quote it: short and printable."""
    plain = "".join(sign if sign.isprintable() else " " for sign in part).strip()
    return plain if len(plain) <= LONGEST_PART else f"{plain[:LONGEST_PART]}…"
