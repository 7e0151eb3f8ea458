"""The next date of what does not hold every week, on the exact sentence."""

import datetime as dt

import pytest

from cms.holiday_calendar import calendar_with
from cms.opening_hours import BERLIN, HoursException, Kind, Pattern, Rule, Schedule
from cms.wording import coming_dates

CALENDAR = calendar_with(())
NOW = dt.datetime(2026, 11, 24, 10, 14, tzinfo=BERLIN)  # a Tuesday of week 48


def schedule(*rules: Rule, exceptions: tuple[HoursException, ...] = ()) -> Schedule:
    return Schedule(
        rules, exceptions, holidays=CALENDAR.public_name, school_holidays=CALENDAR.school_name
    )


def rule(pattern: Pattern, weekday: int = 1, kind: Kind = Kind.OPEN) -> Rule:
    return Rule(kind, weekday, dt.time(15), dt.time(18), pattern=pattern)


def said(schedule: Schedule, now: dt.datetime = NOW) -> list[str]:
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in coming_dates(schedule, now)]


@pytest.mark.parametrize(
    ("pattern", "day"),
    [
        (Pattern.EVEN, "Dienstag, 24. November"),
        (Pattern.ODD, "Dienstag, 1. Dezember"),
        (Pattern.FIRST, "Dienstag, 1. Dezember"),
        (Pattern.FOURTH, "Dienstag, 24. November"),
        (Pattern.FIFTH, "Dienstag, 29. Dezember"),
        (Pattern.LAST, "Dienstag, 24. November"),
    ],
)
def test_next_date_is_the_first_on_which_the_pattern_holds(pattern, day):
    assert said(schedule(rule(pattern))) == [f"Nächster Termin: {day}, 15:00–18:00 Uhr"]


def test_date_that_is_over_or_falls_out_is_not_the_next_one():
    evening = NOW.replace(hour=18)
    assert said(schedule(rule(Pattern.LAST)), evening)[0].startswith(
        "Nächster Termin: Dienstag, 29. Dezember"
    )
    leave = HoursException(dt.date(2026, 12, 23), dt.date(2027, 1, 2))
    assert said(schedule(rule(Pattern.LAST), exceptions=(leave,)), evening)[0].startswith(
        "Nächster Termin: Dienstag, 26. Januar"
    )
    # The last Friday of December 2026 is Christmas.
    assert said(schedule(rule(Pattern.LAST, 4)), NOW + dt.timedelta(days=4))[0].startswith(
        "Nächster Termin: Freitag, 29. Januar"
    )


def test_other_kinds_are_named_and_dates_stand_in_order():
    assert said(schedule(rule(Pattern.ODD), rule(Pattern.EVEN, 3, Kind.PHONE))) == [
        "Telefonzeit, nächster Termin: Donnerstag, 26. November, 15:00–18:00 Uhr",
        "Nächster Termin: Dienstag, 1. Dezember, 15:00–18:00 Uhr",
    ]


def test_school_holidays_are_named_where_times_depend_on_them():
    school = schedule(rule(Pattern.SCHOOL_WEEKS))
    assert said(school) == [
        "Nächste Schulferien: Weihnachtsferien vom 23. Dezember 2026 bis 9. Januar 2027"
    ]
    assert said(school, dt.datetime(2026, 12, 28, 9, tzinfo=BERLIN)) == [
        "Zurzeit sind Schulferien: Weihnachtsferien bis 9. Januar 2027"
    ]
    assert said(schedule(rule(Pattern.EVERY))) == []


def test_what_never_comes_again_is_not_promised():
    over = Rule(
        Kind.OPEN, 1, dt.time(15), dt.time(18), valid_to=dt.date(2026, 11, 20), pattern=Pattern.LAST
    )
    assert said(schedule(over)) == []
