"""The German words, letter by letter: look.md section 6, sentences 1–8, 10 and 11.

`~` stands for the no-break space between a number and what it counts.
"""

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime, time

import pytest
from django.utils import translation

from cms import wording
from cms.opening_hours import (
    BERLIN,
    HOLIDAY,
    HolidayPolicy,
    HoursException,
    Kind,
    Rule,
    Schedule,
    State,
    Status,
    TimeRange,
)

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
TODAY = date(2026, 11, 24)  # a Tuesday


@pytest.fixture(autouse=True)
def _german() -> Iterator[None]:
    with translation.override("de"):
        yield


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


@pytest.fixture
def practice() -> Schedule:
    return week(
        *(rule(Kind.OPEN, day, 8, 12) for day in (MON, TUE, WED, THU)),
        *(rule(Kind.OPEN, day, 15, 18) for day in (MON, TUE, THU)),
        rule(Kind.OPEN, FRI, 8, 13),
        *(rule(Kind.WALK_IN, day, 8, 9) for day in range(5)),
        rule(Kind.PHONE, TUE, 7, 11),
        rule(Kind.OPEN, WED, 15, 17, valid_from=date(2027, 1, 4)),
        exceptions=(LEAVE, SHORT_FRIDAY),
        holidays=HOLIDAYS.get,
    )


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


# The table of the week


def test_the_week_of_the_practice(practice):
    table = wording.week_table(practice, TODAY, "gp")

    assert [column.label for column in table.columns] == ["Sprechzeit", "offene Sprechstunde"]
    assert [row.name for row in table.rows][:2] == ["Montag", "Dienstag"]
    assert [row.short_name for row in table.rows][5:] == ["Sa.", "So."]
    assert [row.weekday for row in table.rows if row.is_today] == [TUE]
    assert table.rows[TUE].cells == (("8:00–12:00", "15:00–18:00"), ("8:00–9:00",))
    assert table.rows[TUE].phone == ("7:00–11:00",)
    assert table.rows[WED].cells == (("8:00–12:00",), ("8:00–9:00",))
    assert table.rows[WED].phone is None
    assert table.rows[SAT].cells == (None, None)
    assert table.rows[SAT].is_closed
    assert not table.rows[TUE].is_closed
    assert table.has_phone
    assert (table.valid_again_from, table.holiday_row) == (None, None)


def test_during_a_closure_the_table_is_that_of_the_return(practice):
    table = wording.week_table(practice, date(2026, 12, 29), "gp")

    assert not any(row.is_today for row in table.rows)
    assert table.valid_again_from == date(2027, 1, 4)
    assert table.valid_on == date(2027, 1, 4)
    assert table.rows[WED].cells[0] == ("8:00–12:00", "15:00–17:00")
    assert wording.change_sentences(practice, date(2026, 12, 29)) == ()


def test_a_closure_with_no_return_keeps_the_table_of_today(practice):
    for_good = HoursException(TODAY, date(2099, 12, 31))
    rules = tuple(
        dataclasses.replace(rule, valid_to=date(2026, 12, 31)) for rule in practice.rules[:-1]
    )

    table = wording.week_table(week(*rules, exceptions=(for_good,)), TODAY)

    assert (table.valid_on, table.valid_again_from) == (TODAY, None)


@pytest.mark.parametrize("day", [date(2026, 11, 27), date(2028, 10, 31)])
def test_no_row_is_today_if_today_is_different(practice, day):
    table = wording.week_table(practice, day)

    assert not any(row.is_today for row in table.rows)
    assert table.valid_again_from is None


def test_columns_notes_and_appointments_by_arrangement():
    schedule = week(
        rule(Kind.APPOINTMENT, TUE, 8, 10),
        Rule(Kind.APPOINTMENT, TUE, None, None, note="abends"),
        Rule(Kind.APPOINTMENT, WED, None, None),
        rule(Kind.WALK_IN, TUE, 10, 12, note="Kinder"),
        rule(Kind.WALK_IN, TUE, 12, 13, note="Kinder"),
    )

    table = wording.week_table(schedule, TODAY, "advice")

    assert [column.kind for column in table.columns] == [Kind.WALK_IN, Kind.APPOINTMENT]
    assert [column.label for column in table.columns] == ["offene Sprechstunde", "nur mit Termin"]
    assert table.rows[TUE].cells == (
        ("10:00–13:00 (Kinder)",),
        ("8:00–10:00", "nach Vereinbarung (abends)"),
    )
    assert table.rows[WED].cells == (None, ("nach Vereinbarung",))
    assert not table.has_phone


def test_own_times_for_holidays_have_a_row():
    rules = (rule(Kind.OPEN, TUE, 8, 12), rule(Kind.OPEN, HOLIDAY, 9, 10))
    own = week(*rules, holiday_policy=HolidayPolicy.OWN_TIMES, holidays=HOLIDAYS.get)

    table = wording.week_table(own, date(2028, 10, 31))

    assert table.holiday_row is not None
    assert table.holiday_row.name == "Feiertag"
    assert table.holiday_row.cells == (("9:00–10:00",),)
    assert table.holiday_row.is_today
    assert not any(row.is_today for row in table.rows)
    assert wording.week_table(week(rules[1]), TODAY).columns == ()


# Changes ahead


def test_a_change_ahead(practice):
    (change,) = wording.change_sentences(practice, TODAY, "gp")

    assert change.lead == no_break("Ab 4.~Januar 2027:")
    assert change.rest == no_break("Mittwoch auch 15:00–17:00~Uhr.")
    assert str(change) == no_break("Ab 4.~Januar 2027: Mittwoch auch 15:00–17:00~Uhr.")


def test_several_changes_at_once():
    last, first = date(2026, 12, 31), date(2027, 1, 1)
    schedule = week(
        *(rule(Kind.OPEN, day, 8, 12, valid_to=last) for day in (MON, TUE, WED, THU)),
        *(rule(Kind.OPEN, day, 9, 13, valid_from=first) for day in (MON, TUE, WED)),
        rule(Kind.OPEN, FRI, 8, 10, valid_to=last),
        rule(Kind.WALK_IN, FRI, 8, 9),
        rule(Kind.PHONE, SAT, 9, 10, note="100 %", valid_from=first),
        rule(Kind.PHONE, MON, 8, 9, valid_to=last),
    )

    (change,) = wording.change_sentences(schedule, TODAY, "therapy")

    assert change.rest == no_break(
        "Montag bis Mittwoch 9:00–13:00~Uhr; Donnerstag geschlossen; "
        "Behandlungszeit: Freitag nicht mehr; "
        "Telefonzeit: Montag nicht mehr; Telefonzeit: Samstag 9:00–10:00~Uhr (100 %)."
    )


def test_after_the_last_rule_nothing_is_known():
    schedule = week(rule(Kind.OPEN, TUE, 8, 12, valid_to=date(2026, 12, 31)))

    (change,) = wording.change_sentences(schedule, TODAY)

    assert change.text == no_break("Ab 1.~Januar 2027: Zeiten: keine Angabe.")


def test_holiday_times_may_change():
    schedule = week(
        rule(Kind.OPEN, HOLIDAY, 8, 12),
        rule(Kind.OPEN, HOLIDAY, 14, 16, valid_from=date(2027, 1, 1)),
        holiday_policy=HolidayPolicy.OWN_TIMES,
    )

    (change,) = wording.change_sentences(schedule, TODAY)

    assert change.rest == no_break("Feiertag auch 14:00–16:00~Uhr.")


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
    assert wording.phone_hours_label() == "Telefonzeiten"


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
