"""What is in the way of a time."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.rules.refusals import Code, Refusal
from bookings.wording.refusals.common import free_sentence


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
