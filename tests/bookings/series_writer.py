"""Somebody who asks for series, lets them go on, changes and decides them, in a process of its own.

The process is prepared once; each writer is a fork of it, so that one more costs next to nothing.
"""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import IO, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from django.db import connection
from django.test import override_settings

from bookings.models import Association, Booking, Room
from bookings.rules.recurrence import Frequency, Recurrence, spans_of
from bookings.services.changes import FollowingWish, ask_for_following
from bookings.services.decisions import decide
from bookings.services.requests import NewRequest, send_request
from bookings.services.series_edits import extend_series
from cms.environment import BASE_DIR
from tests.bookings.changing import dates_of
from tests.bookings.racing import SECONDS
from tests.factories.bookings import FRIDAY, NOW, new_request

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
PROGRAM = "import django; django.setup(); from tests.bookings import series_writer as it; it.serve()"
DATES, MORE = 52, 8
FIRST_HOUR, HOURS = 8, 12
END = "end"


# What is written ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Series:
    """The series of a number: a weekday and an hour of this room that no other one has."""

    room: Room
    number: int

    @property
    def first(self) -> dt.date:
        return FRIDAY + dt.timedelta(days=self.number // HOURS)

    def time(self, minute: int) -> dt.time:
        return dt.time(FIRST_HOUR + self.number % HOURS, minute)

    def day(self, place: int) -> dt.date:
        return self.first + dt.timedelta(weeks=place)

    @property
    def booking(self) -> Booking:
        return Booking.objects.get(purpose=self.name, origin=None)

    @property
    def name(self) -> str:
        return f"{self.room.slug} {self.number}"

    def send(self) -> None:
        """Ask for half an hour on 52 days."""
        recurrence = Recurrence(Frequency.WEEKLY, (self.first.weekday(),))
        times = self.time(0), self.time(30)
        spans = spans_of(recurrence, self.first, self.day(DATES - 1), *times)
        group = Association.objects.get(home_centre=self.room.centre)
        values = vars(new_request(self.room, association=group, purpose=self.name))
        request = NewRequest(**{**values, "spans": spans, "recurrence": recurrence})
        send_request(request=request, now=NOW)

    def extend(self) -> None:
        until = self.day(DATES + MORE - 1)
        extend_series(booking=self.booking, until=until, actor=None, now=NOW)

    def split(self) -> None:
        """Let the second half go on half an hour later, as another request."""
        booking = self.booking
        first = dates_of(booking)[DATES // 2]
        until = self.day(DATES + MORE - 1)
        end = (dt.datetime.combine(self.first, self.time(30)) + dt.timedelta(minutes=30)).time()
        wish = FollowingWish(room=self.room, until=until, start=self.time(30), end=end)
        ask_for_following(
            booking=booking, first_date_id=first.pk, wish=wish, actor=None, now=NOW
        )

    def decide(self) -> None:
        """Promise all dates of the first half but every third one, which is refused."""
        booking = self.booking
        keys = [date.pk for date in dates_of(booking)[: DATES // 2]]
        no = keys[::3]
        decide(
            booking=booking,
            approve=set(keys) - set(no),
            reject=no,
            reason="Da wird gewählt.",
            actor=booking.requester,
            now=NOW,
        )


STEPS = {
    "send": Series.send,
    "extend": Series.extend,
    "split": Series.split,
    "decide": Series.decide,
}


# The process --------------------------------------------------------------------------------------


def serve() -> None:
    """Start a writer for each room whose key comes in; say when it has ended."""
    with override_settings(TASKS=TASKS):
        for line in sys.stdin:
            writer = os.fork()
            if not writer:
                try:
                    write(Room.objects.get(pk=int(line)))
                finally:
                    os._exit(1)
            os.waitpid(writer, 0)
            say(END)


def write(room: Room) -> None:
    """Write one series after the other until somebody ends it."""
    say(os.getpid(), connection.connection.info.backend_pid)
    for number in count():
        for name, step in STEPS.items():
            say(number, name)
            step(Series(room, number))


def say(*words: object) -> None:
    print(*words, flush=True)  # noqa: T201 - what it is started for


# Who kills it -------------------------------------------------------------------------------------


class Killed(NamedTuple):
    """Where a writer was: in the middle of this step of the series of this number."""

    number: int
    step: str
    statement: str


@dataclass(frozen=True)
class Writers:
    requests: IO[str]
    said: IO[str]

    def kill_one(self, room: Room, step: str, pause: float) -> Killed:
        """Let somebody write into this room; kill it so many seconds after it began the step.

        It has begun to write then, and not to commit: frozen, it is looked at first, and goes on
        for a moment if it has nothing half done.
        """
        self.requests.write(f"{room.pk}\n")
        self.requests.flush()
        process, backend = map(int, self.line().split())
        while self.line() != f"0 {step}":
            pass
        time.sleep(pause)
        statement = self.freeze_in_transaction(process, backend)
        os.kill(process, signal.SIGKILL)
        last = f"0 {step}"
        while (line := self.line()) != END:
            last = line
        number, name = last.split()
        return Killed(int(number), name, statement)

    def line(self) -> str:
        line = self.said.readline().strip()
        assert line, "The writer cannot write; see above."
        return line

    def freeze_in_transaction(self, process: int, backend: int) -> str:
        """Freeze a writer that has written something and not committed it; return its last words."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            os.kill(process, signal.SIGSTOP)
            if statement := half_done(backend):
                return statement
            os.kill(process, signal.SIGCONT)
            time.sleep(0.001)
        msg = "The writer writes nothing."
        raise AssertionError(msg)


def half_done(backend: int) -> str:
    """Return the last statement of an open transaction that has locked or written rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT query FROM pg_stat_activity WHERE pid = %s AND backend_xid IS NOT NULL"
            " AND state IN ('active', 'idle in transaction') AND query <> 'COMMIT'",
            [backend],
        )
        found = cursor.fetchone()
    return found[0] if found else ""


@contextmanager
def writers() -> Iterator[Writers]:
    """Prepare the process for the database of this test, and end it with all that it has started."""
    address = urlsplit(os.environ["DATABASE_URL"])
    database = urlunsplit(address._replace(path=f"/{connection.settings_dict['NAME']}"))
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=BASE_DIR,
        env={**os.environ, "DATABASE_URL": database},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield Writers(process.stdin, process.stdout)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
