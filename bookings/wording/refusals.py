"""Why a request cannot be taken, in sentences: what is wrong and what to do next."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bookings.rules.refusals import Code, Refusal
from bookings.rules.spans import Span
from bookings.rules.wall_clock import in_berlin
from bookings.wording.dates import day_and_time, moment, spans_text
from cms.opening_hours import BERLIN
from cms.wording import clock, date_long, end_clock, join_and, time_text

QUARTER, HOUR = 15, 60  # minutes
MOST_LINES = 10  # dates that a sentence names


def free_sentence(spans: Sequence[Span]) -> str:
    """Say what else is free on that day."""
    if not spans:
        return _("Nothing else is free on this day.")
    return _("Free on this day: %(times)s.") % {"times": spans_text(spans)}


def refusal_sentence(refusal: Refusal) -> str:
    """Say what is wrong and what to do next."""
    return _SENTENCES[refusal.code](refusal)


def time_missing(day: dt.date, at: dt.time) -> str:
    """Say that the clock skips this time on this day."""
    return _(
        "On %(date)s there is no %(time)s: the clocks go forward. Please choose another time."
    ) % {"date": date_long(day), "time": clock(at)}


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


def _not_checked(_refusal: Refusal) -> str:
    return _(
        "This room is for associations that the team has checked. Please ring up the centre; "
        "afterwards you can ask."
    )


def _no_guests(_refusal: Refusal) -> str:
    return _("This room is for associations and groups. Please sign in or register your group.")


def _no_series_for_guests(_refusal: Refusal) -> str:
    return _("Without a group you can ask for one date. For regular dates please register it.")


def _quota_open(refusal: Refusal) -> str:
    return ngettext(
        "Your group has %(limit)s open request already. As soon as it is decided you can ask again.",
        "Your group has %(limit)s open requests already. As soon as one is decided you can ask "
        "again.",
        refusal.values["limit"],
    ) % {"limit": refusal.values["limit"]}


def _quota_hours(refusal: Refusal) -> str:
    return ngettext(
        "A group can have %(limit)s hour a week here. In the week from %(date)s it would be more. "
        "Please choose a shorter time or another week.",
        "A group can have %(limit)s hours a week here. In the week from %(date)s it would be more. "
        "Please choose a shorter time or another week.",
        refusal.values["limit"],
    ) % {"limit": refusal.values["limit"], "date": date_long(refusal.values["monday"])}


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


def _too_many(refusal: Refusal) -> str:
    """Say the limit; which room fits stands beside it, as a link."""
    return ngettext(
        "This room may hold %(capacity)s person at most.",
        "This room may hold %(capacity)s persons at most.",
        refusal.values["capacity"],
    ) % {"capacity": refusal.values["capacity"]}


# Of a series -----------------------------------------------------------------------------------


def _unknown_rule(_refusal: Refusal) -> str:
    return _(
        "A date cannot repeat like this. Please choose, for example: every week, every 2 weeks or "
        "once a month."
    )


def _no_end(refusal: Refusal) -> str:
    return _("Please say until when the dates repeat. %(date)s at the latest.") % {
        "date": date_long(refusal.values["last"])
    }


def _series_ends_too_early(refusal: Refusal) -> str:
    return _("The series would end before it begins. Please choose an end from %(date)s on.") % {
        "date": date_long(refusal.values["first"])
    }


def _series_too_long(refusal: Refusal) -> str:
    return _(
        "A series may last %(count)s years at most. Please choose an end until %(date)s."
    ) % _limit(refusal)


def _too_many_dates(refusal: Refusal) -> str:
    return _(
        "A series may have %(count)s dates at most. Please choose an end until %(date)s."
    ) % _limit(refusal)


def _limit(refusal: Refusal) -> dict[str, object]:
    return {"count": refusal.values["count"], "date": date_long(refusal.values["last"])}


def _no_dates(refusal: Refusal) -> str:
    return _(
        "There is no date until then: the first one would be on %(date)s. Please choose a later end."
    ) % {"date": date_long(refusal.values["first"])}


# Of what stands already --------------------------------------------------------------------------


def _date_over(_refusal: Refusal) -> str:
    return _("This date has begun or is over. Please choose another one.")


def _date_gone(_refusal: Refusal) -> str:
    return _("This date does not take place any more. Please load the page again.")


def _change_too_late(refusal: Refusal) -> str:
    said = ngettext(
        "A date can be changed here until %(hours)s hour before it begins.",
        "A date can be changed here until %(hours)s hours before it begins.",
        refusal.values["hours"],
    ) % {"hours": refusal.values["hours"]}
    return f"{said} {_ring_up(refusal)}"


def _cancel_too_late(refusal: Refusal) -> str:
    said = ngettext(
        "A date can be cancelled here until %(hours)s hour before it begins.",
        "A date can be cancelled here until %(hours)s hours before it begins.",
        refusal.values["hours"],
    ) % {"hours": refusal.values["hours"]}
    return f"{said} {_ring_up(refusal)}"


def _ring_up(refusal: Refusal) -> str:
    if phone := refusal.values.get("phone"):
        return _("Please ring up: %(phone)s.") % {"phone": phone}
    return _("Please ring up the centre.")


def _change_open(_refusal: Refusal) -> str:
    return _(
        "You have asked for a change of this date already. Please withdraw that wish first, or wait "
        "for the answer."
    )


def _offer_open(_refusal: Refusal) -> str:
    return _("This date is an offer. Please take it first; then you can ask for a change.")


def _partly_decided(_refusal: Refusal) -> str:
    return _(
        "Some of these dates are promised, others are not decided yet. Please wait for the decision, "
        "or change the dates separately."
    )


def _nothing_changes(_refusal: Refusal) -> str:
    return _("Room and time are the same as before. Please choose another time or room.")


def _twice(_refusal: Refusal) -> str:
    return _("Two of your dates would be in this room at the same time. Please change one of them.")


def _nothing_to_end(refusal: Refusal) -> str:
    return _("There is no date after %(date)s that could be cancelled.") % {
        "date": date_long(refusal.values["after"])
    }


def _goes_on(refusal: Refusal) -> str:
    return _("These dates go on under the number %(number)s. Please change them there.") % {
        "number": refusal.values["number"]
    }


def _not_left_out(_refusal: Refusal) -> str:
    return _("This date is not left out any more. Please load the page again.")


# Of a time that is not free ----------------------------------------------------------------------


def _closed(refusal: Refusal) -> str:
    return _("The room is closed at this time: %(reason)s. %(free)s") % {
        "reason": refusal.values["reason"],
        "free": free_sentence(refusal.values["free"]),
    }


def _taken(refusal: Refusal) -> str:
    said = _("This date has just been given away.")
    return f"{said} {free_sentence(refusal.values['free'])}"


def _held(refusal: Refusal) -> str:
    said = _("Another group has just asked for this date.")
    return f"{said} {free_sentence(refusal.values['free'])}"


def _own_taken(refusal: Refusal) -> str:
    said = _("This date is promised to your group already.")
    return f"{said} {free_sentence(refusal.values['free'])}"


def _own_held(refusal: Refusal) -> str:
    said = _("Your group has asked for this date already.")
    return f"{said} {free_sentence(refusal.values['free'])}"


def _layout_too_small(refusal: Refusal) -> str:
    return _(
        "This seating holds %(capacity)s persons at most. Please choose another seating or enter "
        "fewer persons."
    ) % {"capacity": refusal.values["capacity"]}


def _dates_gone(refusal: Refusal) -> str:
    """Name the dates that do not work, each with its reason."""
    dates: Sequence[tuple[Span, Refusal]] = refusal.values["dates"]
    lines = [f"{day_and_time(span)} – {_why(one)}" for span, one in dates[:MOST_LINES]]
    more = len(dates) - len(lines)
    if more:
        lines.append(
            ngettext("and %(count)s more date", "and %(count)s more dates", more) % {"count": more}
        )
    said = ngettext(
        "%(count)s date is not possible like this: %(dates)s. Please look at the dates again and "
        "choose what shall happen.",
        "%(count)s dates are not possible like this: %(dates)s. Please look at the dates again and "
        "choose what shall happen.",
        len(dates),
    )
    return said % {"count": len(dates), "dates": "; ".join(lines)}


def _why(refusal: Refusal) -> str:
    words = {
        Code.CLOSED: _("closed: %(reason)s"),
        Code.TAKEN: pgettext("why a date does not work", "taken"),
        Code.HELD: pgettext("why a date does not work", "requested by another group"),
        Code.OWN_TAKEN: pgettext("why a date does not work", "promised to your group already"),
        Code.OWN_HELD: pgettext("why a date does not work", "requested by your group already"),
        Code.NOT_OPEN: pgettext("why a date does not work", "outside the times of use"),
        Code.OUTSIDE_HOURS: pgettext("why a date does not work", "outside the times of use"),
    }
    if refusal.code in words:
        return words[refusal.code] % refusal.values
    return refusal_sentence(refusal).rstrip(".")


def _choice_gone(refusal: Refusal) -> str:
    days = join_and([date_long(day) for day in refusal.values["days"][:MOST_LINES]])
    return _(
        "What you chose is not possible any more on: %(days)s. Please look at these dates again."
    ) % {"days": days}


def _no_dates_left(_refusal: Refusal) -> str:
    return _("All dates are left out. Please keep one date at least, or choose another time.")


# Of a promised date that the centre takes back ---------------------------------------------------


def _notice_too_short(refusal: Refusal) -> str:
    return ngettext(
        "Groups were told that a date is cancelled %(days)s day before at the latest. If it cannot "
        "wait, please confirm that you cancel at short notice.",
        "Groups were told that a date is cancelled %(days)s days before at the latest. If it cannot "
        "wait, please confirm that you cancel at short notice.",
        refusal.values["days"],
    ) % {"days": refusal.values["days"]}


def _substitute_taken(_refusal: Refusal) -> str:
    return _("The substitute is no longer free. Please choose another one.")


_SENTENCES = {
    Code.NOTICE_TOO_SHORT: _notice_too_short,
    Code.SUBSTITUTE_TAKEN: _substitute_taken,
    Code.LAYOUT_TOO_SMALL: _layout_too_small,
    Code.DATES_GONE: _dates_gone,
    Code.CHOICE_GONE: _choice_gone,
    Code.NO_DATES_LEFT: _no_dates_left,
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
    Code.TOO_MANY: _too_many,
    Code.NOT_CHECKED: _not_checked,
    Code.NO_GUESTS: _no_guests,
    Code.NO_SERIES_FOR_GUESTS: _no_series_for_guests,
    Code.QUOTA_OPEN: _quota_open,
    Code.QUOTA_HOURS: _quota_hours,
    Code.UNKNOWN_RULE: _unknown_rule,
    Code.NO_END: _no_end,
    Code.SERIES_ENDS_TOO_EARLY: _series_ends_too_early,
    Code.SERIES_TOO_LONG: _series_too_long,
    Code.TOO_MANY_DATES: _too_many_dates,
    Code.NO_DATES: _no_dates,
    Code.DATE_OVER: _date_over,
    Code.DATE_GONE: _date_gone,
    Code.CHANGE_TOO_LATE: _change_too_late,
    Code.CANCEL_TOO_LATE: _cancel_too_late,
    Code.CHANGE_OPEN: _change_open,
    Code.OFFER_OPEN: _offer_open,
    Code.PARTLY_DECIDED: _partly_decided,
    Code.NOTHING_CHANGES: _nothing_changes,
    Code.TWICE: _twice,
    Code.NOTHING_TO_END: _nothing_to_end,
    Code.GOES_ON: _goes_on,
    Code.NOT_LEFT_OUT: _not_left_out,
    Code.CLOSED: _closed,
    Code.TAKEN: _taken,
    Code.HELD: _held,
    Code.OWN_TAKEN: _own_taken,
    Code.OWN_HELD: _own_held,
}
