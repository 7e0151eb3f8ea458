"""What holds after every step, whatever was done: each law returns what breaks it."""

import datetime as dt
from collections.abc import Iterator

from bookings.rules.states import TRANSITIONS, Action, DateState
from bookings.selectors.ledger_check import differences
from bookings.selectors.series_check import series_differences
from bookings.services.storing import FIRST_STEPS
from tests.bookings.ledger_machine.seen import Entry, Seen, SeenDate, Wish, given_twice

LET_IN = {Action.HOLD, Action.OFFER, Action.READMIT}


def broken_laws(before: Seen, seen: Seen, *, now: dt.datetime) -> dict[str, list[object]]:
    """Return the name of each law that a step broke, with what breaks it."""
    found: dict[str, list[object]] = {
        "ledger": [str(one) for one in differences(now=now)],
        "series": [str(one) for one in series_differences()],
        "given twice": list(given_twice(seen)),
        "buffers": [
            one for one in seen.dates.values() if one.buffers != seen.rooms[one.room].buffers
        ],
        "forgotten": list(_forgotten(seen, now)),
        "wish forgotten": list(_forgotten_wishes(before, seen, now)),
        "passed over": list(_passed_over(before, seen, now)),
    }
    for law in (_lost, _history_rewritten, _untold_states, _in_closed_times):
        found[law.__name__.strip("_")] = list(law(before, seen))
    return {name: faults for name, faults in found.items() if faults}


def overdue(seen: Seen, *, now: dt.datetime) -> dict[str, list[object]]:
    """Return what should be over after the housekeeping."""
    found: dict[str, list[object]] = {
        "holds and offers": [
            date for date in seen.dates.values() if date.holds_until and date.holds_until <= now
        ],
        "taken place": [
            date
            for date in seen.dates.values()
            if date.state is DateState.APPROVED and date.span.end <= now
        ],
        "wishes": [
            wish
            for wish in seen.wishes.values()
            if wish.status == "open"
            and (wish.begins <= now or (wish.holds_until and wish.holds_until <= now))
        ],
    }
    return {name: faults for name, faults in found.items() if faults}


def _forgotten(seen: Seen, now: dt.datetime) -> Iterator[SeenDate]:
    """Give the dates that wait although their time is free and they never had their turn."""
    over = seen.had_their_turn()
    for date in seen.dates.values():
        is_next = date.waits and date.span.start > now and date.pk not in over
        if is_next and not seen.in_the_way(date):
            yield date


def _forgotten_wishes(before: Seen, seen: Seen, now: dt.datetime) -> Iterator[Wish]:
    """Give the wishes that go on waiting although this step took away what was in their way.

    Not those for several rooms: they wait for somebody who holds the locks of all.
    """
    for key, wish in seen.wishes.items():
        was = before.wishes.get(key, wish)
        rooms = {room for room, _period in wish.wanted}
        if not (wish.waits and was.waits) or len(rooms) != 1 or seen.in_the_way_of(wish):
            continue
        starts = [date.span.start for date in seen.replaced_by(wish)]
        is_ahead = min(starts + [period.start for _room, period in wish.wanted]) > now
        if is_ahead and (key not in before.wishes or before.in_the_way_of(was)):
            yield wish


def _lost(before: Seen, seen: Seen) -> Iterator[int]:
    """Give the dates and wishes that were deleted."""
    yield from before.dates.keys() - seen.dates.keys()
    yield from before.wishes.keys() - seen.wishes.keys()


def _history_rewritten(before: Seen, seen: Seen) -> Iterator[object]:
    told = before.history
    yield from (one for one, other in zip(told, seen.history, strict=False) if one != other)
    if len(seen.history) < len(told):
        yield "shorter"


def _untold_states(before: Seen, seen: Seen) -> Iterator[object]:
    """Give the steps that the table does not know, and states that the history does not tell."""
    states: dict[int, str] = {key: date.state for key, date in before.dates.items()}
    for step in seen.history[len(before.history) :]:
        if step.before != states.get(step.date, DateState.DRAFT):
            yield step
        if not _is_known(step):
            yield step
        states[step.date] = step.after
    yield from (date for key, date in seen.dates.items() if states.get(key) != date.state)


def _is_known(step: Entry) -> bool:
    way = TRANSITIONS.get(step.action)
    if way is None:
        return step.after == step.before
    if step.before == DateState.DRAFT:
        return FIRST_STEPS.get(DateState(step.after)) is step.action
    return step.before in way.sources and step.after == way.target


def _in_closed_times(before: Seen, seen: Seen) -> Iterator[SeenDate]:
    """Give the dates that came to stand in a time that was closed before."""
    closed = [
        place
        for place, _date, closure in seen.taken
        if closure is not None and closure in before.closures
    ]
    for key, date in seen.dates.items():
        was = before.dates.get(key)
        if not date.stands or (was and was.stands and seen.places_of(was) == seen.places_of(date)):
            continue
        spaces = seen.rooms[date.room].spaces
        if any(space in spaces and span.overlaps(date.period) for space, span in closed):
            yield date


def _passed_over(
    before: Seen, seen: Seen, now: dt.datetime
) -> Iterator[tuple[SeenDate, list[SeenDate]]]:
    """Give who waits on although somebody younger was let into the same time.

    What the centre offers in place of a date that it takes back is its own decision.
    """
    steps = seen.history[len(before.history) :]
    let_in = [
        seen.dates[step.date]
        for step in steps
        if step.action in LET_IN and step.before != DateState.DRAFT
    ]
    over = seen.had_their_turn()
    for key, date in seen.dates.items():
        was = before.dates.get(key)
        if not (was and was.waits and date.waits and date.span.start > now) or key in over:
            continue
        younger = [one for one in let_in if _age(one) > _age(date)]
        is_met = any(_meet(one, date, seen) for one in younger)
        if is_met and not seen.in_the_way(date, but=[one.pk for one in younger]):
            yield date, younger


def _age(date: SeenDate) -> tuple[dt.datetime, int]:
    return date.asked_at, date.pk


def _meet(one: SeenDate, other: SeenDate, seen: Seen) -> bool:
    return bool(
        seen.rooms[one.room].spaces & seen.rooms[other.room].spaces
    ) and one.period.overlaps(other.period)
