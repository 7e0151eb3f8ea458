"""A group renews its series in the moment in which the centre decides: real connections, both orders."""

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import ModuleType

import pytest
from django.db import connection, connections

from bookings.models import Association, Booking
from bookings.rules.renewal import PlanCode, PlanRefusedError
from bookings.rules.states import DateState
from bookings.selectors.ledger_check import differences
from bookings.services.renewals import (
    RoundDecision,
    asking,
    decide_round,
    deciding,
    renew_series,
)
from tests.bookings.racing import SECONDS, copy_of_test_database, deadlocks, noted
from tests.bookings.renewing import FIRST, JULY, MAY, TUESDAY, opened, renewed, series
from tests.factories.bookings import AssociationFactory, member_of


@pytest.fixture
def db(django_db_setup, django_db_blocker, record_property) -> Iterator[None]:
    """In place of pytest-django's: real commits, in a copy of the test database."""
    with (
        django_db_blocker.unblock(),
        copy_of_test_database("plan"),
        noted(record_property),
    ):
        yield


class Meeting:
    """Lets one stay in the middle of a step until the other one waits for its locks."""

    def __init__(self) -> None:
        self.is_inside = threading.Event()

    def stays_before(self, module: ModuleType, name: str, monkeypatch) -> None:
        function = getattr(module, name)

        def stay(*args: object, **values: object) -> object:
            self.is_inside.set()
            end = time.monotonic() + SECONDS
            while not somebody_waits_for_me():
                assert time.monotonic() < end
                time.sleep(0.01)
            return function(*args, **values)

        monkeypatch.setattr(module, name, stay)


def somebody_waits_for_me() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks "
            "WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return bool(cursor.fetchone()[0])


def told(step: Callable[[], object], after: threading.Event | None = None) -> object:
    """Take a step on a connection of one's own; return what it gave, or why it was refused."""
    try:
        if after:
            assert after.wait(SECONDS)
        return step()
    except PlanRefusedError as error:
        return [fault.code for fault in error.faults]
    finally:
        connections.close_all()


def meet(first: Callable[[], object], second: Callable[[], object], meeting: Meeting):
    with ThreadPoolExecutor(2) as pool:
        steps = pool.submit(told, first), pool.submit(told, second, meeting.is_inside)
        return [step.result(SECONDS) for step in steps]


@pytest.fixture
def groups(db, centre) -> list[Association]:
    groups = [AssociationFactory.create(home_centre=centre) for _number in range(2)]
    for group in groups:
        member_of(group)
    return groups


@pytest.mark.parametrize("asks_first", [True, False], ids=["asks first", "is decided first"])
def test_a_request_is_in_the_plan_or_refused(
    asks_first, centre, room, groups, manager, monkeypatch
):
    """What comes into a plan that is decided would wait for ever."""
    until = TUESDAY + dt.timedelta(weeks=1)
    singing, dancing = groups
    for group, hours in ((singing, ("19:00", "21:00")), (dancing, ("17:00", "18:00"))):
        series(room, group, manager, start=hours[0], end=hours[1], until=until)
    plan = opened(centre, manager, last=FIRST + dt.timedelta(weeks=2))
    (asked,) = renewed(plan, singing, singing.members.get())
    asks = partial(
        renew_series, plan=plan, association=dancing, actor=dancing.members.get(), now=MAY
    )
    decision = RoundDecision(approve=[asked.pk])
    decides = partial(decide_round, plan=plan, decision=decision, actor=manager, now=JULY)
    meeting = Meeting()
    if asks_first:
        meeting.stays_before(asking, "notify_renewed", monkeypatch)
        answer, is_decided = meet(asks, decides, meeting)
    else:
        meeting.stays_before(deciding, "note_if_decided", monkeypatch)
        is_decided, answer = meet(decides, asks, meeting)
    plan.refresh_from_db()
    later = Booking.objects.filter(round=plan, association=dancing)
    if asks_first:
        assert (answer.new, is_decided, plan.decided_at) == ([later.get()], False, None)
        assert later.filter(dates__state=DateState.REQUESTED).exists()
    else:
        assert (answer, is_decided, plan.decided_at) == ([PlanCode.DECIDED], True, JULY)
        assert not later.exists()
    assert set(asked.dates.values_list("state", flat=True)) == {DateState.APPROVED}
    assert differences(now=JULY) == []
    assert deadlocks() == 0
