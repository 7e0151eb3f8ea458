"""A table of decisions on a plan for a year, as the centre filled it in: number; day; decision; reason.

Without a day a line stands for all open dates of its request. Every fault of every line is found at
once. The words are German, with English ones beside them.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bookings.rules.weekly_list.cells import CellError, read_date
from bookings.rules.weekly_list.decoding import UndecodableError, decoded
from bookings.rules.weekly_list.lines import Line, code_point, control_sign, lines_of
from bookings.rules.weekly_list.values import FaultCode

HEADER = ("Nummer", "Tag", "Entscheidung", "Grund")
_APPROVE = frozenset({"zusagen", "zusage", "zugesagt", "ja", "approve", "yes"})
_REJECT = frozenset({"ablehnen", "absagen", "abgelehnt", "nein", "reject", "no"})


class LineFault(StrEnum):
    UNREADABLE = "unreadable"  # the whole file
    TOO_BIG = "too_big"  # so is this
    CONTROL_SIGN = "control_sign"
    COLUMNS = "columns"
    DAY_UNCLEAR = "day_unclear"
    DECISION_UNCLEAR = "decision_unclear"
    TWICE = "twice"


@dataclass(frozen=True)
class Decided:
    """What a line says. day: None for the whole request. is_approved: promised, or refused."""

    line: int
    number: str
    day: date | None
    is_approved: bool
    reason: str


@dataclass(frozen=True)
class Wrong:
    fault: LineFault
    line: int = 0  # 0 for the whole file
    text: str = ""


def read_decisions(source: str | bytes) -> tuple[list[Decided], list[Wrong]]:
    """Return what is decided, and everything that is wrong; lines without a decision are left out."""
    try:
        lines = lines_of(decoded(source))
    except UndecodableError as error:
        is_too_big = error.fault.code is FaultCode.TOO_BIG
        fault = LineFault.TOO_BIG if is_too_big else LineFault.UNREADABLE
        return [], [Wrong(fault, text=error.fault.code)]
    decided: dict[tuple[str, date | None], Decided] = {}
    wrong: list[Wrong] = []
    for line in lines:
        read = _unreadable(line) or _read(line)
        if isinstance(read, Wrong):
            wrong.append(read)
        elif read is not None and decided.setdefault((read.number, read.day), read) is not read:
            wrong.append(Wrong(LineFault.TWICE, line.number, read.number))
    return list(decided.values()), wrong


def _unreadable(line: Line) -> Wrong | None:
    sign = control_sign(line.text)
    return None if sign is None else Wrong(LineFault.CONTROL_SIGN, line.number, code_point(sign))


def _read(line: Line) -> Decided | Wrong | None:
    texts = _split(line.text)
    if [text.casefold() for text in texts[: len(HEADER)]] == [word.casefold() for word in HEADER]:
        return None
    if not len(HEADER) - 1 <= len(texts):
        return Wrong(LineFault.COLUMNS, line.number)
    number, day_text, decision, *rest = texts
    if not decision:
        return None
    word = decision.casefold()
    if word not in _APPROVE | _REJECT:
        return Wrong(LineFault.DECISION_UNCLEAR, line.number, decision)
    try:
        day = read_date(day_text) if day_text else None
    except CellError:
        return Wrong(LineFault.DAY_UNCLEAR, line.number, day_text)
    return Decided(line.number, number.upper(), day, word in _APPROVE, rest[0] if rest else "")


def _split(text: str) -> Sequence[str]:
    separator = "\t" if "\t" in text else ";"
    try:
        cells = next(csv.reader([text], delimiter=separator, strict=True), [])
    except csv.Error:
        return []
    return [" ".join(cell.split()) for cell in cells]
