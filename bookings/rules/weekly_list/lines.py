"""From text to the columns of its lines: separators, quotes, a header, empty lines."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from unicodedata import bidirectional, category

from bookings.rules.weekly_list.values import Column, Fault, FaultCode

LONGEST_LINE = 1000
SEPARATORS = (";", "\t", ",")
_NEW_LINE = re.compile(r"\r\n|\r|\n")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)  # as Excel writes and reads it
_HEADERS = {
    Column.GROUP: "gruppe verein vereingruppe gruppeverein name gruppenname vereinsname "
    "veranstalter nutzer group association club organisation",
    Column.WEEKDAY: "wochentag tag weekday day dayofweek",
    Column.TIMES: "zeit zeiten uhrzeit uhrzeiten vonbis time times fromto",
    Column.ROOM: "raum räume raumname ort room",
    Column.UNTIL: "bis enddatum ende bisdatum bisam letztertag letztertermin until end lastday "
    "enddate",
}
_COLUMNS = {word: column for column, words in _HEADERS.items() for word in words.split()}
_TURNING = frozenset(["LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"])
_ENOUGH_FOR_A_HEADER = 3  # a group may be called "Verein"


@dataclass(frozen=True)
class Line:
    """A line with something in it; `number` counts from 1."""

    number: int
    text: str


@dataclass(frozen=True)
class Cells:
    number: int
    texts: dict[Column, str]


def lines_of(text: str) -> list[Line]:
    """Return the lines that count: neither empty nor a comment, which begins with #."""
    return [
        Line(number, line)
        for number, line in enumerate(_NEW_LINE.split(text), 1)
        if line.strip(" \t;,\N{NO-BREAK SPACE}") and not line.lstrip().startswith("#")
    ]


def cells_of(lines: Sequence[Line]) -> tuple[list[Cells], list[Fault]]:
    """Return the columns of every line that has the right ones, and what is wrong with the rest."""
    separator, lines = _separator(lines)
    faults = [fault for line in lines if (fault := _unreadable(line, separator))]
    unreadable = {fault.line for fault in faults}
    rows = [
        (line.number, _split(line.text, separator))
        for line in lines
        if line.number not in unreadable
    ]
    order = list(Column)
    if rows and _is_header(rows[0][1]):
        header = rows.pop(0)
        wrong, order = _read_header(*header)
        if wrong:
            return [], [*faults, *wrong]
    found = []
    for number, split in rows:
        texts = _without_rest(split, len(order))
        if len(texts) == len(order):
            found.append(Cells(number, dict(zip(order, texts, strict=True))))
        else:
            values = {"found": len(texts), "expected": len(order)}
            faults.append(Fault(FaultCode.COLUMNS, number, values=values))
    return found, faults


# Separators and quotes ---------------------------------------------------------------------------


def _separator(lines: Sequence[Line]) -> tuple[str, Sequence[Line]]:
    """Return the separator and the lines below the one that may name it.

    The one that gives most lines the columns they need; of a list with faults the most frequent.
    """
    if lines and (named := _SEPARATOR_LINE.fullmatch(lines[0].text.strip(" "))):
        return named[1], lines[1:]
    counts = {
        sign: (
            sum(len(_split(line.text, sign)) == len(Column) for line in lines),
            sum(line.text.count(sign) for line in lines),
        )
        for sign in SEPARATORS
    }
    return max(SEPARATORS, key=lambda sign: counts[sign]), lines


def _split(text: str, separator: str) -> list[str]:
    """Return the columns of a line, none if its quotes do not close; a column ends with its line."""
    try:
        texts = next(csv.reader([text], delimiter=separator, skipinitialspace=True, strict=True))
    except csv.Error:
        return []
    return [" ".join(cell.split()) for cell in texts]


def control_sign(text: str) -> str | None:
    """Return the first sign that no line of a table has, and no text of the database may have.

    Those among them that turn the direction of writing would turn the words of our own that follow.
    """
    return next((sign for sign in text if _is_control(sign)), None)


def _is_control(sign: str) -> bool:
    return bidirectional(sign) in _TURNING or (category(sign) == "Cc" and sign != "\t")


def code_point(sign: str) -> str:
    return f"U+{ord(sign):04X}"


def _unreadable(line: Line, separator: str) -> Fault | None:
    sign = control_sign(line.text)
    if sign is not None:
        return Fault(FaultCode.CONTROL_SIGN, line.number, text=code_point(sign))
    if len(line.text) > LONGEST_LINE:
        return Fault(FaultCode.LINE_TOO_LONG, line.number, values={"limit": LONGEST_LINE})
    if not _split(line.text, separator):
        return Fault(FaultCode.QUOTES, line.number)
    return None


def _without_rest(texts: list[str], count: int) -> list[str]:
    """Leave out empty columns behind the last one that counts, as table programs write them."""
    while len(texts) > count and not texts[-1]:
        texts = texts[:-1]
    return texts


# The header --------------------------------------------------------------------------------------


def _is_header(texts: Iterable[str]) -> bool:
    return sum(_header_word(text) in _COLUMNS for text in texts) >= _ENOUGH_FOR_A_HEADER


def _read_header(number: int, texts: Sequence[str]) -> tuple[list[Fault], list[Column]]:
    """Return what is wrong with a header, and the columns in its order."""
    texts = _without_rest(list(texts), 0)
    order = [_COLUMNS.get(_header_word(text)) for text in texts]
    faults = list(_wrong_names(number, texts, order))
    missing = tuple(column for column in Column if column not in order)
    if missing:
        faults.append(Fault(FaultCode.HEADER_MISSING, number, values={"columns": missing}))
    return faults, [column for column in order if column is not None]


def _wrong_names(
    number: int, texts: Sequence[str], order: Sequence[Column | None]
) -> Iterator[Fault]:
    for place, (text, column) in enumerate(zip(texts, order, strict=True)):
        if column is None:
            yield Fault(FaultCode.HEADER_UNKNOWN, number, text=text)
        elif column in order[:place]:
            yield Fault(FaultCode.HEADER_TWICE, number, text=text)


def _header_word(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalpha())
