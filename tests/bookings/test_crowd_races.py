"""32 people at one moment: a slot, series, halves of a hall, rivals, moves, exchanges, closures, offers.

On real connections and commits, through the services. Each kind of race has one right outcome; after
all rounds nobody met a deadlock or a lock that was never given, and the ledger says what was decided.
"""

import contextlib
import datetime as dt
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import pytest
from django.db import connection

from bookings import ledger
from bookings.ledger import BusyError
from bookings.models import Association, Booking, BookingDate, Closure, Room
from bookings.rules.recurrence import Frequency, Recurrence, spans_of
from bookings.rules.spans import Span
from bookings.rules.states import DateState
from bookings.selectors.ledger_check import differences
from bookings.selectors.proposals import WantedDate
from bookings.selectors.series_check import series_differences
from bookings.services.changes import Move, ask_for_change, exchange_dates
from bookings.services.closures import create_closure
from bookings.services.decisions import approve
from bookings.services.offers import accept_offer
from bookings.services.own_dates import give_up
from bookings.services.policies import save_policy
from bookings.services.requests import NewRequest, Waits, send_request
from tests.bookings.crowd import CROWD, DONE, crowd, outcomes
from tests.bookings.racing import (
    LOCK_TIMEOUT,
    ROUNDS,
    SECONDS,
    copy_of_test_database,
    deadlocks,
    noted,
    rounds,
    without_lock,
)
from tests.factories.bookings import (
    FRIDAY,
    NOW,
    AssociationFactory,
    date_of,
    member_of,
    new_request,
    promised,
    requested,
    requested_too,
    span,
)

DATES = 52
QUARTERS = 42  # of an hour that a day has for a year: three in each hour from 8:00 to 22:00


@pytest.fixture
def db(django_db_setup, django_db_blocker, record_property) -> Iterator[None]:
    """In place of pytest-django's: real commits, in a copy of the test database."""
    with (
        django_db_blocker.unblock(),
        copy_of_test_database("crowd"),
        noted(record_property),
    ):
        yield


@pytest.fixture(autouse=True)
def _mails_wait_and_locks_are_patient(db, settings, monkeypatch) -> None:
    monkeypatch.setattr(ledger, "LOCK_TIMEOUT", LOCK_TIMEOUT)
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}
    }


@pytest.fixture
def groups(centre) -> list[Association]:
    groups = [AssociationFactory.create(home_centre=centre) for _number in range(CROWD)]
    for group in groups:
        member_of(group)
    return groups


def day_of(number: int) -> dt.date:
    return FRIDAY + dt.timedelta(days=number)


def asking(room: Room, when: Span, group: Association, **values) -> Callable[[], Booking]:
    request = new_request(room, when, association=group, **values)
    return partial(send_request, request=request, now=NOW)


def assert_all_is_right() -> None:
    assert differences(now=NOW) == []
    assert list(series_differences()) == []
    assert deadlocks() == 0


# Asking ------------------------------------------------------------------------------------------


