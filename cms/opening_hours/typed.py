"""The times of a day as people type them: "8–12, 15–18 (1. Dienstag im Monat)".

The language is German, like the people who type; it is no text of the site and is not translated.
`write_times` prints the short form, and `read_times` takes that and all the usual ways around it.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import time
from enum import StrEnum
from typing import NamedTuple

from cms.opening_hours.typed_weeks import COUNTED, read_weeks, weeks_in_words
from cms.opening_hours.values import (
    DAY_SECONDS,
    Pattern,
    end_second,
    is_range,
    second_of_day,
)

LONGEST_NOTE = 120


class Times(NamedTuple):
    """One time of a day; without start and end it is by arrangement."""

    start: time | None
    end: time | None
    note: str = ""
    pattern: Pattern = Pattern.EVERY

    def overlaps(self, other: "Times") -> bool:
        """Tell whether there can be a moment that lies in both."""
        if self.start is None or self.end is None or other.start is None or other.end is None:
            return False
        return (
            second_of_day(self.start) < end_second(other.start, other.end)
            and second_of_day(other.start) < end_second(self.start, self.end)
            and not _never_in_one_week(self.pattern, other.pattern)
        )


class Fault(StrEnum):
    UNCLEAR = "unclear"
    WORDS = "words"  # behind a time; a note stands in brackets
    NO_END = "no_end"
    NO_TIME = "no_time"  # 25:00
    END_BEFORE_START = "end_before_start"
    OVERLAP = "overlap"
    OTHER_DAY = "other_day"  # “1. Montag im Monat” on a Tuesday
    TWO_PATTERNS = "two_patterns"
    LONG_NOTE = "long_note"
    BRACKET = "bracket"


class NotUnderstoodError(ValueError):
    """Says what is wrong with which part of the text; `times` is what it collides with."""

    def __init__(self, fault: Fault, part: str, times: Times | None = None) -> None:
        super().__init__(f"{fault}: {part}")
        self.fault = fault
        self.part = part
        self.times = times


_DASH = "[-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}–\N{EM DASH}\N{MINUS SIGN}]"
_TIME = r"(\d{1,2})(?:[:.]?(\d{2}))?(?:\s*(?:uhr|h)\b)?"
_RANGE = re.compile(
    rf"(?<![\d.:])(?:von\s+)?{_TIME}\s*(?:{_DASH}|bis)\s*{_TIME}(?![.:]?\d)", re.IGNORECASE
)
_ONE_TIME = re.compile(rf"(?:ab\s+|bis\s+)?{_TIME}(?:\s*{_DASH})?", re.IGNORECASE)
# “1. und 3. Dienstag” is one phrase, “8–12 und 15–18” are two times.
_SEPARATOR = re.compile(
    r"[,;+&/\n]|\b(?:und|sowie|u\.)\s(?!\s*(?:[1-5]\.\s*[a-zäöü]|letzte))", re.IGNORECASE
)
_CLOSED = re.compile(
    rf"{_DASH}+|x|zu|geschlossen|geschl\.?|keine?|entfällt|ruhetag|frei", re.IGNORECASE
)
_ARRANGED = re.compile(
    r"(?:nur\s+)?(?:termine?\s+)?"
    r"(?:nach\s+(?:telefonischer\s+|vorheriger\s+)?(?:termin)?(?:vereinbarung|absprache)"
    r"|n\.?\s?v\.?|auf\s+anfrage)",
    re.IGNORECASE,
)
ARRANGED_TEXT = "nach Vereinbarung"
_SPACES = re.compile(r"[\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]+")
_BRACKET = "\N{OBJECT REPLACEMENT CHARACTER}"  # stands where a bracket was taken out


def read_times(text: str, weekday: int) -> tuple[Times, ...]:
    """Return the times in order, none for a closed day; raise NotUnderstoodError."""
    outside, brackets = _without_brackets(text)
    if not outside or _CLOSED.fullmatch(outside):
        return ()
    taken = iter(brackets)
    found: dict[Times, None] = {}
    for part in _parts(outside):
        for times in _read_part(part, taken, weekday):
            clash = next((other for other in found if times.overlaps(other)), None)
            if clash is not None:
                raise NotUnderstoodError(Fault.OVERLAP, part, clash)
            found[times] = None
    return in_order(found)


def write_times(times: Iterable[Times], weekday: int) -> str:
    """Return the text from which `read_times` reads these times."""
    groups: dict[tuple[time | None, time | None, str, Pattern | None], list[Pattern]] = {}
    for one in in_order(times):
        key = (one.start, one.end, one.note, None if one.pattern in COUNTED else one.pattern)
        groups.setdefault(key, []).append(one.pattern)
    return ", ".join(
        _written(start, end, weeks_in_words(patterns, weekday), _safe(note))
        for (start, end, note, _), patterns in groups.items()
    )


def in_order(times: Iterable[Times]) -> tuple[Times, ...]:
    """Return the times as a day runs; by arrangement stands last."""
    return tuple(sorted(times, key=_order))


def _order(times: Times) -> tuple[bool, time, int, int, str]:
    start = times.start or time(0)
    end = 0 if times.end is None else end_second(start, times.end)
    return (times.start is None, start, end, list(Pattern).index(times.pattern), times.note)


def _never_in_one_week(one: Pattern, other: Pattern) -> bool:
    """Tell whether no day can lie in the weeks of both."""
    both = {one, other}
    if both <= COUNTED - {Pattern.LAST}:
        return one is not other
    return (
        both in ({Pattern.ODD, Pattern.EVEN}, {Pattern.SCHOOL_HOLIDAYS, Pattern.SCHOOL_WEEKS})
        # The last one of a month is its fourth or fifth.
        or (Pattern.LAST in both and bool(both & {Pattern.FIRST, Pattern.SECOND, Pattern.THIRD}))
    )


# Writing -----------------------------------------------------------------------------------------


def _written(start: time | None, end: time | None, *remarks: str) -> str:
    text = ARRANGED_TEXT
    if start is not None and end is not None:
        text = f"{_short(start)}–{'24' if end == time(0) else _short(end)}"
    named = "; ".join(remark for remark in remarks if remark)
    return f"{text} ({named})" if named else text


def _short(at: time) -> str:
    return f"{at.hour}:{at.minute:02}" if at.minute else str(at.hour)


def _safe(note: str) -> str:
    """Return the note with brackets that pair up."""
    note = note.strip()
    try:
        _without_brackets(note)
    except NotUnderstoodError:
        return note.translate(str.maketrans("()", "[]"))
    return note


# Reading -----------------------------------------------------------------------------------------


def _without_brackets(text: str) -> tuple[str, list[str]]:
    """Return the text with a mark for each bracket, and what stood in them."""
    outside: list[str] = []
    brackets: list[str] = []
    depth, inside = 0, ""
    for piece in re.split("([()])", text.replace(_BRACKET, " ")):
        depth += (piece == "(") - (piece == ")")
        if depth < 0:
            part = "".join(outside).replace(_BRACKET, "")
            raise NotUnderstoodError(Fault.BRACKET, f"{part})".strip())
        if depth > 0:
            inside += piece
        elif piece == ")":
            brackets.append(inside.removeprefix("("))
            outside.append(_BRACKET)
            inside = ""
        else:
            outside.append(piece)
    if depth:
        raise NotUnderstoodError(Fault.BRACKET, inside.strip())
    return _SPACES.sub(" ", "".join(outside)).strip(), brackets


def _parts(outside: str) -> Iterator[str]:
    """Give the single times of the text, each with what stands around it."""
    for part in _SEPARATOR.split(outside):
        borders = [match.start() for match in _RANGE.finditer(part)][1:]
        for start, end in zip([0, *borders], [*borders, len(part)], strict=True):
            if part[start:end].strip():
                yield part[start:end].strip()


def _read_part(part: str, brackets: Iterator[str], weekday: int) -> Iterator[Times]:
    notes = [next(brackets) for _ in range(part.count(_BRACKET))]
    words = part.replace(_BRACKET, " ").strip()
    start, end, around = _read_range(words)
    patterns: list[Pattern] = []
    for phrase in around:
        weeks = _weeks(phrase, weekday)
        if weeks is None:
            has_letters = any(sign.isalpha() for sign in phrase)
            raise NotUnderstoodError(
                Fault.WORDS if has_letters else Fault.UNCLEAR, phrase if has_letters else words
            )
        patterns += weeks
    remarks = [remark for note in notes for remark in _read_remarks(note, weekday, patterns)]
    note = "; ".join(remarks)
    if len(note) > LONGEST_NOTE:
        raise NotUnderstoodError(Fault.LONG_NOTE, note)
    if len(set(patterns)) > 1 and not COUNTED.issuperset(patterns):
        raise NotUnderstoodError(Fault.TWO_PATTERNS, "; ".join([*around, *notes]).strip())
    for pattern in dict.fromkeys(patterns or [Pattern.EVERY]):
        yield Times(start, end, note, pattern)


def _read_range(words: str) -> tuple[time | None, time | None, list[str]]:
    """Return the times, and the words before and behind them."""
    match = _RANGE.search(words)
    if match is None:
        if _ARRANGED.fullmatch(words):
            return None, None, []
        fault = Fault.NO_END if _ONE_TIME.fullmatch(words) else Fault.UNCLEAR
        raise NotUnderstoodError(fault, words)
    start, end = _clock(match[1], match[2]), _clock(match[3], match[4])
    if start is None or end is None or match[1] == "24":
        raise NotUnderstoodError(Fault.NO_TIME, match[0].strip())
    if not is_range(start, end):
        raise NotUnderstoodError(Fault.END_BEFORE_START, match[0].strip(), Times(start, end))
    around = [words[: match.start()], words[match.end() :]]
    return start, end, [text.strip(" :.") for text in around if text.strip(" :.")]


def _clock(hour: str, minute: str | None) -> time | None:
    seconds = int(hour) * 3600 + int(minute or 0) * 60
    if int(minute or 0) > 59 or seconds > DAY_SECONDS:  # noqa: PLR2004 - minutes of an hour
        return None
    return time(int(hour) % 24, int(minute or 0))


def _read_remarks(note: str, weekday: int, patterns: list[Pattern]) -> Iterator[str]:
    """Give what is no week pattern of a bracket; the patterns are added to the list."""
    for remark in note.split(";"):
        whole = _weeks(remark, weekday)
        if whole is not None:
            patterns += whole
            continue
        others: list[str] = []
        for piece in remark.split(","):
            weeks = _weeks(piece, weekday)
            if weeks is None:
                others.append(piece)
            else:
                patterns += weeks
        if rest := ",".join(others).strip():
            yield rest


def _weeks(phrase: str, weekday: int) -> tuple[Pattern, ...] | None:
    try:
        return read_weeks(_SPACES.sub(" ", phrase).strip(), weekday)
    except ValueError as error:
        raise NotUnderstoodError(Fault.OTHER_DAY, phrase.strip()) from error
