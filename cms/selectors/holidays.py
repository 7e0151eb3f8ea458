"""What is known of the holidays ahead, and how far."""

import datetime as dt
from dataclasses import dataclass

from cms.holiday_calendar import HolidayCalendar
from cms.opening_hours.wall_clock import ONE_DAY

AHEAD = dt.timedelta(days=365)
# Holidays on a fixed day: if they are known, the year's list is there.
FIXED_HOLIDAYS = ((1, 1), (5, 1), (10, 3))


@dataclass(frozen=True, slots=True)
class HolidaySpan:
    name: str
    first: dt.date
    last: dt.date


def public_holidays_ahead(calendar: HolidayCalendar, today: dt.date) -> list[HolidaySpan]:
    """Return the public holidays of the next twelve months."""
    return _spans([(day, calendar.public_name(day)) for day in _year_from(today)])


def school_holidays_ahead(calendar: HolidayCalendar, today: dt.date) -> list[HolidaySpan]:
    """Return the school holidays of the next twelve months, those that go on now included."""
    return _spans([(day, calendar.school_name(day)) for day in _year_from(today)])


def unknown_public_holidays(calendar: HolidayCalendar, today: dt.date) -> list[dt.date]:
    """Return fixed holidays of the next twelve months that are not known."""
    days = [
        dt.date(year, month, day)
        for year in (today.year, today.year + 1)
        for month, day in FIXED_HOLIDAYS
    ]
    return [
        day for day in days if today <= day <= today + AHEAD and calendar.public_name(day) is None
    ]


def school_holidays_end_early(calendar: HolidayCalendar, today: dt.date) -> dt.date | None:
    """Return the last day known of school holidays if it lies within the next twelve months."""
    known = calendar.school_known_until(today)
    return known if known < today + AHEAD else None


def _year_from(today: dt.date) -> list[dt.date]:
    return [today + number * ONE_DAY for number in range(AHEAD.days)]


def _spans(days: list[tuple[dt.date, str | None]]) -> list[HolidaySpan]:
    spans: list[HolidaySpan] = []
    for day, name in days:
        if name is None:
            continue
        last = spans[-1] if spans else None
        if last is not None and last.name == name and last.last + ONE_DAY == day:
            spans[-1] = HolidaySpan(name, last.first, day)
        else:
            spans.append(HolidaySpan(name, day, day))
    return spans
