"""The times of one day in seconds of the day: what is offered, and what counts at each moment."""

from collections.abc import Iterable
from datetime import datetime, time
from itertools import pairwise
from typing import NamedTuple, TypeVar

from cms.opening_hours.values import (
    DAY_SECONDS,
    HoursException,
    Kind,
    Pattern,
    Rule,
    Span,
    end_second,
    second_of_day,
)

Point = TypeVar("Point", int, datetime)

# What a visitor can do, best first: walk-in hours are open doors, too.
COUNTS_AS = {
    Kind.OPEN: Kind.OPEN,
    Kind.WALK_IN: Kind.OPEN,
    Kind.APPOINTMENT: Kind.APPOINTMENT,
    Kind.PHONE: Kind.PHONE,
}
_RANK = {kind: rank for rank, kind in enumerate(Kind)}


class Slot(NamedTuple):
    """Seconds of the day on which it begins; an end beyond 24:00 lies in the night after."""

    start: int
    end: int
    kind: Kind
    note: str = ""
    pattern: Pattern = Pattern.EVERY  # in the usual week; a day's plan has only what holds

    @property
    def start_time(self) -> time:
        return _time(self.start)

    @property
    def end_time(self) -> time:
        """Return the wall-clock end; 24:00 is 0:00."""
        return _time(self.end % DAY_SECONDS)


class Block(NamedTuple):
    """A time of this day at which the same thing counts; OPEN, APPOINTMENT or PHONE."""

    start: int
    end: int
    kind: Kind


class DayPlan(NamedTuple):
    slots: tuple[Slot, ...]  # begin on this day; per kind disjoint and not touching; sorted
    blocks: tuple[Block, ...]  # of this day alone; disjoint; neighbours that touch differ in kind
    carried: tuple[Slot, ...] = ()  # begun the day before, from 0:00 on

    def slot_at(self, second: int, kind: Kind) -> Slot:
        """Return what makes the block of this kind at this second."""
        return next(
            slot
            for slot in (*self.slots, *self.carried)
            if COUNTS_AS[slot.kind] is kind and slot.start <= second < slot.end
        )


def slots_of_rules(rules: Iterable[Rule], weekday: int) -> list[Slot]:
    return [
        Slot(
            second_of_day(rule.start),
            end_second(rule.start, rule.end),
            rule.kind,
            rule.note,
            rule.pattern,
        )
        for rule in rules
        if rule.weekday == weekday and rule.start is not None and rule.end is not None
    ]


def slots_of_exception(exception: HoursException) -> list[Slot]:
    return [
        Slot(second_of_day(times.start), end_second(times.start, times.end), times.kind)
        for times in exception.times
    ]


def carried_over(slots: Iterable[Slot]) -> tuple[Slot, ...]:
    """Return what goes on after midnight, as slots of the next day."""
    return tuple(
        slot._replace(start=0, end=slot.end - DAY_SECONDS)
        for slot in slots
        if slot.end > DAY_SECONDS
    )


def usual_times(rules: Iterable[Rule], weekday: int, kind: Kind) -> tuple[Slot, ...]:
    """Return one kind's times of a weekday as a table shows them, in order.

    Times that touch or overlap are merged, but only if their notes and patterns agree. The caller
    has chosen the rules that are valid.
    """
    slots = [slot for slot in slots_of_rules(rules, weekday) if slot.kind is kind]
    sorts = {(slot.note, slot.pattern) for slot in slots}
    return tuple(
        sorted(
            merged
            for sort in sorts
            for merged in _merge(slot for slot in slots if (slot.note, slot.pattern) == sort)
        )
    )


def plan_of(slots: Iterable[Slot], carried: tuple[Slot, ...] = ()) -> DayPlan:
    """Merge a day's slots to a plan; `carried` goes on from the day before."""
    merged = _merge(slot for slot in slots if slot.start < slot.end)
    blocks = what_counts(
        (slot.kind, slot.start, min(slot.end, DAY_SECONDS)) for slot in (*carried, *merged)
    )
    return DayPlan(merged, tuple(Block(start, end, kind) for kind, start, end in blocks), carried)


def without_gap(slots: Iterable[Slot], gap: tuple[int, int]) -> list[Slot]:
    """Move what lies in the seconds [first, end) that the clock skips to their end."""
    moved = [
        slot._replace(start=_after(gap, slot.start), end=_after(gap, slot.end)) for slot in slots
    ]
    return [slot for slot in moved if slot.start < slot.end]


def _time(second: int) -> time:
    minutes, second = divmod(second, 60)
    return time(minutes // 60, minutes % 60, second)


def _after(gap: tuple[int, int], second: int) -> int:
    first, end = gap
    return end if first <= second < end else second


def _merge(slots: Iterable[Slot]) -> tuple[Slot, ...]:
    merged: dict[Kind, list[Slot]] = {}
    for slot in sorted(slots):
        of_kind = merged.setdefault(slot.kind, [])
        if of_kind and slot.start <= of_kind[-1].end:
            last = of_kind[-1]
            note = last.note
            if slot.note and slot.note not in note.split("; "):
                note = f"{note}; {slot.note}" if note else slot.note
            of_kind[-1] = last._replace(end=max(last.end, slot.end), note=note)
        else:
            of_kind.append(slot)
    return tuple(
        sorted(
            (slot for of_kind in merged.values() for slot in of_kind),
            key=lambda slot: (slot.start, _RANK[slot.kind]),
        )
    )


def what_counts(
    items: Iterable[tuple[Kind, Point, Point]],
) -> list[tuple[Kind, Point, Point]]:
    """Cut overlapping times so that at each moment only the best of open, appointment, phone is left.

    Takes and gives (kind, start, end); open and walk-in become OPEN; touching times of one kind
    are merged.
    """
    times = [(COUNTS_AS[kind], start, end) for kind, start, end in items]
    borders = sorted({border for _, start, end in times for border in (start, end)})
    counting: list[tuple[Kind, Point, Point]] = []
    for start, end in pairwise(borders):
        kinds = [kind for kind, first, last in times if first <= start and end <= last]
        if not kinds:
            continue
        best = min(kinds, key=_RANK.__getitem__)
        if counting and counting[-1][0] is best and counting[-1][2] == start:
            counting[-1] = (best, counting[-1][1], end)
        else:
            counting.append((best, start, end))
    return counting


def blocks(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return what counts at each moment of a day's spans: OPEN, else APPOINTMENT, else PHONE.

    Walk-in hours are OPEN here; notes are dropped; the result is disjoint and sorted.
    """
    items = what_counts((span.kind, span.start, span.end) for span in spans)
    return tuple(Span(kind, start, end) for kind, start, end in items)
