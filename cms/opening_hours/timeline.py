"""From rules, exceptions and holidays to the plan of any day, and the search along the days."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from typing import NamedTuple

from cms.opening_hours.day_plan import (
    COUNTS_AS,
    Block,
    DayPlan,
    Slot,
    carried_over,
    plan_of,
    slots_of_exception,
    slots_of_rules,
    without_gap,
)
from cms.opening_hours.values import (
    DAY_SECONDS,
    HOLIDAY,
    HolidayPolicy,
    HoursException,
    Kind,
    Pattern,
    Rule,
    end_second,
)
from cms.opening_hours.wall_clock import BERLIN, ONE_DAY, instant, missing_seconds

SEARCH_DAYS = 400  # days looked at one by one; a long closure is jumped over and costs one
# Beyond these days the calendar itself would overflow: nothing takes place there.
FIRST_DAY = date(1, 1, 2)
LAST_DAY = date(9998, 12, 31)
_NOTHING = DayPlan((), ())
# On a public holiday the rules of this day hold; of -1 there are none.
_WEEKDAY_OF_HOLIDAY = {
    HolidayPolicy.CLOSED: -1,
    HolidayPolicy.AS_SUNDAY: 6,
    HolidayPolicy.OWN_TIMES: HOLIDAY,
}

Names = Callable[[date], str | None]


class Era(NamedTuple):
    """A run of days on which the same rules and the same exception hold."""

    rules: tuple[Rule, ...]
    exception: HoursException | None
    kinds: frozenset[Kind]  # what can begin on its days; empty: nothing to look for here
    first_day: int  # its ordinal
    next_day: int | None  # ordinal of the first day of the next era


class Run(NamedTuple):
    """The time around a moment during which the same thing counts, also across midnight."""

    kind: Kind
    since: datetime | None
    until: datetime | None


class Timeline:
    """The days of one service. Moments are aware datetimes in UTC; the rest as in Schedule."""

    __slots__ = (
        "_borders",
        "_eras",
        "_exceptions",
        "_holidays",
        "_nights",
        "_patterns",
        "_plans",
        "_plans_of_days",
        "_policy",
        "_school_holidays",
        "rules",
    )

    def __init__(
        self,
        rules: tuple[Rule, ...],
        exceptions: tuple[HoursException, ...],
        policy: HolidayPolicy,
        holidays: Names,
        school_holidays: Names,
    ) -> None:
        own_times = policy is HolidayPolicy.OWN_TIMES
        # Without own times for holidays, rules for them are left over from a time with them.
        self.rules = tuple(rule for rule in rules if own_times or rule.weekday != HOLIDAY)
        self._exceptions = exceptions
        self._policy = policy
        self._holidays = holidays
        self._school_holidays = school_holidays
        self._patterns = _patterns_of_weekdays(self.rules)
        self._nights = frozenset(_weekdays_with_nights(self.rules, exceptions))
        self._borders = sorted(
            {*_borders_of_rules(self.rules), *_borders_of_exceptions(exceptions)}
        )
        self._eras: dict[int, Era] = {}
        self._plans: dict[tuple[object, ...], DayPlan] = {}
        self._plans_of_days: dict[date, DayPlan] = {}

    # Days

    def era_on(self, day: date) -> Era:
        return self._era(self._era_number(day))

    def plan_on(self, day: date) -> DayPlan:
        plan = self._plans_of_days.get(day)
        if plan is None:
            plan = self._plans_of_days[day] = self._plan(day, self._weekday_on)
        return plan

    def usual_plan_on(self, day: date) -> DayPlan:
        """Return the plan of the day as it would be without any dated exception."""
        return self._plan(day, self._usual_weekday_on)

    def has_week_times_on(self, day: date) -> bool:
        """Tell whether the day would have times if it were neither a holiday nor an exception."""
        return FIRST_DAY <= day <= LAST_DAY and bool(self._slots(day, day.weekday()))

    def changes_of_the_week(self) -> list[date]:
        """Return the days on which a rule begins or ceases to hold, in order."""
        return [date.fromordinal(border) for border in sorted(set(_borders_of_rules(self.rules)))]

    def week_on(self, day: date) -> frozenset[object]:
        """Return what the rules valid on the day say, to compare weeks."""
        return frozenset(
            (rule.kind, rule.weekday, rule.start, rule.end, rule.note, rule.pattern)
            for rule in self.era_on(day).rules
        )

    # Along the days

    def days_with_times(
        self, first: date, kind: Kind | None = None
    ) -> Iterator[tuple[date, DayPlan]]:
        """Give the days from `first` on that have times, and only where they can be of the kind."""
        day = max(first, FIRST_DAY)
        for _ in range(SEARCH_DAYS):
            if day > LAST_DAY:
                return
            era = self.era_on(day)
            can_have = era.kinds if kind is None else kind in era.kinds
            # The night before an era can go on into its first day.
            if can_have or (self._nights and era.first_day == day.toordinal()):
                plan = self.plan_on(day)
                if plan.slots or plan.carried:
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
            if block.start > 0:
                return instant(day, block.start)
            earlier = self.plan_on(day - ONE_DAY).blocks
            if not earlier or earlier[-1].end < DAY_SECONDS or earlier[-1].kind is not kind:
                return instant(day, block.start)
            day, block = day - ONE_DAY, earlier[-1]
        return None

    def _until(self, day: date, block: Block) -> datetime | None:
        kind = block.kind
        for _ in range(SEARCH_DAYS):
            if block.end < DAY_SECONDS:
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
        rules = tuple(rule for rule in self.rules if rule.is_valid_on(day))
        exception = _binding_exception(self._exceptions, day)
        kinds = (
            {times.kind for times in exception.times}
            if exception is not None
            else {rule.kind for rule in rules if rule.is_timed}
        )
        return Era(
            rules=rules,
            exception=exception,
            kinds=frozenset(COUNTS_AS[kind] for kind in kinds),
            first_day=day.toordinal(),
            next_day=self._borders[number] if number < len(self._borders) else None,
        )

    # The plan of a day, kept by what the day is like

    def _weekday_on(self, day: date) -> int | None:
        """Return the weekday whose rules hold, None if an exception holds instead."""
        if self.era_on(day).exception is not None:
            return None
        return self._usual_weekday_on(day)

    def _usual_weekday_on(self, day: date) -> int:
        is_holiday = self._holidays(day) is not None
        return _WEEKDAY_OF_HOLIDAY[self._policy] if is_holiday else day.weekday()

    def _plan(self, day: date, weekday_on: Callable[[date], int | None]) -> DayPlan:
        if not FIRST_DAY <= day <= LAST_DAY:
            return _NOTHING
        weekday = weekday_on(day)
        key = self._likeness(day, weekday)
        eve = day - ONE_DAY
        begun = weekday_on(eve) if self._nights else -1
        has_night = begun in self._nights
        if has_night:
            key += self._likeness(eve, begun)
        plan = self._plans.get(key)
        if plan is None:
            night = carried_over(self._slots(eve, begun)) if has_night else ()
            plan = self._plans[key] = plan_of(self._slots(day, weekday), night)
        return plan

    def _likeness(self, day: date, weekday: int | None) -> tuple[object, ...]:
        """Return all that the times of a day depend on."""
        patterns = self._patterns.get(weekday, ())
        holding = tuple([self._holds(pattern, day) for pattern in patterns])
        return (self._era_number(day), weekday, holding, *self._gaps(day, weekday))

    def _slots(self, day: date, weekday: int | None) -> list[Slot]:
        """Return what begins on this day, with the clock changes worked in."""
        era = self.era_on(day)
        if weekday is not None:
            slots = [
                slot._replace(pattern=Pattern.EVERY)
                for slot in slots_of_rules(era.rules, weekday)
                if self._holds(slot.pattern, day)
            ]
        else:
            slots = slots_of_exception(era.exception) if era.exception else []
        for gap in self._gaps(day, weekday):
            slots = without_gap(slots, gap)
        return slots

    def _holds(self, pattern: Pattern, day: date) -> bool:
        is_school_holiday = pattern.asks_for_school and self._school_holidays(day) is not None
        return pattern.holds_on(day, is_school_holiday=is_school_holiday)

    def _gaps(self, day: date, weekday: int | None) -> tuple[tuple[int, int], ...]:
        """Return the skipped seconds of the day, and of the night after if times go on into it."""
        gap = missing_seconds(day)
        gaps = [] if gap is None else [gap]
        gap = missing_seconds(day + ONE_DAY) if weekday in self._nights else None
        if gap is not None:
            first, end = gap
            gaps.append((first + DAY_SECONDS, end + DAY_SECONDS))
        return tuple(gaps)


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


def _patterns_of_weekdays(rules: Iterable[Rule]) -> dict[int | None, tuple[Pattern, ...]]:
    """Return what decides on a weekday beyond the weekday itself."""
    found: dict[int | None, set[Pattern]] = {}
    for rule in rules:
        if rule.pattern is not Pattern.EVERY:
            found.setdefault(rule.weekday, set()).add(rule.pattern)
    return {weekday: tuple(sorted(patterns)) for weekday, patterns in found.items()}


def _weekdays_with_nights(
    rules: Iterable[Rule], exceptions: Iterable[HoursException]
) -> Iterator[int | None]:
    """Give the weekdays whose times can go on after midnight; None for those of exceptions."""
    for rule in rules:
        if rule.start is not None and rule.end is not None and _is_night(rule.start, rule.end):
            yield rule.weekday
    for exception in exceptions:
        if any(_is_night(times.start, times.end) for times in exception.times):
            yield None


def _is_night(start: time, end: time) -> bool:
    return end_second(start, end) > DAY_SECONDS
