"""A group did not come: the team notes it once the date has begun; nobody is told."""

import datetime as dt

import pytest

from bookings.models import BookingDate, Occupancy
from bookings.rules.refusals import Code, RefusedError
from bookings.rules.states import Action, DateState
from bookings.selectors.ledger_check import differences
from bookings.services.decisions import DecidedAlreadyError
from bookings.services.housekeeping import complete_past
from bookings.services.no_shows import mark_no_show
from bookings.wording import refusal_sentence
from cms.models import OutgoingMail
from tests.factories.bookings import date_of, promised, requested, span

pytestmark = pytest.mark.django_db
BEGUN = span().start
OVER = span().end + dt.timedelta(minutes=1)


def note(booking, manager, now=OVER, **values):
    mark_no_show(booking=booking, date_ids=[date_of(booking).pk], actor=manager, now=now, **values)


@pytest.mark.parametrize("now", [BEGUN, OVER], ids=["while it goes on", "afterwards"])
def test_a_date_that_nobody_used_keeps_its_rows_and_its_history(room, manager, now):
    booking = promised(room)
    complete_past(now=now)
    mails, rows = OutgoingMail.objects.count(), Occupancy.objects.count()
    note(booking, manager, now, text="Die Tür blieb zu.")
    date = date_of(booking)
    assert (date.state, date.reason) == (DateState.NO_SHOW, "")
    step = date.log.last()
    assert (step.action, step.actor, step.text) == (
        Action.MARK_NO_SHOW,
        manager,
        "Die Tür blieb zu.",
    )
    assert (OutgoingMail.objects.count(), Occupancy.objects.count()) == (mails, rows)
    complete_past(now=OVER)
    assert date_of(booking).state == DateState.NO_SHOW
    assert differences(now=now) == []


def test_a_date_ahead_is_refused_with_a_sentence(room, manager):
    booking = promised(room)
    with pytest.raises(RefusedError) as error:
        note(booking, manager, BEGUN - dt.timedelta(minutes=1))
    (refusal,) = error.value.refusals
    assert (refusal.code, refusal.values["date_id"]) == (Code.NOT_BEGUN, date_of(booking).pk)
    assert "noch nicht begonnen" in refusal_sentence(refusal)
    assert date_of(booking).state == DateState.APPROVED


def test_a_date_of_another_request_is_not_found(room, manager):
    booking, other = promised(room), promised(room, span("16:00", "17:00"))
    keys = [date_of(booking).pk, date_of(other).pk]
    with pytest.raises(BookingDate.DoesNotExist):
        mark_no_show(booking=booking, date_ids=keys, actor=manager, now=OVER)
    assert date_of(booking).state == date_of(other).state == DateState.APPROVED


def test_the_second_one_learns_who_was_first(room, manager):
    booking = promised(room)
    note(booking, manager)
    with pytest.raises(DecidedAlreadyError) as late:
        note(booking, manager)
    assert (late.value.entry.action, late.value.entry.actor) == (Action.MARK_NO_SHOW, manager)


def test_only_promised_dates_can_be_missed(room, manager):
    booking = requested(room)
    with pytest.raises(DecidedAlreadyError):
        note(booking, manager)
    assert date_of(booking).state == DateState.REQUESTED
