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
from dataclasses import dataclass, replace
from itertools import count
from typing import IO
from urllib.parse import urlsplit, urlunsplit

from django.db import connection
from django.test import override_settings

from bookings.models import Association, Booking, Room
from bookings.rules.policy import HolidayRule
from bookings.rules.proposal import HolidayChoice
from bookings.rules.recurrence import Frequency, Recurrence, spans_of
from bookings.services.changes import FollowingWish, ask_for_following
from bookings.services.decisions import decide
from bookings.services.requests import send_request
from bookings.services.series_edits import extend_series
from cms.environment import BASE_DIR
from tests.bookings.changing import dates_of
from tests.bookings.racing import SECONDS
from tests.factories.bookings import FRIDAY, NOW, new_request

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
PROGRAM = (
    "import django; django.setup(); from tests.bookings import series_writer as it; it.serve()"
)
DATES, MORE = 52, 8
FIRST_HOUR, HOURS = 8, 12
END = "end"
SETTLED = 0.05  # seconds, after which a frozen writer's last words have arrived


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
        stay = HolidayChoice(HolidayRule.KEEP, HolidayRule.KEEP)  # so that all series are alike
        request = new_request(self.room, association=group, purpose=self.name, holidays=stay)
        send_request(request=replace(request, spans=spans, recurrence=recurrence), now=NOW)

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
        ask_for_following(booking=booking, first_date_id=first.pk, wish=wish, actor=None, now=NOW)

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


STEPS = (Series.send, Series.extend, Series.split, Series.decide)


def do(room: Room, place: int) -> None:
    """Do the step at this place of an endless row: those of the first series, of the next one, etc."""
    number, step = divmod(place, len(STEPS))
    STEPS[step](Series(room, number))


# The process --------------------------------------------------------------------------------------


def serve() -> None:
    """For each line, a room and a place, start a writer; say when it has ended."""
    with override_settings(TASKS=TASKS):
        for line in sys.stdin:
            writer = os.fork()
            if not writer:
                write(*map(int, line.split()))  # ends by a kill, or by an error that is shown
            os.waitpid(writer, 0)
            say(END)


def write(room_id: int, place: int) -> None:
    """Do one step after the other from this place on, until somebody ends it."""
    room = Room.objects.get(pk=room_id)
    say(os.getpid(), connection.connection.info.backend_pid)
    for now in count(place):
        say(now)
        do(room, now)


def say(*words: object) -> None:
    print(*words, flush=True)  # noqa: T201 - what it is started for


# Who kills it -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Writers:
    orders: IO[str]
    said: IO[str]

    def kill_one(self, room: Room, place: int, pause: float) -> tuple[int, str]:
        """Let somebody write from this place on, and kill it so many seconds later, or a bit more.

        Frozen, it is looked at: if it has nothing half done, it goes on for a moment. Return the
        place of the step that was cut off, and its last statement.
        """
        print(room.pk, place, file=self.orders, flush=True)
        process, backend = map(int, self.line().split())
        last = self.line()
        time.sleep(pause)
        statement = freeze_in_transaction(process, backend)
        os.kill(process, signal.SIGKILL)
        while (line := self.line()) != END:
            last = line
        return int(last), statement

    def line(self) -> str:
        line = self.said.readline().strip()
        assert line, "The writer has died; see above."
        return line


def freeze_in_transaction(process: int, backend: int) -> str:
    """Freeze a writer between its first lock and its commit; return its last statement."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        os.kill(process, signal.SIGSTOP)
        if seen := half_done(backend):
            # It may have sent COMMIT just before, and PostgreSQL not have come to it yet.
            time.sleep(SETTLED)
            if half_done(backend) == seen:
                return seen[-1]
        os.kill(process, signal.SIGCONT)
        time.sleep(0.001)
    msg = "The writer writes nothing."
    raise AssertionError(msg)


def half_done(backend: int) -> tuple[dt.datetime, dt.datetime, str] | None:
    """Look for an open transaction that has locked or written rows.

    Return when it began, since when its state is what it is, and its last statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT xact_start, state_change, query FROM pg_stat_activity"
            " WHERE pid = %s AND backend_xid IS NOT NULL"
            " AND state IN ('active', 'idle in transaction') AND query <> 'COMMIT'",
            [backend],
        )
        return cursor.fetchone()


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
