"""Where the dates of a new request would stand, and everything that speaks against it.

Read without locks this is a look ahead; under the locks of the rooms it is what will be stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bookings.models import Association, Layout, Room
from bookings.rules.obstacles import Obstacles, code_of, in_each_others_way, reason_of
from bookings.rules.recurrence import Recurrence, refusals_of_series
from bookings.rules.refusals import Code, Refusal, Wish, refusals_of
from bookings.rules.spans import Span
from bookings.rules.states import DateState
from bookings.rules.wall_clock import in_berlin
from bookings.selectors.asking import refusals_of_group
from bookings.selectors.hours import openings_on
from bookings.selectors.obstacles import obstacles_in
from bookings.selectors.policies import is_promised_at_once
from bookings.selectors.proposals import WantedDate
from bookings.services.storing import NewDate, holding

Spaces = Mapping[int, Sequence[int]]  # room → its spaces
# What one may wait behind, and where the date stands then.
WAITING_STATES = {Code.HELD: DateState.REQUESTED, Code.TAKEN: DateState.WAITLISTED}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request as far as the rules and the ledger are concerned.

    waits: behind which codes the group waits, for all dates; a single date may wait for itself.
    replaced: keys of dates in whose place these come; they are in nobody's way.
    more_of: the key of the request to which they are added.
    """

    room: Room
    dates: Sequence[WantedDate]
    persons: int
    association: Association | None
    recurrence: Recurrence | None = None
    use: str = ""
    layout: Layout | None = None
    waits: frozenset[Code] = frozenset()
    replaced: frozenset[int] = frozenset()
    more_of: int | None = None

    @property
    def taking_place(self) -> list[WantedDate]:
        return [date for date in self.dates if date.left_out is None]

    def period_of(self, date: WantedDate | NewDate) -> Span:
        return date.span.widened(*date.room.buffers_for(self.use))


@dataclass(frozen=True)
class Outcome:
    """What would be stored; `refusals`: why nothing is. Free times are not looked up yet."""

    dates: list[NewDate]
    refusals: list[Refusal]

    @property
    def is_booked_at_once(self) -> bool:
        return any(date.state is DateState.APPROVED for date in self.dates)


def refusals_of_rules(asked: Asked, *, now: datetime) -> list[Refusal]:
    """Return what is wrong whoever asks and whatever else is booked; no query of its own."""
    found = [*_of_series(asked), *_of_dates(asked, now), *_of_layout(asked)]
    return list({(one.code, one.about): one for one in found}.values())


def outcome_of(
    asked: Asked, spaces: Spaces, *, now: datetime, known: Sequence[Refusal] | None = None
) -> Outcome:
    """Return what would be stored, or everything that speaks against it.

    `known`: what `refusals_of_rules` has found already. One query, and one for each quota of each
    room.
    """
    refusals = refusals_of_rules(asked, now=now) if known is None else list(known)
    if any(one.about in {"day", "start", "end", "dates"} for one in refusals):
        # Where the time has to be changed anyway, nobody asks whether it is free.
        return Outcome([], [*refusals, *_of_asker(asked, now)])
    obstacles = obstacles_in(
        {space for date in asked.taking_place for space in spaces.get(date.room.pk, ())},
        [asked.period_of(date) for date in asked.taking_place],
        except_dates=asked.replaced,
    )
    placed = [_place(date, asked, spaces, obstacles, now) for date in asked.dates]
    gone = [one for one in placed if isinstance(one, Gone)]
    new = [one for one in placed if isinstance(one, NewDate)]
    refusals += [
        *_of_asker(asked, now),
        *_of_gone(asked, gone),
        *_of_each_other(asked, new, spaces),
    ]
    if refusals:
        return Outcome([], refusals)
    return Outcome(_approved(asked, new, now), [])


# Rules -------------------------------------------------------------------------------------------


def _of_series(asked: Asked) -> list[Refusal]:
    if asked.recurrence is None:
        return []
    first, end = in_berlin(asked.dates[0].original)
    last = in_berlin(asked.dates[-1].original).start
    found = refusals_of_series(
        asked.recurrence, first.date(), last.date(), first.time(), end.time()
    )
    # What is wrong with the times is found on each date.
    found = [refusal for refusal in found if refusal.about in {"recurrence", "until"}]
    if not asked.taking_place:
        found.append(Refusal(Code.NO_DATES_LEFT, "dates"))
    return found


