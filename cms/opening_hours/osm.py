"""The `opening_hours` expression of OpenStreetMap for a schedule.

OSM's rules and ours agree on the main thing: a rule after `;` replaces what was said before for the
whole days it names, one after `,` adds to them. So the layers are written in the order in which
ours beat each other: the week, its changes ahead, school holidays (`SH`), public holidays (`PH`),
dated exceptions. Within a layer each weekday gets one rule after `;`, all else is added to it; of
two rules that overlap the later one counts, so open doors come after appointments.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import dropwhile
from typing import NamedTuple

from cms.opening_hours.day_plan import Slot, usual_times
from cms.opening_hours.schedule import Schedule
from cms.opening_hours.timeline import LAST_DAY
from cms.opening_hours.values import (
    DAY_SECONDS,
    DAYS_OF_A_WEEK,
    HOLIDAY,
    HolidayPolicy,
    HoursException,
    Kind,
    Pattern,
    Rule,
)
from cms.opening_hours.wall_clock import ONE_DAY

OSM_LIMIT = 255  # characters of a tag's value
DATED_DAYS = 400  # how far ahead holidays are written as dates
_WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ANY_DAY = HOLIDAY  # in a cell's place: the days are named by the scope alone
# Worst first, since the later rule counts. Phone hours are no opening hours.
_MODIFIERS = {
    Kind.APPOINTMENT: 'unknown "nur mit Termin"',
    Kind.OPEN: "",
    Kind.WALK_IN: 'open "offene Sprechstunde"',
}
_BY_ARRANGEMENT = 'unknown "nach Vereinbarung"'
_WEEKS = {Pattern.ODD: "week 01-53/2", Pattern.EVEN: "week 02-52/2"}
_NEEDS_WEEKDAY = frozenset(
    {Pattern.FIRST, Pattern.SECOND, Pattern.THIRD, Pattern.FOURTH, Pattern.FIFTH, Pattern.LAST}
)


class _Line(NamedTuple):
    """What a rule says of a weekday, without the weekday; the lowest rank is said first."""

    rank: int
    pattern: Pattern
    says: str
    is_night: bool = False


_OFF = _Line(0, Pattern.EVERY, "off")
_Cell = tuple[_Line, ...]  # all that is said of a weekday, sorted
_Cells = Mapping[int, _Cell]


class _Scope(NamedTuple):
    """The days a layer speaks of: written dates, and the name of holidays."""

    dates: str
    holidays: str = ""


class _Era(NamedTuple):
    start: date | None  # None: now and before
    day: date  # one of its days


def osm_string(schedule: Schedule, today: date) -> str:
    """Return the expression to copy into OSM, as it is right from `today` on; "" if nothing is known.

    It says when the doors are open; appointments are `unknown` with a comment, phone hours are left
    out, and so are reasons and exceptions that are not public yet. Where it would be longer than
    OSM takes (OSM_LIMIT), exceptions are dropped, the farthest first, then changes of the week
    ahead; a week that is too long by itself is returned whole.
    """
    exceptions = schedule.exceptions_ahead(today, days=(date.max - today).days)
    changes = schedule.changes_ahead(today)
    return next(
        (
            text
            for text in _shorter_and_shorter(schedule, today, exceptions, changes)
            if len(text) <= OSM_LIMIT
        ),
        _expression(schedule, today, (), (), _Named()),
    )


def osm_string_in_dates(schedule: Schedule, today: date) -> str:
    """Return the same without holidays by name: each is written as a date, DATED_DAYS ahead.

    As long as it gets, with every exception; for evaluators that do not know the holidays.
    """
    exceptions = tuple(one for one in schedule.exceptions if one.last >= today)
    changes = schedule.changes_ahead(today)
    return _expression(schedule, today, exceptions, changes, _Dated(schedule, today))


def _shorter_and_shorter(
    schedule: Schedule,
    today: date,
    exceptions: Sequence[HoursException],
    changes: Sequence[date],
) -> Iterator[str]:
    for number in range(len(exceptions), -1, -1):
        yield _expression(schedule, today, exceptions[:number], changes, _Named())
    for number in range(len(changes) - 1, 0, -1):
        yield _expression(schedule, today, (), changes[:number], _Named())


# How holidays are written


class _Named:
    def public(self, start: date | None) -> _Scope | None:
        return _Scope(_since(start), "PH")

    def school(self, start: date | None) -> _Scope | None:
        return _Scope(_since(start), "SH")


class _Dated:
    def __init__(self, schedule: Schedule, today: date) -> None:
        days = list(_days(today))
        self._public = [day for day in days if schedule.holidays(day) is not None]
        self._school = [day for day in days if schedule.school_holidays(day) is not None]

    def public(self, start: date | None) -> _Scope | None:
        return self._scope(self._public, start)

    def school(self, start: date | None) -> _Scope | None:
        return self._scope(self._school, start)

    def _scope(self, days: Iterable[date], start: date | None) -> _Scope | None:
        dates = _dates(day for day in days if start is None or day >= start)
        return _Scope(dates) if dates else None


_Holidays = _Named | _Dated


# The layers


def _expression(
    schedule: Schedule,
    today: date,
    exceptions: Sequence[HoursException],
    changes: Sequence[date],
    holidays: _Holidays,
) -> str:
    eras = [_Era(None, today), *(_Era(day, day) for day in changes)]
    texts = [
        *_week(schedule, eras, holidays),
        *_public_holidays(schedule, today, eras, holidays),
        *_exceptions(exceptions),
    ]
    # What comes first closes nothing.
    said = dropwhile(lambda text: text[1].endswith(" off"), texts)
    return "".join(joint + text for joint, text in said).removeprefix("; ").removeprefix(", ")


_Texts = Iterator[tuple[str, str]]  # what stands before a rule, and the rule


def _week(schedule: Schedule, eras: Sequence[_Era], holidays: _Holidays) -> _Texts:
    in_school = [_week_cells(schedule, era.day, in_holidays=False) for era in eras]
    in_holidays = [_week_cells(schedule, era.day, in_holidays=True) for era in eras]
    nothing = [dict.fromkeys(range(DAYS_OF_A_WEEK), ())] * len(eras)
    yield from _layer(eras, in_school, nothing, lambda start: _Scope(_since(start)))
    yield from _layer(eras, in_holidays, in_school, holidays.school)


def _public_holidays(
    schedule: Schedule, today: date, eras: Sequence[_Era], holidays: _Holidays
) -> _Texts:
    if schedule.holiday_policy is HolidayPolicy.CLOSED:
        cells: list[_Cells] = [{_ANY_DAY: ()}]
        yield from _layer(eras[:1], cells, [{}], holidays.public)
        return
    weekday = 6 if schedule.holiday_policy is HolidayPolicy.AS_SUNDAY else HOLIDAY
    used = {rule.pattern for rule in schedule.rules if rule.weekday == weekday}
    if any(pattern in _NEEDS_WEEKDAY or pattern.asks_for_school for pattern in used):
        yield from _holidays_one_by_one(schedule, today, weekday)
        return
    cells = [{_ANY_DAY: _cell(schedule.rules_valid_on(era.day), weekday)} for era in eras]
    yield from _layer(eras, cells, [{}] * len(eras), holidays.public)


def _holidays_one_by_one(schedule: Schedule, today: date, weekday: int) -> _Texts:
    """Say what OSM has no words for (own times on the first holiday Monday …) date by date."""
    alike: dict[_Cell, list[date]] = {}
    for day in _days(today):
        if schedule.holidays(day) is not None:
            is_school_holiday = schedule.school_holidays(day) is not None
            rules = [
                replace(rule, pattern=Pattern.EVERY)
                for rule in schedule.rules_valid_on(day)
                if rule.pattern.holds_on(day, is_school_holiday=is_school_holiday)
            ]
            alike.setdefault(_cell(rules, weekday), []).append(day)
    for cell, days in alike.items():
        yield from _rules({_ANY_DAY: cell}, _Scope(_dates(days)))


def _exceptions(exceptions: Iterable[HoursException]) -> _Texts:
    """Say the exceptions so that the one that holds on a day (see Schedule) comes last."""
    by_strength = sorted(exceptions, key=lambda one: (not one.is_closed, one.last - one.first))
    for exception in reversed(by_strength):
        rules = [Rule(times.kind, _ANY_DAY, times.start, times.end) for times in exception.times]
        yield from _rules({_ANY_DAY: _cell(rules, _ANY_DAY)}, _Scope(_dates_of(exception)))


def _layer(
    eras: Iterable[_Era],
    cells_of_eras: Iterable[_Cells],
    below: Iterable[_Cells],
    scope_of: Callable[[date | None], _Scope | None],
) -> _Texts:
    """Say of each era what differs from what was said so far, or from the layer below."""
    told: dict[int, _Cell] = {}
    for era, cells, lower in zip(eras, cells_of_eras, below, strict=True):
        new = {day: cell for day, cell in cells.items() if told.get(day, lower.get(day)) != cell}
        told |= new
        scope = scope_of(era.start)
        if scope is not None:
            yield from _rules(new, scope)


# One layer's rules


def _rules(cells: _Cells, scope: _Scope) -> _Texts:
    replaces = scope != _Scope("")
    heads: dict[_Line, list[int]] = {}
    others: dict[_Line, list[int]] = {}
    for day, cell in cells.items():
        head, *rest = _with_head(cell) if replaces else cell or (None,)
        if head is not None:
            heads.setdefault(head, []).append(day)
        for line in rest:
            others.setdefault(line, []).append(day)
    if not replaces and any(line.is_night for line in (*heads, *others)):
        # After `;` some evaluators cut the night before at midnight; here nothing is replaced.
        for line, days in heads.items():
            others.setdefault(line, []).extend(days)
        heads = {}
    for line, days in heads.items():
        yield "; ", _rule_text(line, days, scope)
    for line, days in sorted(others.items(), key=lambda item: (item[0].rank, item[1])):
        yield ", ", _rule_text(line, sorted(days), scope)


def _with_head(cell: _Cell) -> _Cell:
    """Let the first line hold every week, so that it replaces what was said of each of the days."""
    return cell if cell and cell[0].pattern is Pattern.EVERY else (_OFF, *cell)


def _rule_text(line: _Line, days: Sequence[int], scope: _Scope) -> str:
    weeks = _WEEKS.get(line.pattern, "")
    named = "" if _ANY_DAY in days else _weekdays(line.pattern, days)
    return " ".join(part for part in (scope.dates, weeks, scope.holidays, named, line.says) if part)


def _weekdays(pattern: Pattern, days: Sequence[int]) -> str:
    """Say "Mo-Fr", "Mo,Tu,Th", "Tu[1]"."""
    if pattern in _NEEDS_WEEKDAY:
        number = -1 if pattern is Pattern.LAST else int(pattern.value)
        return ",".join(f"{_WEEKDAYS[day]}[{number}]" for day in days)
    return ",".join(
        f"{_WEEKDAYS[run[0]]}-{_WEEKDAYS[run[-1]]}"
        if len(run) > 2  # noqa: PLR2004 - two days are “Mo,Tu”
        else ",".join(_WEEKDAYS[day] for day in run)
        for run in _runs(days)
    )


# Cells


def _week_cells(schedule: Schedule, day: date, *, in_holidays: bool) -> _Cells:
    """Return what is said of Monday to Sunday in the era of the day, in or outside school holidays."""
    fitting = Pattern.SCHOOL_HOLIDAYS if in_holidays else Pattern.SCHOOL_WEEKS
    rules = [
        replace(rule, pattern=Pattern.EVERY) if rule.pattern is fitting else rule
        for rule in schedule.rules_valid_on(day)
        if rule.pattern is fitting or not rule.pattern.asks_for_school
    ]
    return {weekday: _cell(rules, weekday) for weekday in range(DAYS_OF_A_WEEK)}


def _cell(rules: Iterable[Rule], weekday: int) -> _Cell:
    of_day = [replace(rule, note="") for rule in rules if rule.weekday == weekday]
    return tuple(sorted({*_timed(of_day, weekday), *_untimed(of_day)}))


def _timed(rules: Sequence[Rule], weekday: int) -> Iterator[_Line]:
    for kind, modifier in _MODIFIERS.items():
        slots = usual_times(rules, weekday, kind)
        for pattern in {slot.pattern for slot in slots}:
            times = ",".join(_range(slot) for slot in slots if slot.pattern is pattern)
            is_night = any(slot.end > DAY_SECONDS for slot in slots)
            rank = _rank(pattern, kind)
            yield _Line(rank, pattern, f"{times} {modifier}".rstrip(), is_night=is_night)


def _untimed(rules: Iterable[Rule]) -> Iterator[_Line]:
    for rule in rules:
        if not rule.is_timed:
            yield _Line(_rank(rule.pattern), rule.pattern, _BY_ARRANGEMENT)


def _rank(pattern: Pattern, kind: Kind | None = None) -> int:
    """Return what is said first: times without clock, worse kinds, every week before some weeks."""
    kinds, patterns = list(_MODIFIERS), list(Pattern)
    number = 0 if kind is None else kinds.index(kind) + 1
    return number * len(patterns) + patterns.index(pattern)


# Days and times


def _range(slot: Slot) -> str:
    start, end = slot.start, slot.end
    if DAY_SECONDS < end < start + DAY_SECONDS:
        end -= DAY_SECONDS
    return f"{_clock(start)}-{_clock(end)}"


def _clock(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}"


def _days(today: date) -> Iterator[date]:
    return (today + number * ONE_DAY for number in range(DATED_DAYS))


def _since(start: date | None) -> str:
    return "" if start is None else f"{_date(start)}+"


def _date(day: date) -> str:
    return f"{day.year} {_MONTHS[day.month - 1]} {day.day:02}"


def _dates_of(exception: HoursException) -> str:
    first, last = exception.first, exception.last
    return _since(first) if last > LAST_DAY else _date_range(first, last)


def _dates(days: Iterable[date]) -> str:
    runs = _runs([day.toordinal() for day in days])
    return ",".join(
        _date_range(date.fromordinal(run[0]), date.fromordinal(run[-1])) for run in runs
    )


def _date_range(first: date, last: date) -> str:
    """Say "2026 Nov 27", "2026 Dec 25-26", "2026 Dec 23-2027 Jan 02"."""
    if first == last:
        return _date(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{_date(first)}-{last.day:02}"
    return f"{_date(first)}-{_date(last)}"


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    """Split ascending numbers into runs without gaps."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs
