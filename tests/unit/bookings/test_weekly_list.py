"""A list of weekly groups as people type or save it: what is read, and every fault of every line."""

import datetime as dt
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.rules.refusals import Code
from bookings.rules.weekly_list import (
    LARGEST,
    LONGEST_LIST,
    Column,
    FaultCode,
    ListRoom,
    WeeklyRow,
    read_weekly_list,
)
from cms.opening_hours import BERLIN

NOW = dt.datetime(2026, 11, 24, 10, 14, tzinfo=BERLIN)  # a Tuesday
HALL = ListRoom(1, "Großer Saal", "saal", frozenset({1, 2}))
NORTH = ListRoom(2, "Saal Nord", "saal-nord", frozenset({1}))
SOUTH = ListRoom(3, "Saal Süd", "saal-sued", frozenset({2}))
COURSES = ListRoom(4, "Kursraum", "kursraum", frozenset({3}), after=dt.timedelta(minutes=15))
ROOMS = (HALL, NORTH, SOUTH, COURSES)
LINE = "Gemischter Chor; Di; 19–21; Großer Saal; 30.06.2027"


def read(source, now=NOW, **options):
    return read_weekly_list(source, rooms=ROOMS, now=now, **options)


def row_of(source, **options) -> WeeklyRow:
    found = read(source, **options)
    assert not found.faults
    (row,) = found.rows
    return row


def faults_of(source, **options) -> list[tuple]:
    """Return code, line and column of each fault."""
    return [(fault.code, fault.line, fault.column) for fault in read(source, **options).faults]


def line_with(**cells) -> str:
    """Return a line with other cells than usual."""
    usual = {
        "group": "Chor",
        "weekday": "Di",
        "times": "19-21",
        "room": "Kursraum",
        "until": "30.6.27",
    }
    return ";".join({**usual, **cells}.values())


CHOIR = WeeklyRow(1, "Gemischter Chor", 1, dt.time(19), dt.time(21), HALL, dt.date(2027, 6, 30))


# Reading -----------------------------------------------------------------------------------------


def test_a_line_is_read():
    assert row_of(LINE) == CHOIR


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_columns_are_separated_as_table_programs_do(separator):
    assert row_of(LINE.replace("; ", separator)) == CHOIR


@pytest.mark.parametrize("sign", ["|", "\t"])
def test_a_first_line_may_name_the_separator(sign):
    assert row_of(f"sep={sign}\r\n" + LINE.replace("; ", sign)).group == "Gemischter Chor"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_every_usual_encoding_is_recognised(encoding):
    line = LINE.replace("–", "-").replace("Gemischter", "Fröhlicher")
    row = row_of(line.encode(encoding))
    assert (row.group, row.room) == ("Fröhlicher Chor", HALL)


def test_an_encoding_can_be_named():
    assert row_of(LINE.replace("–", "-").encode("mac-roman"), encoding="mac-roman").room == HALL


def test_letters_with_dots_from_a_mac_are_the_same_letters():
    row = row_of(line_with(group="Fro\u0308hlich", room="Saal Su\u0308d"))
    assert (row.group, row.room) == ("Fröhlich", SOUTH)


@pytest.mark.parametrize(
    "text",
    ["Di", "di.", "DI", "Dienstag", "dienstags", "jeden Dienstag", "immer dienstags", "Tuesday"],
)
def test_weekdays_are_read_as_people_write_them(text):
    assert row_of(line_with(weekday=text)).weekday == 1


@pytest.mark.parametrize(
    "text", ["19-21:30", "19:00–21:30", "19.00 bis 21.30 Uhr", "1900-2130", "von 19 bis 21:30 Uhr"]
)
def test_times_are_read_as_people_write_them(text):
    row = row_of(line_with(times=text))
    assert (row.start, row.end) == (dt.time(19), dt.time(21, 30))


@pytest.mark.parametrize("text", ["20-24", "20:00 bis 0:00 Uhr"])
def test_midnight_is_an_end(text):
    assert row_of(line_with(times=text)).end == dt.time(0)


