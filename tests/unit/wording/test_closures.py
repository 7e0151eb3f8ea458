"""Sentence 8 of look.md section 6: closures and other hours."""

import dataclasses
from datetime import date, time

import pytest

from cms import wording
from cms.opening_hours import HoursException, Kind, TimeRange
from tests.unit.wording.practice import LEAVE, SHORT_FRIDAY, TODAY, no_break, week

# Closures


@pytest.mark.parametrize(
    ("exception", "expected"),
    [
        (LEAVE, "Urlaub: geschlossen vom 23.~Dezember 2026 bis 2.~Januar 2027"),
        (
            dataclasses.replace(LEAVE, reason=""),
            "Geschlossen vom 23.~Dezember 2026 bis 2.~Januar 2027",
        ),
        (
            HoursException(date(2026, 11, 27), date(2026, 11, 27)),
            "Am 27.~November 2026 geschlossen",
        ),
        (
            HoursException(date(2026, 11, 27), date(2026, 11, 27), reason="Fortbildung"),
            "Fortbildung: am 27.~November 2026 geschlossen",
        ),
        (SHORT_FRIDAY, "Am Freitag, 27.~November, nur bis 11:00~Uhr"),
        (
            dataclasses.replace(SHORT_FRIDAY, reason="Fortbildung"),
            "Fortbildung: am Freitag, 27.~November, nur bis 11:00~Uhr",
        ),
        (
            dataclasses.replace(SHORT_FRIDAY, times=(TimeRange(time(9), time(11)),)),
            "Am Freitag, 27.~November: 9:00–11:00~Uhr",
        ),
        (
            dataclasses.replace(SHORT_FRIDAY, times=(TimeRange(time(8), time(14)),)),
            "Am Freitag, 27.~November: 8:00–14:00~Uhr",
        ),
        (
            dataclasses.replace(SHORT_FRIDAY, times=(TimeRange(time(8), time(11), Kind.PHONE),)),
            "Am Freitag, 27.~November: 8:00–11:00~Uhr nur am Telefon",
        ),
        (
            HoursException(
                TODAY, TODAY, (TimeRange(time(8), time(12)), TimeRange(time(15), time(16)))
            ),
            "Am Dienstag, 24.~November, nur bis 16:00~Uhr",
        ),
        (
            HoursException(TODAY, TODAY, (TimeRange(time(8), time(12)),)),
            "Am Dienstag, 24.~November, nur bis 12:00~Uhr",
        ),
        (
            HoursException(
                date(2026, 11, 28),
                date(2026, 11, 28),
                (TimeRange(time(9), time(11)), TimeRange(time(14), time(0))),
            ),
            "Am Samstag, 28.~November: 9:00–11:00~Uhr und 14:00–24:00~Uhr",
        ),
        (
            HoursException(TODAY, date(2026, 11, 26), (TimeRange(time(9), time(11)),)),
            "Vom 24.~November bis 26.~November 2026: 9:00–11:00~Uhr",
        ),
    ],
)
def test_the_title_of_an_exception(practice, exception, expected):
    schedule = dataclasses.replace(practice, exceptions=(exception,))

    assert wording.closure_title(exception, schedule) == no_break(expected)


def test_the_title_with_the_name_of_the_service(practice):
    def title(exception: HoursException) -> str:
        return wording.closure_title(exception, practice, service="Hausarztpraxis")

    assert title(SHORT_FRIDAY) == no_break(
        "Hausarztpraxis am Freitag, 27.~November, nur bis 11:00~Uhr"
    )
    assert title(LEAVE) == no_break(
        "Hausarztpraxis – Urlaub: geschlossen vom 23.~Dezember 2026 bis 2.~Januar 2027"
    )
    assert title(dataclasses.replace(LEAVE, reason="")) == no_break(
        "Hausarztpraxis geschlossen vom 23.~Dezember 2026 bis 2.~Januar 2027"
    )


def test_the_title_names_the_year_of_a_day_far_away(practice):
    day = date(2027, 11, 26)
    exception = dataclasses.replace(SHORT_FRIDAY, first=day, last=day)
    schedule = dataclasses.replace(practice, exceptions=(exception,))

    assert wording.closure_title(exception, schedule, today=TODAY) == no_break(
        "Am Freitag, 26.~November 2027, nur bis 11:00~Uhr"
    )


def test_the_whole_closure(practice):
    assert wording.closure_text(LEAVE, practice) == no_break(
        "Urlaub: geschlossen vom 23.~Dezember 2026 bis 2.~Januar 2027. "
        "Ab Montag, 4.~Januar, sind wir wieder da. "
        "Vertretung: Zweigstelle Freden, Telefon 030 23125 460."
    )


def test_the_whole_closure_with_little_known(practice):
    exception = HoursException(TODAY, TODAY, note="Bitte klingeln Sie nebenan.")

    assert wording.closure_text(exception, practice) == no_break(
        "Am 24.~November 2026 geschlossen. Ab Mittwoch, 25.~November, sind wir wieder da. "
        "Bitte klingeln Sie nebenan."
    )
    assert wording.closure_text(exception, week(exceptions=(exception,))) == no_break(
        "Am 24.~November 2026 geschlossen. Bitte klingeln Sie nebenan."
    )


def test_other_hours_have_no_return(practice):
    assert wording.return_sentence(SHORT_FRIDAY, practice) == ""


def test_the_substitute_and_its_phone_are_apart():
    def said(substitute: str, phone: str) -> wording.PhoneSentence | None:
        exception = dataclasses.replace(LEAVE, substitute=substitute, substitute_phone=phone)
        return wording.substitute_sentence(exception)

    assert said("Zweigstelle Freden", "030 23125 460") == wording.PhoneSentence(
        before="Vertretung: Zweigstelle Freden, Telefon ",
        phone="030 23125 460",
        uri="tel:+493023125460",
        after=".",
    )
    assert str(said("Zweigstelle Freden", "")) == "Vertretung: Zweigstelle Freden."
    assert str(said("", "030 23125 460")) == "Vertretung: Telefon 030 23125 460."
    assert said("", "") is None
