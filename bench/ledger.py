"""Questions to a ledger of a million rows over 60 rooms, as JSON: raw SQL, and through our selectors.

    python -m bench.ledger

Medians in milliseconds, on the embedded PostgreSQL (or that of DATABASE_URL) and beside it on
Debian's if there is one, each in a database of its own that is thrown away. Filling takes a few
minutes. The limits are for SQL. `lateral` is the plainest statement of this form, which knows no
set-up times, hours and wishes: it shows what the machine can do. The same run asks django-scheduler
to expand some hundred series for the same question. Run on a quiet machine.
"""

import contextlib
import datetime as dt
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import psycopg
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.full_ledger import fill
from bench.site import own_site, raw_connection, use_demo
from tools import debian_postgres

HERE = "--here"
RUNS, SERIES, WEEKS, DAYS_OF_A_MONTH = 31, 300, 52, 31
LIMITS = {"room_free": 1, "room_month": 5, "rooms_and_dates": 10}
# All rooms have dates from 10:00 on, the last one from 20:00 to 21:30; half of them also at 8:00.
QUESTIONS = {
    "all_free": ("22:30", "23:30"),
    "all_busy": ("20:00", "21:30"),
    "half_busy": ("08:00", "09:30"),
}
NOW = dt.datetime.now(dt.UTC)  # noqa: TID251 - a benchmark starts here
TODAY = NOW.date()

_ROOM_FREE = """
SELECT NOT EXISTS (
  SELECT 1 FROM bookings_occupancy
  WHERE (closure_id IS NULL OR closure_id IS NOT NULL)
    AND int8range(space_id, space_id, '[]') && %s::int8multirange AND period && tstzrange(%s, %s)
)
"""
_ROOM_MONTH = """
SELECT lower(period), upper(period) FROM bookings_occupancy
WHERE (closure_id IS NULL OR closure_id IS NOT NULL)
  AND int8range(space_id, space_id, '[]') && %s::int8multirange AND period && tstzrange(%s, %s)
"""
_LATERAL = """
WITH asked AS MATERIALIZED (
  SELECT tstzrange(starts, ends) AS span
  FROM unnest(%s::timestamptz[], %s::timestamptz[]) AS asked (starts, ends)
), busy AS MATERIALIZED (
  SELECT DISTINCT taken.space_id FROM asked CROSS JOIN LATERAL (
    SELECT space_id FROM bookings_occupancy WHERE period && span OFFSET 0
  ) AS taken
)
SELECT id FROM bookings_room AS room WHERE NOT EXISTS (
  SELECT 1 FROM bookings_room_spaces JOIN busy USING (space_id) WHERE room_id = room.id
)
"""


def main(arguments: list[str]) -> int:
    use_demo()
    if arguments == [HERE]:
        print(json.dumps(here()))
        return 0
    results = [on_server(address) for address in servers()]
    print(json.dumps({"limits_ms": LIMITS, "servers": results}, indent=2))
    return 0


def servers() -> Iterator[str]:
    yield os.environ["DATABASE_URL"]
    programs = debian_postgres.newest(debian_postgres.PLACE)
    if programs is not None:
        with contextlib.redirect_stdout(sys.stderr), debian_postgres.cluster(programs) as address:
            yield address


def on_server(address: str) -> Any:
    """Measure in a process of its own: Django knows one database."""
    command = [sys.executable, "-m", "bench.ledger", HERE]
    environment = {**os.environ, "DATABASE_URL": address}
    answer = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    measured = json.loads(answer.stdout)
    print(measured["postgresql"], "measured", file=sys.stderr, flush=True)
    return measured


def here() -> dict[str, Any]:
    with own_site(example_data=False):
        start = time.perf_counter()
        fill(TODAY)
        seconds = time.perf_counter() - start
        with raw_connection() as raw:
            return {"fill_seconds": round(seconds), **measure(raw)}


def measure(raw: "psycopg.Connection[Any]") -> dict[str, Any]:
    measured = {
        "postgresql": raw.execute("SHOW server_version").fetchone()[0].split()[0],  # type: ignore[index]
        "rows": apps.get_model("bookings", "Occupancy").objects.count(),
        "spaces": apps.get_model("bookings", "Space").objects.count(),
        "load": os.getloadavg()[0],
        "room_free": room_free(raw),
        "room_month": room_month(raw),
        "rooms_and_dates": {
            name: rooms_and_dates(raw, *times) for name, times in QUESTIONS.items()
        },
        "django_scheduler": django_scheduler(),
    }
    return {**measured, "missed": list(missed(measured))}


def median(ask: Callable[[], Any], runs: int = RUNS) -> float:
    """Return the median in milliseconds, after one run that does not count."""
    ask()
    times = []
    for _run in range(runs):
        start = time.perf_counter()
        ask()
        times.append(time.perf_counter() - start)
    return round(statistics.median(times) * 1000, 2)


def missed(measured: dict[str, Any], inside: str = "") -> Iterator[str]:
    """Give what took longer than its limit."""
    for name, value in measured.items():
        if isinstance(value, dict):
            yield from missed(value, inside or name)
        elif name == "sql_ms" and value > LIMITS.get(inside, value):
            yield f"{inside}: {value} ms"


# One room -----------------------------------------------------------------------------------------


