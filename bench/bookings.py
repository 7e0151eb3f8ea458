"""Rooms and requests: queries and CPU time of a week and of sending, bookings a second; as JSON.

    python -m bench.bookings

In a database of its own with the example data, thrown away afterwards. CPU time is this process's
own: what PostgreSQL spends is not in it. Bookings a second go through HTTP and the loopback to the
server of `make demo`, everybody for another time of one room, so that all meet at its lock. Run on
a quiet machine; `make demo` has to have run once, for the static files.
"""

import datetime as dt
import json
import socket
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from itertools import islice
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.first_page import cpu_milliseconds, get, timings
from bench.many_bookings import add_bookings
from bench.site import machine, own_site, use_demo
from cms.environment import BASE_DIR

RUNS = 20
BOOKINGS = (10, 10_000)
CLIENTS = {1: 60, 8: 320}  # how many book at once, and how often in all
OF_ONE_PERSON = 15  # nobody may send more than 20 requests within an hour
START_SECONDS = 30
CSRF = "b" * 32
TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")  # ask nothing


def main() -> int:
    use_demo()
    try:
        with own_site():
            print(json.dumps(measure(), indent=2))
    except LookupError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def measure() -> dict[str, Any]:
    return {
        **machine(),
        "room_week": weeks(),
        "request_post": request_post(),
        "bookings_per_second": through_http(),
    }


# The week -----------------------------------------------------------------------------------------


