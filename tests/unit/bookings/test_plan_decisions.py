"""The table in which a centre writes its decisions on a plan."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.rules.plan_decisions import Decided, LineFault, Wrong, read_decisions

TABLE = """\
Nummer;Tag;Entscheidung;Grund;Gruppe;Raum
ABC234;;zusagen;;Chor;Saal
abc234;24.08.2027;ablehnen;"Der Saal; wird gestrichen";Chor;Saal
XYZ567;;;;Tanzkreis;Saal
XYZ567;31.08.2027;JA
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_lines_with_a_decision_are_read(encoding):
    decided, wrong = read_decisions(TABLE.encode(encoding))
    assert not wrong
    assert decided == [
        Decided(2, "ABC234", None, True, ""),
        Decided(3, "ABC234", dt.date(2027, 8, 24), False, "Der Saal; wird gestrichen"),
        Decided(5, "XYZ567", dt.date(2027, 8, 31), True, ""),
    ]


def test_all_faults_come_at_once():
    lines = [
        "ABC234;;vielleicht;",
        "ABC234;Sommer;nein;voll",
        "ABC234",
        '"ABC234;;ja;',
        "XYZ567;;ja;",
        "XYZ567;;nein;voll",
    ]
    decided, wrong = read_decisions("\n".join(lines))
    assert [one.line for one in decided] == [5]
    assert wrong == [
        Wrong(LineFault.DECISION_UNCLEAR, 1, "vielleicht"),
        Wrong(LineFault.DAY_UNCLEAR, 2, "Sommer"),
        Wrong(LineFault.COLUMNS, 3),
        Wrong(LineFault.COLUMNS, 4),
        Wrong(LineFault.TWICE, 6, "XYZ567"),
    ]


def test_the_header_counts_however_it_is_written():
    table = TABLE.replace("Nummer;Tag;Entscheidung", "nummer;TAG;entscheidung")
    assert read_decisions(table) == read_decisions(TABLE)


def test_a_sign_that_no_text_may_have_is_named():
    wrong = read_decisions("ABC234;;nein;vo\x00ll")[1]
    assert wrong == [Wrong(LineFault.CONTROL_SIGN, 1, "U+0000")]


def test_what_is_no_text_is_refused_as_a_whole():
    assert read_decisions(b"PK\x03\x04")[1] == [Wrong(LineFault.UNREADABLE, text="workbook")]
    assert read_decisions(100_000 * "ABC;;ja\n")[1] == [Wrong(LineFault.TOO_BIG, text="too_big")]


@settings(max_examples=50, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200)))
def test_nothing_that_somebody_sends_breaks_it(source):
    read_decisions(source)
