"""The week in few lines, for a sheet of paper: days with equal times stand together."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cms.opening_hours import HOLIDAY, Kind
from cms.wording.dates import join_weekdays, weekday_short
from cms.wording.labels import column_label, hours_label
from cms.wording.week import WeekRow, WeekTable

Times = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WeekLine:
    """Days with the same times; no times: closed."""

    days: str
    times: Times


@dataclass(frozen=True, slots=True)
class WeekPart:
    """The times of one kind under its label: "Sprechzeiten", "offene Sprechstunde", "Telefonzeiten"."""

    label: str
    kind: Kind
    lines: tuple[WeekLine, ...]


def main_part(week: WeekTable, service_kind: str = "") -> WeekPart | None:
    """Return the first kind of times that is not the phone's, from Monday to Sunday.

    Days that follow each other stand together, closed ones are named. None if there are only phone
    hours, or none at all.
    """
    if not week.columns:
        return None
    runs: list[tuple[list[int], Times]] = []
    for row in _rows(week):
        times = row.cells[0] or ()
        if not times and not row.is_closed:
            continue
        if runs and runs[-1][1] == times and _follows(row.weekday, runs[-1][0][-1]):
            runs[-1][0].append(row.weekday)
        else:
            runs.append(([row.weekday], times))
    lines = tuple(WeekLine(join_weekdays(days), times) for days, times in runs)
    kind = week.columns[0].kind
    return WeekPart(_label(kind, service_kind), kind, lines)


def short_parts(week: WeekTable, service_kind: str = "") -> tuple[WeekPart, ...]:
    """Return all kinds of times in as few lines as there are: "Mo., Mi. und Fr." 8:00–12:00."""
    parts = []
    for kind, cells in _columns(week):
        days_of: dict[Times, list[int]] = {}
        for weekday, times in cells:
            days_of.setdefault(times, []).append(weekday)
        lines = tuple(
            WeekLine(join_weekdays(days, weekday_short), times) for times, days in days_of.items()
        )
        parts.append(WeekPart(_label(kind, service_kind), kind, lines))
    return tuple(parts)


def _columns(week: WeekTable) -> Iterator[tuple[Kind, list[tuple[int, Times]]]]:
    """Give each kind with the weekdays on which it has times."""
    rows = _rows(week)
    for number, column in enumerate(week.columns):
        yield column.kind, [(row.weekday, times) for row in rows if (times := row.cells[number])]
    if week.has_phone:
        yield Kind.PHONE, [(row.weekday, row.phone) for row in rows if row.phone]


def _rows(week: WeekTable) -> list[WeekRow]:
    return [*week.rows, *([week.holiday_row] if week.holiday_row else [])]


def _follows(weekday: int, last: int) -> bool:
    """Tell whether the day comes next in the week; a public holiday is none of its days."""
    return weekday == last + 1 and weekday != HOLIDAY


def _label(kind: Kind, service_kind: str) -> str:
    match kind:
        case Kind.OPEN:
            return hours_label(service_kind)
        case Kind.PHONE:
            return _("Phone hours")
    return column_label(kind, service_kind)
