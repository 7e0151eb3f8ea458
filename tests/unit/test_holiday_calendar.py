"""The calendar that closes services by default."""

import datetime as dt

import pytest

from cms.holiday_calendar import HolidayChange, HolidayKind, calendar_with, holiday_name


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (dt.date(2026, 10, 31), "Reformationstag"),
        (dt.date(2028, 10, 31), "Reformationstag"),  # a Tuesday
        (dt.date(2026, 12, 31), None),
        (dt.date(2026, 12, 25), "Erster Weihnachtstag"),
        (dt.date(2027, 3, 26), "Karfreitag"),
        (dt.date(2026, 11, 1), None),  # Allerheiligen is none in Lower Saxony
        (dt.date(2026, 11, 24), None),
    ],
)
def test_public_holidays_are_those_of_lower_saxony_in_german(day, name):
    assert holiday_name(day) == name


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (dt.date(2026, 10, 11), None),
        (dt.date(2026, 10, 12), "Herbstferien"),
        (dt.date(2026, 10, 24), "Herbstferien"),
        (dt.date(2026, 10, 25), None),
        (dt.date(2026, 12, 31), "Weihnachtsferien"),
        (dt.date(2027, 1, 9), "Weihnachtsferien"),
        (dt.date(2027, 1, 10), None),
        (dt.date(2028, 10, 31), "Herbstferien"),  # and a public holiday
        (dt.date(2035, 7, 20), None),  # nobody knows yet
    ],
)
def test_school_holidays_have_a_first_and_a_last_day(day, name):
    assert calendar_with(()).school_name(day) == name


def change(kind: HolidayKind, first: str, last: str, name: str) -> HolidayChange:
    return HolidayChange(kind, dt.date.fromisoformat(first), dt.date.fromisoformat(last), name)


def test_the_office_adds_takes_away_and_renames():
    calendar = calendar_with(
        (
            change(HolidayKind.PUBLIC, "2027-10-31", "2027-10-31", ""),
            change(HolidayKind.PUBLIC, "2027-11-05", "2027-11-05", "Tag der Befreiung"),
            change(HolidayKind.SCHOOL, "2030-07-04", "2030-08-14", "Sommerferien"),
            change(HolidayKind.SCHOOL, "2026-10-12", "2026-10-13", ""),
        )
    )

    assert calendar.public_name(dt.date(2027, 10, 31)) is None
    assert calendar.public_name(dt.date(2028, 10, 31)) == "Reformationstag"
    assert calendar.public_name(dt.date(2027, 11, 5)) == "Tag der Befreiung"
    assert calendar.school_name(dt.date(2027, 11, 5)) is None
    assert calendar.school_name(dt.date(2030, 7, 4)) == "Sommerferien"
    assert calendar.school_name(dt.date(2030, 8, 14)) == "Sommerferien"
    assert calendar.school_name(dt.date(2030, 8, 15)) is None
    assert calendar.school_name(dt.date(2026, 10, 13)) is None
    assert calendar.school_name(dt.date(2026, 10, 14)) == "Herbstferien"


def test_of_two_changes_of_a_day_the_later_one_holds():
    away = change(HolidayKind.PUBLIC, "2026-12-25", "2026-12-25", "")
    named = change(HolidayKind.PUBLIC, "2026-12-25", "2026-12-25", "Weihnachten")

    assert calendar_with((away, named)).public_name(dt.date(2026, 12, 25)) == "Weihnachten"
    assert calendar_with((named, away)).public_name(dt.date(2026, 12, 25)) is None


def test_how_far_school_holidays_are_known():
    today = dt.date(2026, 11, 28)
    added = change(HolidayKind.SCHOOL, "2030-07-04", "2030-08-14", "Sommerferien")

    known = calendar_with(()).school_known_until(today)

    assert known > dt.date(2029, 7, 1)
    assert calendar_with(()).school_name(known) is not None
    assert calendar_with((added,)).school_known_until(today) == dt.date(2030, 8, 14)
    assert calendar_with(()).school_known_until(dt.date(2040, 1, 1)) == dt.date(2040, 1, 1)


@pytest.mark.parametrize("year", [1, 1500, 2100, 9999])
def test_any_year_may_be_asked(year):
    calendar_with(()).public_name(dt.date(year, 12, 31))
    assert calendar_with(()).school_name(dt.date(year, 12, 31)) is None
