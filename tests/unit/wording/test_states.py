"""The state sentences of look.md section 6, and the times of a row."""

import dataclasses
from datetime import UTC, date, datetime

import pytest

from cms import wording
from cms.opening_hours import HoursException, Kind, Pattern, Rule, State, Status
from tests.unit.wording.practice import (
    FRI,
    MON,
    SAT,
    THU,
    TODAY,
    TUE,
    WED,
    at,
    no_break,
    rule,
    sentence,
    week,
)

# State sentences


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-24 10:14", "Jetzt geöffnet – bis 12:00~Uhr, dann wieder ab 15:00~Uhr"),
        ("2026-11-24 16:00", "Jetzt geöffnet – bis 18:00~Uhr"),
        ("2026-11-24 11:30", "Noch geöffnet – schließt um 12:00~Uhr"),
        ("2026-11-24 13:00", "Geschlossen – öffnet heute um 15:00~Uhr"),
        ("2026-11-30 19:00", "Geschlossen – öffnet morgen, Dienstag, um 8:00~Uhr"),
        ("2026-11-27 12:00", "Geschlossen – öffnet am Montag, 30.~November, um 8:00~Uhr"),
        ("2026-12-27 10:00", "Geschlossen – öffnet am Montag, 4.~Januar, um 8:00~Uhr"),
        ("2026-11-24 07:30", "Jetzt nur am Telefon – bis 8:00~Uhr"),
        ("2028-10-31 10:00", "Heute geschlossen – Reformationstag"),
    ],
)
def test_the_sentences_of_the_practice(practice, now, expected):
    assert sentence(practice, now) == no_break(expected)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-27 21:00", "Geschlossen – öffnet heute um 22:00~Uhr"),
        ("2026-11-27 23:00", "Jetzt geöffnet – bis 2:00~Uhr"),
        ("2026-11-28 01:15", "Jetzt geöffnet – bis 2:00~Uhr, dann wieder ab 10:00~Uhr"),
        ("2026-11-28 01:45", "Noch geöffnet – schließt um 2:00~Uhr"),
        ("2026-11-28 02:00", "Geschlossen – öffnet heute um 10:00~Uhr"),
    ],
)
def test_the_sentences_of_a_night(now, expected):
    schedule = week(rule(Kind.OPEN, FRI, 22, 2), rule(Kind.OPEN, SAT, 10, 12))

    assert sentence(schedule, now) == no_break(expected)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-03-28", "Jetzt geöffnet – bis 3:00~Uhr"),  # there is no 2:00
        ("2026-10-24", "Jetzt geöffnet – bis 2:00~Uhr"),
    ],
)
def test_the_sentences_of_the_nights_in_which_the_clock_changes(day, expected):
    schedule = week(rule(Kind.OPEN, SAT, 22, 2))

    assert sentence(schedule, f"{day} 23:00") == no_break(expected)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-24 07:00", "Geschlossen – öffnet am Dienstag, 1.~Dezember, um 8:00~Uhr"),
        ("2026-12-01 08:00", "Jetzt geöffnet – bis 12:00~Uhr"),
        ("2026-12-31 10:00", "Geschlossen – öffnet am Dienstag, 5.~Januar, um 8:00~Uhr"),
    ],
)
def test_the_sentences_of_the_first_tuesday_of_the_month(now, expected):
    schedule = week(rule(Kind.OPEN, TUE, 8, 12, pattern=Pattern.FIRST))

    assert sentence(schedule, now) == no_break(expected)


def test_a_closure_that_begins_today_and_a_change_tomorrow(practice):
    wednesday = date(2026, 11, 25)
    today = dataclasses.replace(practice, exceptions=(HoursException(TODAY, TODAY),))
    changed = week(
        rule(Kind.OPEN, WED, 8, 12, valid_to=TODAY),
        rule(Kind.OPEN, WED, 9, 13, valid_from=wednesday),
    )

    assert sentence(today, "2026-11-24 10:00") == no_break(
        "Geschlossen – öffnet morgen, Mittwoch, um 8:00~Uhr"
    )
    assert sentence(changed, "2026-11-24 10:00") == no_break(
        "Geschlossen – öffnet morgen, Mittwoch, um 9:00~Uhr"
    )


