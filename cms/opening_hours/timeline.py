"""From rules, exceptions and holidays to the plan of any day, and the search along the days."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from cms.opening_hours.day_plan import (
    COUNTS_AS,
    Block,
    DayPlan,
    plan_of,
    slots_of_exception,
    slots_of_rules,
)
from cms.opening_hours.values import (
    DAY_SECONDS,
    HOLIDAY,
    HolidayPolicy,
    HoursException,
    Kind,
    Rule,
)
from cms.opening_hours.wall_clock import BERLIN, ONE_DAY, instant, missing_seconds

SEARCH_DAYS = 400  # days looked at one by one; a long closure is jumped over and costs one
LAST_DAY = date(9998, 12, 31)  # beyond it the calendar itself would overflow
_SUNDAY = 6
_NOTHING = plan_of(())


class Era(NamedTuple):
    """A run of days on which the same rules and the same exception hold."""

    rules: tuple[Rule, ...]
    exception: HoursException | None
    kinds: frozenset[Kind]  # what can count on its days; empty: nothing to look for here
    next_day: int | None  # ordinal of the first day of the next era


class Run(NamedTuple):
    """The time around a moment during which the same thing counts, also across midnight."""

    kind: Kind
    since: datetime | None
    until: datetime | None


class Timeline:
    """The days of one service. Moments are aware datetimes in UTC; the rest as in Schedule."""

    __slots__ = ("_borders", "_eras", "_exceptions", "_holidays", "_plans", "_policy", "_rules")

    def __init__(
        self,
        rules: tuple[Rule, ...],
        exceptions: tuple[HoursException, ...],
        policy: HolidayPolicy,
        holidays: Callable[[date], str | None],
    ) -> None:
        self._rules = rules
        self._exceptions = exceptions
        self._policy = policy
        self._holidays = holidays
        self._borders = sorted({*_borders_of_rules(rules), *_borders_of_exceptions(exceptions)})
        self._eras: dict[int, Era] = {}
        self._plans: dict[tuple[int, int], DayPlan] = {}

    # Days

    def era_on(self, day: date) -> Era:
        return self._era(self._era_number(day))

    def plan_on(self, day: date) -> DayPlan:
        number = self._era_number(day)
        exception = self._era(number).exception
        if exception is None:
            return self._usual_plan(day, number)
        return plan_of(slots_of_exception(exception), missing_seconds(day))

    def usual_plan_on(self, day: date) -> DayPlan:
        """Return the plan of the day as it would be without any dated exception."""
        return self._usual_plan(day, self._era_number(day))

    def week_plan_on(self, day: date) -> DayPlan:
        """Return the plan of the day as if it were neither a holiday nor an exception."""
        return self._cached_plan(self._era_number(day), day.weekday())

    def changes_of_the_week(self) -> list[date]:
        """Return the days on which a rule begins or ceases to hold, in order."""
        return [date.fromordinal(border) for border in sorted(set(_borders_of_rules(self._rules)))]

    def week_on(self, day: date) -> frozenset[Rule]:
        """Return the rules valid on the day, stripped of their validity, to compare weeks."""
        return frozenset(
            Rule(rule.kind, rule.weekday, rule.start, rule.end, note=rule.note)
            for rule in self._applicable(self.era_on(day).rules)
        )

    # Along the days

    def days_with_times(
        self, first: date, kind: Kind | None = None
    ) -> Iterator[tuple[date, DayPlan]]:
        """Give the days from `first` on that have times, and only eras that can have the kind."""
        day = first
        for _ in range(SEARCH_DAYS):
            if day > LAST_DAY:
                return
            era = self.era_on(day)
            if era.kinds if kind is None else kind in era.kinds:
                plan = self.plan_on(day)
                if plan.slots:
                    yield day, plan
                day += ONE_DAY
            elif era.next_day is None:
                return
            else:
                day = date.fromordinal(era.next_day)

    def blocks_after(
        self, moment: datetime, kind: Kind | None = None
    ) -> Iterator[tuple[datetime, date, Block]]:
        """Give the blocks that begin after the moment, in order, with their start and day.

        A block that goes on from the day before counts as one that begins at midnight.
        """
        for day, plan in self.days_with_times(moment.astimezone(BERLIN).date(), kind):
            for block in plan.blocks:
                start = instant(day, block.start)
                if start > moment and kind in {None, block.kind}:
                    yield start, day, block

    def run_at(self, moment: datetime) -> Run | None:
        """Return what counts at the moment; an end not found within the search is None."""
        day = moment.astimezone(BERLIN).date()
        for block in self.plan_on(day).blocks:
            if instant(day, block.start) <= moment < instant(day, block.end):
                return Run(block.kind, self._since(day, block), self._until(day, block))
        return None

    def _since(self, day: date, block: Block) -> datetime | None:
        kind = block.kind
        for _ in range(SEARCH_DAYS):
            if block.start > 0 or day == date.min:
                return instant(day, block.start)
            earlier = self.plan_on(day - ONE_DAY).blocks
            if not earlier or earlier[-1].end < DAY_SECONDS or earlier[-1].kind is not kind:
                return instant(day, block.start)
            day, block = day - ONE_DAY, earlier[-1]
        return None

    def _until(self, day: date, block: Block) -> datetime | None:
        kind = block.kind
        for _ in range(SEARCH_DAYS):
            if block.end < DAY_SECONDS or day > LAST_DAY:
                return instant(day, block.end)
            following = self.plan_on(day + ONE_DAY).blocks
            if not following or following[0].start > 0 or following[0].kind is not kind:
                return instant(day, block.end)
            day, block = day + ONE_DAY, following[0]
        return None

    # Eras and their plans, made when first asked for

    def _era_number(self, day: date) -> int:
        return bisect_right(self._borders, day.toordinal())

    def _era(self, number: int) -> Era:
        era = self._eras.get(number)
        if era is None:
            era = self._eras[number] = self._make_era(number)
        return era

    def _make_era(self, number: int) -> Era:
        day = date.fromordinal(self._borders[number - 1]) if number else date.min
        rules = tuple(rule for rule in self._rules if rule.is_valid_on(day))
        exception = _binding_exception(self._exceptions, day)
        kinds = (
            {times.kind for times in exception.times}
            if exception is not None
            else {rule.kind for rule in self._applicable(rules) if rule.is_timed}
        )
        return Era(
            rules=rules,
            exception=exception,
            kinds=frozenset(COUNTS_AS[kind] for kind in kinds),
            next_day=self._borders[number] if number < len(self._borders) else None,
        )

    def _applicable(self, rules: Iterable[Rule]) -> Iterator[Rule]:
        own_times = self._policy is HolidayPolicy.OWN_TIMES
        return (rule for rule in rules if own_times or rule.weekday != HOLIDAY)

    def _usual_plan(self, day: date, number: int) -> DayPlan:
        weekday = day.weekday()
        if self._holidays(day) is not None:
            if self._policy is HolidayPolicy.CLOSED:
                return _NOTHING
            weekday = _SUNDAY if self._policy is HolidayPolicy.AS_SUNDAY else HOLIDAY
        gap = missing_seconds(day)
        if gap is not None:
            return plan_of(slots_of_rules(self._era(number).rules, weekday), gap)
        return self._cached_plan(number, weekday)

    def _cached_plan(self, number: int, weekday: int) -> DayPlan:
        key = (number, weekday)
        plan = self._plans.get(key)
        if plan is None:
            plan = plan_of(slots_of_rules(self._era(number).rules, weekday))
            self._plans[key] = plan
        return plan


def _binding_exception(exceptions: Iterable[HoursException], day: date) -> HoursException | None:
    """Choose the exception that holds on the day: a closure first, then the shorter one."""
    return min(
        (exception for exception in exceptions if exception.covers(day)),
        key=lambda exception: (
            not exception.is_closed,
            exception.last - exception.first,
            exception.first,
        ),
        default=None,
    )


def _borders_of_rules(rules: Iterable[Rule]) -> Iterator[int]:
    """Give the ordinals of the days on which a rule begins to hold or no longer holds."""
    for rule in rules:
        if rule.valid_from is not None:
            yield rule.valid_from.toordinal()
        if rule.valid_to is not None and rule.valid_to < date.max:
            yield rule.valid_to.toordinal() + 1


def _borders_of_exceptions(exceptions: Iterable[HoursException]) -> Iterator[int]:
    for exception in exceptions:
        yield exception.first.toordinal()
        if exception.last < date.max:
            yield exception.last.toordinal() + 1
