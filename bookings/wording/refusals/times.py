"""What is wrong with day and time."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from bookings.rules.refusals import Code, Refusal
from bookings.rules.spans import Span
from bookings.rules.wall_clock import in_berlin
from bookings.wording.dates import moment
from bookings.wording.refusals.time_hints import time_missing
from cms.opening_hours import BERLIN
from cms.wording import clock, date_long, end_clock, join_and, time_text

QUARTER, HOUR = 15, 60  # minutes


def _end_before_start(refusal: Refusal) -> str:
    return _("The end must be after the start. Please enter a time after %(time)s.") % {
        "time": clock(refusal.values["start"])
    }


def _past_day(_refusal: Refusal) -> str:
    return _("This day is over. Please choose a date from today on.")


def _past_time(refusal: Refusal) -> str:
    now: dt.datetime = refusal.values["now"]
    return _("This time is over today. Please enter a time after %(time)s.") % {
        "time": clock(now.astimezone(BERLIN))
    }


def _too_far(refusal: Refusal) -> str:
    return _("You can ask for dates until %(date)s. Please choose an earlier date.") % {
        "date": date_long(refusal.values["last"])
    }


def _time_missing(refusal: Refusal) -> str:
    return time_missing(refusal.values["day"], refusal.values["time"])


def _off_raster(refusal: Refusal) -> str:
    minutes = refusal.values["minutes"]
    if minutes == QUARTER:
        return _("Please choose a time on the quarter hour, for example 19:15 or 19:30.")
    if minutes == HOUR:
        return _("Please choose a time on the hour, for example 19:00.")
    return _("Dates begin and end every %(minutes)s minutes, for example at 19:00 or %(time)s.") % {
        "minutes": minutes,
        "time": time_text(dt.time(19, minutes)),
    }


def _too_short(refusal: Refusal) -> str:
    return _("Please ask for %(minutes)s minutes at least.") % refusal.values


def _too_long(refusal: Refusal) -> str:
    hours, minutes = divmod(refusal.values["minutes"], HOUR)
    length = _("%(hours)s:%(minutes)02d hours") % {"hours": hours, "minutes": minutes}
    return _("You can ask for %(length)s at most. Please enter an earlier end.") % {
        "length": length
    }


def _too_soon(refusal: Refusal) -> str:
    return _(
        "The team needs notice: you can ask for dates from %(moment)s on. For an earlier one please "
        "ring up."
    ) % {"moment": moment(refusal.values["earliest"])}


def _outside_hours(refusal: Refusal) -> str:
    return _("On this day the room can be used from %(times)s.") % {
        "times": _from_to(refusal.values["hours"])
    }


def _from_to(spans: Sequence[Span]) -> str:
    return join_and([_from_to_one(span) for span in spans])


def _from_to_one(span: Span) -> str:
    start, end = in_berlin(span)
    return _("%(start)s to %(end)s") % {"start": time_text(start), "end": end_clock(end)}


def _not_open(_refusal: Refusal) -> str:
    return _("The room cannot be used on this weekday. Please choose another date.")


SENTENCES = {
    Code.END_BEFORE_START: _end_before_start,
    Code.PAST_DAY: _past_day,
    Code.PAST_TIME: _past_time,
    Code.TOO_FAR: _too_far,
    Code.TIME_MISSING: _time_missing,
    Code.OFF_RASTER: _off_raster,
    Code.TOO_SHORT: _too_short,
    Code.TOO_LONG: _too_long,
    Code.TOO_SOON: _too_soon,
    Code.OUTSIDE_HOURS: _outside_hours,
    Code.NOT_OPEN: _not_open,
}
