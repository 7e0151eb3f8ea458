"""Mails to guests before a request counts, and with their links again."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.models import Booking, BookingDate
from bookings.notifications.letters import Button, Fact, Letter, new_mails
from bookings.notifications.links import guest_url
from bookings.wording import day_and_time
from cms.models import OutgoingMail
from cms.services.mail import NewMail, queue_mails

MAIL_EVERY = timedelta(minutes=10)  # to one address, however often somebody asks for it


def notify_to_confirm(booking: Booking, date: BookingDate, *, now: datetime) -> None:
    """Ask for the confirmation of the address. What was typed stands in no mail before it.

    Anybody can type anybody's address: the purpose or a name would carry words to a stranger.
    """
    place = {"room": date.room.name, "when": day_and_time(date.span)}
    with translation.override(settings.LANGUAGE_CODE):
        letter = Letter(
            subject=_("Please confirm: %(room)s, %(when)s") % place,
            answer=_("Please confirm your e-mail address. Only then does your request count."),
            says=[_("The link holds for 24 hours. Until you confirm, the date is not kept free.")],
            button=Button(_("Confirm the request"), guest_url(booking)),
            facts=_facts([date]),
            after=[_("You did not ask for a room? Then you need not do anything.")],
        )
        queue_mails(_mails(letter, booking, key="confirm"), now=now)


def notify_links(bookings: Sequence[Booking], *, now: datetime) -> None:
    """Send the links of a guest's requests again, all to the same address, each in its own mail."""
    period = int(now.timestamp() // MAIL_EVERY.total_seconds())
    with translation.override(settings.LANGUAGE_CODE):
        mails = [
            mail
            for booking in bookings
            for mail in _mails(_link(booking), booking, key=f"link:{period}")
        ]
    queue_mails(mails, now=now)


def forget_mails_of(booking_ids: Iterable[int]) -> None:
    """Delete these mails: a stranger may have typed the address, so nobody else keeps it."""
    written = Q(pk=None)
    for key in booking_ids:
        written |= Q(key__startswith=_key_start(key))
    OutgoingMail.objects.filter(written).delete()


def _key_start(booking_id: int) -> str:
    return f"guest:{booking_id}:"


def _link(booking: Booking) -> Letter:
    dates = list(booking.dates.all())
    place = {"room": dates[0].room.name, "when": day_and_time(dates[0].span)}
    return Letter(
        subject=_("Your link: %(room)s, %(when)s") % place,
        answer=_("With this link you see your request, and can change or cancel it."),
        button=Button(_("See your request"), guest_url(booking)),
        facts=_facts(dates),
        after=[_("You did not ask for this link? Then you need not do anything.")],
    )


def _facts(dates: Sequence[BookingDate]) -> list[Fact]:
    return [
        Fact(_("Room"), dates[0].room.name),
        Fact(pgettext("fact of a request", "When"), day_and_time(dates[0].span)),
    ]


def _mails(letter: Letter, booking: Booking, *, key: str) -> list[NewMail]:
    to = {f"{_key_start(booking.pk)}{key}": booking.guest_email}
    return new_mails(letter, booking.centre, to=to)
