"""Absolute addresses: of the site of what they lead to. Accounts and the admin have one host."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer, TimestampSigner
from django.urls import reverse
from wagtail.models import Site

from bookings.models import Association, Booking, BookingDate, ChangeRequest, Invitation, Room
from bookings.rules.spans import Span
from bookings.rules.wall_clock import berlin_day
from bookings.rules.week import week_text
from cms.models import User

# A reminder is about the next day; its link is good for that day, too.
CANCEL_LINKS = timedelta(days=3)
OPT_OUT_LINKS = timedelta(days=90)

# Where a guest's address leads on to.
STEP = "zu"
ANSWER, TAKE, GIVE_UP = "antworten", "nehmen", "absagen"


def booking_url(booking: Booking) -> str:
    if booking.is_of_guest:
        return guest_url(booking)
    return _on_base_host("booking", booking.number)


def entry_url(booking: Booking) -> str:
    """Return the address for an entry in a calendar, "" for a guest.

    People hand calendar entries on and share calendars; a guest's address is the key to the request.
    """
    return "" if booking.is_of_guest else booking_url(booking)


def bookings_url() -> str:
    return _on_base_host("my_bookings")


def answer_url(booking: Booking) -> str:
    if booking.is_of_guest:
        return guest_url(booking, ANSWER)
    return _on_base_host("booking_answer", booking.number)


def take_url(date: BookingDate) -> str:
    if date.booking.is_of_guest:
        return guest_url(date.booking, TAKE)
    return _on_base_host("date_take", date.booking.number, date.pk)


def give_up_url(date: BookingDate) -> str:
    if date.booking.is_of_guest:
        return guest_url(date.booking, GIVE_UP)
    return _on_base_host("date_give_up", date.booking.number, date.pk)


def decision_url(booking: Booking) -> str:
    return _on_base_host("request_detail", booking.pk)


def wish_decision_url(change: ChangeRequest) -> str:
    return _on_base_host("wish_detail", change.pk)


def association_url(association: Association) -> str:
    return _on_base_host("own_association", association.pk)


def confirm_url(association: Association) -> str:
    return _on_base_host("own_association_confirm", association.pk)


def association_desk_url(association: Association) -> str:
    return _on_base_host("association", association.pk)


def invitation_url(invitation: Invitation) -> str:
    token = _invitations().sign(str(invitation.pk))
    return _on_base_host("invitation", token)


def invitation_key(token: str) -> uuid.UUID | None:
    """Return the key in a signed address, None if it is not ours. The row says until when."""
    try:
        return uuid.UUID(_invitations().unsign(token))
    except (BadSignature, ValueError):
        return None


def guest_url(booking: Booking, step: str = "") -> str:
    """Return the signed address that leads a guest to the own request, and on to a step on it."""
    url = _on_base_host("guest_request", guest_token(booking))
    return f"{url}?{STEP}={step}" if step else url


def guest_token(booking: Booking) -> str:
    return _guests().sign(str(booking.uid))


def guest_uid(token: str) -> uuid.UUID | None:
    """Return the calendar id in a signed address, None if it is not ours."""
    try:
        return uuid.UUID(_guests().unsign(token))
    except (BadSignature, ValueError):
        return None


def _guests() -> Signer:
    return Signer(sep=".", salt="bookings.guest")


def _invitations() -> Signer:
    return Signer(sep=".", salt="bookings.invitation")


# In reminders ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RemindedDate:
    """What the link in a reminder is good for: this date at this time, for this person."""

    date_id: int
    start: datetime  # UTC
    user_id: int


def reminder_cancel_url(date: BookingDate, user: User) -> str:
    start = int(date.span.start.timestamp())
    return _on_base_host("reminder_cancel", _reminders().sign(f"{date.pk}-{start}-{user.pk}"))


def reminded_date(token: str) -> RemindedDate | None:
    """Return what a signed address is about, None if it is not ours or is over."""
    try:
        parts = _reminders().unsign(token, max_age=CANCEL_LINKS).split("-")
        date, start, user = (int(part) for part in parts)
        return RemindedDate(date, datetime.fromtimestamp(start, UTC), user)
    except (BadSignature, ValueError):
        return None


def reminders_off_url(user: User) -> str:
    return _on_base_host("reminders_off", _opting_out().sign(str(user.pk)))


def opting_out(token: str) -> int | None:
    """Return the key of who wants no reminders, None if the address is not ours or is over."""
    try:
        return int(_opting_out().unsign(token, max_age=OPT_OUT_LINKS))
    except (BadSignature, ValueError):
        return None


def _reminders() -> TimestampSigner:
    return TimestampSigner(sep=".", salt="bookings.reminder")


def _opting_out() -> TimestampSigner:
    return TimestampSigner(sep=".", salt="bookings.no-reminders")


# Parts -------------------------------------------------------------------------------------------


def week_url(room: Room, span: Span) -> str:
    """Return the room's week in which this time lies."""
    centre = room.centre
    own_site = Site.objects.filter(root_page__centrepage__centre=centre).first()
    host = own_site.root_url if own_site else settings.BASE_URL
    path = reverse("room", args=[centre.slug, room.slug])
    return f"{host}{path}?woche={week_text(berlin_day(span.start))}"


def _on_base_host(name: str, *keys: object) -> str:
    return f"{settings.BASE_URL}{reverse(name, args=keys)}"
