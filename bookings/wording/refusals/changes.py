"""Why a date cannot be changed or given up."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.rules.refusals import Code, Refusal
from bookings.wording.dates import day_and_time
from cms.wording import date_long


def _date_over(_refusal: Refusal) -> str:
    return _("This date has begun or is over. Please choose another one.")


def _not_begun(_refusal: Refusal) -> str:
    return _(
        "This date has not begun yet. If it shall not take place, please cancel it for the centre."
    )


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


def _in_plan(refusal: Refusal) -> str:
    return _(
        "The centre decides on this series together with all others of the plan “%(plan)s”. Until "
        "then you can change single dates only."
    ) % {"plan": refusal.values["plan"]}


def _nothing_changes(_refusal: Refusal) -> str:
    return _("Room and time are the same as before. Please choose another time or room.")


def _twice(refusal: Refusal) -> str:
    if "dates" in refusal.values:  # of a series
        first, second = map(day_and_time, refusal.values["dates"])
        return _(
            "With set-up and clearing up, two of your dates overlap: %(first)s and %(second)s. "
            "Please choose a shorter time or fewer days."
        ) % {"first": first, "second": second}
    return _("Two of your dates would be in this room at the same time. Please change one of them.")


def _nothing_to_end(refusal: Refusal) -> str:
    return _("There is no date after %(date)s that could be cancelled.") % {
        "date": date_long(refusal.values["after"])
    }


def _goes_on(refusal: Refusal) -> str:
    return _("These dates go on under the number %(number)s. Please change them there.") % {
        "number": refusal.values["number"]
    }


def _nothing_left(_refusal: Refusal) -> str:
    return _("No date of this series is left. Please send a new request instead.")


def _not_left_out(_refusal: Refusal) -> str:
    return _("This date is not left out any more. Please load the page again.")


SENTENCES = {
    Code.DATE_OVER: _date_over,
    Code.NOT_BEGUN: _not_begun,
    Code.DATE_GONE: _date_gone,
    Code.CHANGE_TOO_LATE: _change_too_late,
    Code.CANCEL_TOO_LATE: _cancel_too_late,
    Code.CHANGE_OPEN: _change_open,
    Code.OFFER_OPEN: _offer_open,
    Code.PARTLY_DECIDED: _partly_decided,
    Code.IN_PLAN: _in_plan,
    Code.NOTHING_CHANGES: _nothing_changes,
    Code.TWICE: _twice,
    Code.NOTHING_TO_END: _nothing_to_end,
    Code.GOES_ON: _goes_on,
    Code.NOTHING_LEFT: _nothing_left,
    Code.NOT_LEFT_OUT: _not_left_out,
}
