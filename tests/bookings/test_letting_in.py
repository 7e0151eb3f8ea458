"""Who waits for a time gets it as soon as it is free, for whatever reason it became free."""

import pytest

from bookings.rules.states import Action, DateState
from bookings.selectors.ledger_check import differences
from bookings.services.decisions import approve, ask, reject
from tests.factories.bookings import NOW, add_room, date_of, requested, requested_too, span

pytestmark = pytest.mark.django_db


def decide(action, booking, actor, **values):
    action(booking=booking, date_ids=[date_of(booking).pk], actor=actor, now=NOW, **values)


def test_the_half_that_a_displaced_request_leaves_goes_to_who_waits_for_it(hall, manager):
    whole, north, south = hall
    requested(whole)
    wants_north, wants_south = requested_too(north), requested_too(south)
    decide(approve, wants_north, manager)
    assert date_of(wants_south).stands
    assert differences(now=NOW) == []


def test_the_hours_that_a_displaced_request_leaves_go_to_who_waits_for_them(room, manager):
    requested(room, span("18:00", "22:00"))
    early = requested_too(room, span("18:00", "20:00"))
    late = requested_too(room, span("20:00", "22:00"))
    decide(approve, early, manager)
    assert date_of(late).stands


def test_who_waits_because_of_clearing_up_only_is_let_in_too(centre, manager):
    room = add_room(centre, "Küche", setup_minutes=30, turnover_minutes=15)
    first = requested(room, span("18:00", "20:00"))
    second = requested_too(room, span("20:15", "22:00"))
    assert not date_of(second).stands
    decide(reject, first, manager, reason="belegt")
    assert date_of(second).stands


def test_who_waits_for_another_time_of_that_day_is_left_alone(centre, manager):
    room = add_room(centre, "Küche", setup_minutes=30)
    blocker = requested(room, span("08:00", "11:00"))
    later = requested(room, span("12:00", "13:00"))
    waiting = requested_too(room, span("09:00", "10:00"))
    decide(reject, later, manager, reason="belegt")
    assert not date_of(waiting).stands
    assert date_of(blocker).stands


def test_who_is_displaced_is_asked_nothing_any_more(room, manager):
    holds, waits = requested(room), requested_too(room)
    ask(booking=holds, actor=manager, question="Wie viele?", now=NOW)
    decide(approve, waits, manager)
    date = date_of(holds)
    assert (date.state, date.booking.question) == (DateState.WAITLISTED, "")
    assert date.log.last().action == Action.DISPLACE
