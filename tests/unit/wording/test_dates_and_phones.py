"""Times, days and phone numbers, letter by letter."""

from datetime import date, time

import pytest
from django.utils import translation

from cms import wording
from cms.opening_hours import HOLIDAY
from tests.unit.wording.practice import FRI, MON, SUN, THU, TODAY, TUE, WED, at, no_break, sentence

# Times and days


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (lambda: wording.time_text(time(8)), "8:00"),
        (lambda: wording.time_text(at("2026-11-24 19:05")), "19:05"),
        (lambda: wording.clock(time(8)), "8:00~Uhr"),
        (lambda: wording.clock(time(0)), "0:00~Uhr"),
        (lambda: wording.end_clock(time(0)), "24:00~Uhr"),
        (lambda: wording.end_clock(time(0, 30)), "0:30~Uhr"),
        (lambda: wording.range_text(time(8), time(12)), "8:00–12:00"),
        (lambda: wording.span_text(time(8), time(12)), "8:00–12:00~Uhr"),
        (lambda: wording.span_text(time(0), time(0)), "0:00–24:00~Uhr"),
        (
            lambda: wording.span_text(at("2026-11-24 19:30"), at("2026-11-25 00:00")),
            "19:30–24:00~Uhr",
        ),
        (lambda: wording.date_long(TODAY), "24.~November 2026"),
        (lambda: wording.date_short(TODAY), "Di., 24.~November 2026"),
        (lambda: wording.date_full(TODAY), "Dienstag, 24.~November 2026"),
        (lambda: wording.day_month(date(2026, 3, 1)), "1.~März"),
        (
            lambda: wording.date_span(date(2026, 12, 23), date(2027, 1, 2)),
            "vom 23.~Dezember 2026 bis 2.~Januar 2027",
        ),
        (
            lambda: wording.date_span(date(2026, 8, 3), date(2026, 8, 3)),
            "am 3.~August 2026",
        ),
        (
            lambda: wording.date_span(date(2026, 8, 3), date(2026, 8, 14)),
            "vom 3.~August bis 14.~August 2026",
        ),
        (lambda: wording.weekday_name(SUN), "Sonntag"),
        (lambda: wording.weekday_short(MON), "Mo."),
        (lambda: wording.join_and([]), ""),
        (lambda: wording.join_and(["a"]), "a"),
        (lambda: wording.join_and(["a", "b", "c"]), "a, b und c"),
        (lambda: wording.join_weekdays([MON, TUE, WED, THU]), "Montag bis Donnerstag"),
        (lambda: wording.join_weekdays([MON, TUE]), "Montag und Dienstag"),
        (lambda: wording.join_weekdays([MON, TUE, FRI]), "Montag, Dienstag und Freitag"),
    ],
)
def test_times_and_dates(said, expected):
    assert said() == no_break(expected)


def test_public_holidays_have_a_name_among_the_weekdays():
    assert wording.weekday_name(HOLIDAY) == "Feiertag"
    assert wording.weekday_short(HOLIDAY) == "Feiertag"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-11-24", "heute"),
        ("2026-11-25", "morgen"),
        ("2026-11-26", "am Donnerstag, 26.~November"),
        ("2027-01-04", "am Montag, 4.~Januar"),
        ("2027-05-24", "am Montag, 24.~Mai"),
        ("2027-06-07", "am Montag, 7.~Juni 2027"),
        ("2026-01-05", "am Montag, 5.~Januar"),
    ],
)
def test_days_as_seen_from_today(day, expected):
    assert wording.relative_day(date.fromisoformat(day), TODAY) == no_break(expected)


def test_easy_language_is_served_from_the_german_words():
    with translation.override("de-simple"):
        assert wording.span_text(time(8), time(12)) == no_break("8:00–12:00~Uhr")
        assert wording.date_short(TODAY) == no_break("Di., 24.~November 2026")


def test_english_is_the_source(practice):
    with translation.override("en"):
        assert wording.date_short(TODAY) == "Tue, 24 November 2026"
        assert sentence(practice, "2026-11-24 10:14") == (
            "Open now – until 12:00, then again from 15:00"
        )


# Phone numbers


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("030 23125 410", "tel:+493023125410"),
        ("+49 (0)30 23125-410", "tel:+493023125410"),
        ("0049 30 23125410", "tel:+493023125410"),
        ("(05181) 702-0", "tel:+4951817020"),
        ("05181 / 7020", "tel:+4951817020"),
        ("Tel.: 030 23125 410 (Rezepte)", "tel:+493023125410"),
        ("030 23125 410 oder 030 23125 411", "tel:+493023125410"),
        ("+43 1 234567", "tel:+431234567"),
        ("116117", "tel:116117"),
        ("116 117", "tel:116117"),
        ("112", "tel:112"),
        ("+49", "tel:+49"),
        ("0", "tel:0"),
        ("keine", ""),
        ("", ""),
    ],
)
def test_phone_links(text, uri):
    assert wording.phone_uri(text) == uri
