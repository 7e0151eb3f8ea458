"""A request for one date and a series of 52, beside the same statements sent by psycopg; as JSON.

    python -m bench.series

In a database of its own with the example data, thrown away afterwards. Wall-clock time, PostgreSQL
included, from the call of the service (or the POST of the check page) to the commit, and CPU time
of this process alone; mails are written and left to the worker. The raw statements are those of
another such request, which was taken back: they store the same rows with the same keys and commit
them, too; `queries` is the highest number of them. Each request is for another time. Run on a quiet
machine.
"""

import datetime as dt
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import psycopg
from django.apps import apps
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.bookings import (
    TRANSACTION,
    any_association,
    drafts,
    new_room,
    post,
)
from bench.first_page import cpu_milliseconds
from bench.site import machine, own_site, raw_connection, use_demo

RUNS = 21
WEEKS = 52
LIMITS = {"one_date": 25, "post": 25, "series": 60}
TIMES_RAW = 5
QUERIES = 25
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

Action = Callable[[], object]


def main() -> int:
    use_demo()
    with own_site(), raw_connection() as raw:
        print(json.dumps(measure(raw), indent=2))
    return 0


def measure(raw: "psycopg.Connection[Any]") -> dict[str, Any]:
    with override_settings(TASKS=TASKS):
        measured = {
            "one_date": beside_raw(single_dates(), raw),
            "post": beside_raw(posts(), raw),
            "series": beside_raw(series(), raw),
        }
    return {
        **machine(),
        "limits_ms": LIMITS,
        "limit_times_raw": TIMES_RAW,
        "limit_queries": QUERIES,
        **measured,
        "missed": list(missed(measured)),
    }


def missed(measured: dict[str, dict[str, float]]) -> Iterator[str]:
    for name, figures in measured.items():
        limits = {"ms_median": LIMITS[name], "times_raw": TIMES_RAW, "queries": QUERIES}
        for figure, limit in limits.items():
            if figures[figure] > limit:
                yield f"{name}: {figure} {figures[figure]}"


# What is asked for --------------------------------------------------------------------------------


def single_dates() -> Iterator[Action]:
    room, first = new_room("one-date"), timezone.localdate() + dt.timedelta(days=7)
    return (sending(room, first + dt.timedelta(days=number)) for number in count())


def series() -> Iterator[Action]:
    """Give requests for 52 weeks, each at another weekday and hour."""
    room, first = new_room("series"), timezone.localdate() + dt.timedelta(days=1)
    room.centre.policies.update_or_create(room=None, defaults={"horizon_days": 400})
    for number in count():
        weekday, hour = divmod(number, 12)
        yield sending(room, first + dt.timedelta(days=weekday), hour=8 + hour, weeks=WEEKS)


def sending(room: Any, day: dt.date, *, hour: int = 19, weeks: int = 1) -> Action:
    """Return the call that asks for half an hour, on this day or on that day of so many weeks."""
    from bookings.rules.recurrence import Frequency, Recurrence, spans_of  # noqa: PLC0415 - after django.setup()
    from bookings.services.requests import NewRequest, send_request  # noqa: PLC0415

    weekly = Recurrence(Frequency.WEEKLY, (day.weekday(),))
    last = day + dt.timedelta(weeks=weeks - 1)
    association = any_association()
    request = NewRequest(
        room=apps.get_model("bookings", "Room").objects.select_related("centre").get(pk=room.pk),
        association=association,
        requester=association.members.first(),
        spans=spans_of(weekly, day, last, dt.time(hour), dt.time(hour, 30)),
        recurrence=weekly if weeks > 1 else None,
        purpose="Probe",
        persons=20,
        contact_name="Erika Muster",
        contact_phone="040 66969 120",
    )
    return lambda: send_request(request=request, now=timezone.now())


def posts() -> Iterator[Action]:
    for client, path in drafts(new_room("posts"), 2 * RUNS + 1):
        yield lambda client=client, path=path: post(client, path)  # type: ignore[misc]


# Measuring ----------------------------------------------------------------------------------------


def beside_raw(actions: Iterator[Action], raw: "psycopg.Connection[Any]") -> dict[str, float]:
    """Measure such requests in turn with the statements of others."""
    next(actions)()
    times, cpu_times, raw_times, queries = [], [], [], []
    for _run in range(RUNS):
        action = next(actions)
        cpu_times.append(cpu_milliseconds(lambda: times.append(milliseconds(action))))  # noqa: B023 - done at once
        statements = statements_of(next(actions))
        queries.append(len(statements))
        raw_times.append(milliseconds(lambda: send(statements, raw)))  # noqa: B023
    median, raw_median = statistics.median(times), statistics.median(raw_times)
    return {
        "queries": max(queries),
        "cpu_ms_median": round(statistics.median(cpu_times), 2),
        "ms_median": round(median, 2),
        "ms_worst": round(max(times), 2),
        "raw_ms_median": round(raw_median, 2),
        "times_raw": round(median / raw_median, 2),
    }


def milliseconds(action: Action) -> float:
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def statements_of(action: Action) -> list[str]:
    """Return what a request sends, and take it back, so that others can send the same once more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname, sequencename, last_value FROM pg_sequences")
        used = [row for row in cursor.fetchall() if row[2] is not None]
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        action()
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.executemany("SELECT setval(format('%%I.%%I', %s, %s), %s)", used)
    said = [query["sql"] for query in queries]
    return [statement for statement in said if not statement.startswith(TRANSACTION)]


def send(statements: list[str], raw: "psycopg.Connection[Any]") -> None:
    for statement in statements:
        cursor = raw.execute(statement.encode())
        if cursor.description:
            cursor.fetchall()
    raw.commit()


if __name__ == "__main__":
    sys.exit(main())
