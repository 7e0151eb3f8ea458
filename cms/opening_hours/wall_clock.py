"""From seconds on the wall clock of a Berlin day to instants, across both clock changes.

An hour that does not exist (spring) shrinks to the instant at which it would have begun; of an
hour that comes twice (autumn) the first one is meant, as in RFC 5545.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from cms.opening_hours.values import DAY_SECONDS

BERLIN = ZoneInfo("Europe/Berlin")
ONE_DAY = timedelta(days=1)


def instant(day: date, second: int) -> datetime:
    """Return the aware Berlin datetime of a second of the day; beyond 86400 it is the day after."""
    if second >= DAY_SECONDS:
        day += ONE_DAY
        second -= DAY_SECONDS
    return datetime.combine(day, _clock(second))


@lru_cache(maxsize=2048)
def _clock(second: int) -> time:
    minutes, second = divmod(second, 60)
    hour, minute = divmod(minutes, 60)
    return time(hour, minute, second, tzinfo=BERLIN)


@lru_cache(maxsize=4096)
def missing_seconds(day: date) -> tuple[int, int] | None:
    """Return the seconds [first, end) that the clock skips on this day, None on all other days."""
    before, after = instant(day, 0).utcoffset(), instant(day, DAY_SECONDS).utcoffset()
    if before is None or after is None or after <= before:
        return None
    first = next(second for second in range(0, DAY_SECONDS, 60) if not _exists(day, second))
    return first, first + int((after - before).total_seconds())


def _exists(day: date, second: int) -> bool:
    wall = instant(day, second)
    return wall.astimezone(UTC).astimezone(BERLIN) == wall