def _of_dates(asked: Asked, now: datetime) -> list[Refusal]:
    """Return what the rules of the rooms say; of a series each date with what is wrong with it."""
    found: list[Refusal] = []
    wrong: list[tuple[Span, Refusal]] = []
    rooms = {date.room.pk: date.room for date in asked.taking_place}
    openings = {key: list(room.hours.all()) for key, room in rooms.items()}
    for date in asked.taking_place:
        wish = Wish.of(date.span, asked.persons)
        refusals = refusals_of(
            wish,
            capacity=date.room.capacity,
            hours=openings_on(openings[date.room.pk], wish.day),
            policy=date.room.policy,
            now=now,
        )
        if asked.recurrence is None:
            return refusals
        found += [one for one in refusals if one.about == "persons"]
        wrong += [(date.span, one) for one in refusals if one.about != "persons"]
    if wrong:
        found.append(Refusal(Code.DATES_GONE, "dates", {"dates": tuple(wrong)}))
    return found


def _of_layout(asked: Asked) -> list[Refusal]:
    layout = asked.layout
    if layout is None or layout.capacity >= asked.persons:
        return []
    values = {"layout": layout.name, "capacity": layout.capacity}
    return [Refusal(Code.LAYOUT_TOO_SMALL, "layout", values)]


def _of_asker(asked: Asked, now: datetime) -> list[Refusal]:
    uses = [(date.room, date.span) for date in asked.taking_place]
    return refusals_of_group(
        asked.association, uses, now=now, replaced=asked.replaced, more_of=asked.more_of
    )


# The ledger --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gone:
    """A date that cannot be had, and why."""

    date: WantedDate
    refusal: Refusal


def _place(
    date: WantedDate, asked: Asked, spaces: Spaces, obstacles: Obstacles, now: datetime
) -> NewDate | Gone:
    if date.left_out is not None:
        return _new(date, date.left_out)
    rows = obstacles.of(spaces.get(date.room.pk, ()), asked.period_of(date))
    code = code_of(rows, asked.association.pk if asked.association else None)
    if code is None:
        held = _new(date, DateState.REQUESTED)
        return replace(held, holds_until=holding(held, now=now))
    if code in WAITING_STATES and (date.waits or code in asked.waits):
        return _new(date, WAITING_STATES[code])
    # Who accepted to wait behind their own request may: two events at one time is their affair.
    if code is Code.OWN_HELD and (date.waits or Code.HELD in asked.waits):
        return _new(date, DateState.REQUESTED)
    values = {"reason": reason_of(rows)} if code is Code.CLOSED else {}
    return Gone(date, Refusal(code, "start", values))


def _new(date: WantedDate, state: DateState) -> NewDate:
    return NewDate(
        original=date.original, span=date.span, room=date.room, state=state, reason=date.reason
    )


def _of_gone(asked: Asked, gone: Sequence[Gone]) -> list[Refusal]:
    if not gone:
        return []
    if asked.recurrence is None:
        return [gone[0].refusal]
    dates = tuple((one.date.span, one.refusal) for one in gone)
    return [Refusal(Code.DATES_GONE, "dates", {"dates": dates})]


def _of_each_other(asked: Asked, dates: Sequence[NewDate], spaces: Spaces) -> list[Refusal]:
    """Return whether two dates that hold their time need one space at once, set-up included."""
    uses = (
        (space, asked.period_of(date), date.span)
        for date in dates
        if date.holds_until is not None
        for space in spaces.get(date.room.pk, ())
    )
    pair = next(in_each_others_way(uses), None)
    return [Refusal(Code.TWICE, "dates", {"dates": pair})] if pair else []


def _approved(asked: Asked, dates: list[NewDate], now: datetime) -> list[NewDate]:
    """Promise the request at once if the rules do so for every date that takes place.

    A series of which the team has to decide a part is decided as a whole.
    """
    taking_place = [date for date in dates if date.takes_place]
    if not all(_is_at_once(date, asked) for date in taking_place):
        return dates
    return [
        replace(date, state=DateState.APPROVED, holds_until=None) if date.takes_place else date
        for date in dates
    ]


def _is_at_once(date: NewDate, asked: Asked) -> bool:
    is_free = date.holds_until is not None
    return is_free and is_promised_at_once(date.room, date.span, asked.association)
