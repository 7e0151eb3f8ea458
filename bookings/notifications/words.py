"""Dates and rooms as mails name them."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bookings.models import Booking, BookingDate
from bookings.notifications.letters import Fact
from bookings.notifications.notice import Notice
from bookings.wording import room_names, short_day
from cms.lines import one_line


def short_days(dates: Sequence[BookingDate]) -> str:
    """Say "Di., 24. November", or "40 Termine"."""
    return short_day(dates[0].span) if len(dates) == 1 else dates_count(len(dates))


def dates_count(count: int) -> str:
    return ngettext("%(count)s date", "%(count)s dates", count) % {"count": count}


def room_and_day(notice: Notice) -> dict[str, str]:
    """Return what most subjects name."""
    return {"room": room_names(notice.dates), "day": short_days(notice.dates)}


def seating_question(seating: str) -> str:
    """Say that a seating is not to be had, and ask the group for another one; "" if it is."""
    ask = pgettext("seating", "Please tell us which one you need.")
    return f"{seating} {ask}" if seating else ""


def purpose_of(booking: Booking) -> Fact:
    return Fact(pgettext("fact of a request", "What for"), one_line(booking.purpose))


def main_facts(notice: Notice) -> list[Fact]:
    """Return what every mail repeats: room, time, purpose, number."""
    return [
        Fact(_("Room"), room_names(notice.dates)),
        Fact(pgettext("fact of a request", "When"), notice.when),
        purpose_of(notice.booking),
        Fact(_("Number of your request"), notice.booking.number),
    ]