@pytest.mark.parametrize(
    ("kind", "now", "expected"),
    [
        (
            Kind.APPOINTMENT,
            "2026-11-24 15:00",
            "Jetzt nur mit Termin – bis 18:00~Uhr. Bitte rufen Sie vorher an.",
        ),
        (Kind.APPOINTMENT, "2026-11-24 09:00", "Geschlossen – heute ab 10:00~Uhr nur mit Termin"),
        (
            Kind.APPOINTMENT,
            "2026-11-23 09:00",
            "Geschlossen – morgen, Dienstag, ab 10:00~Uhr nur mit Termin",
        ),
        (Kind.PHONE, "2026-11-24 15:00", "Jetzt nur am Telefon – bis 18:00~Uhr"),
        (
            Kind.PHONE,
            "2026-11-24 18:00",
            "Geschlossen – am Dienstag, 1.~Dezember, ab 10:00~Uhr nur am Telefon",
        ),
    ],
)
def test_services_without_open_doors(kind, now, expected):
    assert sentence(week(rule(kind, TUE, 10, 18)), now) == no_break(expected)


def test_hours_that_are_not_known():
    assert sentence(week(), "2026-11-24 10:00") == "Zeiten: keine Angabe. Bitte rufen Sie an."


def test_appointments_by_arrangement():
    schedule = week(Rule(Kind.APPOINTMENT, TUE, None, None))

    assert (
        sentence(schedule, "2026-11-24 10:00") == "Termine nach Vereinbarung. Bitte rufen Sie an."
    )


def test_closed_with_nothing_ahead_is_one_word():
    for_good = HoursException(date(2026, 1, 1), date(2099, 12, 31))

    assert sentence(week(exceptions=(for_good,)), "2026-11-24 10:00") == "Geschlossen"


def test_an_opening_far_away_names_its_year():
    schedule = week(rule(Kind.OPEN, MON, 8, 12, valid_from=date(2028, 1, 1)))

    assert sentence(schedule, "2026-11-24 10:00") == no_break(
        "Geschlossen – öffnet am Montag, 3.~Januar 2028, um 8:00~Uhr"
    )


def test_the_end_of_the_day_is_24():
    schedule = week(rule(Kind.OPEN, TUE, 20, 24))

    assert sentence(schedule, "2026-11-24 21:00") == no_break("Jetzt geöffnet – bis 24:00~Uhr")
    assert sentence(schedule, "2026-11-24 23:45") == no_break(
        "Noch geöffnet – schließt um 24:00~Uhr"
    )


def test_today_and_tomorrow_are_those_of_berlin():
    schedule = week(rule(Kind.OPEN, TUE, 8, 12))
    now = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # 0:30 on Tuesday in Berlin

    said = wording.state_sentence(schedule.state_at(now), now)

    assert said.text == no_break("Geschlossen – öffnet heute um 8:00~Uhr")


@pytest.mark.parametrize("kind", [Kind.OPEN, Kind.APPOINTMENT, Kind.PHONE])
def test_without_an_end_within_a_day_no_time_is_said(kind):
    schedule = week(*(rule(kind, day, 0, 24) for day in (TUE, WED, THU)))

    assert (
        sentence(schedule, "2026-11-24 10:00")
        == {
            Kind.OPEN: "Jetzt geöffnet",
            Kind.APPOINTMENT: "Jetzt nur mit Termin – Bitte rufen Sie vorher an.",
            Kind.PHONE: "Jetzt nur am Telefon",
        }[kind]
    )


@pytest.mark.parametrize(
    ("state", "word", "modifier"),
    [
        (State(Status.OPEN), "Jetzt geöffnet", "open"),
        (State(Status.APPOINTMENT), "Jetzt nur mit Termin", "limited"),
        (State(Status.PHONE), "Jetzt nur am Telefon", "limited"),
        (State(Status.CLOSED), "Geschlossen", "closed"),
        (State(Status.CLOSED, holiday="Neujahr"), "Heute geschlossen", "closed"),
        (State(Status.BY_APPOINTMENT), "Termine nach Vereinbarung.", "limited"),
        (State(Status.UNKNOWN), "Zeiten: keine Angabe.", "none"),
    ],
)
def test_word_and_modifier(state, word, modifier):
    said = wording.state_sentence(state, at("2026-11-24 10:00"))

    assert (said.word, said.modifier) == (word, modifier)
    assert str(said).startswith(word)


