"""Why a request cannot be taken, in sentences: what is wrong and what to do next."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bookings.rules.refusals import Code, Refusal
from bookings.rules.spans import Span
from bookings.wording.dates import day_and_time
from bookings.wording.refusals import askers, changes, gone, series, times
from bookings.wording.refusals.time_hints import free_sentence, time_missing

__all__ = ["free_sentence", "refusal_sentence", "time_missing"]

MOST_LINES = 10  # dates that a sentence names


def refusal_sentence(refusal: Refusal) -> str:
    """Say what is wrong and what to do next."""
    return _SENTENCES[refusal.code](refusal)


def _dates_gone(refusal: Refusal) -> str:
    """Name the dates that do not work, each once with its reasons."""
    dates: dict[Span, list[str]] = {}
    for span, one in refusal.values["dates"]:
        dates.setdefault(span, []).append(_why(one))
    named = list(dates.items())[:MOST_LINES]
    lines = [
        f"{day_and_time(span)} – {'. '.join(dict.fromkeys(reasons))}" for span, reasons in named
    ]
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


_SENTENCES = {
    **times.SENTENCES,
    **askers.SENTENCES,
    **gone.SENTENCES,
    **series.SENTENCES,
    **changes.SENTENCES,
    Code.DATES_GONE: _dates_gone,
}
