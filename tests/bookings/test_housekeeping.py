"""What time does: holds end and the next one comes in, drafts are forgotten."""

import datetime as dt
import uuid

import pytest

from bookings.models import RequestDraft
from bookings.rules.states import Action, DateState
from bookings.services.decisions import approve
from bookings.services.housekeeping import end_holds, prune_drafts
from tests.factories.bookings import NOW, date_of, requested, requested_too, span

pytestmark = pytest.mark.django_db
IN_A_MONTH = span(day=dt.date(2026, 12, 22))
AFTER_THE_HOLD = NOW + dt.timedelta(days=14, minutes=1)


def test_a_hold_that_runs_out_leaves_the_request_waiting(room):
    booking = requested(room, IN_A_MONTH)
    assert end_holds(now=NOW + dt.timedelta(days=13)) == 0
    assert end_holds(now=AFTER_THE_HOLD) == 1
    date = date_of(booking)
    assert (date.state, date.stands) == (DateState.REQUESTED, False)
    assert date.log.last().action == Action.END_HOLD
    assert end_holds(now=AFTER_THE_HOLD) == 0


def test_the_next_one_holds_when_a_hold_runs_out(room):
    first, second = requested(room, IN_A_MONTH), requested_too(room, IN_A_MONTH)
    end_holds(now=AFTER_THE_HOLD)
    assert not date_of(first).stands
    assert date_of(second).stands
    assert date_of(second).holds_until == AFTER_THE_HOLD + dt.timedelta(days=14)


def test_a_promised_date_has_no_hold_that_could_end(room, manager):
    booking = requested(room, IN_A_MONTH)
    approve(booking=booking, date_ids=[date_of(booking).pk], actor=manager, now=NOW)
    assert end_holds(now=AFTER_THE_HOLD) == 0
    assert date_of(booking).stands


def test_drafts_are_forgotten_after_a_week(room):
    for days in (6, 8):
        RequestDraft.objects.create(
            id=uuid.uuid4(), room=room, values={}, updated_at=NOW - dt.timedelta(days=days)
        )
    assert prune_drafts(now=NOW) == 1
    assert RequestDraft.objects.count() == 1
