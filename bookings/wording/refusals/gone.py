"""What is in the way of a time."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.rules.refusals import Code, Refusal
from bookings.wording.refusals.time_hints import free_sentence


def _closed(refusal: Refusal) -> str:
    said = _("The room is closed at this time: %(reason)s.") % {"reason": refusal.values["reason"]}
    return _with_free(said, refusal)


def _taken(refusal: Refusal) -> str:
    return _with_free(_("This date has just been given away."), refusal)


def _held(refusal: Refusal) -> str:
    return _with_free(_("Another group has just asked for this date."), refusal)


def _own_taken(refusal: Refusal) -> str:
    return _with_free(_("This date is promised to your group already."), refusal)


def _own_held(refusal: Refusal) -> str:
    return _with_free(_("Your group has asked for this date already."), refusal)


def _with_free(said: str, refusal: Refusal) -> str:
    """Add what else is free that day, where somebody has looked: changes of dates do not."""
    if "free" not in refusal.values:
        return said
    return f"{said} {free_sentence(refusal.values['free'])}"


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


SENTENCES = {
    Code.NOTICE_TOO_SHORT: _notice_too_short,
    Code.SUBSTITUTE_TAKEN: _substitute_taken,
    Code.CLOSED: _closed,
    Code.TAKEN: _taken,
    Code.HELD: _held,
    Code.OWN_TAKEN: _own_taken,
    Code.OWN_HELD: _own_held,
}
