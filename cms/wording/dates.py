"""Dates and times in words, in the active language.

Times are wall-clock times in Europe/Berlin: a datetime is shown as it stands, so give it in that
zone. Nothing here reads the clock.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache, wraps

from django.utils import dateformat
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import get_language, pgettext

from cms.opening_hours import HOLIDAY

# Within half a year "4 January" can only be the next one; beyond it the year is named.
_YEAR_GOES_WITHOUT_SAYING = timedelta(days=183)


def plain_text(text: str) -> str:
    """Return a sentence for machines and calendars: hard spaces are for our own pages."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def time_text(at: time | datetime) -> str:
    """Say "8:00"."""
    return f"{at.hour}:{at.minute:02}"


def end_time_text(at: time | datetime) -> str:
    """Say "12:00", and "24:00" for an end at midnight."""
    return time_text(at) if at.hour or at.minute else "24:00"


def _o_clock(text: str) -> str:
    return pgettext("clock time", "%(time)s") % {"time": text}


def clock(at: time | datetime) -> str:
    """Say "8:00 Uhr"."""
    return _o_clock(time_text(at))


def end_clock(at: time | datetime) -> str:
    """Say "12:00 Uhr", and "24:00 Uhr" for an end at midnight."""
    return _o_clock(end_time_text(at))


def range_text(start: time | datetime, end: time | datetime) -> str:
    """Say "8:00–12:00", for tables that name the unit once; an end at midnight is "24:00"."""
    return f"{time_text(start)}–{end_time_text(end)}"


def span_text(start: time | datetime, end: time | datetime) -> str:
    """Say "8:00–12:00 Uhr"; an end at midnight is "24:00"."""
    return _o_clock(range_text(start, end))


def _said_once(say: Callable[[date], str]) -> Callable[[date], str]:
    """Keep what was said of a day: a series says the same days in mails, pages and calendars."""

    @lru_cache(maxsize=4096)
    def kept(ordinal: int, _language: str | None) -> str:
        return say(date.fromordinal(ordinal))

    # By the number of the day: moments of it would be kept one by one.
    return wraps(say)(lambda day: kept(day.toordinal(), get_language()))


@_said_once
def day_month(day: date) -> str:
    """Say "27. November"."""
    return dateformat.format(day, pgettext("date format", "j F"))


@_said_once
def date_long(day: date) -> str:
    """Say "24. November 2026"."""
    return dateformat.format(day, pgettext("date format", "j F Y"))


@_said_once
def month_name(day: date) -> str:
    """Say "Dezember 2026"."""
    return dateformat.format(day, pgettext("date format", "F Y"))


@_said_once
def date_short(day: date) -> str:
    """Say "Di., 24. November 2026"."""
    return f"{weekday_short(day.weekday())}, {date_long(day)}"


@_said_once
def date_full(day: date) -> str:
    """Say "Dienstag, 24. November 2026"."""
    return f"{weekday_name(day.weekday())}, {date_long(day)}"


def date_span(first: date, last: date) -> str:
    """Say "vom 23. Dezember 2026 bis 2. Januar 2027"; the year once if it is the same one.

    Of one day say "am 23. Dezember 2026".
    """
    if first == last:
        return pgettext("hours", "on %(day)s") % {"day": date_long(first)}
    return pgettext("hours", "from %(first)s to %(last)s") % {
        "first": day_month(first) if first.year == last.year else date_long(first),
        "last": date_long(last),
    }


def weekday_name(number: int) -> str:
    """Say "Dienstag"; 0 is Monday, 7 stands for public holidays."""
    if number == HOLIDAY:
        return pgettext("day of a week of opening hours", "Public holiday")
    return str(WEEKDAYS[number])


def weekday_short(number: int) -> str:
    """Say "Di."; 0 is Monday, 7 stands for public holidays."""
    if number == HOLIDAY:
        return pgettext("short day of a week of opening hours", "Holiday")
    return pgettext("short weekday", "%(weekday)s") % {"weekday": WEEKDAYS_ABBR[number]}


def named_day(day: date, today: date) -> str:
    """Say "Montag, 30. November", with the year only if the day is far away."""
    far = day.year != today.year and abs(day - today) > _YEAR_GOES_WITHOUT_SAYING
    return f"{weekday_name(day.weekday())}, {date_long(day) if far else day_month(day)}"


def relative_day(day: date, today: date) -> str:
    """Say "heute", "morgen" or "am Montag, 30. November"."""
    match (day - today).days:
        case 0:
            return pgettext("hours", "today")
        case 1:
            return pgettext("hours", "tomorrow")
    return pgettext("hours", "on %(day)s") % {"day": named_day(day, today)}


def join_and(texts: Sequence[str]) -> str:
    """Say "a", "a und b", "a, b und c"."""
    if len(texts) <= 1:
        return "".join(texts)
    return pgettext("list", "%(first)s and %(last)s") % {
        "first": ", ".join(texts[:-1]),
        "last": texts[-1],
    }


def join_weekdays(numbers: Sequence[int], name: Callable[[int], str] = weekday_name) -> str:
    """Say "Montag bis Freitag", "Montag und Dienstag", "Montag, Mittwoch und Freitag".

    `name` says one of them: weekday_name or weekday_short.
    """
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:  # noqa: PLR2004 - two days are “a and b”
        return pgettext("weekdays", "%(first)s to %(last)s") % {
            "first": name(numbers[0]),
            "last": name(numbers[-1]),
        }
    return join_and([name(number) for number in numbers])
