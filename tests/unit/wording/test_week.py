"""The table of the week and the changes ahead."""

import dataclasses
from datetime import date

import pytest

from cms import wording
from cms.opening_hours import HOLIDAY, HolidayPolicy, HoursException, Kind, Pattern, Rule
from tests.unit.wording.practice import (
    FRI,
    HOLIDAYS,
    MON,
    SAT,
    THU,
    TODAY,
    TUE,
    WED,
    no_break,
    rule,
    week,
)

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


def test_patterned_times_say_when_they_hold():
    schedule = week(
        rule(Kind.OPEN, TUE, 8, 12),
        rule(Kind.OPEN, TUE, 15, 18, pattern=Pattern.FIRST),
        rule(Kind.OPEN, WED, 8, 12, pattern=Pattern.ODD),
        rule(Kind.OPEN, WED, 9, 12, pattern=Pattern.EVEN),
        rule(Kind.OPEN, THU, 8, 12, pattern=Pattern.SCHOOL_WEEKS),
        rule(Kind.OPEN, THU, 10, 12, pattern=Pattern.SCHOOL_HOLIDAYS, note="Notbetreuung"),
        rule(Kind.OPEN, FRI, 15, 17, pattern=Pattern.LAST),
        rule(Kind.PHONE, MON, 8, 9, pattern=Pattern.FIFTH),
        Rule(Kind.APPOINTMENT, MON, None, None, pattern=Pattern.SECOND),
    )

    table = wording.week_table(schedule, TODAY, "advice")

    assert table.rows[TUE].cells[0] == ("8:00–12:00", "15:00–18:00 (1. Dienstag im Monat)")
    assert table.rows[WED].cells[0] == (
        "8:00–12:00 (in ungeraden Kalenderwochen)",
        "9:00–12:00 (in geraden Kalenderwochen)",
    )
    assert table.rows[THU].cells[0] == (
        "8:00–12:00 (nicht in den Schulferien)",
        "10:00–12:00 (nur in den Schulferien; Notbetreuung)",
    )
    assert table.rows[FRI].cells[0] == ("15:00–17:00 (letzter Freitag im Monat)",)
    assert table.rows[MON].cells == (None, ("nach Vereinbarung (2. Montag im Monat)",))
    assert table.rows[MON].phone == ("8:00–9:00 (5. Montag im Monat)",)


def test_nights_stand_on_the_day_on_which_they_begin():
    schedule = week(rule(Kind.OPEN, FRI, 22, 2), rule(Kind.OPEN, SAT, 20, 24))

    table = wording.week_table(schedule, TODAY)

    assert table.rows[FRI].cells == (("22:00–2:00",),)
    assert table.rows[SAT].cells == (("20:00–24:00",),)


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


def test_a_patterned_time_may_be_added():
    schedule = week(
        rule(Kind.OPEN, TUE, 8, 12),
        rule(Kind.OPEN, TUE, 15, 18, pattern=Pattern.FIRST, valid_from=date(2027, 1, 1)),
    )

    (change,) = wording.change_sentences(schedule, TODAY)

    assert change.rest == no_break("Dienstag auch 15:00–18:00~Uhr (1. Dienstag im Monat).")
