"""The receipt for what a group asked for in a plan for a year: one mail, however many series."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.models import Booking, BookingDate, BookingLog, RenewalRound
from bookings.notifications.letters import Button, Fact, Letter, new_mails
from bookings.notifications.links import bookings_url
from bookings.notifications.mails import group_address
from bookings.notifications.words import dates_count, seating_question
from bookings.rules.recurrence import Recurrence
from bookings.rules.states import SKIPPED
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.undelivered import mail_key
from bookings.wording import recurrence_text, room_names, short_day
from cms.services.mail import queue_mails
from cms.wording import date_long, date_short, plain_text, span_text


@dataclass(frozen=True)
class RenewedSeries:
    """A series as it was asked for; `first_step` begins its history. Times are Berlin's.

    seating: that of before is not to be had in the room, as a sentence.
    """

    booking: Booking
    recurrence: Recurrence
    start: time
    end: time
    dates: Sequence[BookingDate]
    first_step: BookingLog
    seating: str = ""


def notify_renewed(plan: RenewalRound, renewed: Sequence[RenewedSeries], *, now: datetime) -> None:
    """Queue the mail to the group in the caller's transaction; the team looks at the plan."""
    first = renewed[0]
    address = group_address(first.booking)
    if not address:
        return
    with translation.override(settings.LANGUAGE_CODE):
        to = {mail_key(first.first_step, address): address}
        mails = new_mails(_receipt(plan, renewed), plan.centre, to=to)
    queue_mails(mails, now=now)


def _receipt(plan: RenewalRound, renewed: Sequence[RenewedSeries]) -> Letter:
    return Letter(
        subject=_("Your regular dates for %(plan)s") % {"plan": plan.name},
        answer=_("Your regular dates for %(plan)s are asked for. Nothing is booked yet.")
        % {"plan": plan.name},
        says=[
            _(
                "Groups can ask until %(until)s. Then we decide on all regular dates together and "
                "write to you."
            )
            % {"until": date_long(plan.collects_until)}
        ],
        button=Button(_("See your bookings"), bookings_url()),
        facts=[fact for one in renewed for fact in _facts(one)],
    )


def _facts(one: RenewedSeries) -> list[Fact]:
    """Say rhythm, time, room, from when until when, and which dates are left out and why."""
    asked_for = [date for date in one.dates if date.state not in SKIPPED]
    left_out = [date for date in one.dates if date.state in SKIPPED]
    times = plain_text(span_text(one.start, one.end))
    days = _("%(dates)s, from %(first)s to %(last)s") % {
        "dates": dates_count(len(asked_for)),
        "first": date_short(berlin_day(asked_for[0].span.start)),
        "last": date_short(berlin_day(asked_for[-1].span.start)),
    }
    series = f"{recurrence_text(one.recurrence)}, {times}, {room_names(asked_for)}\n{days}"
    if one.seating:
        series += f"\n{seating_question(one.seating)}"
    facts = [
        Fact(_("Number %(number)s") % {"number": one.booking.number}, series),
        Fact(pgettext("dates of a series", "Left out"), "\n".join(map(_why, left_out))),
    ]
    return [fact for fact in facts if fact.text]


def _why(date: BookingDate) -> str:
    """Say "Di., 12. Oktober (Herbstferien)"."""
    reason = date.reason or pgettext("why a date does not work", "taken")
    return f"{short_day(date.span)} ({reason})"
