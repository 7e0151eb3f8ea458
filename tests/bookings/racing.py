"""Many people who want the same at the same moment: a database with real commits, a threaded server."""

import json
import os
import sys
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from itertools import count
from typing import Any
from urllib.parse import urlencode

from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connection, connections
from django.test import Client
from django.test.testcases import LiveServerThread, _StaticFilesHandler
from django.urls import reverse
from django.utils import timezone

from bookings import ledger
from bookings.models import Association, Booking, BookingLog, RequestDraft, Room
from bookings.rules.spans import Span
from cms.models import User
from cms.opening_hours import BERLIN
from tests.bookings.request_flow import typed
from tests.databases import copy_migrated, remove
from tests.factories.bookings import AssociationFactory, member_of
from tests.reading import main

ROUNDS = int(os.environ.get("RVZ_RACE_ROUNDS", "20"))
# Of races over HTTP that test_crowd_races.py runs for all rounds with a crowd on the services.
ROUNDS_OF_PAGES = max(1, ROUNDS // 4)
CSRF = "r" * 32
# In the suite 32 people and other tests share two cores, so locks are patient; `bench.races` sets
# none, and the ledger's own counts. What becomes of a lock that takes too long: test_ledger.py.
LOCK_TIMEOUT = os.environ.get("RVZ_RACE_LOCK_TIMEOUT", "30s") or ledger.LOCK_TIMEOUT
SECONDS = 180  # only bounds what hangs: a busy machine takes its time
SWITCH_SECONDS = 0.0001


# The database -------------------------------------------------------------------------------------


@contextmanager
def copy_of_test_database(name: str) -> Iterator[None]:
    """Let everything use a copy of the empty test database, thrown away afterwards.

    Threads see each other's rows only after a commit, so a test that rolls back cannot race; and
    emptying the tables afterwards would take what the migrations wrote from the tests that follow.
    """
    original = connection.settings_dict["NAME"]
    copy = f"{original}_{name}"
    connections.close_all()
    copy_migrated(copy)
    connection.settings_dict["NAME"] = copy  # the same for all threads
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = original
        remove(copy)


def without_lock(statement: str) -> str:
    """Return the statement that finds the same rows and locks none."""
    lock = "FOR NO KEY UPDATE"
    assert lock in statement
    return statement.replace(lock, "")


def deadlocks() -> int:
    """Return how many deadlocks PostgreSQL has seen in this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def rounds(most: int = ROUNDS) -> Iterator[int]:
    """Give the number of each round of a race; `noted` counts them."""
    for number in range(most):
        begun.append(number)
        yield number


begun: list[int] = []  # the rounds of the test that runs


@contextmanager
def noted(record_property: Callable[[str, object], None]) -> Iterator[None]:
    """Note for the report of a test (`bench.races`) what was done in the copy, and at what cost."""
    begun.clear()
    again: list[object] = []
    in_one_go = ledger.in_one_go

    def counting(operation: Callable[[], Any]) -> Any:
        attempts = count(1)

        def attempt() -> Any:
            if next(attempts) > 1:
                again.append(operation)
            return operation()

        return in_one_go(attempt)

    ledger.in_one_go = counting
    try:
        yield
    finally:
        ledger.in_one_go = in_one_go
    steps = Counter(BookingLog.objects.values_list("action", flat=True))
    if begun:
        record_property("rounds", len(begun))
    record_property("bookings", Booking.objects.count())
    record_property("steps", json.dumps(steps))
    record_property("deadlocks", deadlocks())
    record_property("second_attempts", len(again))


# The server ---------------------------------------------------------------------------------------


class Server(ThreadedWSGIServer):
    request_queue_size = 128  # nobody has to knock twice
    daemon_threads = False  # waited for at the end: each has a database connection to close

    def get_request(self) -> tuple[Any, Any]:
        request, address = super().get_request()
        request.settimeout(SECONDS)  # a visitor who forgets to leave
        return request, address


class ServerThread(LiveServerThread):
    server_class = Server


@contextmanager
def server() -> Iterator[int]:
    """Run the site with a thread and a database connection for each visitor; give its port.

    The threads take turns quickly: who holds a lock of the database must not wait for 31 others
    who compute something in the same process.
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    thread = ServerThread("127.0.0.1", _StaticFilesHandler)
    thread.daemon = True
    thread.start()
    assert thread.is_ready.wait(SECONDS)
    assert thread.error is None
    try:
        yield thread.port
    finally:
        thread.terminate()
        sys.setswitchinterval(usual)


# The people ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    html: str

    @property
    def text(self) -> str:
        return main(self.html) if "<main" in self.html else self.html


class Person:
    """Somebody who is signed in, with a connection that stays open."""

    def __init__(self, port: int, user: User) -> None:
        self.user = user
        client = Client(headers={"host": "localhost"})
        client.force_login(user)
        self.cookies = SimpleCookie({"csrftoken": CSRF})
        self.cookies["sessionid"] = client.cookies["sessionid"].value
        self.connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, **values: Any) -> Answer:
        return self._ask("POST", path, {"csrfmiddlewaretoken": CSRF, **values})

    def _ask(self, method: str, path: str, values: Mapping[str, Any] | None = None) -> Answer:
        body = urlencode(values, doseq=True) if values else None
        headers = {
            "Host": "localhost",
            "Cookie": self.cookies.output(attrs=[], header="", sep=";").strip(),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.connection.request(method, path, body=body, headers=headers)
        response = self.connection.getresponse()
        for cookie in response.headers.get_all("Set-Cookie", []):
            self.cookies.load(cookie)
        return Answer(
            response.status, response.getheader("Location") or "", response.read().decode()
        )


class Booker(Person):
    """Somebody who books for a group, with a filled-in request for each round."""

    def __init__(self, port: int, association: Association) -> None:
        super().__init__(port, member_of(association))
        self.association = association

    def draft(self, room: Room, span: Span) -> RequestDraft:
        start, end = (edge.astimezone(BERLIN) for edge in span)
        values = typed(
            day=start.date().isoformat(), start=f"{start:%H:%M}", end=f"{end:%H:%M}", group=None
        )
        return RequestDraft(
            id=uuid.uuid4(),
            room=room,
            user=self.user,
            values=values,
            updated_at=timezone.now(),
        )


def bookers(port: int, room: Room, count: int) -> list[Booker]:
    groups = [AssociationFactory.create(home_centre=room.centre) for _number in range(count)]
    return [Booker(port, group) for group in groups]


def check_path(draft: RequestDraft) -> str:
    room = draft.room
    return reverse("room_request_check", args=[room.centre.slug, room.slug, draft.pk])


# The start ----------------------------------------------------------------------------------------

Run = Callable[[], Answer]


@contextmanager
def starting_line(people: Sequence[Person]) -> Iterator[Callable[[Sequence[Run]], list[Answer]]]:
    """Give a function that lets as many runs as there are people begin at one moment.

    Everybody has been to the site before: all connections are open.
    """
    gate = threading.Barrier(len(people), timeout=SECONDS)

    def run(one: Run) -> Answer:
        gate.wait()
        return one()

    with ThreadPoolExecutor(len(people)) as pool:

        def race(runs: Sequence[Run]) -> list[Answer]:
            assert len(runs) == len(people)
            return list(pool.map(run, runs))

        try:
            race([partial(person.get, "/health/ready") for person in people])
            yield race
        finally:
            for person in people:
                person.connection.close()


def statuses(answers: Sequence[Answer]) -> Counter[int]:
    return Counter(answer.status for answer in answers)
