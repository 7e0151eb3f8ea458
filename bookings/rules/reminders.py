"""When a group is reminded of a date: on the day before, from the morning on."""

from datetime import datetime, time, timedelta

from bookings.rules.spans import Span
from bookings.rules.wall_clock import berlin_day, instant, whole_day

REMIND_FROM = time(9)


def time_to_remind_of(now: datetime) -> Span | None:
    """Return the whole of tomorrow, None while it is too early in the morning."""
    today = berlin_day(now)
    if now < instant(today, REMIND_FROM):
        return None
    return whole_day(today + timedelta(days=1))