def series_request(
    rooms: Sequence[Room], group: Association, number: int, *, turned: bool
) -> NewRequest:
    """Ask for the year of a round, one week in this room and the next in that one, or `turned`."""
    day, quarter = day_of(number // QUARTERS), number % QUARTERS
    start = dt.time(8 + quarter // 3, quarter % 3 * 15)
    end = dt.time(start.hour, start.minute + 15)
    weekly = Recurrence(Frequency.WEEKLY, (day.weekday(),))
    until = day + dt.timedelta(weeks=DATES - 1)
    dates = [
        WantedDate(original=when, span=when, room=rooms[(number + turned) % len(rooms)])
        for number, when in enumerate(spans_of(weekly, day, until, start, end))
    ]
    request = new_request(rooms[0], association=group)
    return NewRequest(
        **{**vars(request), "spans": (), "dates": dates, "recurrence": weekly, "persons": 5}
    )


def short(rooms: Sequence[Room]) -> None:
    """Let the rooms be asked for a quarter of an hour, so that many rounds have a time of their own."""
    save_policy(centre=rooms[0].centre, values={"shortest_minutes": 15, "horizon_days": 400})


def year_race(hall, groups, number: int, *, turned: bool = True) -> list[Callable[[], object]]:
    """Return everybody's wish for the year of this round; `turned`: half go the other way."""
    _whole, north, south = (Room.objects.get(pk=room.pk) for room in hall)
    requests = [
        series_request([north, south], group, number, turned=turned and bool(place % 2))
        for place, group in enumerate(groups)
    ]
    return [partial(send_request, request=request, now=NOW) for request in requests]


def test_one_of_32_gets_the_slot(room, groups):
    with crowd() as race:
        for number in rounds():
            when = span(day=day_of(number))
            results = race([asking(room, when, group) for group in groups])
            assert outcomes(results) == {DONE: 1, "RefusedError": CROWD - 1}
    assert Booking.objects.count() == ROUNDS
    assert_all_is_right()


@pytest.mark.usefixtures("opposite_order")
def test_a_year_in_two_rooms_asked_for_in_opposite_order(hall, groups):
    short(hall)
    with crowd() as race:
        for number in rounds():
            results = race(year_race(hall, groups, number))
            # Straight and turned, the years of one time do not meet: one of each gets through.
            assert outcomes(results) == {DONE: 2, "RefusedError": CROWD - 2}
    assert Booking.objects.count() == 2 * ROUNDS
    assert BookingDate.objects.count() == 2 * ROUNDS * DATES
    assert_all_is_right()


def test_the_whole_hall_or_its_halves(hall, groups):
    whole, north, south = hall
    with crowd() as race:
        for number in rounds():
            when = span(day=day_of(number))
            rooms = [hall[place % 3] for place in range(CROWD)]
            race([asking(*pair) for pair in zip(rooms, [when] * CROWD, groups, strict=True)])
            won = set(
                BookingDate.objects.filter(occurrence__start=when.start).values_list(
                    "room", flat=True
                )
            )
            assert won in ({whole.pk}, {north.pk, south.pk})
    assert_all_is_right()


def test_a_closure_or_a_request(centre, room, groups, manager):
    closed = 0
    with crowd() as race:
        for number in rounds():
            when = span(day=day_of(number))
            close = partial(
                create_closure,
                centre=centre,
                rooms=[room],
                span=when,
                reason="Reinigung",
                actor=manager,
                now=NOW,
            )
            first, *others = race([close, *(asking(room, when, group) for group in groups[1:])])
            closed += first == DONE
            assert outcomes(others)[DONE] == (first != DONE)
    assert Closure.objects.count() == closed
    assert Booking.objects.count() == ROUNDS - closed
    assert_all_is_right()


# Deciding ----------------------------------------------------------------------------------------


def test_32_managers_promise_two_rivals(room, groups, manager):
    with crowd() as race:
        for number in rounds():
            when = span(day=day_of(number))
            rivals = [
                requested(room, when, association=group, waits=Waits.BEHIND_REQUEST)
                for group in groups[:2]
            ]
            dates = [date_of(rival) for rival in rivals]
            results = race(
                [
                    partial(
                        approve,
                        booking=rivals[place % 2],
                        date_ids=[dates[place % 2].pk],
                        actor=manager,
                        now=NOW,
                    )
                    for place in range(CROWD)
                ]
            )
            assert outcomes(results)[DONE] == 1
            assert sorted(date_of(rival).state for rival in rivals) == ["approved", "waitlisted"]
    assert_all_is_right()


# Changing ----------------------------------------------------------------------------------------


def test_two_dates_into_each_others_place(room, groups, manager):
    """Groups who want each other's time are told; who clicks twice does not exchange them back."""
    with crowd() as race:
        for number in rounds():
            early = span("09:00", "10:00", day_of(number))
            late = span("18:00", "19:00", day_of(number))
            pair = [promised(room, early, association=groups[0])]
            pair.append(promised(room, late, association=groups[1]))
            dates = [date_of(one) for one in pair]
            wishes = [
                partial(
                    ask_for_change,
                    booking=pair[place % 2],
                    moves=[Move(dates[place % 2].pk, room, (late, early)[place % 2])],
                    actor=pair[place % 2].requester,
                    now=NOW,
                )
                for place in range(CROWD - 3)
            ]
            swap = partial(exchange_dates, first=dates[0], second=dates[1], actor=manager, now=NOW)
            results = race([*wishes, swap, swap, swap])
            assert set(results[: CROWD - 3]) <= {"RefusedError", DONE}
            swaps = outcomes(results[CROWD - 3 :])
            assert swaps == {DONE: 1, "DecidedAlreadyError": 2}
            assert [date_of(one).span for one in pair] == [late, early]
    assert_all_is_right()


def test_an_offer_or_requests(room, groups):
    """What becomes free is the first one's on the list, whoever else asks at that moment."""
    with crowd() as race:
        for number in rounds():
            when = span(day=day_of(number))
            holder = promised(room, when, association=groups[0])
            waiting = requested_too(room, when, association=groups[1])
            date = date_of(holder)
            leave = partial(give_up, date=date, actor=holder.requester, now=NOW)
            first, *others = race([leave, *(asking(room, when, group) for group in groups[1:])])
            assert (first, outcomes(others)) == (DONE, {"RefusedError": CROWD - 1})
            offered = date_of(waiting)
            assert offered.state == DateState.OFFERED
            takes = partial(accept_offer, date=offered, actor=waiting.requester, now=NOW)
            results = race([takes] * CROWD)
            assert outcomes(results) == {DONE: 1, "NotPossibleError": CROWD - 1}
    assert_all_is_right()


# Order -------------------------------------------------------------------------------------------


@pytest.fixture
def opposite_order(monkeypatch) -> None:
    """Let half of the people write their rows from the last to the first.

    The services write in one order. With this the lock alone keeps people from waiting for each
    other in a circle.
    """
    turn: dict[int, int] = {}

    def turned(rows):
        place = turn.setdefault(threading.get_ident(), len(turn))
        return sorted(rows, reverse=bool(place % 2))

    monkeypatch.setattr(ledger, "sorted", turned, raising=False)


# Control -----------------------------------------------------------------------------------------

SLOW_ROWS = """
CREATE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_sleep(0.005); RETURN NEW; END $$;
CREATE TRIGGER slow BEFORE INSERT ON bookings_occupancy
    FOR EACH ROW EXECUTE FUNCTION take_time();
"""


@pytest.fixture
def _rows_take_time(db) -> None:
    """Let writers of a year meet in the middle, and deadlocks be found soon."""
    with connection.cursor() as cursor:
        cursor.execute(SLOW_ROWS)
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        cursor.execute(f"ALTER DATABASE {name} SET deadlock_timeout = '20ms'")


@pytest.mark.usefixtures("opposite_order", "_rows_take_time")
def test_control_only_the_lock_keeps_people_from_deadlocks(hall, groups, monkeypatch):
    short(hall)
    with crowd() as race:
        assert outcomes(race(year_race(hall, groups, 0)))[DONE] == 2
    assert deadlocks() == 0  # each connection has told by now, as it is closed

    monkeypatch.setattr(ledger, "LOCK", without_lock(ledger.LOCK))
    monkeypatch.setattr(ledger, "take", together(ledger.take))
    with crowd() as race:
        race([surviving(step) for step in year_race(hall, groups, 1, turned=False)])
    assert deadlocks() > 0
    assert differences(now=NOW) == []  # the constraint holds all the same


def together(take: Callable[..., None]) -> Callable[..., None]:
    """Let nobody write before two have looked and found everything free."""
    arrived, turn = [], threading.Condition()

    def take_together(*args) -> None:
        with turn:
            arrived.append(args)
            turn.notify_all()
            assert turn.wait_for(lambda: len(arrived) > 1, timeout=SECONDS)
        take(*args)

    return take_together


def surviving(step: Callable[[], object]) -> Callable[[], object]:
    """Do a step, whether or not two deadlocks one after the other end it."""

    def run() -> None:
        with contextlib.suppress(BusyError):
            step()

    return run
