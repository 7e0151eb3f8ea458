"""What time does, beside people who do something at the same moment: real connections and commits."""

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections, transaction

from bookings import ledger
from bookings.models import Booking, BookingDate, Space
from bookings.rules.refusals import RefusedError
from bookings.rules.spans import Span
from bookings.rules.states import DateState
from bookings.selectors.ledger_check import differences
from bookings.services.housekeeping import expire_offers
from bookings.services.offers import accept_offer
from bookings.services.own_dates import NotPossibleError, give_up
from bookings.services.requests import send_request
from tests.bookings.house import AFTER_THE_HOLD, DUE, IN_A_MONTH, JOBS, something_due
from tests.bookings.racing import SECONDS, copy_of_test_database, deadlocks, noted, rounds
from tests.factories.bookings import (
    NOW,
    date_of,
    new_request,
    promised,
    requested_too,
    span,
)

ROUNDS_A_DAY = 5


@pytest.fixture
def db(django_db_setup, django_db_blocker, record_property) -> Iterator[None]:
    """In place of pytest-django's: real commits, in a copy of the test database."""
    with (
        django_db_blocker.unblock(),
        copy_of_test_database("time"),
        noted(record_property),
    ):
        yield


def at_once(*steps: Callable[[], object]) -> list[object]:
    """Do all steps at one moment, each on a connection of its own; return what they gave or raised."""
    gate = Barrier(len(steps), timeout=SECONDS)

    def run(step: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            gate.wait()
            return step()
        except (RefusedError, NotPossibleError) as error:
            return type(error)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def test_what_somebody_works_on_right_now_waits_for_the_next_run(db, room, monkeypatch):
    monkeypatch.setattr(ledger, "LOCK_TIMEOUT", "50ms")
    something_due(room)

    def do_all() -> list[int]:
        return [job(now=AFTER_THE_HOLD) for job in JOBS]

    with transaction.atomic():  # as a decision does
        list(Space.objects.select_for_update(no_key=True))
        list(Booking.objects.select_for_update())
        assert at_once(do_all) == [[0] * len(JOBS)]
    # Two runs at once do no more than one.
    done = at_once(do_all, do_all)
    assert [sum(both) for both in zip(*done, strict=True)] == DUE
    assert differences(now=AFTER_THE_HOLD) == []


def time_of(number: int) -> Span:
    """Return two hours for a round of its own."""
    day, hour = divmod(number, ROUNDS_A_DAY)
    first = IN_A_MONTH.start.date() + dt.timedelta(days=day)
    return span(f"{8 + 2 * hour:02}:00", f"{10 + 2 * hour:02}:00", first)


def test_an_offer_or_a_request(db, room):
    """Who is offered the time takes it or not; a request at the same moment never gets between."""
    for number in rounds():
        when = time_of(number)
        first, waiting = promised(room, when), requested_too(room, when)
        rival = new_request(room, when)
        give_up(date=date_of(first), actor=first.requester, now=NOW)
        offered, member = date_of(waiting), waiting.requester
        ends = offered.holds_until
        results = at_once(
            lambda: accept_offer(date=offered, actor=member, now=NOW),  # noqa: B023 - done at once
            lambda: give_up(date=offered, actor=member, now=NOW),  # noqa: B023
            lambda: expire_offers(now=ends),  # noqa: B023
            lambda: send_request(request=rival, now=NOW),  # noqa: B023
        )
        states = set(BookingDate.objects.filter(occurrence__start=when.start).values_list("state"))
        standing = states & {(DateState.APPROVED,), (DateState.REQUESTED,), (DateState.OFFERED,)}
        assert len(standing) <= 1, (results, states)
        assert differences(now=NOW) == [], results
    assert deadlocks() == 0