@pytest.mark.parametrize(
    "text",
    [
        "30.06.2027",
        "30.6.27",
        "bis 30.6.27",
        "30. Juni 2027",
        "bis Mittwoch, 30. Juni 2027",
        "2027-06-30",
        "2027-06-30 00:00:00",
        "30/06/2027",
        "30 June 2027",
    ],
)
def test_dates_are_read_as_people_write_them(text):
    assert row_of(line_with(until=text)).until == dt.date(2027, 6, 30)


@pytest.mark.parametrize("text", ["kursraum", "KURSRAUM", "  Kursraum "])
def test_rooms_are_found_by_name_whatever_the_case(text):
    assert row_of(line_with(room=text)).room == COURSES


def test_rooms_are_found_by_their_short_name():
    assert row_of(line_with(room="saal-sued")).room == SOUTH


@pytest.mark.parametrize(
    "header",
    [
        "Raum;Gruppe;Bis;Wochentag;Von–bis",
        "room;group;until;weekday;from-to",
        "RAUM;Verein/Gruppe;Enddatum;Tag;Uhrzeit;",
    ],
)
def test_a_header_says_the_order(header):
    found = row_of(f"{header}\nGroßer Saal;Gemischter Chor;30.6.27;Di;19-21")
    assert (found.group, found.room, found.line) == ("Gemischter Chor", HALL, 2)


def test_empty_lines_and_comments_are_passed_over_and_lines_keep_their_number():
    found = read(f"# Dauernutzer\n\n;;;;\n{LINE};;\r\n\r\n   # Ende\n")
    assert [row.line for row in found.rows] == [4]


def test_quoted_columns_hold_separators_and_quotes():
    row = row_of('"Chor ""Frohsinn""; Alfeld";Di;19-21;Kursraum;30.6.27')
    assert row.group == 'Chor "Frohsinn"; Alfeld'


@pytest.mark.parametrize("name", ["=1+1", "+49 Chor", "-Chor-", "@home"])
def test_what_a_table_would_take_for_a_formula_stays_text(name):
    assert row_of(line_with(group=name)).group == name


def test_the_first_date_has_not_begun_yet():
    tonight, this_morning = row_of(LINE), row_of(LINE.replace("19–21", "9-10"))
    assert tonight.first_day(NOW.date(), now=NOW) == NOW.date()
    assert this_morning.first_day(NOW.date(), now=NOW) == dt.date(2026, 12, 1)
    assert tonight.first_day(dt.date(2027, 1, 1), now=NOW) == dt.date(2027, 1, 5)


# Faults ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"group": ""}, FaultCode.GROUP_MISSING),
        ({"group": "C" * 121}, FaultCode.GROUP_TOO_LONG),
        ({"weekday": ""}, FaultCode.WEEKDAY_UNKNOWN),
        ({"weekday": "Dixnstag"}, FaultCode.WEEKDAY_UNKNOWN),
        ({"weekday": "1. Dienstag"}, FaultCode.WEEKDAY_UNKNOWN),
        ({"weekday": "Di und Do"}, FaultCode.WEEKDAYS_SEVERAL),
        ({"weekday": "Mo, Mi"}, FaultCode.WEEKDAYS_SEVERAL),
        ({"times": ""}, FaultCode.TIMES_UNCLEAR),
        ({"times": "abends"}, FaultCode.TIMES_UNCLEAR),
        ({"times": "19"}, FaultCode.TIMES_UNCLEAR),
        ({"times": "nach Vereinbarung"}, FaultCode.TIMES_UNCLEAR),
        ({"times": "19-21 (in geraden Wochen)"}, FaultCode.TIMES_UNCLEAR),
        ({"times": "17-18, 19-21"}, FaultCode.TIMES_SEVERAL),
        ({"times": "19-25"}, FaultCode.NO_SUCH_TIME),
        ({"times": "21-19"}, FaultCode.END_BEFORE_START),
        ({"times": "22-2"}, FaultCode.AFTER_MIDNIGHT),
        ({"room": ""}, FaultCode.ROOM_UNKNOWN),
        ({"room": "Turnhalle"}, FaultCode.ROOM_UNKNOWN),
        ({"until": ""}, FaultCode.UNTIL_MISSING),
        ({"until": "Sommer"}, FaultCode.DATE_UNCLEAR),
        ({"until": "30.6."}, FaultCode.DATE_UNCLEAR),
        ({"until": "30. Juno 2027"}, FaultCode.DATE_UNCLEAR),
        ({"until": "31.2.2027"}, FaultCode.DATE_IMPOSSIBLE),
        ({"until": "2027-13-01"}, FaultCode.DATE_IMPOSSIBLE),
        ({"until": "23.11.2026"}, FaultCode.UNTIL_PAST),
    ],
)
def test_each_fault_of_a_column_has_its_code(cells, code):
    line = line_with(**cells).replace("Mo, Mi", '"Mo, Mi"')
    ((name, _text),) = cells.items()
    assert faults_of(line) == [(code, 1, Column(name))]


