"""The ledger itself: what the database refuses, what is locked, and what happens when it is busy."""

import datetime as dt
import re

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test.utils import CaptureQueriesContext
from psycopg import errors

from bookings import ledger
from bookings.ledger import BusyError, ConflictError, RoomsChangedError
from bookings.models import Booking, BookingDate, Occupancy
from bookings.rules.obstacles import Obstacles
from bookings.rules.refusals import RefusedError
from bookings.selectors.ledger_check import differences
from bookings.services.closures import create_closure
from bookings.services.rooms import set_spaces
from cms.environment import BASE_DIR
from tests.factories.bookings import (
    NOW,
    SpaceFactory,
    add_room,
    date_of,
    promised,
    requested,
    span,
)

pytestmark = pytest.mark.django_db

SPRING, AUTUMN = dt.date(2027, 3, 28), dt.date(2027, 10, 31)


def row_like(row: Occupancy, **values) -> Occupancy:
    same = {
        "space_id": row.space_id,
        "period": row.period,
        "booking_date_id": row.booking_date_id,
        "closure_id": row.closure_id,
    }
    return Occupancy(**{**same, **values})


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[misc,arg-type]


# What the database refuses ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lower", "upper"),
    [
        (utc(2026, 11, 27, 18), utc(2026, 11, 27, 20)),  # the same
        (utc(2026, 11, 27, 19, 59), utc(2026, 11, 27, 22)),
        (utc(2026, 11, 27, 10), utc(2026, 11, 27, 18, 1)),
        (utc(2026, 11, 1), utc(2026, 12, 1)),
    ],
)
def test_nobody_can_write_a_second_row_for_a_time(room, lower, upper):
    requested(room)  # 19:00–21:00 in Berlin
    row = Occupancy.objects.get()
    with pytest.raises(IntegrityError, match="occupancy_no_overlap"), transaction.atomic():
        row_like(row, period=DateTimeTZRange(lower, upper)).save()


def test_times_that_touch_and_other_spaces_are_fine(room):
    requested(room)
    row = Occupancy.objects.get()
    other = SpaceFactory.create(centre=room.centre)
    row_like(row, space_id=other.pk).save()
    later = DateTimeTZRange(row.period.upper, row.period.upper + dt.timedelta(hours=1))
    row_like(row, period=later).save()


def test_closures_may_overlap_each_other_and_a_date(room, manager):
    booking = promised(room)
    for reason in ("Reinigung", "Umbau"):
        create_closure(
            centre=room.centre,
            rooms=[room],
            span=span(),
            reason=reason,
            actor=manager,
            now=NOW,
            confirmed=[date_of(booking).pk],
        )
    assert Occupancy.objects.count() == 3


@pytest.mark.parametrize(
    "period",
    [
        DateTimeTZRange(empty=True),
        DateTimeTZRange(utc(2027, 1, 1), None),
        DateTimeTZRange(None, utc(2027, 1, 1)),
        DateTimeTZRange(utc(2027, 1, 1), utc(2027, 1, 2), "[]"),
        DateTimeTZRange(utc(2027, 1, 1), utc(2027, 1, 2), "()"),
    ],
)
def test_a_row_has_a_start_and_an_end(room, period):
    requested(room)
    row = Occupancy.objects.get()
    with pytest.raises(IntegrityError, match="occupancy_period_is_half_open"), transaction.atomic():
        row_like(row, period=period).save()


def test_a_row_has_one_cause(room):
    requested(room)
    row = Occupancy.objects.get()
    free = DateTimeTZRange(utc(2027, 1, 1), utc(2027, 1, 2))
    with pytest.raises(IntegrityError, match="occupancy_has_one_cause"), transaction.atomic():
        row_like(row, period=free, booking_date_id=None).save()


def test_only_the_ledger_writes_rows():
    """Whoever writes rows elsewhere goes around the locks."""
    writes = re.compile(r"Occupancy(\.objects(\.\w+\([^)]*\))*\.(bulk_)?(create|update|delete)|\()")
    writers = {
        path.relative_to(BASE_DIR).as_posix()
        for app in ("bookings", "cms", "home")
        for path in (BASE_DIR / app).rglob("*.py")
        if "migrations" not in path.parts and writes.search(path.read_text())
    }
    # The model's own class statement looks like a call.
    assert writers == {"bookings/ledger.py", "bookings/models/occupancy.py"}


# Locks --------------------------------------------------------------------------------------------