# The times of a row


def test_the_times_of_today(practice):
    assert wording.today_times(practice.spans_on(TODAY)) == [
        no_break("8:00–12:00~Uhr"),
        no_break("15:00–18:00~Uhr"),
    ]


def test_the_times_of_today_say_what_one_cannot_just_come_for():
    mixed = week(
        rule(Kind.OPEN, TUE, 8, 12), rule(Kind.APPOINTMENT, TUE, 8, 14), rule(Kind.PHONE, TUE, 7, 9)
    )
    phone = week(rule(Kind.PHONE, TUE, 10, 11))

    assert wording.today_times(mixed.spans_on(TODAY)) == [
        no_break("8:00–12:00~Uhr"),
        no_break("12:00–14:00~Uhr nur mit Termin"),
    ]
    assert wording.today_times(phone.spans_on(TODAY)) == [
        no_break("10:00–11:00~Uhr nur am Telefon")
    ]
    assert wording.today_times(()) == []


# Labels and centres that are not open yet


@pytest.mark.parametrize(
    ("kind", "hours", "column"),
    [
        ("gp", "Sprechzeiten", "Sprechzeit"),
        ("therapy", "Behandlungszeiten", "Behandlungszeit"),
        ("day_care", "Betreuungszeiten", "Betreuungszeit"),
        ("advice", "Beratungszeiten", "Beratungszeit"),
        ("office", "Beratungszeiten", "Beratungszeit"),
        ("cafe", "Öffnungszeiten", "Öffnungszeit"),
        ("", "Öffnungszeiten", "Öffnungszeit"),
    ],
)
def test_labels(kind, hours, column):
    assert wording.hours_label(kind) == hours
    assert wording.column_label(Kind.OPEN, kind) == column
    assert wording.column_label(Kind.PHONE, kind) == "Telefonzeit"


NOT_CONFIRMED = "Ob das Zentrum schon geöffnet hat, ist hier noch nicht bestätigt."


@pytest.mark.parametrize(
    ("status", "expected_text", "expected_by", "statement", "expected"),
    [
        (
            "planned",
            "Ende 2026",
            date(2026, 12, 31),
            date(2026, 11, 21),
            "Geplant – Eröffnung vorgesehen für Ende 2026 (Stand: 21.~November 2026).",
        ),
        (
            "building",
            "Ende 2026",
            TODAY,
            date(2026, 11, 21),
            "Im Bau – Eröffnung geplant für Ende 2026 (Stand: 21.~November 2026).",
        ),
        (
            "building",
            "Ende 2026",
            date(2026, 11, 23),
            date(2026, 11, 21),
            f"Die Eröffnung war für Ende 2026 geplant. {NOT_CONFIRMED}",
        ),
        (
            "planned",
            "",
            date(2026, 11, 23),
            None,
            f"Die Eröffnung war für den 23.~November 2026 geplant. {NOT_CONFIRMED}",
        ),
        (
            "building",
            "",
            date(2027, 3, 1),
            None,
            "Im Bau – Eröffnung geplant für den 1.~März 2027.",
        ),
        (
            "planned",
            "",
            None,
            date(2026, 11, 21),
            "Geplant – Eröffnung: keine Angabe (Stand: 21.~November 2026).",
        ),
    ],
)
def test_centres_that_are_not_open_yet(status, expected_text, expected_by, statement, expected):
    said = wording.expected_opening_sentence(status, expected_text, expected_by, statement, TODAY)

    assert str(said) == no_break(expected)


@pytest.mark.parametrize("status", ["open", "closed"])
def test_nothing_is_expected_of_other_centres(status):
    assert wording.expected_opening_sentence(status, "Ende 2026", None, None, TODAY) is None
