"""Days that move along with the day of loading."""

import datetime as dt

from cms.holiday_calendar import holiday_name
from home.demo.values import RelativeDay

CHRISTMAS_LEAVE = ((12, 23), (1, 2))  # first and last day: month, day


def christmas_leave_starts(today: dt.date) -> dt.date:
    """Return 23 December of the leave that is running or comes next."""
    (month, day), last = CHRISTMAS_LEAVE
    running_since_last_year = (today.month, today.day) <= last
    return dt.date(today.year - running_since_last_year, month, day)


def christmas_leave_ends(today: dt.date) -> dt.date:
    return dt.date(christmas_leave_starts(today).year + 1, *CHRISTMAS_LEAVE[1])


def monday_after_christmas_leave(today: dt.date) -> dt.date:
    end = christmas_leave_ends(today)
    return end + dt.timedelta(days=7 - end.weekday())


def days_ago(days: int) -> RelativeDay:
    return lambda today: today - dt.timedelta(days=days)


def next_working_day(*weekdays: int, after: int = 2) -> RelativeDay:
    """Return the next of these weekdays that lies more than `after` days ahead.

    Public holidays are left out: other hours would open the doors on them.
    """

    def day(today: dt.date) -> dt.date:
        candidate = today + dt.timedelta(days=after + 1)
        while candidate.weekday() not in weekdays or holiday_name(candidate):
            candidate += dt.timedelta(days=1)
        return candidate

    return day
