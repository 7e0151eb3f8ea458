"""What is wrong with a series as a whole."""

from django.utils.translation import gettext as _

from bookings.rules.refusals import Code, Refusal
from cms.wording import date_long, join_and

MOST_LINES = 10  # dates that a sentence names


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


def _choice_gone(refusal: Refusal) -> str:
    days = join_and([date_long(day) for day in refusal.values["days"][:MOST_LINES]])
    return _(
        "What you chose is not possible any more on: %(days)s. Please look at these dates again."
    ) % {"days": days}


def _no_dates_left(_refusal: Refusal) -> str:
    return _("All dates are left out. Please keep one date at least, or choose another time.")


SENTENCES = {
    Code.CHOICE_GONE: _choice_gone,
    Code.NO_DATES_LEFT: _no_dates_left,
    Code.UNKNOWN_RULE: _unknown_rule,
    Code.NO_END: _no_end,
    Code.SERIES_ENDS_TOO_EARLY: _series_ends_too_early,
    Code.SERIES_TOO_LONG: _series_too_long,
    Code.TOO_MANY_DATES: _too_many_dates,
    Code.NO_DATES: _no_dates,
}
