"""The single columns of a line: weekday, times, room, last day."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, time

from bookings.rules.refusals import ends_too_early
from bookings.rules.weekly_list.values import FaultCode, ListRoom
from cms.opening_hours import Pattern
from cms.opening_hours.typed import Fault as TimesFault
from cms.opening_hours.typed import NotUnderstoodError, read_times

LONGEST_GROUP = 120

_WEEKDAYS = (
    ("montag", "mo", "monday", "mon"),
    ("dienstag", "di", "tuesday", "tue", "tu"),
    ("mittwoch", "mi", "wednesday", "wed", "we"),
    ("donnerstag", "do", "thursday", "thu", "th"),
    ("freitag", "fr", "friday", "fri"),
    ("samstag", "sa", "sonnabend", "saturday", "sat"),
    ("sonntag", "so", "sunday", "sun", "su"),
)
_NUMBERS = {name: number for number, names in enumerate(_WEEKDAYS) for name in names}
_AROUND_WEEKDAY = re.compile(r"^(?:(?:immer|jeden?|every|am|on)\s+)*")
_SEVERAL = re.compile(r"\s*[,/+&]\s*|\s+(?:und|u\.|and)\s+")

_MONTHS = (
    ("januar", "jan", "jän", "jänner", "january"),
    ("februar", "feb", "february"),
    ("märz", "mär", "mrz", "maerz", "march", "mar"),
    ("april", "apr"),
    ("mai", "may"),
    ("juni", "jun", "june"),
    ("juli", "jul", "july"),
    ("august", "aug"),
    ("september", "sep", "sept"),
    ("oktober", "okt", "october", "oct"),
    ("november", "nov"),
    ("dezember", "dez", "december", "dec"),
)
_MONTH_NUMBERS = {name: str(number) for number, names in enumerate(_MONTHS, 1) for name in names}
_AROUND_DATE = re.compile(r"^(?:(?:bis|until|zum|to|einschließlich)\s+)*(?:[a-zäöü]{2,10}\.?,\s*)?")
_DATES = (
    re.compile(r"(?P<day>\d{1,2})\.\s*(?P<month>\d{1,2}|[a-zäöü]+)\.?\s*(?P<year>\d{4}|\d{2})"),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?:[ t]0?0:00(?::00)?)?"),
    re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})"),
    re.compile(r"(?P<day>\d{1,2})\s+(?P<month>[a-zäöü]+)\s+(?P<year>\d{4})"),
)
CENTURY = 100


class CellError(ValueError):
    """Says what is wrong with a column."""

    def __init__(self, code: FaultCode, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def read_group(text: str) -> str:
    """Return the name as it was typed, even if a table program would take it for a formula."""
    if not text:
        raise CellError(FaultCode.GROUP_MISSING)
    if len(text) > LONGEST_GROUP:
        raise CellError(FaultCode.GROUP_TOO_LONG, limit=LONGEST_GROUP)
    return text


def read_weekday(text: str) -> int:
    """Read "Di", "Di.", "Dienstag", "dienstags", "jeden Dienstag"; 0 is Monday."""
    words = _AROUND_WEEKDAY.sub("", text.casefold())
    numbers = [_weekday(word) for word in _SEVERAL.split(words)]
    if None in numbers or not numbers:
        raise CellError(FaultCode.WEEKDAY_UNKNOWN)
    if len(numbers) > 1:
        raise CellError(FaultCode.WEEKDAYS_SEVERAL)
    return int(numbers[0] or 0)


def _weekday(word: str) -> int | None:
    word = word.strip().rstrip(".")
    number = _NUMBERS.get(word)
    return _NUMBERS.get(word.removesuffix("s")) if number is None else number


_TIMES_FAULTS = {
    TimesFault.END_BEFORE_START: FaultCode.END_BEFORE_START,
    TimesFault.NO_TIME: FaultCode.NO_SUCH_TIME,
}


def read_span(text: str) -> tuple[time, time]:
    """Read "19-21", "19:00–21:30", "19.30 bis 21 Uhr"; an end at 0:00 is 24:00."""
    try:
        found = read_times(text, weekday=0)
    except NotUnderstoodError as error:
        raise CellError(_TIMES_FAULTS.get(error.fault, FaultCode.TIMES_UNCLEAR)) from None
    if len(found) > 1:
        raise CellError(FaultCode.TIMES_SEVERAL)
    for one in found:
        if one.start is None or one.end is None or one.note or one.pattern is not Pattern.EVERY:
            break
        if ends_too_early(one.start, one.end):
            raise CellError(FaultCode.AFTER_MIDNIGHT)
        return one.start, one.end
    raise CellError(FaultCode.TIMES_UNCLEAR)


def read_room(text: str, rooms: Sequence[ListRoom]) -> ListRoom:
    """Return the room of this name or short name, in capital letters or not."""
    wanted = text.casefold()
    by_slug = [room for room in rooms if room.slug.casefold() == wanted]
    by_name = [room for room in rooms if _folded(room.name) == wanted]
    if not by_name and not by_slug:
        raise CellError(FaultCode.ROOM_UNKNOWN, rooms=_names(rooms))
    if len(by_name) > 1:
        raise CellError(FaultCode.ROOM_AMBIGUOUS, rooms=tuple(room.slug for room in by_name))
    return [*by_name, *by_slug][0]


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _names(rooms: Iterable[ListRoom]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(room.name for room in rooms))


def read_date(text: str) -> date:
    """Read "30.06.2027", "30.6.27", "bis 30. Juni 2027", "2027-06-30"; days come before months."""
    if not text:
        raise CellError(FaultCode.UNTIL_MISSING)
    words = _AROUND_DATE.sub("", text.casefold())
    for form in _DATES:
        match = form.fullmatch(words)
        if match is not None and (month := _month(match["month"])):
            return _date(match["year"], month, match["day"])
    raise CellError(FaultCode.DATE_UNCLEAR)


def _month(text: str) -> str:
    return text if text.isdecimal() else _MONTH_NUMBERS.get(text, "")


def _date(year: str, month: str, day: str) -> date:
    number = int(year)
    if number < CENTURY:
        number += 20 * CENTURY
    try:
        return date(number, int(month), int(day))
    except ValueError:
        raise CellError(FaultCode.DATE_IMPOSSIBLE) from None
