"""Opening hours as plain Python: no framework, no clock, no database.

A Schedule answers what is the case at a moment and on a day. It thinks in Europe/Berlin
wall-clock time, in half-open spans, and takes `now` as an argument (an aware datetime).
"""

from cms.opening_hours.day_plan import Slot, blocks, usual_times
from cms.opening_hours.osm import OSM_LIMIT, osm_string, osm_string_in_dates
from cms.opening_hours.schedule import CLOSING_SOON, Schedule, no_holidays
from cms.opening_hours.timeline import SEARCH_DAYS
from cms.opening_hours.values import (
    HOLIDAY,
    HolidayPolicy,
    HoursException,
    Kind,
    Pattern,
    Rule,
    Span,
    State,
    Status,
    TimeRange,
    is_range,
)
from cms.opening_hours.wall_clock import BERLIN

__all__ = [
    "BERLIN",
    "CLOSING_SOON",
    "HOLIDAY",
    "OSM_LIMIT",
    "SEARCH_DAYS",
    "HolidayPolicy",
    "HoursException",
    "Kind",
    "Pattern",
    "Rule",
    "Schedule",
    "Slot",
    "Span",
    "State",
    "Status",
    "TimeRange",
    "blocks",
    "is_range",
    "no_holidays",
    "osm_string",
    "osm_string_in_dates",
    "usual_times",
]
