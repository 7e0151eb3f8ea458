"""Many want the same at the same moment: one gets it, everybody else reads why, nothing is left over.

Through HTTP on a threaded server, with real connections and commits. The last test takes lock and
constraint away and shows that the others can fail.
"""

import datetime as dt
import threading
from collections.abc import Iterator, Sequence

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from schedule.models import Event, Occurrence

from bookings import ledger
from bookings.models import (
    Booking,
    BookingDate,
    BookingLog,
    Closure,
    Occupancy,
    RequestDraft,
    Room,
)
from bookings.rules.spans import Span
from bookings.rules.states import DateState
from bookings.selectors.ledger_check import Kind, differences
from bookings.services.requests import Waits
from bookings.views.request import checking
from tests.bookings.racing import (
    LOCK_TIMEOUT,
    ROUNDS,
    ROUNDS_OF_PAGES,
    SECONDS,
    Answer,
    Booker,
    Person,
    bookers,
    check_path,
    copy_of_test_database,
    deadlocks,
    noted,
    rounds,
    server,
    starting_line,
    statuses,
    without_lock,
)
from tests.factories.bookings import date_of, requested, span
from tests.factories.staff import manager_of
from tests.reading import words

FIRST_DAY = 7  # from today on
HELD = "Diesen Termin hat gerade eine andere Gruppe angefragt."
REQUESTS = "/verwaltung/anfragen/"
CLOSED = "Der Raum ist in dieser Zeit geschlossen: Reinigung."


@pytest.fixture
def db(django_db_setup, django_db_blocker, record_property) -> Iterator[None]:
    """In place of pytest-django's: real commits, in a copy of the test database."""
    with (
        django_db_blocker.unblock(),
        copy_of_test_database("races"),
        noted(record_property),
    ):
        yield


@pytest.fixture
def port(db, settings, monkeypatch) -> Iterator[int]:
    monkeypatch.setattr(ledger, "LOCK_TIMEOUT", LOCK_TIMEOUT)
    monkeypatch.setattr(checking, "MOST_IN_AN_HOUR", ROUNDS + 1)  # one more than anybody sends
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}
    }
    with server() as port:
        yield port


def evening(number: int) -> Span:
    """Return an evening for a round of its own."""
    return span(day=timezone.localdate() + dt.timedelta(days=FIRST_DAY + number))


def drafts(people: Sequence[Booker], rooms: Sequence[Room], when: Span) -> list[RequestDraft]:
    """Let everybody fill in a request for this time, each for the next of the rooms."""
    made = [person.draft(rooms[number % len(rooms)], when) for number, person in enumerate(people)]
    return RequestDraft.objects.bulk_create(made)


def send(person: Person, draft: RequestDraft):
    path = check_path(draft)
    return lambda: person.post(path)


def assert_all_is_right(bookings: int) -> None:
    """Nothing is half stored, nobody met a deadlock, and the ledger says what was decided."""
    tables = (Booking, BookingDate, Event, Occurrence)
    assert [table.objects.count() for table in tables] == [bookings] * len(tables)
    assert BookingLog.objects.filter(from_state=DateState.DRAFT).count() == bookings
    assert RequestDraft.objects.filter(booking__isnull=False).count() <= bookings
    assert differences(now=timezone.now()) == []
    assert deadlocks() == 0


def assert_told(answers: Sequence[Answer], *sentences: str) -> None:
    """Everybody got what was asked for, or one of these sentences."""
    assert set(statuses(answers)) <= {302, 409, 422}
    for answer in answers:
        if answer.status != 302:
            assert any(sentence in answer.text for sentence in sentences), answer.text


def test_one_of_32_gets_the_slot(port, room):
    people = bookers(port, room, 32)
    with starting_line(people) as race:
        for number in rounds(ROUNDS_OF_PAGES):
            wanted = drafts(people, [room], evening(number))
            answers = race([send(*pair) for pair in zip(people, wanted, strict=True)])
            assert statuses(answers) == {302: 1, 422: 31}
            assert_told(answers, HELD)
            assert Booking.objects.count() == number + 1
    assert_all_is_right(ROUNDS_OF_PAGES)


def test_the_whole_hall_or_its_halves(port, hall):
    people = bookers(port, hall[0], 12)
    with starting_line(people) as race:
        for number in rounds(ROUNDS_OF_PAGES):
            when = evening(number)
            wanted = drafts(people, hall, when)
            answers = race([send(*pair) for pair in zip(people, wanted, strict=True)])
            assert_told(answers, HELD)
            won = {
                draft.room.slug
                for draft, answer in zip(wanted, answers, strict=True)
                if answer.status == 302
            }
            assert won in ({"saal"}, {"saal-nord", "saal-sued"})
            assert statuses(answers)[302] == len(won)
            assert BookingDate.objects.filter(occurrence__start=when.start).count() == len(won)
    assert_all_is_right(Booking.objects.count())


