"""Changes to hours: a whole week or one closure at a time, live when saved, with a log entry."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

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

CHANGE_HOURS = "cms.change_hours"
CHANGE_CLOSURE = "cms.change_closure"
DELETE_CLOSURE = "cms.delete_closure"


@dataclass(frozen=True, slots=True)
class Period:
    """From and to when a week holds, both days included; None: without a limit."""

    valid_from: dt.date | None = None
    valid_to: dt.date | None = None

    @classmethod
    def of(cls, rule: WeeklyRule) -> "Period":
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
    """Store the spans as the service's week of this period.

    `replaced` is the period of the week that is edited. None adds a week that takes the place of
    what holds on its days: earlier weeks end the day before, and go on after its last day.
    """
    service = Service.objects.select_for_update(no_key=True).get(pk=service.pk)
    if replaced is None:
        _make_room(service, period)
    else:
        service.weekly_rules.filter(
            valid_from=replaced.valid_from, valid_to=replaced.valid_to
        ).delete()
    WeeklyRule.objects.bulk_create(
        WeeklyRule(
            service=service,
            weekday=span.weekday,
            kind=span.kind,
            start=span.start,
            end=span.end,
            note=span.note,
            pattern=span.pattern,
            valid_from=period.valid_from,
            valid_to=period.valid_to,
        )
        for span in spans
    )
    service.holiday_policy = holiday_policy
    service.save(update_fields=["holiday_policy", "facts_changed_at"])
    log(instance=service, action=CHANGE_HOURS, user=user, content_changed=True)


def _make_room(service: Service, period: Period) -> None:
    """End the weeks that hold when the period begins, and let them go on when it is over."""
    if period.valid_from is None:
        return
    eve = period.valid_from - dt.timedelta(days=1)
    for rule in service.weekly_rules.all():
        holds = Period.of(rule)
        if not holds.begins_before(period) or not holds.overlaps(period):
            continue
        if period.valid_to is not None and (rule.valid_to or dt.date.max) > period.valid_to:
            rest = WeeklyRule.objects.get(pk=rule.pk)
            rest.pk, rest.valid_from = None, period.valid_to + dt.timedelta(days=1)
            WeeklyRule.objects.bulk_create([rest])
        WeeklyRule.objects.filter(pk=rule.pk).update(valid_to=eve)


@transaction.atomic
def save_exception(
    *, exception: HoursException, times: Iterable[WeekSpan], user: User
) -> HoursException:
    """Store a closure, or other hours on some days; `times` is empty for a closure."""
    spans = [] if exception.closed else list(times)
    exception.save()
    exception.times.all().delete()
    HoursExceptionTime.objects.bulk_create(
        HoursExceptionTime(exception=exception, kind=span.kind, start=span.start, end=span.end)
        for span in spans
        if span.start is not None and span.end is not None
    )
    _log_exception(exception, CHANGE_CLOSURE, user)
    return exception


@transaction.atomic
def delete_exception(*, exception: HoursException, user: User) -> None:
    """Remove a closure; the usual week holds again."""
    _log_exception(exception, DELETE_CLOSURE, user)
    exception.delete()


def _log_exception(exception: HoursException, action: str, user: User) -> None:
    days = [exception.first_day.isoformat(), exception.last_day.isoformat()]
    log(
        instance=exception.service,
        action=action,
        user=user,
        content_changed=True,
        data={"days": days},
    )
