"""From rows to a Schedule: when a service is open."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce, JSONArray, JSONObject

from cms.holiday_calendar import HolidayCalendar, HolidayChange, HolidayKind, calendar_with
from cms.models import (
    Contact,
    HolidayOverride,
    HoursException,
    Service,
    ServiceKind,
    WeeklyRule,
)
from cms.opening_hours import (
    BERLIN,
    HolidayPolicy,
    Kind,
    Rule,
    Schedule,
    TimeRange,
)
from cms.opening_hours import HoursException as ExceptionValue
from cms.prepared import Given, OneOf, Prepared
from cms.selectors.hours_snapshots import RULE_FIELDS, rule_from, rule_of

NO_REASON = {HoursException.Reason.OTHER}


def with_hours(services: QuerySet[Service], today: dt.date) -> QuerySet[Service]:
    """Fetch all that a schedule and a row need (`main_phone`); what is over stays behind.

    A night that began yesterday can go on today, so yesterday's rules come along.
    """
    yesterday = today - dt.timedelta(days=1)
    return _with_rows(services, yesterday).prefetch_related(_exceptions_since(yesterday))


def services_with_hours(
    centres: Iterable[int], today: dt.date, kinds: Iterable[str] = ServiceKind.values
) -> list[Service]:
    """Return the services of centres, all or of some kinds, as `with_hours`, with their places."""
    yesterday = today - dt.timedelta(days=1)
    services = _OF_CENTRES(centres=centres, kinds=kinds, since=yesterday)
    prefetch_related_objects(services, _exceptions_since(yesterday))
    return services


def service_with_hours(key: int, today: dt.date) -> Service:
    """Return one service as `with_hours`, with its centre, place and provider.

    Raises Service.DoesNotExist.
    """
    yesterday = today - dt.timedelta(days=1)
    service = _OF_KEY.first(key=key, since=yesterday)
    if service is None:
        raise Service.DoesNotExist
    prefetch_related_objects([service], _exceptions_since(yesterday))
    return service


def _of_centres() -> QuerySet[Service]:
    centres, kinds = OneOf("centres", BigIntegerField()), OneOf("kinds", CharField())
    services = Service.objects.filter(centre=centres, kind=kinds).select_related("location")
    return _with_rows(services, Given("since", DateField()))


def _of_key() -> QuerySet[Service]:
    services = Service.objects.filter(pk=Given("key", BigIntegerField()))
    services = services.select_related("centre", "location", "provider")
    return _with_rows(services, Given("since", DateField()))


_OF_CENTRES = Prepared(_of_centres)
_OF_KEY = Prepared(_of_key)


def _with_rows(services: QuerySet[Service], first_day: dt.date | Given) -> QuerySet[Service]:
    first_phone = (
        Contact.objects.filter(service=OuterRef("pk")).exclude(phone="").values("phone")[:1]
    )
    return services.annotate(
        main_phone=Coalesce(Subquery(first_phone), Value("")),
        holiday_rows=Subquery(_holiday_rows()),
        rule_rows=Subquery(_rule_rows(first_day)),
    )


def _exceptions_since(first_day: dt.date) -> Prefetch[Any, Any, Any]:
    rows = _exceptions_with_times().filter(last_day__gte=first_day)
    return Prefetch("hours_exceptions", rows)


def _rule_rows(first_day: dt.date | Given) -> QuerySet[WeeklyRule, Any]:
    """Return a service's rules that are not over as one value: a practice has twenty and more.

    As rows of their own, most of the time for a list of services would go into making objects.
    """
    rules = WeeklyRule.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=first_day), service=OuterRef("pk")
    )
    rows = JSONBAgg(JSONArray(*RULE_FIELDS), order_by=["weekday", "start", "pk"])
    return rules.order_by().values("service").annotate(rows=rows).values_list("rows", flat=True)


def _exceptions_with_times() -> QuerySet[HoursException]:
    """Return exceptions with their times in one query (`time_rows`, None if there are none)."""
    times = JSONBAgg(
        JSONObject(start="times__start", end="times__end", kind="times__kind"),
        filter=Q(times__isnull=False),
    )
    return HoursException.objects.annotate(time_rows=times).order_by("first_day", "pk")


def _holiday_rows() -> QuerySet[HolidayOverride, Any]:
    """Return all changes to the holidays as one value, which costs no query of its own."""
    rows = JSONBAgg(
        JSONObject(
            kind="kind", first="first_day", last="last_day", name="name", holds="is_holiday"
        ),
        order_by="pk",
    )
    everything = HolidayOverride.objects.order_by().annotate(all=Value("", CharField()))
    return everything.values("all").annotate(rows=rows).values_list("rows", flat=True)


_HOLIDAYS = Prepared(_holiday_rows)


def holiday_calendar() -> HolidayCalendar:
    """Return the holidays as they hold now, changes included. One query."""
    return _calendar(_HOLIDAYS.first())


def _calendar(rows: list[dict[str, Any]] | None) -> HolidayCalendar:
    return calendar_with(
        tuple(
            HolidayChange(
                HolidayKind(row["kind"]),
                dt.date.fromisoformat(row["first"]),
                dt.date.fromisoformat(row["last"]),
                row["name"] if row["holds"] else "",
            )
            for row in rows or ()
        )
    )


def schedule_of(service: Service) -> Schedule:
    """Return the schedule of a service; no query if it was fetched `with_hours`."""
    calendar = (
        _calendar(service.holiday_rows) if hasattr(service, "holiday_rows") else holiday_calendar()
    )
    return Schedule(
        rules=_rules(service),
        exceptions=tuple(_exception(row) for row in service.hours_exceptions.all()),
        holiday_policy=HolidayPolicy(service.holiday_policy),
        holidays=calendar.public_name,
        school_holidays=calendar.school_name,
    )


def schedules_for(services: QuerySet[Service], today: dt.date) -> dict[Service, Schedule]:
    """Return the schedules of many services, in their order."""
    return {service: schedule_of(service) for service in with_hours(services, today)}


def next_change(schedules: Iterable[Schedule], now: dt.datetime) -> dt.datetime:
    """Return when something shown of these schedules changes: a state, or the day itself."""
    today = now.astimezone(BERLIN).date()
    midnight = dt.datetime.combine(today + dt.timedelta(days=1), dt.time(), BERLIN)
    changes = [schedule.next_change(now) for schedule in schedules]
    # By the instant: two times of the hour that comes twice would compare as the wall shows them.
    return min((midnight, *filter(None, changes)), key=dt.datetime.timestamp)


def _rules(service: Service) -> tuple[Rule, ...]:
    if hasattr(service, "rule_rows"):
        return tuple(rule_from(*row) for row in service.rule_rows or ())
    return tuple(rule_of(row) for row in service.weekly_rules.all())


def _exception(row: HoursException) -> ExceptionValue:
    return ExceptionValue(
        first=row.first_day,
        last=row.last_day,
        times=() if row.closed else tuple(_times(row)),
        reason="" if row.reason in NO_REASON else str(row.get_reason_display()),
        substitute=row.substitute,
        substitute_phone=row.substitute_phone,
        note=row.note,
        shown_from=row.shown_from,
    )


def _times(row: HoursException) -> Iterator[TimeRange]:
    if hasattr(row, "time_rows"):
        for time in row.time_rows or ():
            start, end = (dt.time.fromisoformat(time[key]) for key in ("start", "end"))
            yield TimeRange(start, end, Kind(time["kind"]))
    else:
        for stored in row.times.all():
            yield TimeRange(stored.start, stored.end, Kind(stored.kind))
