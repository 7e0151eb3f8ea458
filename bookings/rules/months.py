"""Months of a room's calendar: in addresses, and their days."""

import re
from calendar import monthrange
from datetime import date, timedelta

MONTH_SHAPE = re.compile(r"([0-9]{4})-([0-9]{2})")


def parse_month(text: str) -> date:
    """Return the first day of "2026-12". Raises ValueError."""
    match = MONTH_SHAPE.fullmatch(text)
    if match is None:
        msg = "not a month"
        raise ValueError(msg)
    return date(int(match[1]), int(match[2]), 1)


def month_text(day: date) -> str:
    """Return "2026-12", as it stands in addresses."""
    return f"{day.year:04}-{day.month:02}"


def month_of(day: date) -> date:
    """Return the first day of the month."""
    return day.replace(day=1)


def days_of_month(first: date) -> list[date]:
    _weekday, count = monthrange(first.year, first.month)
    return [first + timedelta(days=number) for number in range(count)]


def month_before(first: date) -> date:
    return month_of(first - timedelta(days=1))


def month_after(first: date) -> date:
    return days_of_month(first)[-1] + timedelta(days=1)
