"""What all iCalendar files of this site have in common: their frame, and Berlin's clock."""

import datetime as dt

from icalendar import Calendar, Timezone, vDuration, vText

from cms.opening_hours import BERLIN

REFRESH = dt.timedelta(hours=1)

# The rule since 1996, which every calendar reads; generated lists of past changes are ten times as long.
BERLIN_TIME = """BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:19960331T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""


def calendar_to_subscribe(*, kind: str, name: str) -> Calendar:
    """Return a calendar without entries. `kind`: what it holds, in ASCII.

    The rule of the clock stands in it always: without anything some programs refuse a calendar.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//RVZ//{kind}//DE")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", vText(name))
    calendar.add("x-wr-calname", vText(name))
    calendar.add("x-wr-timezone", BERLIN.key)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    calendar.add_component(Timezone.from_ical(BERLIN_TIME))
    return calendar
