"""Random weeks: rules of every kind and pattern, nights, exceptions, holidays and moments."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from cms.opening_hours import (
    BERLIN,
    HOLIDAY,
    HolidayPolicy,
    HoursException,
    Kind,
    Pattern,
    Rule,
    Schedule,
    TimeRange,
)

# Both clock changes, the turn of a year with a week 53 and ordinary weeks; every day near another.
PERIODS = [
    (date(2026, 3, 25), date(2026, 4, 1)),
    (date(2026, 10, 21), date(2026, 10, 28)),
    (date(2026, 12, 23), date(2027, 1, 12)),
]
days = st.sampled_from(PERIODS).flatmap(lambda period: st.dates(*period))
quarters = st.integers(0, 96)
kinds = st.sampled_from([Kind.OPEN, *Kind])
notes = st.sampled_from(["", "Kinder", "Impfen"])
every_pattern = tuple(Pattern)
validity = st.one_of(st.none(), st.none(), st.none(), days)


def quarter(number: int) -> time:
    return time(number // 4 % 24, number % 4 * 15)


@st.composite
def time_pairs(draw: st.DrawFn) -> tuple[time, time]:
    if draw(st.sampled_from([True, False, False, False])):
        # From noon or later to 6:00 at the latest.
        return quarter(draw(st.integers(48, 95))), quarter(draw(st.integers(0, 24)))
    # Half of the times lie in the night, where the clock changes and days meet.
    numbers = draw(
        st.lists(st.one_of(quarters, st.integers(0, 20)), min_size=2, max_size=2, unique=True)
    )
    first, last = sorted(numbers)
    return quarter(first), quarter(last)


@st.composite
def rules(draw: st.DrawFn, patterns: Sequence[Pattern] = every_pattern) -> Rule:
    kind = draw(kinds)
    is_timed = kind is not Kind.APPOINTMENT or draw(st.booleans())
    start, end = draw(time_pairs()) if is_timed else (None, None)
    return Rule(
        kind,
        draw(st.integers(0, HOLIDAY)),
        start,
        end,
        valid_from=draw(validity),
        valid_to=draw(validity),
        note=draw(notes),
        pattern=draw(st.sampled_from(patterns)) if draw(st.booleans()) else Pattern.EVERY,
    )


@st.composite
def exceptions(draw: st.DrawFn) -> HoursException:
    first = draw(days)
    ranges = draw(st.lists(time_pairs(), max_size=3))
    return HoursException(
        first,
        first + timedelta(days=draw(st.integers(0, 10))),
        tuple(TimeRange(start, end, draw(kinds)) for start, end in ranges),
    )


@st.composite
def school_holidays(draw: st.DrawFn) -> dict[date, str]:
    found: dict[date, str] = {}
    for first in draw(st.lists(days, max_size=2)):
        length = draw(st.integers(1, 12))
        found |= {first + timedelta(days=number): "Ferien" for number in range(length)}
    return found


@st.composite
def schedules(
    draw: st.DrawFn, patterns: Sequence[Pattern] = every_pattern, min_rules: int = 0
) -> Schedule:
    holidays = dict.fromkeys(draw(st.lists(days, max_size=3)), "Feiertag")
    return Schedule(
        tuple(draw(st.lists(rules(patterns), min_size=min_rules, max_size=12))),
        tuple(draw(st.lists(exceptions(), max_size=3))),
        draw(st.sampled_from(HolidayPolicy)),
        holidays.get,
        draw(school_holidays()).get,
    )


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    day = draw(days)
    minutes = draw(st.one_of(st.integers(0, 1500), st.integers(0, 100).map(lambda n: n * 15)))
    start = datetime(day.year, day.month, day.day, tzinfo=BERLIN).astimezone(UTC)
    zone = draw(st.sampled_from([UTC, BERLIN]))
    return (start + timedelta(minutes=minutes)).astimezone(zone)


def next_midnight(now: datetime) -> datetime:
    day = now.astimezone(BERLIN).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=BERLIN).astimezone(UTC)


def moment_between(now: datetime, end: datetime, share: float) -> datetime:
    """Return a moment in [now, end)."""
    start = now.astimezone(UTC)
    last = end.astimezone(UTC) - timedelta(microseconds=1)
    return start + (last - start) * share
