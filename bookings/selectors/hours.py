"""When a room may be used, and what of it is free."""

from collections.abc import Iterable
from datetime import date, time
from typing import Any, NamedTuple, Protocol

from bookings.models import Room
from bookings.rules.spans import Span, bookable
from bookings.rules.wall_clock import span_on
from bookings.rules.week import askable


class Opening(Protocol):
    """A span of the week: RoomHours, or what was read of them."""

    @property
    def weekday(self) -> int: ...
    @property
    def opens(self) -> time: ...
    @property
    def closes(self) -> time: ...


class ReadOpening(NamedTuple):
    weekday: int
    opens: time
    closes: time


def read_openings(rows: Iterable[dict[str, Any]]) -> tuple[ReadOpening, ...]:
    """Return openings from JSON."""
    return tuple(
        ReadOpening(row["weekday"], *map(time.fromisoformat, (row["opens"], row["closes"])))
        for row in rows
    )


def hours_on(room: Room, day: date) -> list[Span]:
    """Return the spans of a day in which the room may be used; prefetched hours cost no query."""
    return openings_on(room.hours.all(), day)


def openings_on(openings: Iterable[Opening], day: date) -> list[Span]:
    """Return the spans of the week that lie on this day."""
    return [
        span_on(day, opening.opens, opening.closes)
        for opening in openings
        if opening.weekday == day.weekday()
    ]


def free_spans(room: Room, day: date, taken: Iterable[Span], use: str = "") -> list[Span]:
    """Return what can be asked for of that day for this use. `taken`: periods of the ledger."""
    return askable(gaps_on(room, day, taken, use), room.policy)


def gaps_on(room: Room, day: date, taken: Iterable[Span], use: str = "") -> list[Span]:
    """Return when the room is free that day for an event of this use, however short."""
    before, after = room.buffers_for(use)
    return bookable(hours_on(room, day), taken, before=before, after=after)
