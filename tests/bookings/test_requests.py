"""A group asks: it holds, waits or is refused, and nothing is half stored."""

import datetime as dt

import pytest

from bookings.models import Booking, BookingDate, Occupancy
from bookings.rules.refusals import Code, RefusedError
from bookings.rules.states import DateState
from bookings.services.decisions import approve, reject
from bookings.services.own_dates import give_up
from bookings.services.requests import Waits, send_request
from tests.factories.bookings import (
    NOW,
    add_room,
    date_of,
    new_request,
    promised,
    requested,
    requested_too,
    span,
)

pytestmark = pytest.mark.django_db


def test_the_first_request_holds_its_time_and_has_event_occurrence_and_log(room):
    booking = requested(room)
    date = date_of(booking)
    assert (date.state, date.stands) == (DateState.REQUESTED, True)
    assert date.span == span()
    assert booking.event.calendar_id == room.calendar_id
    assert booking.event.title == date.occurrence.title == booking.number
    assert [(entry.from_state, entry.to_state) for entry in booking.log.all()] == [
        (DateState.DRAFT, DateState.REQUESTED)
    ]
    assert date.holds_until == span().start  # sooner than the fourteen days


@pytest.mark.parametrize(
    ("waits", "state"), [(Waits.BEHIND_REQUEST, DateState.REQUESTED), (Waits.NO, None)]
)
def test_the_second_request_waits_only_if_the_group_wants_to(room, waits, state):
    requested(room)
    request = new_request(room, waits=waits)
    if state is None:
        with pytest.raises(RefusedError) as refused:
            send_request(request=request, now=NOW)
        refusal = refused.value.refusals[0]
        assert refusal.code is Code.HELD
        assert refusal.values["free"] == (span("08:00", "19:00"), span("21:00", "22:00"))
        assert Booking.objects.count() == 1
    else:
        date = date_of(send_request(request=request, now=NOW))
        assert (date.state, date.holds_until, date.stands) == (state, None, False)


def test_half_a_hall_keeps_the_whole_hall_from_others(hall):
    whole, north, south = hall
    requested(north)
    requested(south)
    with pytest.raises(RefusedError):
        requested(whole)


def test_half_a_hall_of_one_s_own_does_not_hide_the_other_half_of_somebody_else(hall, choir):
    whole, north, south = hall
    requested(north, association=choir)
    requested(south)
    with pytest.raises(RefusedError) as refused:
        requested(whole, association=choir)
    assert refused.value.refusals[0].code is Code.HELD


def test_promising_one_of_two_rivals_sends_the_other_to_the_waiting_list(room, manager):
    first, second = requested(room), requested_too(room)
    approve(booking=second, date_ids=[date_of(second).pk], actor=manager, now=NOW)
    assert date_of(second).state == DateState.APPROVED
    assert date_of(first).state == DateState.WAITLISTED
    assert {row.booking_date_id for row in Occupancy.objects.all()} == {date_of(second).pk}


def test_a_refused_holder_makes_room_for_the_one_who_waits(room, manager):
    first, second = requested(room), requested_too(room)
    reject(booking=first, date_ids=[date_of(first).pk], actor=manager, reason="Chor", now=NOW)
    assert date_of(second).stands
    assert date_of(second).state == DateState.REQUESTED


def test_a_cancelled_promise_lets_the_waiting_list_in(room):
    first, second = promised(room), requested_too(room)
    assert date_of(second).state == DateState.WAITLISTED
    give_up(date=date_of(first), actor=first.requester, now=NOW)
    assert date_of(first).state == DateState.CANCELLED
    assert (date_of(second).state, date_of(second).stands) == (DateState.OFFERED, True)


def test_set_up_and_clearing_up_lie_in_the_ledger_as_booked(centre):
    room = add_room(centre, "Küche", setup_minutes=30, turnover_minutes=15)
    requested(room)
    period = Occupancy.objects.get().period
    assert (period.lower, period.upper) == (
        span().start - dt.timedelta(minutes=30),
        span().end + dt.timedelta(minutes=15),
    )
    assert BookingDate.objects.get().setup_minutes == 30
