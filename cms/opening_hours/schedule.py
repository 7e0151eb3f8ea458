"""When a service is open: what to ask about its days and about a moment."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from cms.opening_hours.day_plan import DayPlan
from cms.opening_hours.timeline import LAST_DAY, Timeline
from cms.opening_hours.values import (
    DAYS_OF_A_WEEK,
    HolidayPolicy,
    HoursException,
    Kind,
    Rule,
    Span,
    State,
    Status,
    as_moment,
)
from cms.opening_hours.wall_clock import BERLIN, ONE_DAY, instant

CLOSING_SOON = timedelta(minutes=30)
_STATUS_OF = {
    Kind.OPEN: Status.OPEN,
    Kind.WALK_IN: Status.OPEN,
    Kind.APPOINTMENT: Status.APPOINTMENT,
    Kind.PHONE: Status.PHONE,
}


def no_holidays(_day: date) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Schedule:
    """All that decides when one service is open.

    Days are days in Berlin; moments (`now`) are aware datetimes of any zone, and one without a
    zone raises ValueError. `holidays` gives the name of a day's public holiday or None,
    `school_holidays` that of the school holidays; where those are not known yet, it is school. A
    dated exception beats the holiday, the holiday
    beats the week. Of several exceptions on one day a closure beats other hours; else the shorter
    one holds. A time that goes on after midnight belongs to the day on which it begins: what holds
    on the next day does not end it.
    """

    rules: tuple[Rule, ...]
    exceptions: tuple[HoursException, ...] = ()
    holiday_policy: HolidayPolicy = HolidayPolicy.CLOSED
    holidays: Callable[[date], str | None] = no_holidays
    school_holidays: Callable[[date], str | None] = no_holidays
    _timeline: Timeline = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        timeline = Timeline(
            self.rules, self.exceptions, self.holiday_policy, self.holidays, self.school_holidays
        )
        object.__setattr__(self, "_timeline", timeline)

    # What is known

    @property
    def is_unknown(self) -> bool:
        return not self._timeline.rules and all(
            exception.is_closed for exception in self.exceptions
        )

    @property
    def by_appointment_only(self) -> bool:
        rules = self._timeline.rules
        return bool(rules) and not any(rule.is_timed for rule in rules)

    def rules_valid_on(self, day: date) -> tuple[Rule, ...]:
        """Return the rules of the day's week; those for holidays only if they have their own."""
        return self._timeline.era_on(day).rules

    def changes_ahead(self, today: date) -> tuple[date, ...]:
        """Return the days after `today` from which on the week is another one, in order.

        A rule that is followed by an equal one is no change.
        """
        week_on = self._timeline.week_on
        return tuple(
            day
            for day in self._timeline.changes_of_the_week()
            if today < day and week_on(day) != week_on(day - ONE_DAY)
        )

    def exception_on(self, day: date) -> HoursException | None:
        return self._timeline.era_on(day).exception

    def exceptions_ahead(self, today: date, days: int = 14) -> tuple[HoursException, ...]:
        """Return the exceptions to show, in order: not over, beginning within `days` days."""
        return tuple(
            sorted(
                (
                    exception
                    for exception in self.exceptions
                    if exception.last >= today
                    and (exception.first - today).days <= days
                    and (exception.shown_from is None or exception.shown_from <= today)
                ),
                key=lambda exception: (exception.first, exception.last),
            )
        )

    def next_return(self, exception: HoursException) -> date | None:
        """Return the first day after the exception that has any time at all."""
        first = min(exception.last, LAST_DAY) + ONE_DAY
        days = self._timeline.days_with_times(first)
        return next((day for day, plan in days if plan.slots), None)

    # What holds on a day

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """Return the day's times in order; times of one kind that touch or overlap are merged."""
        return _spans(day, self._timeline.plan_on(day))

    def week_from(self, first: date) -> tuple[tuple[date, tuple[Span, ...]], ...]:
        """Return seven days from `first` on, each with its times as in spans_on."""
        days = [first + number * ONE_DAY for number in range(DAYS_OF_A_WEEK)]
        return tuple((day, self.spans_on(day)) for day in days)

    def usual_spans_on(self, day: date) -> tuple[Span, ...]:
        """Return the day's times as they would be without any dated exception."""
        return _spans(day, self._timeline.usual_plan_on(day))

    def closed_by_holiday(self, day: date) -> str | None:
        """Return the public holiday because of which the day has no times, though its week has."""
        timeline = self._timeline
        if timeline.era_on(day).exception is not None or timeline.plan_on(day).slots:
            return None
        return self.holidays(day) if timeline.has_week_times_on(day) else None

    # What is the case at a moment

    def state_at(self, now: datetime) -> State:
        """Return the state at `now`; it stays until next_change(now) or midnight in Berlin."""
        moment = as_moment(now)
        day = moment.astimezone(BERLIN).date()
        run = self._timeline.run_at(moment)
        if run is None:
            return self._closed_state(moment, day)
        is_open = run.kind is Kind.OPEN
        return State(
            status=_STATUS_OF[run.kind],
            since=run.since,
            until=run.until,
            reopens=self._reopens(day, run.until),
            closing_soon=is_open and run.until is not None and run.until - moment <= CLOSING_SOON,
        )

    def next_change(self, now: datetime) -> datetime | None:
        """Return the next instant after `now` at which the state differs, "closing soon" included.

        What depends on the date alone (holiday, closure, "tomorrow") turns at midnight in Berlin,
        which is not reported here. None: no change within the search.
        """
        moment = as_moment(now)
        run = self._timeline.run_at(moment)
        if run is None:
            return next((start for start, _, _ in self._timeline.blocks_after(moment)), None)
        if run.until is not None and run.kind is Kind.OPEN:
            soon = (as_moment(run.until) - CLOSING_SOON).astimezone(BERLIN)
            if moment < soon:
                return soon
        return run.until

    def next_opening(self, now: datetime) -> Span | None:
        """Return the next time that begins after `now` and does not go on from the present one.

        Open doors (open, walk-in) first; appointments only if there are none ahead, phone hours
        only if there are neither. It ends at 24:00 of its first day at the latest.
        """
        moment = as_moment(now)
        run = self._timeline.run_at(moment)
        for kind in (Kind.OPEN, Kind.APPOINTMENT, Kind.PHONE):
            after: datetime | None = moment
            if run is not None and run.kind is kind:
                after = run.until
            opening = None if after is None else self._first_opening(kind, as_moment(after))
            if opening is not None:
                return opening
        return None

    def _first_opening(self, kind: Kind, moment: datetime) -> Span | None:
        for start, day, block in self._timeline.blocks_after(moment, kind):
            slot = self._timeline.plan_on(day).slot_at(block.start, kind)
            return Span(slot.kind, start, instant(day, block.end), slot.note)
        return None

    def _reopens(self, day: date, until: datetime | None) -> datetime | None:
        if until is None:
            return None
        moment = as_moment(until)
        for block in self._timeline.plan_on(day).blocks:
            start = instant(day, block.start)
            if block.kind is Kind.OPEN and start >= moment:
                return start
        return None

    def _closed_state(self, moment: datetime, day: date) -> State:
        opening = self.next_opening(moment)
        era = self._timeline.era_on(day)
        if era.exception is None:
            if era.rules and not any(rule.is_timed for rule in era.rules):
                return State(status=Status.BY_APPOINTMENT)
            if not era.rules and opening is None:
                return State(status=Status.UNKNOWN)
        return State(
            status=Status.CLOSED,
            opens=opening.start if opening else None,
            opens_status=_STATUS_OF[opening.kind] if opening else None,
            holiday=self.closed_by_holiday(day),
            closure=era.exception if era.exception and era.exception.is_closed else None,
        )


def _spans(day: date, plan: DayPlan) -> tuple[Span, ...]:
    return tuple(
        Span(slot.kind, instant(day, slot.start), instant(day, slot.end), slot.note)
        for slot in plan.slots
    )