def weeks() -> dict[str, Any]:
    """Measure the week of a room with few bookings, and again when it has many behind it."""
    room, monday = new_room("week"), timezone.localdate()
    monday -= dt.timedelta(days=monday.weekday())
    association = any_association()
    measured, there = {}, 0
    for count in BOOKINGS:
        # Three a day: this week first, then the years before it.
        first = monday - dt.timedelta(days=(count - there) // 3 + 1) if there else monday
        add_bookings(room, association, count - there, from_day=first.isoformat())
        there = count
        measured[str(count)] = shown_week(room)
    return measured


def shown_week(room: Any) -> dict[str, float]:
    path = f"/raeume/{room.centre.slug}/{room.slug}/"
    client = Client(headers={"host": "localhost"})
    with override_settings(PAGE_CACHE_SECONDS=0):
        get(path, client)
        return timings(path, client, RUNS)


def any_association() -> Any:
    return apps.get_model("bookings", "Association").objects.all()[0]


def new_room(slug: str) -> Any:
    """Create a room like a hall of the example data, open on every day from 0:00 to 24:00."""
    from bookings.services.rooms import give_calendar  # noqa: PLC0415 - after django.setup()

    room_type = apps.get_model("bookings", "Room")
    hall = room_type.objects.select_related("centre").get(centre__slug="nordholz", slug="saal")
    room = room_type(centre=hall.centre, name=slug, slug=slug, capacity=hall.capacity)
    give_calendar(room)
    room.save()
    spaces = apps.get_model("bookings", "Space").objects
    room.spaces.set([spaces.create(centre=hall.centre, name=slug)])
    hours_type = apps.get_model("bookings", "RoomHours")
    for weekday in range(7):
        hours_type.objects.create(room=room, weekday=weekday, opens=dt.time(), closes=dt.time())
    return room


# Sending ------------------------------------------------------------------------------------------


def request_post() -> dict[str, float]:
    """Measure the POST that stores a request: from the check page to the page “sent”."""
    room = new_room("sending")
    wanted = islice(drafts(room, RUNS + 2), RUNS + 2)
    _warm, *times = [cpu_milliseconds(lambda: post(*next(wanted))) for _run in range(RUNS + 1)]
    client, path = next(wanted)
    with CaptureQueriesContext(connection) as queries:
        post(client, path)
    asked = [query for query in queries if not query["sql"].startswith(TRANSACTION)]
    return {
        "queries": len(asked),
        "cpu_ms_median": round(statistics.median(times), 3),
        "cpu_ms_worst": round(max(times), 3),
    }


def post(client: Client, path: str) -> None:
    require_sent(path, client.post(path).status_code)


def require_sent(path: str, status: int) -> None:
    if status != HTTPStatus.FOUND:
        msg = f"{path} answers with {status}."
        raise LookupError(msg)


def drafts(room: Any, count: int) -> Iterator[tuple[Client, str]]:
    """Give filled-in requests for different times, with somebody who is signed in for each."""
    draft_type = apps.get_model("bookings", "RequestDraft")
    people = [signed_in(number) for number in range(count // OF_ONE_PERSON + 1)]
    for number in range(count):
        client, user = people[number % len(people)]
        day = timezone.localdate() + dt.timedelta(days=2 + number // 20)
        start = dt.time(number % 20)
        draft = draft_type.objects.create(
            id=uuid.uuid4(),
            room=room,
            user=user,
            updated_at=timezone.now(),
            values={
                "day": day.isoformat(),
                "start": f"{start:%H:%M}",
                "end": f"{start:%H}:30",
                "purpose": "Probe",
                "persons": "20",
                "contact_name": "Erika Muster",
                "contact_phone": "040 66969 120",
            },
        )
        yield client, f"/raeume/{room.centre.slug}/{room.slug}/anfrage/pruefen/{draft.pk}/"


def signed_in(number: int) -> tuple[Client, Any]:
    """Return somebody who books for an association of the example data."""
    user_type, membership = apps.get_model("cms", "User"), apps.get_model("bookings", "Membership")
    email = f"bench{number}-{uuid.uuid4().hex[:8]}@example.org"
    user = user_type.objects.create_user(email, None, first_name="Erika", last_name="Muster")
    membership.objects.create(association=any_association(), user=user)
    # Where accounts and bookings live: nobody asks whose site this is.
    client = Client(headers={"host": urlsplit(settings.BASE_URL).netloc})
    client.force_login(user)
    return client, user


# Through HTTP -------------------------------------------------------------------------------------


def through_http() -> dict[str, float]:
    with server() as port:
        return {str(clients): rate(port, clients, count) for clients, count in CLIENTS.items()}


def rate(port: int, clients: int, count: int) -> float:
    """Return how many requests are stored in a second when so many people send at once."""
    room = new_room(f"rate-{clients}")
    wanted = [(cookies_of(client), path) for client, path in drafts(room, count)]
    shares = [wanted[number::clients] for number in range(clients)]
    with ThreadPoolExecutor(clients) as pool:
        start = time.perf_counter()
        list(pool.map(lambda share: send_all(port, share), shares))
        seconds = time.perf_counter() - start
    return round(count / seconds, 1)


def cookies_of(client: Client) -> str:
    return f"sessionid={client.cookies['sessionid'].value}; csrftoken={CSRF}"


def send_all(port: int, share: list[tuple[str, str]]) -> None:
    connection_ = HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
    body = urlencode({"csrfmiddlewaretoken": CSRF})
    for cookies, path in share:
        headers = {
            "Host": "localhost",
            "Cookie": cookies,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection_.request("POST", path, body=body, headers=headers)
        response = connection_.getresponse()
        response.read()
        require_sent(path, response.status)
    connection_.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def server() -> Iterator[int]:
    port = free_port()
    options = ["--interface", "wsgi", "--workers", "1", "--blocking-threads", "4", "--no-ws"]
    address = ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
    command = [sys.executable, "-m", "granian", "cms.wsgi:application", *options, *address]
    process = subprocess.Popen(command, cwd=BASE_DIR)
    try:
        wait_until_ready(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def wait_until_ready(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            asked = HTTPConnection("127.0.0.1", port, timeout=1)
            asked.request("GET", "/health/ready", headers={"Host": "localhost"})
            if asked.getresponse().status == HTTPStatus.OK:
                return
        except OSError:
            time.sleep(0.1)
    msg = "The server did not start; see above."
    raise LookupError(msg)


if __name__ == "__main__":
    sys.exit(main())