def one_room(slug: str) -> tuple[Any, list[int]]:
    """Return a room with its hours, and its spaces."""
    rooms = apps.get_model("bookings", "Room").objects.prefetch_related("hours", "spaces")
    room = rooms.get(slug=slug, centre__slug="ort-1")
    return room, [space.pk for space in room.spaces.all()]


def multirange(space_ids: Sequence[int]) -> str:
    return "{" + ",".join(f"[{key},{key}]" for key in space_ids) + "}"


def room_free(raw: "psycopg.Connection[Any]") -> dict[str, Any]:
    """Ask for a room of one space and a hall of three, at a time that is free."""
    from bookings.selectors.occupancy import is_free  # noqa: PLC0415 - after django.setup()

    (span,) = spans_at(*QUESTIONS["all_free"], count=1)

    def ask(slug: str) -> dict[str, float]:
        _room, spaces = one_room(slug)
        values = (multirange(spaces), *span)
        require(is_free(spaces, span), f"{slug} is free")
        return {
            "sql_ms": median(lambda: raw.execute(_ROOM_FREE, values).fetchone()),
            "selector_ms": median(lambda: is_free(spaces, span)),
        }

    return {"one_space": ask("raum-2"), "hall_of_three": ask("saal")}


def room_month(raw: "psycopg.Connection[Any]") -> dict[str, Any]:
    """Ask for all that is taken in a month: seven dates a day, each on one space or on three."""
    from bookings.rules.wall_clock import whole_day  # noqa: PLC0415 - after django.setup()
    from bookings.selectors.find import free_days  # noqa: PLC0415

    days = [TODAY + dt.timedelta(days=number + 1) for number in range(DAYS_OF_A_MONTH)]
    month = whole_day(days[0]).start, whole_day(days[-1]).end

    def ask(slug: str) -> dict[str, float]:
        room, spaces = one_room(slug)
        values = (multirange(spaces), *month)
        return {
            "rows": len(raw.execute(_ROOM_MONTH, values).fetchall()),
            "sql_ms": median(lambda: raw.execute(_ROOM_MONTH, values).fetchall()),
            "selector_ms": median(lambda: free_days(room, spaces, days, now=NOW)),
        }

    return {"one_space": ask("raum-2"), "hall_of_three": ask("saal")}


# All rooms ----------------------------------------------------------------------------------------


def spans_at(start: str, end: str, count: int = WEEKS) -> list[Any]:
    """Return the spans of a weekly series that begins in some days."""
    from bookings.rules.wall_clock import span_on  # noqa: PLC0415 - after django.setup()

    first, times = TODAY + dt.timedelta(days=3), map(dt.time.fromisoformat, (start, end))
    opens, closes = times
    return [span_on(first + dt.timedelta(weeks=week), opens, closes) for week in range(count)]


def rooms_and_dates(raw: "psycopg.Connection[Any]", start: str, end: str) -> dict[str, Any]:
    """Ask which of 60 rooms are free on 52 dates."""
    from bookings.selectors.find import Wanted, find_rooms  # noqa: PLC0415 - after django.setup()
    from bookings.selectors.find.rooms import rooms_offering  # noqa: PLC0415
    from bookings.selectors.find.statement import statement  # noqa: PLC0415

    spans = spans_at(start, end)
    edges = [span.start for span in spans], [span.end for span in spans]
    centres = list(apps.get_model("cms", "Centre").objects.all())
    text, values = statement(rooms_offering([centre.pk for centre in centres], Wanted()), spans)

    def ask() -> list[Any]:
        return find_rooms(centres, Wanted(), spans, now=NOW)

    found = ask()
    return {
        "rooms": len(found),
        "free_on_all_dates": sum(one.fits for one in found),
        "lateral_ms": median(lambda: raw.execute(_LATERAL, edges).fetchall()),
        "sql_ms": median(lambda: raw.execute(text, values).fetchall()),
        "selector_ms": median(ask),
    }


def require(true: bool, what: str) -> None:  # noqa: FBT001 - reads like an assertion
    if not true:
        raise LookupError(what)


# django-scheduler ---------------------------------------------------------------------------------


def django_scheduler() -> dict[str, Any]:
    """Expand some series for the same 52 weeks, as django-scheduler does it and with prefetching."""
    from schedule.periods import Period  # noqa: PLC0415 - after django.setup()

    from cms.opening_hours import BERLIN  # noqa: PLC0415

    first = NOW.astimezone(BERLIN)
    last = first + dt.timedelta(weeks=WEEKS)
    events = apps.get_model("schedule", "Event").objects.filter(
        rule__isnull=False, end_recurring_period__gt=first
    )
    keys = list(events.order_by("pk").values_list("pk", flat=True)[:SERIES])
    chosen = events.filter(pk__in=keys)

    def period() -> int:
        return len(Period(chosen.all(), first, last, tzinfo=BERLIN).get_occurrences())

    def prefetched() -> int:
        loaded = chosen.select_related("rule").prefetch_related("occurrence_set")
        return sum(
            len(event.get_occurrences(first, last, clear_prefetch=False)) for event in loaded
        )

    with CaptureQueriesContext(connection) as queries:
        occurrences = period()
    return {
        "series": len(keys),
        "occurrences": occurrences,
        "queries": len(queries),
        "period_ms": median(period, 3),
        "prefetched_ms": median(prefetched, 3),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