def test_a_fault_says_which_rooms_there_are():
    (fault,) = read(line_with(room="Turnhalle")).faults
    assert fault.text == "Turnhalle"
    assert fault.values["rooms"] == ("Großer Saal", "Saal Nord", "Saal Süd", "Kursraum")


def test_a_name_that_two_rooms_have_is_not_guessed():
    twin = ListRoom(5, "Kursraum", "kursraum-2", frozenset({5}))
    found = read_weekly_list(line_with(), rooms=[*ROOMS, twin], now=NOW)
    assert [fault.code for fault in found.faults] == [FaultCode.ROOM_AMBIGUOUS]
    assert found.faults[0].values["rooms"] == ("kursraum", "kursraum-2")


@pytest.mark.parametrize(
    ("until", "refused"),
    [("30.11.2026", Code.SERIES_ENDS_TOO_EARLY), ("31.12.2029", Code.SERIES_TOO_LONG)],
)
def test_the_limits_of_series_hold(until, refused):
    line = line_with(times="9-10", until=until)  # next Tuesday is the first of December
    (fault,) = read(line).faults
    assert (fault.code, fault.column) == (FaultCode.SERIES, Column.UNTIL)
    assert fault.values["refusal"].code is refused


def test_a_time_that_the_clock_skips_is_refused():
    line = line_with(weekday="So", times="2:30-4")
    (fault,) = read(line).faults
    assert (fault.column, fault.values["refusal"].code) == (Column.TIMES, Code.TIME_MISSING)


@pytest.mark.parametrize("line", ["Chor;Di;19-21;Kursraum", "Chor;Di;19;21;Kursraum;30.6.27", "?"])
def test_a_line_needs_five_columns(line):
    assert faults_of(f"{LINE}\n{line}") == [(FaultCode.COLUMNS, 2, None)]


def test_quotes_have_to_close_within_their_line_and_spoil_no_other():
    assert faults_of(f'"Chor;Di;19-21;Kursraum;30.6.27\n{LINE}') == [(FaultCode.QUOTES, 1, None)]


@pytest.mark.parametrize(
    ("sign", "name"), [("\0", "U+0000"), ("\u202e", "U+202E"), ("\u2066", "U+2066")]
)
def test_a_sign_that_no_name_has_is_named_with_its_line(sign, name):
    found = read(f"{LINE}\n".encode() + line_with(group=f"Ch{sign}or").encode())
    assert [(fault.code, fault.line, fault.text) for fault in found.faults] == [
        (FaultCode.CONTROL_SIGN, 2, name)
    ]


def test_a_very_long_line_is_no_group():
    assert faults_of("x" * 1001) == [(FaultCode.LINE_TOO_LONG, 1, None)]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Gruppe;Tag;Zeit;Raum;Bis;Telefon", FaultCode.HEADER_UNKNOWN),
        ("Gruppe;Tag;Zeit;Raum;Bis;Raum", FaultCode.HEADER_TWICE),
        ("Gruppe;Tag;Zeit;Raum", FaultCode.HEADER_MISSING),
    ],
)
def test_a_wrong_header_is_the_one_fault(header, code):
    assert faults_of(f"{header}\n{LINE}\nunsinn") == [(code, 1, None)]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"PK\x03\x04 and so on", FaultCode.WORKBOOK),
        (b"Ch\x81r;Di;19-21;Saal;30.6.27", FaultCode.NOT_DECODABLE),
        (b"\xff\xfe\x00", FaultCode.NOT_DECODABLE),
        ("x" * (LARGEST + 1), FaultCode.TOO_BIG),
        ("", FaultCode.EMPTY),
        ("\N{ZERO WIDTH NO-BREAK SPACE}\r\n# nichts", FaultCode.EMPTY),
        ("Gruppe;Tag;Zeit;Raum;Bis", FaultCode.EMPTY),
    ],
)
def test_what_is_no_list_is_refused_as_a_whole(source, code):
    assert faults_of(source) == [(code, None, None)]


