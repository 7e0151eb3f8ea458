"""Between a Berlin day with its wall-clock times and instants."""

from datetime import UTC, date, datetime, time, timedelta

from bookings.rules.spans import Span
from cms.opening_hours import BERLIN

MIDNIGHT = time()
ONE_DAY = timedelta(days=1)


def instant(day: date, at: time) -> datetime:
    """Return the aware Berlin datetime; of an hour that comes twice, the first one."""
    return datetime.combine(day, at, tzinfo=BERLIN)


def exists(day: date, at: time) -> bool:
    """Tell whether the clock shows this time on this day; in the spring gap it does not."""
    wall = instant(day, at)
    return wall.astimezone(UTC).astimezone(BERLIN) == wall


def span_on(day: date, start: time, end: time) -> Span:
    """Return the span of a day; an end at 0:00 is 24:00."""
    last = day + ONE_DAY if end == MIDNIGHT else day
    return Span(instant(day, start), instant(last, end))


def whole_day(day: date) -> Span:
    return span_on(day, MIDNIGHT, MIDNIGHT)


def in_berlin(span: Span) -> Span:
    """Return the same span with Berlin's wall-clock times, as people read it."""
    return Span(span.start.astimezone(BERLIN), span.end.astimezone(BERLIN))


def clock_length(span: Span) -> timedelta:
    """Return how long a span is on the clock: every whole day has 24 hours."""
    start, end = in_berlin(span)
    return end.replace(tzinfo=None) - start.replace(tzinfo=None)


def clock_end(start: datetime, length: timedelta) -> datetime | None:
    """Return when the clock shows that so much is over; None where it skips this time."""
    wall = start.astimezone(BERLIN).replace(tzinfo=None) + length
    return instant(wall.date(), wall.time()) if exists(wall.date(), wall.time()) else None


def is_told_apart(moment: datetime) -> bool:
    """Tell whether day and time say this moment; of an hour that comes twice, they say the first."""
    return not moment.astimezone(BERLIN).fold


def berlin_day(moment: datetime) -> date:
    return moment.astimezone(BERLIN).date()


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
