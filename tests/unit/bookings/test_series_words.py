"""How a series is said, and what a refusal of one says to do next. In German: it is agreed."""

import datetime as dt

import pytest
from django.utils import translation

from bookings.rules.recurrence import Frequency, Recurrence, recurrence_of, refusals_of_series
from bookings.rules.refusals import Code, Refusal
from bookings.rules.wall_clock import span_on
from bookings.wording import recurrence_text, refusal_sentence
from cms.wording import plain_text

TUESDAY = dt.date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _german():
    with translation.override("de"):
        yield


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("daily", "jeden Tag"),
        ("workdays", "montags bis freitags"),
        ("weekly:TU", "jeden Dienstag"),
        ("weekly:TU,TH", "jeden Dienstag und Donnerstag"),
        ("weekly:MO,TU,WE", "jeden Montag, Dienstag und Mittwoch"),
        ("weekly/2:TU", "alle 2 Wochen am Dienstag"),
        ("weekly/4:SA,SU", "alle 4 Wochen am Samstag und Sonntag"),
        ("monthly:1MO", "an jedem ersten Montag im Monat"),
        ("monthly:2TU", "an jedem zweiten Dienstag im Monat"),
        ("monthly:3WE", "an jedem dritten Mittwoch im Monat"),
        ("monthly:4TH", "an jedem vierten Donnerstag im Monat"),
        ("monthly:-1FR", "an jedem letzten Freitag im Monat"),
    ],
)
def test_how_often(name, text):
    assert recurrence_text(recurrence_of(name)) == text


SENTENCES = {
    ("weekly:TU", None): """Bitte geben Sie an, bis wann die Termine stattfinden sollen:
        längstens bis 24. November 2028.""",
    ("weekly:TU", "2026-11-23"): """Die Terminreihe würde enden, bevor sie beginnt.
        Bitte wählen Sie ein Ende ab 24. November 2026.""",
    ("weekly:TU", "2029-01-01"): """Eine Terminreihe darf höchstens 2 Jahre dauern.
        Bitte wählen Sie ein Ende bis 24. November 2028.""",
    ("daily", "2028-11-24"): """Eine Terminreihe darf höchstens 400 Termine haben.
        Bitte wählen Sie ein Ende bis 28. Dezember 2027.""",
    ("weekly:MO", "2026-11-27"): """Bis dahin gibt es keinen Termin: Der erste wäre am
        30. November 2026. Bitte wählen Sie ein späteres Ende.""",
    ("weekly without a day", "2026-12-24"): """So kann sich ein Termin nicht wiederholen. Bitte
        wählen Sie zum Beispiel: jede Woche, alle 2 Wochen oder einmal im Monat.""",
}


@pytest.mark.parametrize(("asked", "sentence"), SENTENCES.items())
def test_what_is_wrong_and_what_to_do(asked, sentence):
    name, until = asked
    recurrence = recurrence_of(name) or Recurrence(Frequency.WEEKLY)
    last = dt.date.fromisoformat(until) if until else None
    (refusal,) = refusals_of_series(recurrence, TUESDAY, last, dt.time(19), dt.time(21))
    assert refusal_sentence(refusal).split() == sentence.split()


def test_a_date_that_does_not_work_for_two_reasons_is_named_once():
    evening = span_on(TUESDAY, dt.time(19, 5), dt.time(21, 5))
    wrong = [
        (evening, Refusal(Code.OFF_RASTER, "start", {"minutes": 15})),
        (evening, Refusal(Code.OFF_RASTER, "end", {"minutes": 15})),
        (evening, Refusal(Code.TOO_SHORT, "end", {"minutes": 180})),
    ]
    said = refusal_sentence(Refusal(Code.DATES_GONE, "dates", {"dates": tuple(wrong)}))
    assert plain_text(said) == (
        "1 Termin geht so nicht: Di., 24. November 2026, 19:05–21:05 Uhr – Bitte wählen Sie volle "
        "Viertelstunden, zum Beispiel 19:15 oder 19:30 Uhr. Bitte fragen Sie mindestens 180 Minuten "
        "an. Bitte sehen Sie sich die Termine noch einmal an und wählen Sie, was gelten soll."
    )
