"""Changes to hours: a whole week or one closure at a time, live when saved, with a log entry."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from cms.models import (
    HoursException,
    HoursExceptionTime,
    Service,
    User,
    WeeklyRule,
    WeekPattern,
)
from cms.opening_hours import Kind, Pattern, Rule
from cms.selectors.hours_snapshots import (
    Snapshot,
    closure_snapshot,
    stored_rules,
    week_snapshot,
)

CHANGE_HOURS = "cms.change_hours"
CHANGE_CLOSURE = "cms.change_closure"
DELETE_CLOSURE = "cms.delete_closure"
HOURS_ACTIONS = (CHANGE_HOURS, CHANGE_CLOSURE, DELETE_CLOSURE)


@dataclass(frozen=True, slots=True)
class Period:
    """From and to when a week holds, both days included; None: without a limit."""

    valid_from: dt.date | None = None
    valid_to: dt.date | None = None

    @classmethod
    def of(cls, rule: WeeklyRule | Rule) -> "Period":
        return cls(rule.valid_from, rule.valid_to)

    @property
    def key(self) -> str:
        """Name the period in an address: "2026-02-01_", "_" for the week without limits."""
        return f"{self.valid_from or ''}_{self.valid_to or ''}"

    def covers(self, day: dt.date) -> bool:
        return (self.valid_from or day) <= day <= (self.valid_to or day)

    def begins_before(self, other: "Period") -> bool:
        return (self.valid_from or dt.date.min) < (other.valid_from or dt.date.min)

    def overlaps(self, other: "Period") -> bool:
        return (self.valid_from or dt.date.min) <= (other.valid_to or dt.date.max) and (
            other.valid_from or dt.date.min
        ) <= (self.valid_to or dt.date.max)


@dataclass(frozen=True, slots=True)
class WeekSpan:
    """One span of a week as a form gives it; an appointment may have no times."""

    weekday: int
    kind: str
    start: dt.time | None
    end: dt.time | None
    note: str = ""
    pattern: str = WeekPattern.EVERY


def periods_of(service: Service) -> list[Period]:
    """Return the periods of the service's weeks, the ones without a beginning first."""
    periods = {Period.of(rule) for rule in service.weekly_rules.all()}
    return sorted(
        periods,
        key=lambda period: (period.valid_from or dt.date.min, period.valid_to or dt.date.max),
    )


def planned_rules(
    rules: Iterable[Rule], *, replaced: Period | None, period: Period, spans: Iterable[WeekSpan]
) -> list[Rule]:
    """Return all rules as they are after the spans became the week of this period.

    `replaced` is the period of the week that is edited. None adds a week that takes the place of
    what holds on its days: earlier weeks end the day before, and go on after its last day.
    """
    if replaced is None:
        kept = [part for rule in rules for part in _make_room(rule, period)]
    else:
        kept = [rule for rule in rules if Period.of(rule) != replaced]
    return kept + [
        Rule(
            kind=Kind(span.kind),
            weekday=span.weekday,
            start=span.start,
            end=span.end,
            valid_from=period.valid_from,
            valid_to=period.valid_to,
            note=span.note,
            pattern=Pattern(span.pattern),
        )
        for span in spans
    ]


def _make_room(rule: Rule, period: Period) -> Iterator[Rule]:
    """Give what is left of a rule beside a new week that begins later."""
    holds = Period.of(rule)
    if period.valid_from is None or not holds.begins_before(period) or not holds.overlaps(period):
        yield rule
        return
    yield replace(rule, valid_to=period.valid_from - dt.timedelta(days=1))
    if period.valid_to is not None and (rule.valid_to or dt.date.max) > period.valid_to:
        yield replace(rule, valid_from=period.valid_to + dt.timedelta(days=1))


@transaction.atomic
def save_week(
    *,
    service: Service,
    replaced: Period | None,
    period: Period,
    spans: Iterable[WeekSpan],
    holiday_policy: str,
    user: User,
) -> None:
    """Store the spans as the service's week of this period, as `planned_rules` says."""
    service = locked(service)
    rules = planned_rules(stored_rules(service), replaced=replaced, period=period, spans=spans)
    store_hours(service=service, rules=rules, holiday_policy=holiday_policy, user=user)


def locked(service: Service) -> Service:
    """Return the service as it is now; nobody else changes its hours until the commit."""
    return Service.objects.select_for_update(no_key=True).get(pk=service.pk)


def store_hours(
    *,
    service: Service,
    rules: Iterable[Rule],
    holiday_policy: str,
    user: User,
    undone: int | None = None,
) -> None:
    """Make these the only rules of the (locked) service, and log what was before and is now.

    `undone` is the key of the log entry that is taken back by this.
    """
    before = week_snapshot(service)
    service.weekly_rules.all().delete()
    WeeklyRule.objects.bulk_create(WeeklyRule(service=service, **asdict(rule)) for rule in rules)
    service.holiday_policy = holiday_policy
    service.save(update_fields=["holiday_policy", "facts_changed_at"])
    data = {"before": before, "after": week_snapshot(service)}
    _log(service, CHANGE_HOURS, user, data, undone)


@transaction.atomic
def save_exception(
    *,
    exception: HoursException,
    times: Iterable[WeekSpan],
    user: User,
    undone: int | None = None,
) -> HoursException:
    """Store a closure, or other hours on some days; `times` is empty for a closure."""
    locked(exception.service)
    stored = HoursException.objects.filter(pk=exception.pk).first()
    before = closure_snapshot(stored)
    spans = [] if exception.closed else list(times)
    exception.save()
    exception.times.all().delete()
    HoursExceptionTime.objects.bulk_create(
        HoursExceptionTime(exception=exception, kind=span.kind, start=span.start, end=span.end)
        for span in spans
        if span.start is not None and span.end is not None
    )
    after = closure_snapshot(HoursException.objects.get(pk=exception.pk))
    data = _days(exception) | {"exception": exception.pk, "before": before, "after": after}
    _log(exception.service, CHANGE_CLOSURE, user, data, undone)
    return exception


@transaction.atomic
def delete_exception(*, exception: HoursException, user: User, undone: int | None = None) -> None:
    """Remove a closure; the usual week holds again."""
    locked(exception.service)
    stored = HoursException.objects.filter(pk=exception.pk).first()
    if stored is None:
        return
    before = closure_snapshot(stored)
    data = _days(stored) | {"exception": stored.pk, "before": before, "after": None}
    _log(stored.service, DELETE_CLOSURE, user, data, undone)
    stored.delete()


def _days(exception: HoursException) -> Snapshot:
    return {"days": [exception.first_day.isoformat(), exception.last_day.isoformat()]}


def _log(
    service: Service, action: str, user: User, data: dict[str, Any], undone: int | None
) -> None:
    if undone is not None:
        data = data | {"undone": undone}
    log(instance=service, action=action, user=user, content_changed=True, data=data)
