"""The calendar that closes services by default."""

import datetime as dt

import pytest

from cms.holiday_calendar import holiday_name


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (dt.date(2026, 10, 31), "Reformationstag"),
        (dt.date(2026, 12, 25), "Erster Weihnachtstag"),
        (dt.date(2027, 3, 26), "Karfreitag"),
        (dt.date(2026, 11, 1), None),  # Allerheiligen is none in Lower Saxony
        (dt.date(2026, 11, 24), None),
    ],
)
def test_holiday_calendar_are_those_of_lower_saxony_in_german(day, name):
    assert holiday_name(day) == name
