"""States and refusals in words, in the active language. The German sentences are agreed ones."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from bookings.rules.refusals import Code, Refusal
from bookings.rules.spans import Span
from bookings.rules.states import DateState
from cms.opening_hours import BERLIN
from cms.wording import (
    clock,
    date_long,
    date_short,
    end_clock,
    join_and,
    range_text,
    span_text,
    time_text,
)

_S = DateState
STATE_WORDS = {
    _S.DRAFT: pgettext_lazy("state of a date", "draft"),
    _S.UNVERIFIED: pgettext_lazy("state of a date", "not confirmed"),
    _S.REQUESTED: pgettext_lazy("state of a date", "requested"),
    _S.NEEDS_INFO: pgettext_lazy("state of a date", "question"),
    _S.WAITLISTED: pgettext_lazy("state of a date", "waiting list"),
    _S.OFFERED: pgettext_lazy("state of a date", "offered"),
    _S.APPROVED: pgettext_lazy("state of a date", "promised"),
    _S.REJECTED: pgettext_lazy("state of a date", "refused"),
    _S.WITHDRAWN: pgettext_lazy("state of a date", "withdrawn"),
    _S.CANCELLED: pgettext_lazy("state of a date", "does not take place"),
    _S.REVOKED: pgettext_lazy("state of a date", "cancelled by the centre"),
    _S.EXPIRED: pgettext_lazy("state of a date", "expired"),
    _S.COMPLETED: pgettext_lazy("state of a date", "took place"),
    _S.NO_SHOW: pgettext_lazy("state of a date", "not used"),
    _S.SKIPPED_HOLIDAY: pgettext_lazy("state of a date", "left out (public holiday)"),
    _S.SKIPPED_SCHOOL_HOLIDAY: pgettext_lazy("state of a date", "left out (school holidays)"),
    _S.SKIPPED_CONFLICT: pgettext_lazy("state of a date", "left out (taken)"),
    _S.CLOSED: pgettext_lazy("state of a date", "left out (closed)"),
}


def day_and_time(span: Span) -> str:
    """Say "Di., 24. November 2026, 19:30–21:30 Uhr"."""
    start, end = (edge.astimezone(BERLIN) for edge in span)
    return f"{date_short(start.date())}, {span_text(start, end)}"


def spans_text(spans: Sequence[Span]) -> str:
    """Say "17:00–19:00 Uhr", "8:00–12:00 und 17:00–19:00 Uhr"."""
    texts = [range_text(*(edge.astimezone(BERLIN) for edge in span)) for span in spans]
    return _("%(times)s o'clock") % {"times": join_and(texts)}


def free_sentence(spans: Sequence[Span]) -> str:
    """Say what else is free on that day."""
    if not spans:
        return _("Nothing else is free on this day.")
    return _("Free on this day: %(times)s.") % {"times": spans_text(spans)}


def refusal_sentence(refusal: Refusal) -> str:
    """Say what is wrong and what to do next."""
    return _SENTENCES[refusal.code](refusal)


def _end_before_start(refusal: Refusal) -> str:
    return _("The end must be after the start. Please enter a time after %(time)s.") % {
        "time": clock(refusal.values["start"])
    }


def _past_day(_refusal: Refusal) -> str:
    return _("This day is over. Please choose a date from today on.")


def _past_time(refusal: Refusal) -> str:
    now: datetime = refusal.values["now"]
    return _("This time is over today. Please enter a time after %(time)s.") % {
        "time": clock(now.astimezone(BERLIN))
    }


def _too_far(refusal: Refusal) -> str:
    return _("You can ask for dates until %(date)s. Please choose an earlier date.") % {
        "date": date_long(refusal.values["last"])
    }


def _time_missing(refusal: Refusal) -> str:
    return _(
        "On %(date)s there is no %(time)s: the clocks go forward. Please choose another time."
    ) % {"date": date_long(refusal.values["day"]), "time": clock(refusal.values["time"])}


def _off_raster(_refusal: Refusal) -> str:
    return _("Please choose a time on the quarter hour, for example 19:15 or 19:30.")


def _too_short(refusal: Refusal) -> str:
    return _("Please ask for %(minutes)s minutes at least.") % refusal.values


def _outside_hours(refusal: Refusal) -> str:
    return _("On this day the room can be used from %(times)s.") % {
        "times": _from_to(refusal.values["hours"])
    }


def _from_to(spans: Sequence[Span]) -> str:
    return join_and([_from_to_one(span) for span in spans])


def _from_to_one(span: Span) -> str:
    start, end = (edge.astimezone(BERLIN) for edge in span)
    return _("%(start)s to %(end)s") % {"start": time_text(start), "end": end_clock(end)}


def _not_open(_refusal: Refusal) -> str:
    return _("The room cannot be used on this weekday. Please choose another date.")


def _too_many(refusal: Refusal) -> str:
    """Say the limit; which room fits stands beside it, as a link."""
    return ngettext(
        "This room may hold %(capacity)s person at most.",
        "This room may hold %(capacity)s persons at most.",
        refusal.values["capacity"],
    ) % {"capacity": refusal.values["capacity"]}


def _closed(refusal: Refusal) -> str:
    return _("The room is closed at this time: %(reason)s. %(free)s") % {
        "reason": refusal.values["reason"],
        "free": free_sentence(refusal.values["free"]),
    }


def _taken(refusal: Refusal) -> str:
    said = _("This date has just been given away.")  # no f-string: makemessages reads none
    return f"{said} {free_sentence(refusal.values['free'])}"


def _held(refusal: Refusal) -> str:
    said = _("Another group has just asked for this date.")
    return f"{said} {free_sentence(refusal.values['free'])}"


_SENTENCES = {
    Code.END_BEFORE_START: _end_before_start,
    Code.PAST_DAY: _past_day,
    Code.PAST_TIME: _past_time,
    Code.TOO_FAR: _too_far,
    Code.TIME_MISSING: _time_missing,
    Code.OFF_RASTER: _off_raster,
    Code.TOO_SHORT: _too_short,
    Code.OUTSIDE_HOURS: _outside_hours,
    Code.NOT_OPEN: _not_open,
    Code.TOO_MANY: _too_many,
    Code.CLOSED: _closed,
    Code.TAKEN: _taken,
    Code.HELD: _held,
}
