"""Site and worker are killed while people send and managers decide: nothing is half done or lost."""

import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from schedule.models import Event, Occurrence

from bookings.models import Booking, BookingDate, BookingLog, RequestDraft, Room
from bookings.rules.spans import Span
from bookings.rules.states import Action, DateState
from bookings.rules.wall_clock import instant
from bookings.selectors.ledger_check import differences
from bookings.selectors.undelivered import entry_key
from cms.environment import BASE_DIR
from cms.models import CentrePage, OutgoingMail
from tests.bookings.racing import (
    Answer,
    Person,
    bookers,
    check_path,
    copy_of_test_database,
)
from tests.factories.bookings import add_room, date_of, requested
from tests.factories.staff import manager_of

ROUNDS = 4
PEOPLE, OF_EACH = 4, 12  # who sends, and how often
DECISIONS = 16
ANSWERED = 12  # so many are done when the kill comes; the others are not
SECONDS = 180  # only bounds what hangs: a busy machine takes its time


@pytest.fixture
def db(django_db_setup, django_db_blocker) -> Iterator[None]:
    """In place of pytest-django's: real commits, in a copy of the test database."""
    with django_db_blocker.unblock(), copy_of_test_database("kills"):
        yield


@dataclass
class Programs:
    """Site and worker as `make demo` runs them, on the test's database."""

    port: int
    environment: dict[str, str]
    running: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def start(self) -> None:
        options = ["--interface", "wsgi", "--workers", "1", "--blocking-threads", "4", "--no-ws"]
        address = ["--host", "127.0.0.1", "--port", str(self.port), "--log-level", "critical"]
        self.run("-m", "granian", "cms.wsgi:application", *options, *address)
        self.run("manage.py", "db_worker", "--no-startup-delay", "--interval", "0.05")

    def run(self, *arguments: str) -> None:
        self.running.append(
            subprocess.Popen(
                [sys.executable, *arguments],
                cwd=BASE_DIR,
                env=self.environment,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        )

    @property
    def site(self) -> "subprocess.Popen[bytes]":
        return self.running[0]

    @property
    def worker(self) -> "subprocess.Popen[bytes]":
        return self.running[-1]

    def freeze(self, process: "subprocess.Popen[bytes]") -> None:
        os.killpg(process.pid, signal.SIGSTOP)

    def stop_worker_at_work(self) -> None:
        """Let the frozen worker go on, and freeze it again while it has a task in its hands.

        To look at it takes longer than a task does.
        """
        running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
        before = set(running.values_list("pk", flat=True))

        def caught() -> bool:
            self.freeze(self.worker)
            if running.exclude(pk__in=before).exists():
                return True
            os.killpg(self.worker.pid, signal.SIGCONT)
            return False

        wait_until(caught, "The worker has nothing to do.", pause=0.005)

    def kill(self) -> None:
        """End all at once, with what they have started."""
        for process in self.running:
            os.killpg(process.pid, signal.SIGKILL)
        for process in self.running:
            process.wait(SECONDS)
        self.running.clear()

    def finish(self, *arguments: str) -> None:
        """Run a program to its end."""
        subprocess.run(
            [sys.executable, *arguments],
            cwd=BASE_DIR,
            env=self.environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )


@pytest.fixture
def programs(db, settings, tmp_path: Path) -> Iterator[Programs]:
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}
    }
    # Who signs in here is signed in there.
    (tmp_path / "secret-key").write_text(django_settings.SECRET_KEY)
    address = urlsplit(os.environ["DATABASE_URL"])
    port = free_port()
    environment = {
        **os.environ,
        "RVZ_ENV": "demo",
        "DJANGO_SETTINGS_MODULE": "cms.settings.demo",
        "RVZ_VAR": str(tmp_path),
        "RVZ_BASE_URL": f"http://localhost:{port}",
        "DATABASE_URL": urlunsplit(address._replace(path=f"/{connection.settings_dict['NAME']}")),
    }
    programs = Programs(port, environment)
    programs.finish("-m", "cms.static_files")
    programs.finish("manage.py", "createcachetable")  # the tests keep their cache in memory
    try:
        yield programs
    finally:
        programs.kill()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def wait_until(condition, what: str, *, pause: float = 0.05) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(pause)


def site_answers(person: Person) -> bool:
    try:
        return person.get("/health/ready").status == 200
    except (OSError, HTTPException):
        person.connection.close()
        return False


def others_are_gone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        return cursor.fetchone() == (0,)


# The work -----------------------------------------------------------------------------------------

Job = tuple[Person, str, dict[str, object]]


class Crowd:
    """People at work, each with a list of jobs, until the site does not answer any more."""

    def __init__(self, lists: Sequence[Sequence[Job]]) -> None:
        self.lists = lists
        self.answers: dict[str, Answer] = {}
        self.broken = 0
        self.enough = threading.Event()

    def work(self, jobs: Sequence[Job]) -> None:
        for person, path, values in jobs:
            try:
                answer = person.post(path, **values)
            except (OSError, HTTPException):
                self.broken += 1
                return
            self.answers[path] = answer
            if len(self.answers) >= ANSWERED:
                self.enough.set()


def half_hour(number: int, place: int, count: int) -> Span:
    """Return a time for this round, person and job alone."""
    day = timezone.localdate() + dt.timedelta(days=7 + number * (PEOPLE + 1) + place)
    start = instant(day, dt.time(8)) + count * dt.timedelta(minutes=30)
    return Span(start, start + dt.timedelta(minutes=30))


