"""Who writes a series is killed in the middle: it is there with all that belongs to it, or not at all."""

import json
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
from cms.tasks import deliver_mails
from tests.bookings.changing import assert_right
from tests.bookings.racing import copy_of_test_database, noted
from tests.bookings.series_writer import STEPS, TASKS, do, writers
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
def db(django_db_setup, django_db_blocker, record_property) -> Iterator[None]:
    """In place of pytest-django's: real commits, in a copy of the test database."""
    with (
        django_db_blocker.unblock(),
        copy_of_test_database("kill_series"),
        noted(record_property),
    ):
        yield


def tally() -> Counter[str]:
    """Count everything that a series consists of."""
    counted = Counter({table.__name__: table.objects.count() for table in TABLES})
    counted.update(BookingDate.objects.values_list("state", flat=True))
    counted["to deliver"] = DBTaskResult.objects.filter(task_path=deliver_mails.module_path).count()
    return counted


def test_a_killed_writer_leaves_whole_series_only(alfeld: CentrePage, settings, record_property):
    settings.TASKS = TASKS
    room = add_room(alfeld.centre, "Saal")
    member_of(AssociationFactory.create(home_centre=room.centre))
    manager_of(alfeld)
    save_policy(centre=room.centre, values={"horizon_days": 730})
    there, seconds = undisturbed(room)

    def expected(place: int) -> Counter[str]:
        """Return what is there before the step at this place, if all before it were done."""
        number, step = divmod(place, len(STEPS))
        return Counter({name: number * count for name, count in there[-1].items()}) + there[step]

    place, cut_off = len(STEPS), Counter[str]()
    with writers() as people:
        for _kill in range(KILLS):
            pause = random.uniform(0, seconds[place % len(STEPS)])  # noqa: S311 - no secret
            place, statement = people.kill_one(room, place, pause)
            cut_off[STEPS[place % len(STEPS)].__name__] += 1
            assert tally() == expected(place), statement
            assert_right()
            # The locks are gone: the next one can do what was cut off.
            do(room, place)
            place += 1
            assert tally() == expected(place), statement
    assert_right()
    record_property("killed_in", json.dumps(cut_off))


def undisturbed(room: Room) -> tuple[list[Counter[str]], list[float]]:
    """Write a series; return what is there before each step and at the end, and how long each takes."""
    there, seconds = [tally()], []
    for place in range(len(STEPS)):
        start = time.monotonic()
        do(room, place)
        seconds.append(time.monotonic() - start)
        there.append(tally())
    return there, seconds