def test_one_of_two_rivals_is_promised_and_four_managers_know_it(port, alfeld, room):
    managers = [Person(port, manager_of(alfeld, first_name=name)) for name in "ABCD"]
    with starting_line(managers) as race:
        for number in rounds(ROUNDS_OF_PAGES):
            now, when = timezone.now(), evening(number)
            rivals = [
                requested(room, when, now=now, waits=waits)
                for waits in (Waits.NO, Waits.BEHIND_REQUEST)
            ]
            asked = [(person, rivals[place % 2]) for place, person in enumerate(managers)]
            for person in managers:
                person.cookies.pop("messages", None)  # of the last round
            answers = race([approve(*pair) for pair in asked])
            assert statuses(answers) == {302: 4}
            assert sorted(answer.location == REQUESTS for answer in answers) == [False] * 3 + [True]
            assert sorted(date_of(rival).state for rival in rivals) == ["approved", "waitlisted"]
        said = [messages_of(person, booking) for person, booking in asked]
    assert sum("Zugesagt. Die Mail" in text for text in said) == 1, said
    assert sum("Ihre Entscheidung wurde nicht gespeichert." in text for text in said) == 3, said
    assert_all_is_right(2 * ROUNDS_OF_PAGES)
    assert BookingLog.objects.filter(action="approve").count() == ROUNDS_OF_PAGES


def approve(person: Person, booking: Booking):
    path, date = reverse("request_approve", args=[booking.pk]), date_of(booking).pk
    return lambda: person.post(path, termin=date)


def messages_of(person: Person, booking: Booking) -> str:
    """Return what the next page says on top."""
    return words(person.get(reverse("request_detail", args=[booking.pk])).html)


def test_a_closure_or_a_request(port, alfeld, room):
    manager = Person(port, manager_of(alfeld))
    people = bookers(port, room, 7)
    closed = 0
    with starting_line([manager, *people]) as race:
        for number in rounds(ROUNDS_OF_PAGES):
            when = evening(number)
            wanted = drafts(people, [room], when)
            answer, *answers = race(
                [close(manager, room, when)]
                + [send(*pair) for pair in zip(people, wanted, strict=True)]
            )
            assert_told([answer], "1 Termin liegt in dieser Zeit.")
            if answer.status == 302:
                closed += 1
                assert statuses(answers) == {422: 7}
                assert_told(answers, CLOSED)
            else:
                assert statuses(answers) == {302: 1, 422: 6}
                assert_told(answers, HELD)
    assert Closure.objects.count() == closed
    assert_all_is_right(ROUNDS_OF_PAGES - closed)


def close(person: Person, room: Room, when: Span):
    return lambda: person.post(
        reverse("closure_add"),
        rooms=room.pk,
        first_day=timezone.localdate(when.start).isoformat(),
        start="18:00",
        end="22:00",
        reason="Reinigung",
    )


# Controls -----------------------------------------------------------------------------------------


@pytest.fixture
def _nobody_locks(monkeypatch) -> None:
    """Let the spaces be looked up as always, but not locked."""
    monkeypatch.setattr(ledger, "LOCK", without_lock(ledger.LOCK))


@pytest.mark.usefixtures("_nobody_locks")
def test_control_the_constraint_alone_lets_nobody_in_twice(port, room):
    people = bookers(port, room, 32)
    with starting_line(people) as race:
        wanted = drafts(people, [room], evening(0))
        answers = race([send(*pair) for pair in zip(people, wanted, strict=True)])
    assert statuses(answers)[302] == 1
    assert max(statuses(answers)) < 500
    assert Booking.objects.count() == 1
    assert differences(now=timezone.now()) == []


@pytest.fixture
def _two_look_before_either_writes(monkeypatch) -> None:
    arrived, take, turn = [], ledger.take, threading.Condition()

    def take_together(*args) -> None:
        with turn:
            arrived.append(args)
            turn.notify_all()
            assert turn.wait_for(lambda: len(arrived) > 1, timeout=SECONDS)
        take(*args)

    monkeypatch.setattr(ledger, "take", take_together)


@pytest.mark.usefixtures("_nobody_locks", "_two_look_before_either_writes")
def test_control_without_lock_and_constraint_the_room_is_given_away_twice(port, room):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE bookings_occupancy DROP CONSTRAINT occupancy_no_overlap")
    people = bookers(port, room, 32)
    with starting_line(people) as race:
        wanted = drafts(people, [room], evening(0))
        answers = race([send(*pair) for pair in zip(people, wanted, strict=True)])
    assert statuses(answers)[302] > 1
    assert Occupancy.objects.count() > 1
    assert {it.kind for it in differences(now=timezone.now())} == {
        Kind.NO_CONSTRAINT,
        Kind.GIVEN_TWICE,
    }
