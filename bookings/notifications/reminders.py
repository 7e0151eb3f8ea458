"""The reminder on the day before, with a link that cancels just this date without signing in."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.models import BookingDate, BookingLog
from bookings.notifications.letters import Button, Letter, new_mails
from bookings.notifications.links import (
    booking_url,
    give_up_url,
    reminder_cancel_url,
    reminders_off_url,
)
from bookings.notifications.notice import Notice
from bookings.notifications.promise import way_in
from bookings.notifications.words import main_facts
from bookings.rules.wall_clock import in_berlin
from cms.models import User
from cms.services.mail import queue_mails, withdraw_mails
from cms.wording import clock


def notify_reminder(
    date: BookingDate, person: User | None, *, can_cancel: bool, now: datetime
) -> None:
    """Queue the reminder in the caller's transaction: once for a date at a time.

    `person`: who acts for the group; None is the guest, whose own link leads to everything.
    `can_cancel`: they may still do so themselves, else they have to ring up.
    """
    key = f"{_key_start(date)}{int(date.span.start.timestamp())}"
    address = person.email if person else date.booking.guest_email
    with translation.override(settings.LANGUAGE_CODE):
        letter = _letter(date, person, can_cancel=can_cancel)
        mails = new_mails(letter, date.booking.centre, to={key: address})
    queue_mails(mails, now=now)


def stop_reminders(dates: Iterable[BookingDate]) -> None:
    """Take back the reminders that still wait, of dates that fall through or move."""
    for date in dates:
        if date.reminded_of is not None:
            withdraw_mails(key_start=_key_start(date))


def _key_start(date: BookingDate) -> str:
    return f"reminder:{date.pk}:"


def _letter(date: BookingDate, person: User | None, *, can_cancel: bool) -> Letter:
    notice = Notice(entry=BookingLog(booking=date.booking, date=date), dates=[date])
    if can_cancel:
        falls_through = _(
            "Does it fall through? Please cancel it here – others are glad of the room."
        )
        cancel_url = reminder_cancel_url(date, person) if person else give_up_url(date)
        button = Button(pgettext("button", "Cancel the date"), cancel_url)
    else:
        falls_through = _("Does it fall through? Please ring us up – others are glad of the room.")
        button = Button(_("See your request"), booking_url(date.booking))
    return Letter(
        subject=_("Tomorrow: %(room)s, %(time)s")
        % {"room": date.room.name, "time": clock(in_berlin(date.span).start)},
        answer=_("Does the date take place? Then you need not do anything."),
        says=[falls_through],
        button=button,
        facts=[*main_facts(notice), *way_in(notice)],
        opt_out=_opt_out(person) if person else None,
    )


def _opt_out(person: User) -> Button:
    return Button(_("Send me no reminders any more"), reminders_off_url(person))
