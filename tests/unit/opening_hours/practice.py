"""The practice of the mock-ups and short ways to write weeks; 24 November 2026 is a Tuesday."""

from datetime import date, datetime, time

from cms.opening_hours import BERLIN, HoursException, Kind, Rule, Schedule, Span, TimeRange

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
SPRING = date(2026, 3, 29)  # 2:00 becomes 3:00
AUTUMN = date(2026, 10, 25)  # 3:00 becomes 2:00
HOLIDAYS = {
    date(2026, 12, 25): "1. Weihnachtstag",
    date(2027, 1, 1): "Neujahr",
    date(2028, 10, 31): "Reformationstag",  # a Tuesday
    date(2026, 10, 31): "Reformationstag",  # a Saturday
}


def at(text: str) -> datetime:
    """Read "2026-11-24 10:14" as Berlin wall-clock time."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=BERLIN)


def clock(text: str) -> time:
    hour, _, minute = text.partition(":")
    return time(int(hour) % 24, int(minute or 0))


def rules(kind: Kind, weekday: int, *texts: str, **extra) -> list[Rule]:
    """Read "8-12", "15:30-18"."""
    made = []
    for text in texts:
        start, _, end = text.partition("-")
        made.append(Rule(kind, weekday, clock(start), clock(end), **extra))
    return made


def times(*texts: str, kind: Kind = Kind.OPEN) -> tuple[TimeRange, ...]:
    pairs = [text.partition("-") for text in texts]
    return tuple(TimeRange(clock(start), clock(end), kind) for start, _, end in pairs)


def shown(spans: tuple[Span, ...], kind: Kind | None = None) -> list[str]:
    """Say spans as "8:00-12:00", the end as "24:00" where it is the next day's beginning."""
    return [
        f"{span.start:%H:%M}-{span.end:%H:%M}".replace("-00:00", "-24:00")
        for span in spans
        if kind in {None, span.kind}
    ]


PRACTICE = [
    *rules(Kind.OPEN, MON, "8-12", "15-18"),
    *rules(Kind.OPEN, TUE, "8-12", "15-18"),
    *rules(Kind.OPEN, WED, "8-12"),
    *rules(Kind.OPEN, THU, "8-12", "16-19"),
    *rules(Kind.OPEN, FRI, "8-13"),
    *(rule for day in range(5) for rule in rules(Kind.WALK_IN, day, "8-9:30")),
    *rules(Kind.PHONE, MON, "7:30-11:30", "15-16:30"),
    *rules(Kind.PHONE, TUE, "7:30-11:30", "15-16:30"),
    *rules(Kind.PHONE, WED, "7:30-11:30"),
    *rules(Kind.PHONE, THU, "7:30-11:30", "16-17:30"),
    *rules(Kind.PHONE, FRI, "7:30-12:30"),
    *rules(Kind.OPEN, WED, "15-17", valid_from=date(2027, 1, 4)),
]
LEAVE = HoursException(date(2026, 12, 23), date(2027, 1, 2), reason="Urlaub")
SHORT_FRIDAY = HoursException(date(2026, 11, 27), date(2026, 11, 27), times("8-11"))


def week_of(*week: Rule, **extra) -> Schedule:
    return Schedule(tuple(week), **extra)
