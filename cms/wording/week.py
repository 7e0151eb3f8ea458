"""The table of the week, Monday to Sunday, and sentences for weeks to come."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Literal

from django.utils.translation import pgettext

from cms.opening_hours import HOLIDAY, HolidayPolicy, Kind, Rule, Schedule, usual_times
from cms.wording.dates import (
    date_long,
    join_and,
    join_weekdays,
    range_text,
    span_text,
    weekday_name,
    weekday_short,
)
from cms.wording.labels import column_label, pattern_text

_WEEK = range(HOLIDAY)
_ONE_DAY = timedelta(days=1)
_VISIT_KINDS = (Kind.OPEN, Kind.WALK_IN, Kind.APPOINTMENT)

_Change = Literal["closed", "none", "also", "set"]


@dataclass(frozen=True, slots=True)
class WeekColumn:
    kind: Kind
    label: str


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One weekday: `cells` in the order of the columns; None where there are no times."""

    weekday: int
    name: str
    short_name: str
    is_today: bool
    cells: tuple[tuple[str, ...] | None, ...]
    phone: tuple[str, ...] | None

    @property
    def is_closed(self) -> bool:
        return not any(self.cells)


@dataclass(frozen=True, slots=True)
class WeekTable:
    """The usual week.

    columns: the kinds in use, in the order open, walk-in, appointment; phone hours stand apart
        (`has_phone`, `row.phone`).
    holiday_row: the times on public holidays, if the service has its own.
    valid_again_from: today lies in a closure of several days; the week holds again from that day.
    valid_on: the day whose week this is: today, or the day of the return.
    """

    columns: tuple[WeekColumn, ...]
    rows: tuple[WeekRow, ...]
    holiday_row: WeekRow | None
    has_phone: bool
    valid_again_from: date | None
    valid_on: date


@dataclass(frozen=True, slots=True)
class ChangeSentence:
    """A change ahead: "Ab 4. Januar 2027:", then "Mittwoch auch 15:00–17:00 Uhr."."""

    lead: str
    rest: str

    @property
    def text(self) -> str:
        return f"{self.lead} {self.rest}"

    def __str__(self) -> str:
        return self.text


def week_table(schedule: Schedule, today: date, service_kind: str = "") -> WeekTable:
    """Return the usual week as it is valid today, or after a closure that covers today.

    "heute" is marked only if the row is right for today: not on a public holiday and not on a
    day with an exception, which the state sentence and the notice speak of.
    """
    valid_on, valid_again_from = _day_of_the_week_shown(schedule, today)
    rules = schedule.rules_valid_on(valid_on)
    own_holidays = schedule.holiday_policy is HolidayPolicy.OWN_TIMES
    used = {rule.kind for rule in rules}
    kinds = tuple(kind for kind in _VISIT_KINDS if kind in used)
    marked = _row_of_today(schedule, today)

    def row(weekday: int) -> WeekRow:
        return WeekRow(
            weekday=weekday,
            name=weekday_name(weekday),
            short_name=weekday_short(weekday),
            is_today=weekday == marked,
            cells=tuple(_cell(rules, weekday, kind) or None for kind in kinds),
            phone=_cell(rules, weekday, Kind.PHONE) or None,
        )

    return WeekTable(
        columns=tuple(WeekColumn(kind, column_label(kind, service_kind)) for kind in kinds),
        rows=tuple(row(weekday) for weekday in _WEEK),
        holiday_row=row(HOLIDAY) if own_holidays else None,
        has_phone=Kind.PHONE in used,
        valid_again_from=valid_again_from,
        valid_on=valid_on,
    )


def change_sentences(
    schedule: Schedule, today: date, service_kind: str = ""
) -> tuple[ChangeSentence, ...]:
    """Say how the week changes after the one that week_table shows, one sentence for each day."""
    valid_on, _ = _day_of_the_week_shown(schedule, today)
    return tuple(
        ChangeSentence(
            pgettext("change of hours", "From %(date)s:") % {"date": date_long(day)},
            _difference(schedule, day, service_kind) + ".",
        )
        for day in schedule.changes_ahead(valid_on)
    )