def jobs_of_a_round(
    number: int, port: int, room: Room, managers: Sequence[Person]
) -> list[list[Job]]:
    """Return who does what: groups send, one manager promises, another one refuses."""
    people = bookers(port, room, PEOPLE)
    lists: list[list[Job]] = []
    for place, person in enumerate(people):
        own = [person.draft(room, half_hour(number, place, count)) for count in range(OF_EACH)]
        drafts = RequestDraft.objects.bulk_create(own)
        lists.append([(person, check_path(draft), {}) for draft in drafts])
    asked = [
        requested(room, half_hour(number, PEOPLE, count), now=timezone.now())
        for count in range(DECISIONS)
    ]
    for manager, name, bookings in (
        (managers[0], "request_approve", asked[::2]),
        (managers[1], "request_reject", asked[1::2]),
    ):
        lists.append(
            [
                (
                    manager,
                    reverse(name, args=[booking.pk]),
                    {"termin": date_of(booking).pk, "text": "Der Raum wird gestrichen."},
                )
                for booking in bookings
            ]
        )
    return lists


# What has to be true ------------------------------------------------------------------------------


def assert_nothing_is_half_done(*, prepared: int) -> None:
    assert differences(now=timezone.now()) == []
    bookings = Booking.objects.count()
    tables = (Event, Occurrence, BookingDate)
    assert [table.objects.count() for table in tables] == [bookings] * len(tables)
    assert set(BookingDate.objects.values_list("booking", flat=True)) == set(
        Booking.objects.values_list("pk", flat=True)
    )
    first_steps = BookingLog.objects.filter(from_state=DateState.DRAFT)
    assert first_steps.values("booking").distinct().count() == first_steps.count() == bookings
    assert RequestDraft.objects.filter(booking__isnull=False).count() == bookings - prepared
    for date in BookingDate.objects.exclude(state=DateState.REQUESTED):
        action = {DateState.APPROVED: Action.APPROVE, DateState.REJECTED: Action.REJECT}[
            DateState(date.state)
        ]
        assert BookingLog.objects.filter(date=date, action=action).count() == 1
        assert date.decided_at is not None


def assert_each_step_has_its_mails_and_no_mail_is_about_nothing() -> None:
    keys = set(OutgoingMail.objects.values_list("key", flat=True))
    for entry in BookingLog.objects.all():
        own = {key for key in keys if key.startswith(entry_key(entry))}
        assert own, entry.action
        keys -= own
    assert keys == set()


def assert_kept(answers: dict[str, Answer]) -> None:
    """Find everything there that the site has confirmed."""
    for path, answer in answers.items():
        assert answer.status == 302, (path, answer.text)
        if "/anfrage/pruefen/" in path:
            number = answer.location.split("/buchungen/")[1].split("/")[0]
            assert Booking.objects.filter(number=number).exists(), path
        else:
            decided = (DateState.APPROVED, DateState.REJECTED)
            booking = int(path.split("/anfragen/")[1].split("/")[0])
            assert BookingDate.objects.filter(booking=booking, state__in=decided).exists(), path


def test_nothing_is_half_done_and_no_mail_is_lost(programs: Programs, alfeld: CentrePage):
    room = add_room(alfeld.centre, "Saal")
    managers = [Person(programs.port, manager_of(alfeld)) for _number in range(2)]
    queued_at_a_kill = 0
    for number in range(ROUNDS):
        lists = jobs_of_a_round(number, programs.port, room, managers)
        programs.start()
        somebody = lists[0][0][0]
        wait_until(partial(site_answers, somebody), "The site does not answer.")
        catch_the_worker = bool(number % 2)
        if catch_the_worker:
            programs.freeze(programs.worker)  # so that it has something to do in the end
        crowd = Crowd(lists)
        with ThreadPoolExecutor(len(lists)) as pool:
            work = [pool.submit(crowd.work, jobs) for jobs in lists]
            assert crowd.enough.wait(SECONDS)
            time.sleep(0.013 * number)  # not always at the same point
            if catch_the_worker:
                programs.freeze(programs.site)  # or all would be answered until it is caught
                programs.stop_worker_at_work()
            programs.kill()
        for one in work:
            one.result()
        for jobs in lists:
            jobs[0][0].connection.close()
        wait_until(others_are_gone, "PostgreSQL keeps connections of the dead.")
        assert crowd.broken, "Nobody was interrupted."
        queued_at_a_kill += OutgoingMail.objects.filter(state=OutgoingMail.State.QUEUED).count()
        assert_kept(crowd.answers)
        assert_nothing_is_half_done(prepared=DECISIONS * (number + 1))
        assert_each_step_has_its_mails_and_no_mail_is_about_nothing()
    assert queued_at_a_kill
    assert DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).exists()  # in dead hands
    assert_all_mails_go_out(programs)


def assert_all_mails_go_out(programs: Programs) -> None:
    """Housekeeping hands out again what a killed worker had in its hands; the worker sends it."""
    before = set(OutgoingMail.objects.values_list("key", flat=True))
    # Promises wait two minutes for somebody who regrets them; these are over now.
    now = timezone.now()
    OutgoingMail.objects.filter(next_attempt_at__gt=now).update(next_attempt_at=now)
    DBTaskResult.objects.filter(run_after__gt=now).update(run_after=now)
    programs.start()
    programs.finish("manage.py", "housekeeping")
    sent = OutgoingMail.objects.filter(state=OutgoingMail.State.SENT)
    wait_until(lambda: sent.count() == len(before), "Mails are left.")
    assert set(sent.values_list("key", flat=True)) == before
    assert set(sent.values_list("attempts", flat=True)) == {1}
