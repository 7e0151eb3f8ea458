"""What is wrong with a list of weekly groups, and with its dates, in sentences."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from bookings.rules.proposal import Verdict
from bookings.rules.spans import Span
from bookings.rules.weekly_list import LONGEST_LIST, Column, Fault, FaultCode
from bookings.wording.dates import day_and_time
from bookings.wording.refusals import refusal_sentence
from cms.wording import date_long, join_and, range_text
from cms.wording.typed_times import shown

COLUMNS = {
    Column.GROUP: gettext_lazy("Group"),
    Column.WEEKDAY: gettext_lazy("Weekday"),
    Column.TIMES: gettext_lazy("From–to"),
    Column.ROOM: gettext_lazy("Room"),
    Column.UNTIL: gettext_lazy("Until"),
}

_SENTENCES = {
    FaultCode.NOT_DECODABLE: gettext_lazy(
        "The file cannot be read. Please save it as CSV in UTF-8, or name its encoding."
    ),
    FaultCode.WORKBOOK: gettext_lazy(
        "This is a file of a spreadsheet program. Please save the table as CSV in UTF-8."
    ),
    FaultCode.TOO_BIG: gettext_lazy(
        "The file is too big for a list of %(limit)s groups. Please check whether it is the right "
        "one."
    ),
    FaultCode.EMPTY: gettext_lazy(
        "The list is empty. Please write one line for each group: group; weekday; from–to; room; "
        "until."
    ),
    FaultCode.TOO_MANY_LINES: gettext_lazy(
        "The list has %(count)s lines. Please split it into lists of %(limit)s lines at most."
    ),
    FaultCode.HEADER_UNKNOWN: gettext_lazy(
        "“%(text)s” is none of the columns. Please leave the column out; there are: %(columns)s."
    ),
    FaultCode.HEADER_TWICE: gettext_lazy(
        "The column “%(text)s” stands there twice. Please leave one of them out."
    ),
    FaultCode.HEADER_MISSING: gettext_lazy(
        "These columns are missing: %(columns)s. Please add them."
    ),
    FaultCode.COLUMNS: gettext_lazy(
        "This line has %(found)s columns in place of %(expected)s. Please write: group; weekday; "
        "from–to; room; until."
    ),
    FaultCode.QUOTES: gettext_lazy(
        "The quotation marks do not close. Please put the whole field in quotation marks, and "
        "double those within; a line of the list may not be broken."
    ),
    FaultCode.CONTROL_SIGN: gettext_lazy(
        "This line holds a sign that cannot be printed (%(text)s). Please delete it and type the "
        "line again."
    ),
    FaultCode.LINE_TOO_LONG: gettext_lazy(
        "This line is longer than %(limit)s signs. Please write one line for each group."
    ),
    FaultCode.DUPLICATE: gettext_lazy(
        "The same stands in line %(line)s. Please leave one of the two lines out."
    ),
    FaultCode.OVERLAP: gettext_lazy(
        "At this time the room is taken by line %(line)s: %(group)s, %(times)s. Please change one of "
        "the two lines."
    ),
    FaultCode.TOO_CLOSE: gettext_lazy(
        "Between this line and line %(line)s (%(group)s, %(times)s) there is not enough time for "
        "setting up and clearing up. Please change the times, or the minutes at the room."
    ),
    FaultCode.GROUP_MISSING: gettext_lazy("The name of the group is missing. Please enter it."),
    FaultCode.GROUP_TOO_LONG: gettext_lazy(
        "The name is longer than %(limit)s signs. Please shorten it."
    ),
    FaultCode.WEEKDAY_UNKNOWN: gettext_lazy(
        "“%(text)s” is no weekday. Please write Monday to Sunday, or Mo to Su."
    ),
    FaultCode.WEEKDAYS_SEVERAL: gettext_lazy(
        "“%(text)s” are several weekdays. Please write a line of its own for each."
    ),
    FaultCode.TIMES_UNCLEAR: gettext_lazy(
        "“%(text)s” was not understood. Please write from and to: 19–21 or 19:30–21:00."
    ),
    FaultCode.TIMES_SEVERAL: gettext_lazy(
        "“%(text)s” are several times. Please write a line of its own for each."
    ),
    FaultCode.NO_SUCH_TIME: gettext_lazy(
        "“%(text)s”: there is no such time of day. Please write times from 0:00 to 24:00."
    ),
    FaultCode.END_BEFORE_START: gettext_lazy(
        "“%(text)s”: the end must be after the start. Please check both times."
    ),
    FaultCode.AFTER_MIDNIGHT: gettext_lazy(
        "“%(text)s”: a date ends at 24:00 at the latest. Please write an earlier end."
    ),
    FaultCode.ROOM_UNKNOWN: gettext_lazy(
        "The centre has no room “%(text)s”. Please write one of these: %(rooms)s."
    ),
    FaultCode.ROOM_AMBIGUOUS: gettext_lazy(
        "Several rooms are called “%(text)s”. Please write the short name from the address: "
        "%(rooms)s."
    ),
    FaultCode.UNTIL_MISSING: gettext_lazy(
        "The last day is missing. Please write a date, for example 30.06.2027."
    ),
    FaultCode.DATE_UNCLEAR: gettext_lazy(
        "“%(text)s” was not understood. Please write the day like this: 30.06.2027."
    ),
    FaultCode.DATE_IMPOSSIBLE: gettext_lazy(
        "There is no day “%(text)s”. Please check day and month."
    ),
    FaultCode.UNTIL_PAST: gettext_lazy(
        "“%(text)s” lies before %(today)s. Please write a later day, or leave the line out."
    ),
}


def fault_sentence(fault: Fault) -> str:
    """Say where what is wrong, and what is expected: "Zeile 3, Raum: …"."""
    return _with_place(fault, _sentence(fault))


def _sentence(fault: Fault) -> str:
    if fault.code is FaultCode.SERIES:
        return refusal_sentence(fault.values["refusal"])
    return str(_SENTENCES[fault.code]) % _words(fault)


def _words(fault: Fault) -> dict[str, object]:
    values = fault.values
    words = {"limit": LONGEST_LIST, **values, "text": shown(fault.text)}
    words["columns"] = join_and([str(COLUMNS[one]) for one in values.get("columns", Column)])
    if "rooms" in values:
        words["rooms"] = _quoted(values["rooms"])
    if "today" in values:
        words["today"] = date_long(values["today"])
    if "start" in values:
        words["times"] = range_text(values["start"], values["end"])
    return words


def _quoted(names: Sequence[str]) -> str:
    return join_and([_("“%(name)s”") % {"name": name} for name in names])


def _with_place(fault: Fault, sentence: str) -> str:
    if fault.line is None:
        return sentence
    if fault.column is None:
        return _("Line %(line)s: %(sentence)s") % {"line": fault.line, "sentence": sentence}
    return _("Line %(line)s, %(column)s: %(sentence)s") % {
        "line": fault.line,
        "column": COLUMNS[fault.column],
        "sentence": sentence,
    }


def problem_text(span: Span, verdict: Verdict, *, reason: str = "", group: str = "") -> str:
    """Say when and why a date does not work: "Di., 1. Dezember 2026, 19:00–21:00 Uhr: belegt (Chor)"."""
    words = {
        Verdict.PUBLIC_HOLIDAY: reason,
        Verdict.SCHOOL_HOLIDAYS: reason,
        Verdict.CLOSED: _("closed: %(reason)s") % {"reason": reason},
        Verdict.TAKEN: pgettext("why a date does not work", "taken"),
        Verdict.HELD: pgettext("why a date does not work", "requested by another group"),
        Verdict.OWN: pgettext("why a date does not work", "this group has it or asked for it"),
        Verdict.OUTSIDE_HOURS: pgettext("why a date does not work", "outside the times of use"),
    }
    why = words[verdict]
    return f"{day_and_time(span)}: {why} ({group})" if group else f"{day_and_time(span)}: {why}"