def _day_of_the_week_shown(schedule: Schedule, today: date) -> tuple[date, date | None]:
    exception = schedule.exception_on(today)
    if exception is None or not exception.is_closed or exception.is_one_day:
        return today, None
    back = schedule.next_return(exception)
    return back or today, back


def _row_of_today(schedule: Schedule, today: date) -> int | None:
    if schedule.exception_on(today) is not None:
        return None
    if schedule.holidays(today) is not None:
        return HOLIDAY if schedule.holiday_policy is HolidayPolicy.OWN_TIMES else None
    return today.weekday()


def _cell(rules: tuple[Rule, ...], weekday: int, kind: Kind) -> tuple[str, ...]:
    return _times(rules, weekday, kind, range_text)


def _times(
    rules: tuple[Rule, ...], weekday: int, kind: Kind, say: Callable[[time, time], str]
) -> tuple[str, ...]:
    timed = [
        (say(slot.start_time, slot.end_time), slot.pattern, slot.note)
        for slot in usual_times(rules, weekday, kind)
    ]
    sorts = {
        (rule.pattern, rule.note)
        for rule in rules
        if rule.weekday == weekday and rule.kind is kind and not rule.is_timed
    }
    arranged = pgettext("hours", "by arrangement")
    untimed = [(arranged, pattern, note) for pattern, note in sorted(sorts)]
    return tuple(
        _with_remarks(text, pattern_text(pattern, weekday), note)
        for text, pattern, note in [*timed, *untimed]
    )


def _with_remarks(text: str, *remarks: str) -> str:
    named = "; ".join(remark for remark in remarks if remark)
    return f"{text} ({named})" if named else text


def _difference(schedule: Schedule, day: date, service_kind: str) -> str:
    old, new = schedule.rules_valid_on(day - _ONE_DAY), schedule.rules_valid_on(day)
    if not new:
        return pgettext("change of hours", "Hours: not specified")
    weekdays = range(HOLIDAY + 1 if schedule.holiday_policy is HolidayPolicy.OWN_TIMES else HOLIDAY)
    parts: list[str] = []
    for kind in Kind:
        changed: dict[tuple[_Change, str], list[int]] = {}
        for weekday in weekdays:
            before = _times(old, weekday, kind, span_text)
            after = _times(new, weekday, kind, span_text)
            if before == after:
                continue
            change, times = _change(before, after)
            if kind is Kind.OPEN and not after and not _is_visited(new, weekday):
                change = "closed"
            changed.setdefault((change, join_and(times)), []).append(weekday)
        label = column_label(kind, service_kind)
        for (change, text), days in changed.items():
            named = kind is Kind.OPEN and change != "none"
            sentence = _change_sentence(change, join_weekdays(days), text)
            parts.append(sentence if named else f"{label}: {sentence}")
    return "; ".join(parts)


def _is_visited(rules: tuple[Rule, ...], weekday: int) -> bool:
    return any(_times(rules, weekday, kind, span_text) for kind in _VISIT_KINDS)


def _change(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[_Change, tuple[str, ...]]:
    """Say what is new, and with which times."""
    if not after:
        return "none", ()
    added = tuple(text for text in after if text not in before)
    if before and len(added) == len(after) - len(before):
        return "also", added
    return "set", after


def _change_sentence(change: _Change, days: str, times: str) -> str:
    values = {"days": days, "times": times}
    match change:
        case "closed":
            return pgettext("change of hours", "%(days)s closed") % values
        case "none":
            return pgettext("change of hours", "%(days)s no longer") % values
        case "also":
            return pgettext("change of hours", "%(days)s also %(times)s") % values
    return pgettext("change of hours", "%(days)s %(times)s") % values
