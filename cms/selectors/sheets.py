"""What is printed: the notice of a service, and the sheet of a house for its door.

Paper says what holds for days, never a state of the moment, and names nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from cms.selectors.notices import Notice, notices_of_service
from cms.selectors.service_facts import LATER_CLOSURES_DAYS, ServiceFacts
from cms.selectors.services import ServiceRow
from cms.wording import WeekPart, main_part, short_parts, week_table

Size = Literal["large", "medium", "small", "tiny"]

# How many lines fit on a page of A4 beside what always stands there, by the size of the letters.
NOTICE_LINES: dict[Size, float] = {"large": 9, "medium": 13, "small": 16.5}
DOOR_LINES: dict[Size, float] = {"large": 52, "medium": 72}
LINES_OF_A_NOTICE = 3  # with its frame
OF_SMALL_LETTERS = 0.7  # what other lines take of the height of one of the main times


@dataclass(frozen=True)
class NoticeSheet:
    """The notice of one service. `size`: of the letters, so that all fits on one page."""

    facts: ServiceFacts
    main: WeekPart | None
    others: tuple[WeekPart, ...]
    notices: list[Notice]

    @property
    def size(self) -> Size:
        # The other parts stand side by side.
        longest = max((_height(part) + 1 for part in self.others), default=0)
        facts = self.facts
        rest = len(facts.dates) + len(facts.changes) + 2 * facts.shows_emergency
        rest += LINES_OF_A_NOTICE * len(self.notices) + longest
        lines = (_height(self.main) if self.main else 0) + OF_SMALL_LETTERS * rest
        return next((size for size, most in NOTICE_LINES.items() if lines <= most), "tiny")


@dataclass(frozen=True)
class DoorEntry:
    row: ServiceRow
    parts: tuple[WeekPart, ...]
    notices: list[Notice]

    @property
    def lines(self) -> int:
        parts = sum(_height(part) + 1 for part in self.parts)
        return 2 + parts + 2 * len(self.notices)


@dataclass(frozen=True)
class DoorSheet:
    """The week of all services of a house."""

    entries: list[DoorEntry]

    @property
    def size(self) -> Size:
        lines = sum(entry.lines for entry in self.entries)
        return next((size for size, most in DOOR_LINES.items() if lines <= most), "small")


def notice_sheet(facts: ServiceFacts) -> NoticeSheet:
    """Return the notice of a service: its week, and what is different in the months ahead."""
    kind = facts.service.kind
    main = main_part(facts.week, kind)
    return NoticeSheet(
        facts=facts,
        main=main,
        others=short_parts(facts.week, kind)[1 if main else 0 :],
        notices=notices_of_service(facts.row.schedule, facts.now.date(), LATER_CLOSURES_DAYS),
    )


def door_sheet(rows: Iterable[ServiceRow], today: date) -> DoorSheet:
    """Return the sheet for the door with these services."""
    return DoorSheet([_door_entry(row, today) for row in rows])


def _door_entry(row: ServiceRow, today: date) -> DoorEntry:
    kind = row.service.kind
    return DoorEntry(
        row=row,
        parts=short_parts(week_table(row.schedule, today, kind), kind),
        notices=notices_of_service(row.schedule, today),
    )


def _height(part: WeekPart) -> int:
    """Return how many lines a part takes; a time with a remark has one of its own."""
    return sum(
        max(1, sum("(" in time for time in line.times)) + ("(" in "".join(line.times))
        for line in part.lines
    )
