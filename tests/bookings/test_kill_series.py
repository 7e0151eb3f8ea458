"""Who writes a series is killed in the middle: it is there with all that belongs to it, or not at all."""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from django_tasks_db.models import DBTaskResult
from schedule.models import Event, Occurrence

from bookings.models import Booking, BookingDate, BookingLog, ChangeRequest, Occupancy, Room
from bookings.services.policies import save_policy
from cms.models import CentrePage, OutgoingMail
from cms.tasks import deliver_mail
from tests.bookings.changing import assert_right
from tests.bookings.racing import copy_of_test_database
from tests.bookings.series_writer import STEPS, TASKS, Series, writers
from tests.factories.bookings import AssociationFactory, add_room, member_of
from tests.factories.staff import manager_of

KILLS = int(os.environ.get("RVZ_KILLS", "10"))
TABLES = (
    Event,
    Occurrence,
    Booking,
    BookingLog,
    Occupancy,
    ChangeRequest,
    OutgoingMail,
)


@pytest.fixture
def db(django_db_setup, django_db_blocker) -> Iterator[None]:
    """In place of pytest-django's: real commits, in a copy of the test database."""
    with django_db_blocker.unblock(), copy_of_test_database("kill_series"):
        yield


def tally() -> Counter[str]:
    """Count everything that a series consists of."""
    counted = Counter({table.__name__: table.objects.count() for table in TABLES})
    counted.update(BookingDate.objects.values_list("state", flat=True))
    counted["to deliver"] = DBTaskResult.objects.filter(task_path=deliver_mail.module_path).count()
    return counted


def undisturbed(room: Room) -> tuple[list[Counter[str]], dict[str, float]]:
    """Write a series; return what is there before each step and at the end, and how long each takes."""
    before = tally()
    there, seconds = [Counter[str]()], {}
    for name, step in STEPS.items():
        start = time.monotonic()
        step(Series(room, 0))
        seconds[name] = time.monotonic() - start
        there.append(tally() - before)
    return there, seconds


def test_a_killed_writer_leaves_whole_series_only(alfeld: CentrePage, settings, record_property):
    settings.TASKS = TASKS
    centre = alfeld.centre
    member_of(AssociationFactory.create(home_centre=centre))
    manager_of(alfeld)
    save_policy(centre=centre, values={"horizon_days": 730})
    there, seconds = undisturbed(add_room(centre, "Saal"))
    whole, steps = there[-1], list(STEPS)
    expected, caught = tally(), Counter[str]()
    with writers() as people:
        for kill in range(KILLS):
            aim = steps[kill % len(steps)]
            room = add_room(centre, f"Raum {kill}")
            killed = people.kill_one(room, aim, random.random() * seconds[aim])
            caught[killed.step] += 1
            for _number in range(killed.number):
                expected.update(whole)
            begun = steps.index(killed.step)
            assert tally() == expected + there[begun], killed
            assert_right()
            # The locks are gone: who comes next does all that was left to do.
            for name in steps[begun:]:
                STEPS[name](Series(room, killed.number))
            expected.update(whole)
            assert tally() == expected, killed
    assert_right()
    assert caught.total() == KILLS
