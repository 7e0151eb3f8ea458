"""A centre's weekly groups as a list that somebody typed or saved from a table.

One line a group: name; weekday; from–to; room; until. Every fault of every line is found at once.
Weekdays, times and dates are read in German, with English names beside them.
"""

from bookings.rules.weekly_list.decoding import LARGEST
from bookings.rules.weekly_list.reading import LONGEST_LIST, read_weekly_list
from bookings.rules.weekly_list.values import (
    Column,
    Fault,
    FaultCode,
    ListRoom,
    WeeklyList,
    WeeklyRow,
)

__all__ = [
    "LARGEST",
    "LONGEST_LIST",
    "Column",
    "Fault",
    "FaultCode",
    "ListRoom",
    "WeeklyList",
    "WeeklyRow",
    "read_weekly_list",
]
