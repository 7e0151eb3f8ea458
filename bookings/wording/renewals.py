"""Why a step of a plan for a year is refused, in sentences."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.rules.renewal import PlanCode, PlanFault
from bookings.wording.dates import day_and_time
from bookings.wording.refusals import refusal_sentence
from cms.wording import date_long, join_and

_SENTENCES = {
    PlanCode.NAME_MISSING: gettext_lazy(
        "The name of the plan is missing. Please enter one, for example 2027/28."
    ),
    PlanCode.NAME_TOO_LONG: gettext_lazy(
        "The name is longer than %(limit)s signs. Please shorten it."
    ),
    PlanCode.NAME_TAKEN: gettext_lazy(
        "This centre has a plan “%(name)s” already. Please choose another name."
    ),
    PlanCode.ENDS_TOO_EARLY: gettext_lazy(
        "The plan has to end after its first day. Please choose a last day after %(first)s."
    ),
    PlanCode.PLAN_TOO_LONG: gettext_lazy(
        "A plan may last %(count)s years at most. Please choose a last day until %(last)s."
    ),
    PlanCode.COLLECTS_TOO_LONG: gettext_lazy(
        "Groups have to ask before the plan begins. Please choose a day before %(first)s."
    ),
    PlanCode.COLLECTS_PAST: gettext_lazy(
        "Nobody could ask: this day is over. Please choose a day from %(today)s on."
    ),
    PlanCode.PLANS_OVERLAP: gettext_lazy(
        "The plan “%(name)s” (%(first)s to %(last)s) is not decided yet and covers some of these "
        "days. Please decide on it first, or choose other days."
    ),
    PlanCode.COLLECTED: gettext_lazy(
        "Groups could ask until %(until)s. Please ring up the centre, or ask for single dates."
    ),
    PlanCode.DECIDED: gettext_lazy(
        "The plan “%(name)s” is decided. Please ask for dates as usual."
    ),
    PlanCode.NOTHING_TO_RENEW: gettext_lazy(
        "%(group)s has no regular dates here that could go on. Please ask for new ones as usual."
    ),
    PlanCode.NOT_THEIR_SERIES: gettext_lazy(
        "This is none of the group's regular dates. Please look at the list again."
    ),
    PlanCode.ROOM_ELSEWHERE: gettext_lazy(
        "%(room)s belongs to another centre. Please choose a room of this one."
    ),
    PlanCode.ROOM_TOO_SMALL: gettext_lazy(
        "%(room)s may hold %(capacity)s persons at most, the group comes with %(persons)s. Please "
        "choose another room."
    ),
    PlanCode.UNTIL_OUTSIDE: gettext_lazy(
        "The plan goes from %(first)s to %(last)s. Please choose an end within."
    ),
    PlanCode.NO_DATE_LEFT: gettext_lazy(
        "No date would be left: all are taken, closed or in holidays. Please choose another time or "
        "room."
    ),
    PlanCode.STILL_COLLECTING: gettext_lazy(
        "Groups can still ask until %(until)s. Afterwards all is decided together."
    ),
    PlanCode.NOTHING_CHOSEN: gettext_lazy(
        "Nothing is chosen. %(count)s dates are still open; please promise or refuse some."
    ),
    PlanCode.NOT_IN_PLAN: gettext_lazy(
        "%(key)s is not in this plan. Please look at the list again."
    ),
    PlanCode.BOTH_WAYS: gettext_lazy("Both promised and refused. Please choose one of the two."),
    PlanCode.REASON_MISSING: gettext_lazy(
        "The reason is missing. The group reads it; please write one."
    ),
    PlanCode.DECIDED_ALREADY: gettext_lazy(
        "Decided or withdrawn meanwhile. Please look at the list again."
    ),
    PlanCode.OVER: gettext_lazy(
        "%(when)s has begun or is over and cannot be promised any more. Please refuse it."
    ),
    PlanCode.RIVALS: gettext_lazy(
        "%(when)s would be promised to %(others)s as well. Please decide for one of them."
    ),
    PlanCode.TAKEN: gettext_lazy(
        "%(when)s is promised to %(others)s already. Please refuse this date."
    ),
    PlanCode.HELD: gettext_lazy(
        "%(others)s has asked for %(when)s outside of the plan. Please decide on that request first."
    ),
    PlanCode.CLOSED: gettext_lazy(
        "%(when)s: the room is closed (%(reason)s). Please refuse this date."
    ),
}


def plan_sentence(fault: PlanFault) -> str:
    """Say what is wrong and what to do next, with the series or request it is about."""
    sentence = _sentence(fault)
    if not fault.about:
        return sentence
    return _("%(about)s: %(sentence)s") % {"about": fault.about, "sentence": sentence}


def _sentence(fault: PlanFault) -> str:
    values = dict(fault.values)
    if fault.code is PlanCode.SERIES:
        return refusal_sentence(values["refusal"])
    for name in ("first", "last", "until", "today"):
        if name in values:
            values[name] = date_long(values[name])
    if "span" in values:
        values["when"] = day_and_time(values["span"])
    if "others" in values:
        values["others"] = join_and(values["others"])
    return str(_SENTENCES[fault.code]) % values
