"""Short ways to write weeks and moments.

`~` stands for the no-break space between a number and what it counts.
"""

from datetime import date, datetime, time

from cms import wording
from cms.opening_hours import BERLIN, HoursException, Kind, Rule, Schedule, TimeRange

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
TODAY = date(2026, 11, 24)  # a Tuesday


def no_break(text: str) -> str:
    return text.replace("~", "\N{NO-BREAK SPACE}")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def rule(kind: Kind, weekday: int, start: int, end: int, **extra) -> Rule:
    return Rule(kind, weekday, time(start), time(end % 24), **extra)


def week(*rules: Rule, exceptions: tuple[HoursException, ...] = (), **extra) -> Schedule:
    return Schedule(rules, exceptions, **extra)


def sentence(schedule: Schedule, now: str) -> str:
    return wording.state_sentence(schedule.state_at(at(now)), at(now)).text


LEAVE = HoursException(
    date(2026, 12, 23),
    date(2027, 1, 2),
    reason="Urlaub",
    substitute="Zweigstelle Freden",
    substitute_phone="030 23125 460",
)
SHORT_FRIDAY = HoursException(
    date(2026, 11, 27), date(2026, 11, 27), (TimeRange(time(8), time(11)),)
)
HOLIDAYS = {date(2028, 10, 31): "Reformationstag"}  # a Tuesday