def test_all_parts_of_the_hall_are_locked_for_one_of_its_halves(hall):
    whole, north, south = hall
    with CaptureQueriesContext(connection) as queries:
        locked = ledger.lock_rooms([north.pk])
    assert set(locked.spaces) == set(locked.neighbours(north.pk)) == {whole.pk, north.pk}
    assert set(locked.of(whole.pk)) == {north.spaces.get().pk, south.spaces.get().pk}
    (lock,) = [query["sql"] for query in queries if "FOR NO KEY UPDATE" in query["sql"]]
    assert "ORDER BY" in lock
    assert any("lock_timeout = '3s'" in query["sql"] for query in queries)


def test_taking_the_time_of_no_date_writes_nothing(room):
    ledger.take([], ledger.lock_rooms([room.pk]))
    assert not Occupancy.objects.exists()


def test_a_room_without_parts_cannot_be_locked(room):
    room.spaces.clear()
    with pytest.raises(RoomsChangedError):
        ledger.lock_rooms([room.pk])


@pytest.mark.parametrize("step", ["a request", "new parts"])
def test_parts_that_changed_before_the_lock_are_looked_at_again(room, centre, monkeypatch, step):
    lock = ledger.lock_spaces
    calls: list[set[int]] = []

    def change_meanwhile(*space_ids, **rooms) -> set[int]:
        held = lock(*space_ids, **rooms)
        if not calls:
            room.spaces.add(SpaceFactory.create(centre=centre))
        calls.append(held)
        return held

    monkeypatch.setattr(ledger, "lock_spaces", change_meanwhile)
    if step == "a request":
        requested(room)
    else:
        set_spaces(room=room, spaces=[SpaceFactory.create(centre=centre)], now=NOW)
    assert len(calls) == 2
    assert differences(now=NOW) == []


# Busy ---------------------------------------------------------------------------------------------


def failing_with(*causes: type[Exception]):
    """Return an operation that fails like this, one after the other, and works then."""
    left = list(causes)

    def operation() -> str:
        if left:
            cause = left.pop(0)()
            kind: type[DatabaseError] = (
                IntegrityError if isinstance(cause, errors.IntegrityError) else OperationalError
            )
            raise kind from cause
        return "done"

    return operation


@pytest.mark.parametrize(
    "cause", [errors.DeadlockDetected, errors.LockNotAvailable, errors.ForeignKeyViolation]
)
def test_a_deadlock_a_lock_timeout_or_a_room_just_deleted_is_tried_once_more(cause):
    assert ledger.in_one_go(failing_with(cause)) == "done"
    with pytest.raises(BusyError):
        ledger.in_one_go(failing_with(cause, cause))


def test_what_the_constraint_refuses_is_a_conflict():
    with pytest.raises(ConflictError):
        ledger.in_one_go(failing_with(errors.ExclusionViolation))


@pytest.mark.parametrize(
    ("cause", "kind"),
    [(errors.UniqueViolation, IntegrityError), (errors.AdminShutdown, OperationalError)],
)
def test_other_failures_are_not_hidden(cause, kind):
    with pytest.raises(kind):
        ledger.in_one_go(failing_with(cause))


def test_a_request_that_the_constraint_refuses_is_told_and_leaves_nothing(room, monkeypatch):
    requested(room)
    # Somebody writes past the services: nobody saw them under the lock.
    monkeypatch.setattr(
        "bookings.services.places.obstacles_in", lambda *_args, **_kwargs: Obstacles([])
    )
    with pytest.raises(RefusedError):
        requested(room)
    assert (Booking.objects.count(), BookingDate.objects.count()) == (1, 1)


# Nights on which the clocks change ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "lower", "upper"),
    [
        # Half an hour before 3:00 it is 1:30.
        (span("03:00", "05:00", day=SPRING), utc(2027, 3, 28, 0, 30), utc(2027, 3, 28, 3, 45)),
        (span("00:00", "01:30", day=SPRING), utc(2027, 3, 27, 22, 30), utc(2027, 3, 28, 1, 15)),
        # Three quarters after the first 2:30 it is 2:15 again.
        (span("01:00", "02:30", day=AUTUMN), utc(2027, 10, 30, 22, 30), utc(2027, 10, 31, 1, 15)),
    ],
)
def test_set_up_and_clearing_up_last_as_long_as_on_other_days(centre, when, lower, upper):
    room = add_room(centre, "Saal", hours=("00:00", "00:00"), setup_minutes=30, turnover_minutes=45)
    requested(room, when, now=utc(2027, 3, 1))
    period = Occupancy.objects.get().period
    assert (period.lower, period.upper) == (lower, upper)
    assert differences(now=NOW) == []
