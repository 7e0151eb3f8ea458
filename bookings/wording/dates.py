"""A date of a request in words: when, where, its state, and what the group wishes."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bookings.models import Booking, BookingDate
from bookings.models.states import STATE_WORDS
from bookings.rules.proposal import Verdict
from bookings.rules.spans import Span
from bookings.rules.states import DateState
from bookings.rules.wall_clock import berlin_day, in_berlin
from cms.opening_hours import BERLIN
from cms.wording import (
    clock,
    date_short,
    day_month,
    join_and,
    range_text,
    relative_day,
    span_text,
    weekday_short,
)


def times(span: Span) -> str:
    """Say "19:30–21:30 Uhr"."""
    return span_text(*in_berlin(span))


def day_and_time(span: Span) -> str:
    """Say "Di., 24. November 2026, 19:30–21:30 Uhr"."""
    return f"{date_short(in_berlin(span).start.date())}, {times(span)}"


def days_and_times(dates: Sequence[BookingDate]) -> str:
    """Say one line a date, with the room where it is not the same for all."""
    one_room = len({date.room_id for date in dates}) == 1
    lines = [day_and_time(date.span) for date in dates]
    if one_room:
        return "\n".join(lines)
    return "\n".join(f"{line}, {date.room.name}" for line, date in zip(lines, dates, strict=True))


def short_day(span: Span) -> str:
    """Say "Di., 24. November"."""
    return _short_day(in_berlin(span).start)


def _short_day(local: datetime) -> str:
    return f"{weekday_short(local.weekday())}, {day_month(local.date())}"


def short_start(span: Span) -> str:
    """Say "Di., 24. November, 19:30 Uhr"."""
    return short_moment(span.start)


def spans_text(spans: Sequence[Span]) -> str:
    """Say "17:00–19:00 Uhr", "8:00–12:00 und 17:00–19:00 Uhr"."""
    texts = [range_text(*in_berlin(span)) for span in spans]
    return _("%(times)s o'clock") % {"times": join_and(texts)}


def moment(at: datetime) -> str:
    """Say "Di., 24. November 2026, 10:14 Uhr"."""
    local = at.astimezone(BERLIN)
    return f"{date_short(local.date())}, {clock(local)}"


def short_moment(at: datetime) -> str:
    """Say "Di., 24. November, 10:14 Uhr"."""
    local = at.astimezone(BERLIN)
    return f"{_short_day(local)}, {clock(local)}"


def until(at: datetime, now: datetime) -> str:
    """Say "heute, Di., 24. November, 18:00 Uhr", "Mo., 30. November, 18:00 Uhr".

    With the day also for today and tomorrow: a mail may be read later than it was written.
    """
    day, today = berlin_day(at), berlin_day(now)
    if 0 <= (day - today).days <= 1:
        return f"{relative_day(day, today)}, {short_moment(at)}"
    return short_moment(at)


MOST_DAYS = 5  # that a sentence names


def days_text(days: Sequence[str]) -> str:
    """Say "24. November 2026 und 1. Dezember 2026"; of many the first ones and how many more."""
    more = len(days) - MOST_DAYS
    if more <= 0:
        return join_and(days)
    return ngettext("%(days)s and %(count)s more day", "%(days)s and %(count)s more days", more) % {
        "days": ", ".join(days[:MOST_DAYS]),
        "count": more,
    }


def room_names(dates: Iterable[BookingDate]) -> str:
    """Say "Saal", "Saal und Küche": each room once, in the order of the dates."""
    return join_and(list(dict.fromkeys(date.room.name for date in dates)))


def capacity_text(count: int) -> str:
    """Say "höchstens 60 Personen"."""
    return ngettext("%(count)s person at most", "%(count)s persons at most", count) % {
        "count": count
    }


def free_dates_text(free: int, asked: int) -> str:
    """Say "48 von 52 Terminen frei"; of a single date "frei" or "nicht frei"."""
    if asked == 1:
        is_free, is_not = pgettext("time of a room", "free"), pgettext("time of a room", "not free")
        return is_free if free else is_not
    return _("%(free)s of %(all)s dates free") % {"free": free, "all": asked}


def state_word(date: BookingDate) -> str:
    """Say the state as the lists say it."""
    return str(STATE_WORDS[DateState(date.state)])


def why_left_out(verdict: Verdict, reason: str) -> str:
    """Say why a date of a series is left out, where its state does not: group and team read it."""
    words = {
        Verdict.OWN: pgettext(
            "why a date does not work", "the group has a date at this time already"
        ),
        Verdict.OUTSIDE_HOURS: pgettext("why a date does not work", "outside the times of use"),
    }
    return words.get(verdict, reason)


def wishes_of(booking: Booking) -> list[str]:
    """Say what the group wishes beside the room, one line each."""
    said = [
        (bool(booking.use), booking.get_use_display()),
        (booking.layout is not None, _("Seating: %(name)s") % {"name": booking.layout}),
        (
            bool(booking.equipment),
            _("Equipment: %(names)s") % {"names": join_and(booking.equipment)},
        ),
        (bool(booking.wishes), booking.wishes),
        (booking.is_public_event, _("Public event")),
        (booking.has_music, _("Music or dance")),
        (booking.has_food, _("Food or drinks")),
        (booking.has_alcohol, _("Alcohol")),
    ]
    return [text for applies, text in said if applies]
