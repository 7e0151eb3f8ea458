"""A whole list: its lines, and what they have to do with each other."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from bookings.rules.recurrence import refusals_of_series
from bookings.rules.wall_clock import berlin_day
from bookings.rules.weekly_list.cells import (
    CellError,
    read_date,
    read_group,
    read_room,
    read_span,
    read_weekday,
)
from bookings.rules.weekly_list.decoding import UndecodableError, decoded
from bookings.rules.weekly_list.lines import Cells, cells_of, lines_of
from bookings.rules.weekly_list.values import (
    Column,
    Fault,
    FaultCode,
    ListRoom,
    WeeklyList,
    WeeklyRow,
)

LONGEST_LIST = 500  # lines
Value = TypeVar("Value")


def read_weekly_list(
    source: str | bytes,
    *,
    rooms: Sequence[ListRoom],
    now: datetime,
    first: date | None = None,
    encoding: str = "",
) -> WeeklyList:
    """Return the groups of a list, and everything that is wrong with it, by line and column.

    `rooms` of the centre. `first`: the day from which the dates count, today unless given.
    `encoding`: of the bytes, found out unless given.
    """
    try:
        lines = lines_of(decoded(source, encoding))
    except UndecodableError as error:
        return WeeklyList(faults=(error.fault,))
    cells, faults = cells_of(lines)
    if len(cells) + len(faults) > LONGEST_LIST:
        values = {"count": len(cells) + len(faults), "limit": LONGEST_LIST}
        return WeeklyList(faults=(Fault(FaultCode.TOO_MANY_LINES, values=values),))
    if not cells and not faults:
        return WeeklyList(faults=(Fault(FaultCode.EMPTY),))
    begins = max(first or berlin_day(now), berlin_day(now))
    rows = []
    for one in cells:
        reader = _LineReader(one, rooms, begins, now)
        row = reader.read()
        faults += reader.faults
        if row is not None:
            rows.append(row)
    faults += _collisions(rows)
    faulty = {fault.line for fault in faults}
    return WeeklyList(
        tuple(row for row in rows if row.line not in faulty),
        tuple(sorted(faults, key=_place)),
    )


def _place(fault: Fault) -> tuple[int, int]:
    order = list(Column)
    return fault.line or 0, order.index(fault.column) if fault.column else -1


# One line ----------------------------------------------------------------------------------------


@dataclass
class _LineReader:
    cells: Cells
    rooms: Sequence[ListRoom]
    begins: date
    now: datetime
    faults: list[Fault] = field(default_factory=list)

    def read(self) -> WeeklyRow | None:
        """Return the line as a row, None if something is wrong; `faults` say what."""
        group = self._cell(Column.GROUP, read_group)
        weekday = self._cell(Column.WEEKDAY, read_weekday)
        span = self._cell(Column.TIMES, read_span)
        room = self._cell(Column.ROOM, lambda text: read_room(text, self.rooms))
        until = self._cell(Column.UNTIL, self._read_until)
        if group is None or weekday is None or span is None or room is None or until is None:
            return None
        row = WeeklyRow(self.cells.number, group, weekday, *span, room, until)
        self._check_series(row)
        return None if self.faults else row

    def _cell(self, column: Column, read: Callable[[str], Value]) -> Value | None:
        try:
            return read(self.cells.texts[column])
        except CellError as error:
            self._fault(error.code, column, error.values)
            return None

    def _fault(self, code: FaultCode, column: Column, values: dict[str, Any]) -> None:
        text = self.cells.texts[column]
        self.faults.append(Fault(code, self.cells.number, column, text, values))

    def _read_until(self, text: str) -> date:
        until = read_date(text)
        if until < self.begins:
            raise CellError(FaultCode.UNTIL_PAST, until=until, today=self.begins)
        return until

    def _check_series(self, row: WeeklyRow) -> None:
        first = row.first_day(self.begins, now=self.now)
        for refusal in refusals_of_series(row.recurrence, first, row.until, row.start, row.end):
            column = Column.UNTIL if refusal.about == "until" else Column.TIMES
            self._fault(FaultCode.SERIES, column, {"refusal": refusal})


# All of them -------------------------------------------------------------------------------------


def _collisions(rows: Sequence[WeeklyRow]) -> Iterator[Fault]:
    """Give the lines that stand there before, and those that want a time of one before."""
    for place, row in enumerate(rows):
        for earlier in rows[:place]:
            code = _collision(row, earlier)
            if code is None:
                continue
            values = {
                "line": earlier.line,
                "group": earlier.group,
                "start": earlier.start,
                "end": earlier.end,
            }
            yield Fault(code, row.line, values=values)
            break


def _collision(row: WeeklyRow, earlier: WeeklyRow) -> FaultCode | None:
    if row.key == earlier.key:
        return FaultCode.DUPLICATE
    if not row.shares_space_with(earlier):
        return None
    if row.span.overlaps(earlier.span):
        return FaultCode.OVERLAP
    return FaultCode.TOO_CLOSE if row.period.overlaps(earlier.period) else None
