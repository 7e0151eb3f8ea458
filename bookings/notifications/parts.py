"""What several mails to the group share: their buttons, a reason, until when something is kept."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.models import BookingDate
from bookings.notifications.letters import Button
from bookings.notifications.links import booking_url, give_up_url, take_url
from bookings.notifications.notice import Notice
from bookings.wording import until


def see_request(notice: Notice) -> Button:
    return Button(_("See your request"), booking_url(notice.booking))


def take(date: BookingDate) -> Button:
    return Button(pgettext("button", "Take the date"), take_url(date))


def decline(date: BookingDate) -> Button:
    return Button(pgettext("button", "Not needed"), give_up_url(date))


def reason_of(notice: Notice) -> list[str]:
    """Say the reason, if there is one; only what somebody types must have one."""
    return [_("Reason: %(reason)s") % {"reason": as_sentence(notice.text)}] if notice.text else []


def as_sentence(text: str) -> str:
    """End what somebody typed with a full stop, unless it has an end of its own."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def kept_free(date: BookingDate, now: datetime) -> str:
    end = until(date.holds_until, now) if date.holds_until else ""
    return _("We keep it free for you until %(moment)s.") % {"moment": end}
