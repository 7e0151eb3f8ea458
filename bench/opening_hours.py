"""The state of 300 services at one instant, and a year of one service's times, as JSON.

    python -m bench.opening_hours

In a database of its own with the example data, thrown away afterwards. CPU time is this process's
own: what PostgreSQL spends is not in it. Run on a quiet machine. Limits: 300 services 50 ms, a
year 5 ms.
"""

import datetime as dt
import json
import statistics
import sys
from typing import Any

from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.first_page import cpu_milliseconds
from bench.site import machine, own_site, use_demo
from cms.holiday_calendar import calendar_with
from cms.opening_hours import BERLIN, Kind, Pattern, Rule, Schedule

SERVICES = 300
RUNS = 20
NOW = dt.datetime(2026, 11, 24, 10, 14, tzinfo=BERLIN)
YEAR = [dt.date(2026, 1, 1) + dt.timedelta(days=number) for number in range(365)]
LIMITS = {"services": 50, "year": 5}


def main() -> int:
    use_demo()
    with own_site():
        print(json.dumps(measure(), indent=2))
    return 0


def measure() -> dict[str, Any]:
    return {
        **machine(),
        "limits_ms": LIMITS,
        "services": states_of_services(),
        "year": {name: a_year(week) for name, week in weeks().items()},
    }


# Many services ------------------------------------------------------------------------------------


def states_of_services() -> dict[str, Any]:
    """Measure the states of services whose rows are there, and the same with loading them."""
    from cms.selectors.schedules import schedule_of, with_hours  # noqa: PLC0415 - after django.setup()

    add_services(SERVICES)
    services = apps.get_model("cms", "Service").objects.filter(name__startswith="Bench")

    def load() -> list[Any]:
        return list(with_hours(services, NOW.date()))

    def ask(rows: list[Any]) -> int:
        return len([schedule_of(row).state_at(NOW) for row in rows])

    with CaptureQueriesContext(connection) as queries:
        loaded = load()
    return {
        "services": ask(loaded),
        "queries": len(queries),
        "states": summary([cpu_milliseconds(lambda: ask(loaded)) for _run in range(RUNS)]),
        "with_loading": summary([cpu_milliseconds(lambda: ask(load())) for _run in range(RUNS)]),
    }


def add_services(count: int) -> None:
    """Create services with the weeks below in turn, some of them on leave or with other hours."""
    service_type = apps.get_model("cms", "Service")
    rule_type = apps.get_model("cms", "WeeklyRule")
    exception_type = apps.get_model("cms", "HoursException")
    time_type = apps.get_model("cms", "HoursExceptionTime")
    example = service_type.objects.all()[0]
    kinds = list(weeks().values())
    for number in range(count):
        example.pk, example.name, example.slug = None, f"Bench {number}", f"bench-{number}"
        example._state.adding = True  # noqa: SLF001 - a copy, as Django's documentation makes it
        example.save()
        for rule in kinds[number % len(kinds)]:
            rule_type.objects.create(
                service=example,
                kind=rule.kind,
                weekday=rule.weekday,
                start=rule.start,
                end=rule.end,
                pattern=rule.pattern,
            )
        if number % 2:
            first = NOW.date() + dt.timedelta(days=number % 30 - 3)
            days = {"first_day": first, "last_day": first + dt.timedelta(days=number % 15)}
            closed = number % 3 > 0
            exception = exception_type.objects.create(service=example, closed=closed, **days)
            if not closed:
                times = {"start": dt.time(9), "end": dt.time(11)}
                time_type.objects.create(exception=exception, **times)


# A year -------------------------------------------------------------------------------------------


def a_year(week: tuple[Rule, ...]) -> dict[str, float]:
    """Measure the spans of each day of a year; the schedule is a new one each time."""
    calendar = calendar_with(())

    def spans() -> int:
        schedule = Schedule(
            week, holidays=calendar.public_name, school_holidays=calendar.school_name
        )
        return sum(len(schedule.spans_on(day)) for day in YEAR)

    count = spans()
    return {"spans": count, **summary([cpu_milliseconds(spans) for _run in range(RUNS)])}


def weeks() -> dict[str, tuple[Rule, ...]]:
    practice = tuple(
        rule
        for day in range(5)
        for rule in (
            Rule(Kind.OPEN, day, dt.time(8), dt.time(12)),
            Rule(Kind.OPEN, day, dt.time(15), dt.time(18)),
            Rule(Kind.WALK_IN, day, dt.time(8), dt.time(9, 30)),
            Rule(Kind.PHONE, day, dt.time(7, 30), dt.time(11, 30)),
        )
    )
    patterns = tuple(
        Rule(Kind.OPEN, day, dt.time(19), dt.time(21), pattern=pattern)
        for day, pattern in enumerate(
            (Pattern.ODD, Pattern.FIRST, Pattern.LAST, Pattern.SCHOOL_WEEKS)
        )
    )
    nights = tuple(Rule(Kind.OPEN, day, dt.time(22), dt.time(2)) for day in (4, 5))
    return {
        "practice": practice,
        "patterns": (*practice, *patterns),
        "patterns_and_nights": (*practice, *patterns, *nights),
    }


def summary(times: list[float]) -> dict[str, float]:
    return {
        "cpu_ms_median": round(statistics.median(times), 3),
        "cpu_ms_worst": round(max(times), 3),
    }


if __name__ == "__main__":
    sys.exit(main())
