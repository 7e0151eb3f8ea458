"""The machine without its people: a hall, a clock, what was done, and the laws after each step."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bookings.models import Association, Booking, BookingDate, BookingPolicy, Room
from bookings.rules.policy import Approval
from bookings.rules.refusals import RefusedError
from bookings.rules.renewal import PlanRefusedError
from bookings.rules.spans import Span
from bookings.rules.states import DateState
from bookings.rules.wall_clock import berlin_day, span_on
from bookings.services.closures import DatesInTheWayError
from bookings.services.decisions import DecidedAlreadyError, TimeTakenError
from bookings.services.own_dates import NotPossibleError
from bookings.services.renewals import open_round
from cms.models import User
from tests.bookings.ledger_machine.laws import broken_laws, overdue
from tests.bookings.ledger_machine.seen import SeenDate, look
from tests.factories.bookings import FRIDAY, NOW

# What the services say when something is not possible; anything else is a bug.
NOT_POSSIBLE = (
    RefusedError,
    DecidedAlreadyError,
    TimeTakenError,
    NotPossibleError,
    DatesInTheWayError,
    PlanRefusedError,
)
WEEK = dt.timedelta(weeks=1)
BUFFERS = ((30, 60), (15, 30), (15, 30))  # minutes before and after, of the whole and the halves
ANY = st.integers(0, 5)  # one of those there are
ROOMS, GROUPS = st.integers(0, 2), st.integers(0, 1)
WEEKS, HOURS, LENGTHS = st.integers(0, 2), st.integers(17, 19), st.integers(1, 2)


@dataclass(frozen=True)
class Doing:
    """Something that people may do, with how it is done; reads like a call when an example fails."""

    name: str
    values: dict[str, Any]

    def __repr__(self) -> str:
        return f"{self.name}({', '.join(f'{name}={value}' for name, value in self.values.items())})"


@st.composite
def steps(draw: st.DrawFn, name: str, choices: dict[str, st.SearchStrategy]) -> Doing:
    return Doing(name, {choice: draw(values) for choice, values in choices.items()})


def step(
    when: Callable[[Any], object] = lambda house: True,
    often: int = 1,
    **choices: st.SearchStrategy,
) -> Callable:
    """Mark a method as a step that is possible at times, with what people choose for it.

    `often`: so many times as often as others.
    """

    def mark(method: Callable) -> Callable:
        doing = steps(method.__name__, choices)
        method.step = (when, [doing] * often)  # type: ignore[attr-defined]
        return method

    return mark


def there_is(*states: DateState) -> Callable:
    return lambda house: bool(house.seen_dates(*states))


def fewer_closures_than(count: int) -> Callable:
    """Otherwise the hall is closed all the time, and nobody gets a room."""
    return lambda house: len(house.seen.closures) < count


def there_is_a_wish(house: "House") -> bool:
    return any(wish.status == "open" for wish in house.seen.wishes.values())


def there_is_an_open_plan(house: "House") -> bool:
    return any(date.in_open_plan for date in house.seen.dates.values())


class House(RuleBasedStateMachine):
    """A divisible hall, its team, two groups and a plan for the time after New Year.

    `tally`: what was done, over all examples. Everything is undone at the end of an example.
    """

    def __init__(
        self,
        hall: Sequence[Room],
        groups: Sequence[Association],
        manager: User,
        tally: Counter[str],
    ) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.hall = list(Room.objects.filter(pk__in=[room.pk for room in hall]).order_by("pk"))
        self.groups, self.manager, self.tally = groups, manager, tally
        self.now = NOW
        self.is_refused = False
        self.plan = open_round(
            centre=hall[0].centre,
            name="2027",
            first=dt.date(2027, 1, 15),
            last=dt.date(2027, 2, 5),
            collects_until=FRIDAY + WEEK,
            actor=manager,
            now=NOW,
        )
        self.seen = self.before = look()

    @initialize(are_prepared=st.sampled_from([False, True, True]), half_at_once=st.booleans())
    def furnish(self, are_prepared: bool, half_at_once: bool) -> None:
        """Set whether rooms take time to prepare, and whether one half is promised at once."""
        for room, buffers in zip(self.hall, BUFFERS if are_prepared else (), strict=False):
            room.setup_minutes, room.turnover_minutes = buffers
            room.save()
        if half_at_once:
            half = self.hall[2]
            BookingPolicy.objects.create(centre=half.centre, room=half, approval=Approval.AT_ONCE)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    # What people do -------------------------------------------------------------------------------

    @rule(one=st.runner().flatmap(lambda house: house.possible()))
    def do(self, one: Doing) -> None:
        """Take one of the steps that are possible now.

        Not a rule for each: Hypothesis leaves out half of the rules of an example, and what goes wrong
        here takes many different ones.
        """
        getattr(self, one.name)(**one.values)

    def possible(self) -> st.SearchStrategy[Doing]:
        possible = [doing for when, doings in self.ways() if when(self) for doing in doings]
        return st.sampled_from(possible).flatmap(lambda doing: doing)

    @classmethod
    @cache
    def ways(cls) -> list[tuple[Callable, list[st.SearchStrategy[Doing]]]]:
        marked = (getattr(cls, name) for name in sorted(dir(cls)))
        return [method.step for method in marked if hasattr(method, "step")]

    def attempt(self, name: str, act: Callable[[], Any]) -> Any:
        """Do something; return what came of it, None if it was refused."""
        self.now += dt.timedelta(seconds=1)
        try:
            result = act()
        except NOT_POSSIBLE:
            self.is_refused = True
            self.tally[f"{name}, refused"] += 1
            return None
        self.tally[name] += 1
        return result

    @invariant()
    def the_laws_hold(self) -> None:
        self.before, self.seen = self.seen, look()
        if self.is_refused:
            self.is_refused = False
            assert self.seen == self.before, "a refusal changes nothing"
        else:
            broken = broken_laws(self.before, self.seen, now=self.now)
            assert not broken, broken

    def states_of(self, keys: Iterable[int]) -> set[DateState]:
        """Return the states that dates have now."""
        states = BookingDate.objects.filter(pk__in=list(keys)).values_list("state", flat=True)
        return {DateState(state) for state in states}

    def nothing_is_overdue(self) -> None:
        left = overdue(look(), now=self.now)
        assert not left, left

    # What they choose -----------------------------------------------------------------------------

    def span(self, week: int, hour: int, hours: int) -> Span:
        """Return a time on a Friday evening, so many weeks from now."""
        day = FRIDAY
        while day <= berlin_day(self.now):
            day += WEEK
        return span_on(day + week * WEEK, dt.time(hour), dt.time(hour + hours))

    def seen_dates(self, *states: DateState) -> list[SeenDate]:
        """Return the dates in these states, those ahead first, the newest first."""
        found = [date for date in self.seen.dates.values() if date.state in states]
        return sorted(found, key=lambda date: (date.span.start <= self.now, -date.pk))

    def date(self, which: int, *states: DateState) -> BookingDate:
        keys = [date.pk for date in self.seen_dates(*states)]
        dates = BookingDate.objects.select_related("booking__requester", "room", "occurrence")
        return dates.get(pk=keys[which % len(keys)])

    def dates_with(self, date: BookingDate, *states: DateState) -> list[int]:
        """Return the keys of all dates of a request in these states, by time."""
        found = [
            one
            for one in self.seen.dates.values()
            if one.booking == date.booking_id and one.state in states
        ]
        return [one.pk for one in sorted(found, key=lambda one: one.original)]

    def booking(self, which: int, *states: DateState) -> Booking:
        return self.date(which, *states).booking
