"""What is wrong with how many come, and with who asks."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.rules.refusals import Code, Refusal
from cms.wording import date_long


def _too_many(refusal: Refusal) -> str:
    """Say the limit; which room fits stands beside it, as a link."""
    return ngettext(
        "This room may hold %(capacity)s person at most.",
        "This room may hold %(capacity)s persons at most.",
        refusal.values["capacity"],
    ) % {"capacity": refusal.values["capacity"]}


def _layout_too_small(refusal: Refusal) -> str:
    return _(
        "This seating holds %(capacity)s persons at most. Please choose another seating or enter "
        "fewer persons."
    ) % {"capacity": refusal.values["capacity"]}


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


def _too_often(_refusal: Refusal) -> str:
    return _("That was too often in a short time. Please try again later, or ring us.")


SENTENCES = {
    Code.LAYOUT_TOO_SMALL: _layout_too_small,
    Code.TOO_MANY: _too_many,
    Code.NOT_CHECKED: _not_checked,
    Code.NO_GUESTS: _no_guests,
    Code.NO_SERIES_FOR_GUESTS: _no_series_for_guests,
    Code.QUOTA_OPEN: _quota_open,
    Code.QUOTA_HOURS: _quota_hours,
    Code.TOO_OFTEN: _too_often,
}