@pytest.mark.parametrize("encoding", ["ascii", "no-such-thing", "base64", "\0"])
def test_a_wrong_encoding_is_refused(encoding):
    assert faults_of(LINE.encode(), encoding=encoding) == [(FaultCode.NOT_DECODABLE, None, None)]


def test_a_list_has_at_most_500_lines_beside_its_header():
    header = "Gruppe;Tag;Zeit;Raum;Bis\n"
    lines = [line_with(group=f"Gruppe {number}") for number in range(LONGEST_LIST + 1)]
    allowed = read(header + "\n".join(lines[:-1]))
    assert FaultCode.TOO_MANY_LINES not in {fault.code for fault in allowed.faults}
    assert faults_of(header + "\n".join(lines)) == [(FaultCode.TOO_MANY_LINES, None, None)]


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (line_with(group="CHOR"), FaultCode.DUPLICATE),
        (line_with(until="31.1.27"), FaultCode.OVERLAP),
        (line_with(group="Yoga", times="20-22"), FaultCode.OVERLAP),
        (line_with(group="Yoga", times="21-22"), FaultCode.TOO_CLOSE),
        (line_with(group="Yoga", times="21:15-22"), None),
        (line_with(group="Yoga", weekday="Mi"), None),
        (line_with(group="Yoga", room="Saal Süd"), None),
    ],
)
def test_two_lines_do_not_want_the_same_time(second, code):
    expected = [(code, 2, None)] if code else []
    assert faults_of(f"{line_with()}\n{second}") == expected


def test_half_a_hall_is_in_the_way_of_the_whole_one():
    lines = "\n".join([LINE, line_with(group="Yoga", room="Saal Süd")])
    (fault,) = read(lines).faults
    assert (fault.code, fault.values["line"], fault.values["group"]) == (
        FaultCode.OVERLAP,
        1,
        "Gemischter Chor",
    )


def test_all_faults_of_all_lines_come_at_once_in_their_order():
    lines = [
        line_with(weekday="Xx", until="31.2.27"),
        line_with(group="Yoga"),
        "Skat;Di",
        line_with(group="", times="21-19", room="Turnhalle"),
        line_with(group="Skat"),
    ]
    assert faults_of("\n".join(lines)) == [
        (FaultCode.WEEKDAY_UNKNOWN, 1, Column.WEEKDAY),
        (FaultCode.DATE_IMPOSSIBLE, 1, Column.UNTIL),
        (FaultCode.COLUMNS, 3, None),
        (FaultCode.GROUP_MISSING, 4, Column.GROUP),
        (FaultCode.END_BEFORE_START, 4, Column.TIMES),
        (FaultCode.ROOM_UNKNOWN, 4, Column.ROOM),
        (FaultCode.OVERLAP, 5, None),
    ]
    assert [row.group for row in read("\n".join(lines)).rows] == ["Yoga"]


# Whatever comes ----------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300)))
def test_nothing_that_somebody_sends_breaks_it(source):
    found = read(source)
    assert found.faults or found.rows


@settings(max_examples=60, deadline=None)
@given(
    group=st.text(string.ascii_letters + 'äöüß";, =-', min_size=1, max_size=20).map(
        lambda text: f"G{' '.join(text.split())}x"
    ),
    weekday=st.integers(0, 6),
    start=st.times(max_value=dt.time(22)).map(lambda at: at.replace(second=0, microsecond=0)),
    separator=st.sampled_from([";", ",", "\t"]),
)
def test_what_is_written_is_read(group, weekday, start, separator):
    end = start.replace(hour=start.hour + 1)
    name = ["Montag", "Di", "mittwochs", "Do.", "jeden Freitag", "Sa", "Sonntag"][weekday]
    quoted = '"' + group.replace('"', '""') + '"'
    times = f"{start:%H:%M}-{end:%H:%M}"
    row = row_of(separator.join([quoted, name, times, "Kursraum", "31.1.2027"]))
    assert (row.group, row.weekday, row.start, row.end) == (group, weekday, start, end)
