"""Times as people type them: what is understood, what is not, and there and back again."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.opening_hours import Pattern, is_range
from cms.opening_hours.typed import Fault, NotUnderstoodError, Times, read_times, write_times

TUESDAY = 1


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("8-12", "8–12"),
        ("8.00-12.00", "8–12"),
        ("8:00 Uhr - 12:00 Uhr", "8–12"),
        ("08:00–12:00", "8–12"),
        ("0800-1230", "8–12:30"),
        ("830–9", "8:30–9"),
        ("8 bis 12 Uhr", "8–12"),
        ("von 8 bis 12.30h", "8–12:30"),
        ("8–12 und 15–18", "8–12, 15–18"),
        ("8-12, 15-18", "8–12, 15–18"),
        ("15-18 / 8-12", "8–12, 15–18"),
        ("8-12 15-18", "8–12, 15–18"),
        ("8 - 12\N{NO-BREAK SPACE}Uhr; 15—18", "8–12, 15–18"),
        ("0-24", "0–24"),
        ("19–24:00", "19–24"),
        ("19–0", "19–24"),
        ("22–2", "22–2"),
        ("", ""),
        ("  ", ""),
        ("-", ""),
        ("geschlossen", ""),
        ("Ruhetag", ""),
        ("nach Vereinbarung", "nach Vereinbarung"),
        ("n. V.", "nach Vereinbarung"),
        ("Termine nach telefonischer Vereinbarung", "nach Vereinbarung"),
        ("8–12, nach Vereinbarung", "8–12, nach Vereinbarung"),
        ("8–12 (Kinder)", "8–12 (Kinder)"),
        ("8–12 (Kinder, Jugendliche) und 15–18", "8–12 (Kinder, Jugendliche), 15–18"),
        ("8–12 (Labor (nüchtern))", "8–12 (Labor (nüchtern))"),
        ("15–18 (1. Dienstag im Monat)", "15–18 (1. Dienstag im Monat)"),
        ("15–18 jeden ersten Dienstag im Monat", "15–18 (1. Dienstag im Monat)"),
        ("1. Dienstag im Monat: 15–18", "15–18 (1. Dienstag im Monat)"),
        ("15–18 am 1. und 3. Di. im Monat", "15–18 (1. und 3. Dienstag im Monat)"),
        ("15–18 (1., 2. und 3. im Monat)", "15–18 (1., 2. und 3. Dienstag im Monat)"),
        ("15–18 (letzter Dienstag)", "15–18 (letzter Dienstag im Monat)"),
        ("8-12 in geraden Wochen", "8–12 (in geraden Wochen)"),
        (
            "8-12 (gerade KW), 9-13 (ungerade KW)",
            "8–12 (in geraden Wochen), 9–13 (in ungeraden Wochen)",
        ),
        ("8-12 nur in den Ferien", "8–12 (nur in den Schulferien)"),
        ("8-12 (außerhalb der Schulferien)", "8–12 (nicht in den Schulferien)"),
        ("8-12 (Labor; nur in den Schulferien)", "8–12 (nur in den Schulferien; Labor)"),
        ("8-12 (Labor, in geraden Wochen)", "8–12 (in geraden Wochen; Labor)"),
        ("8-12 (jede Woche)", "8–12"),
    ],
)
def test_what_people_type_is_understood(typed, written):
    times = read_times(typed, TUESDAY)
    assert write_times(times, TUESDAY) == written
    assert read_times(written, TUESDAY) == times


@pytest.mark.parametrize(
    ("typed", "fault", "part"),
    [
        ("früh bis spät", Fault.UNCLEAR, "früh bis spät"),
        ("8–12, mittags", Fault.UNCLEAR, "mittags"),
        ("8–12, geschlossen", Fault.UNCLEAR, "geschlossen"),
        ("8–12–15", Fault.UNCLEAR, "8–12–15"),
        ("8–12 Labor", Fault.WORDS, "Labor"),
        ("8–12 alle zwei Wochen", Fault.WORDS, "alle zwei Wochen"),
        ("8.00", Fault.NO_END, "8.00"),
        ("8–12, ab 15 Uhr", Fault.NO_END, "ab 15 Uhr"),
        ("8–25", Fault.NO_TIME, "8–25"),
        ("8:75–12", Fault.NO_TIME, "8:75–12"),
        ("24–2", Fault.NO_TIME, "24–2"),
        ("8–24:30", Fault.NO_TIME, "8–24:30"),
        ("12–8", Fault.END_BEFORE_START, "12–8"),
        ("8–8", Fault.END_BEFORE_START, "8–8"),
        ("8–12, 11–13", Fault.OVERLAP, "11–13"),
        ("20–2, 1–3", None, ""),
        ("20–2, 23–1", Fault.OVERLAP, "23–1"),
        ("8–12 (1. Montag im Monat)", Fault.OTHER_DAY, "1. Montag im Monat"),
        ("8–12 (in geraden Wochen; nur in den Ferien)", Fault.TWO_PATTERNS, None),
        ("8–12 (Kinder", Fault.BRACKET, "(Kinder"),
        ("8–12 Kinder)", Fault.BRACKET, "8–12 Kinder)"),
        (f"8–12 ({'x' * 121})", Fault.LONG_NOTE, None),
        ("\0", Fault.UNCLEAR, None),
    ],
)
def test_what_is_not_understood_is_named(typed, fault, part):
    if fault is None:  # the night belongs to the day on which it begins
        assert len(read_times(typed, TUESDAY)) == 2
        return
    with pytest.raises(NotUnderstoodError) as caught:
        read_times(typed, TUESDAY)
    assert caught.value.fault == fault
    assert part is None or caught.value.part == part


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ("8–12", "11–13", True),
        ("8–12", "12–13", False),
        ("8–12 (in geraden Wochen)", "8–12 (in ungeraden Wochen)", False),
        ("8–12 (in geraden Wochen)", "8–12", True),
        ("8–12 (1. im Monat)", "8–12 (2. im Monat)", False),
        ("8–12 (1. im Monat)", "8–12 (letzter im Monat)", False),
        ("8–12 (4. im Monat)", "8–12 (letzter im Monat)", True),
        ("8–12 (in den Ferien)", "8–12 (außerhalb der Ferien)", False),
        ("22–2", "23–24", True),
        ("nach Vereinbarung", "8–12", False),
    ],
)
def test_times_overlap_only_if_they_can_meet(one, other, overlap):
    (first,), (second,) = read_times(one, TUESDAY), read_times(other, TUESDAY)
    assert first.overlaps(second) is second.overlaps(first) is overlap


# There and back ----------------------------------------------------------------------------------

words = st.text("abcäöüß ABC-–,.!", max_size=20).map(lambda text: " ".join(text.split()))
notes = st.one_of(st.just(""), words.filter(lambda text: text == text.strip(" ,")))
quarters = st.builds(dt.time, st.integers(0, 23), st.sampled_from([0, 5, 30, 59]))


@st.composite
def days(draw) -> tuple[int, tuple[Times, ...]]:
    found: list[Times] = []
    for _ in range(draw(st.integers(0, 5))):
        start, end = draw(st.one_of(st.just((None, None)), st.tuples(quarters, quarters)))
        one = Times(start, end, draw(notes), draw(st.sampled_from(Pattern)))
        is_time = start is None or is_range(start, end)
        if is_time and one not in found and not any(one.overlaps(other) for other in found):
            found.append(one)
    return draw(st.integers(0, 7)), tuple(found)


@given(days())
def test_what_is_printed_is_read_as_the_same(day):
    weekday, times = day
    read = read_times(write_times(times, weekday), weekday)
    assert set(read) == set(times)
    assert write_times(read, weekday) == write_times(times, weekday)


@given(
    st.one_of(st.text(max_size=60), st.text("0123456789:.–-, ()uhrbisndvo", max_size=40)),
    st.integers(0, 7),
)
def test_any_text_is_read_or_refused(text, weekday):
    try:
        times = read_times(text, weekday)
    except NotUnderstoodError:
        return
    assert read_times(write_times(times, weekday), weekday) == times
