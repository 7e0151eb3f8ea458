"""When a room may be used, and what of it is free."""

from collections.abc import Iterable
from datetime import date, time
from typing import Any, NamedTuple, Protocol

from bookings.models import Room
from bookings.rules.spans import Span, bookable
from bookings.rules.wall_clock import span_on


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
    """Return when a new event of this use may take place that day. `taken`: periods of the ledger."""
    before, after = room.buffers_for(use)
    return bookable(
        hours_on(room, day), taken, before=before, after=after, shortest=room.policy.shortest
    )
