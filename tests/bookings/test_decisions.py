"""The centre promises, refuses, asks and takes back; the second of two deciders learns who was first."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import BookingDate, Closure, Occupancy
from bookings.rules.refusals import Code, RefusedError
from bookings.rules.states import Action, DateState
from bookings.selectors.ledger_check import differences
from bookings.services.decisions import (
    UNDO_FOR,
    DecidedAlreadyError,
    TimeTakenError,
    approve,
    ask,
    reject,
    undo_approval,
)
from bookings.services.decisions import decide as decide_all
from bookings.services.housekeeping import end_holds
from bookings.services.own_dates import NotPossibleError, answer, give_up
from bookings.services.requests import Waits, send_request
from bookings.services.revoking import revoke
from cms.models import OutgoingMail
from tests.bookings.changing import dates_of, series
from tests.factories.bookings import (
    EVERY_FRIDAY,
    FRIDAY,
    NOW,
    date_of,
    new_request,
    promised,
    requested,
    requested_too,
    span,
)
from tests.factories.cms import UserFactory

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(minutes=5)


def decide(action, booking, actor, now=NOW, **values):
    return action(booking=booking, date_ids=[date_of(booking).pk], actor=actor, now=now, **values)


def test_a_promise_is_written_with_who_and_when(room, manager):
    booking = requested(room)
    decide(approve, booking, manager)
    date = date_of(booking)
    assert (date.state, date.decided_by, date.decided_at) == (DateState.APPROVED, manager, NOW)
    assert date.log.last().action == Action.APPROVE


def test_what_has_begun_can_be_refused_but_not_promised(room, manager):
    booking = requested(room)
    begun = date_of(booking).span.start
    with pytest.raises(RefusedError, match=Code.DATE_OVER):
        decide(approve, booking, manager, now=begun)
    key = date_of(booking).pk
    with pytest.raises(RefusedError, match=Code.DATE_OVER):
        decide_all(booking=booking, approve=[key], reject=[], actor=manager, now=begun)
    assert date_of(booking).state == DateState.REQUESTED
    decide(reject, booking, manager, now=begun, reason="zu spät")
    assert date_of(booking).state == DateState.REJECTED


@pytest.mark.parametrize("second", [approve, reject])
def test_the_second_decider_learns_who_was_first_and_changes_nothing(room, manager, second):
    booking = requested(room)
    decide(approve, booking, manager)
    values = {"reason": "belegt"} if second is reject else {}
    with pytest.raises(DecidedAlreadyError) as late:
        decide(second, booking, UserFactory.create(), now=LATER, **values)
    assert (late.value.entry.actor, late.value.entry.at) == (manager, NOW)
    assert date_of(booking).state == DateState.APPROVED
    assert date_of(booking).log.count() == 2


def test_what_the_group_withdrew_cannot_be_promised(room, manager):
    booking = requested(room)
    give_up(date=date_of(booking), actor=booking.requester, now=NOW)
    with pytest.raises(DecidedAlreadyError) as late:
        decide(approve, booking, manager, now=LATER)
    assert late.value.entry.action == Action.WITHDRAW


def test_a_waiting_request_is_not_promised_over_a_promise(room, manager):
    promised(room)
    waiting = requested_too(room)
    with pytest.raises(TimeTakenError):
        decide(approve, waiting, manager)
    assert date_of(waiting).state == DateState.WAITLISTED


def test_requests_that_wait_without_a_hold_go_to_the_waiting_list_too(hall, manager):
    whole, north, south = hall
    first = requested(whole)
    others = [requested_too(north), requested_too(south)]
    decide(approve, first, manager)
    assert {date_of(other).state for other in others} == {DateState.WAITLISTED}


def test_promising_one_half_leaves_the_other_half_alone(hall, manager):
    whole, north, south = hall
    first, second, third = requested(north), requested(south), requested_too(whole)
    decide(approve, first, manager)
    assert date_of(second).state == DateState.REQUESTED
    assert date_of(third).state == DateState.WAITLISTED


def test_a_kept_back_promise_can_be_undone_until_its_mail_is_out(room, manager):
    booking = requested(room)
    decide(approve, booking, manager, keep_mail_back=True)
    decide(undo_approval, booking, manager, now=NOW + dt.timedelta(minutes=1))
    date = date_of(booking)
    assert (date.state, date.stands, date.decided_at) == (DateState.REQUESTED, True, None)


def test_undoing_a_promise_gives_the_hold_back_as_it_was(room, manager):
    far = span(day=FRIDAY + dt.timedelta(weeks=8))
    booking, later = requested(room, far), NOW + dt.timedelta(days=2)
    before = date_of(booking).holds_until
    decide(approve, booking, manager, now=later, keep_mail_back=True)
    decide(undo_approval, booking, manager, now=later + dt.timedelta(minutes=1))
    assert (date_of(booking).holds_until, date_of(booking).stands) == (before, True)


@pytest.mark.parametrize("ended", ["before the promise", "meanwhile"])
def test_undoing_a_promise_gives_no_hold_back_that_is_over(room, manager, ended):
    far = span(day=FRIDAY + dt.timedelta(weeks=8))
    booking = requested(room, far)
    over = date_of(booking).holds_until
    if ended == "before the promise":
        end_holds(now=over)
    decide(approve, booking, manager, now=over - dt.timedelta(seconds=30), keep_mail_back=True)
    behind = requested(room, far, now=over, waits=Waits.BEHIND_PROMISE)
    decide(undo_approval, booking, manager, now=over)
    date = date_of(booking)
    assert (date.state, date.holds_until, date.stands) == (DateState.REQUESTED, None, False)
    assert date_of(behind).stands  # as for any time that is free
    assert differences(now=over) == []


def test_undoing_a_promise_asks_the_question_again(room, manager):
    booking = requested(room, span(day=FRIDAY + dt.timedelta(weeks=8)))
    ask(booking=booking, actor=manager, question="Wie laut?", now=NOW)
    booking.refresh_from_db()
    asked = (booking.question, booking.question_due, date_of(booking).holds_until)
    later = NOW + dt.timedelta(days=1)
    decide(approve, booking, manager, now=later, keep_mail_back=True)
    decide(undo_approval, booking, manager, now=later)
    booking.refresh_from_db()
    date = date_of(booking)
    assert date.state == DateState.NEEDS_INFO
    assert (booking.question, booking.question_due, date.holds_until) == asked
    answer(booking=booking, actor=booking.requester, text="Leise.", now=later)
    assert date_of(booking).state == DateState.REQUESTED


def test_an_answer_to_the_team_does_not_let_a_promise_out_and_is_not_asked_for_again(room, manager):
    booking = series(room, 2)
    ask(booking=booking, actor=manager, question="Wie laut?", now=NOW)
    promised_first, _other = dates_of(booking)
    promise = {"booking": booking, "date_ids": [promised_first.pk], "actor": manager}
    approve(**promise, now=NOW, keep_mail_back=True)
    answer(booking=booking, actor=booking.requester, text="Leise.", now=NOW + UNDO_FOR / 4)
    undo_approval(**promise, now=NOW + UNDO_FOR / 2)
    assert [date.state for date in dates_of(booking)] == [DateState.REQUESTED] * 2
    booking.refresh_from_db()
    assert booking.question == ""
    assert not OutgoingMail.objects.filter(subject__startswith="Zusage").exists()


def test_a_promise_is_kept_back_only_if_it_displaces_nobody(room, manager):
    alone, first = requested(room), requested(room, span("08:00", "10:00"))
    second = requested_too(room, span("08:00", "10:00"))
    assert decide(approve, alone, manager, keep_mail_back=True) == NOW + UNDO_FOR
    assert decide(approve, second, manager, keep_mail_back=True) is None
    assert date_of(first).state == DateState.WAITLISTED
    decide(undo_approval, alone, manager)
    with pytest.raises(DecidedAlreadyError):
        decide(undo_approval, second, manager)


def test_a_promise_whose_mail_went_out_cannot_be_undone(room, manager):
    booking = requested(room)
    decide(approve, booking, manager)
    with pytest.raises(DecidedAlreadyError):
        decide(undo_approval, booking, manager, now=LATER)
    assert date_of(booking).state == DateState.APPROVED


def test_question_and_answer_keep_the_time(room, manager):
    booking = requested(room)
    ask(booking=booking, actor=manager, question="Brauchen Sie das Klavier?", now=NOW)
    booking.refresh_from_db()
    assert date_of(booking).state == DateState.NEEDS_INFO
    assert booking.question_due == span().start.date()  # sooner than seven days
    answer(booking=booking, actor=booking.requester, text="Ja, bitte.", now=LATER)
    booking.refresh_from_db()
    assert (booking.question, booking.question_due) == ("", None)
    assert (date_of(booking).state, date_of(booking).stands) == (DateState.REQUESTED, True)
    with pytest.raises(NotPossibleError):
        answer(booking=booking, actor=booking.requester, text="Noch einmal", now=LATER)


def test_a_question_is_about_what_has_not_begun(room, manager):
    booking = series(room)
    now = span(day=FRIDAY + dt.timedelta(days=2)).start
    ask(booking=booking, actor=manager, question="Wie laut?", now=now)
    booking.refresh_from_db()
    assert [date.state for date in dates_of(booking)] == ["requested", "needs_info", "needs_info"]
    assert booking.question_due == FRIDAY + dt.timedelta(weeks=1)
    mail = OutgoingMail.objects.get(subject__startswith="Eine Frage")
    assert "27. November" not in mail.text.replace("\N{NO-BREAK SPACE}", " ")
    with pytest.raises(DecidedAlreadyError):
        ask(booking=booking, actor=manager, question="Noch eine?", now=now)


def test_deciding_closes_the_question(room, manager):
    booking = requested(room)
    ask(booking=booking, actor=manager, question="Wie laut?", now=NOW)
    decide(approve, booking, manager, now=LATER)
    booking.refresh_from_db()
    assert booking.question == ""


def test_the_question_stays_while_another_date_waits_for_the_answer(room, manager):
    spans = [span(), span(day=FRIDAY + dt.timedelta(weeks=1))]
    asked = replace(new_request(room), spans=spans, recurrence=EVERY_FRIDAY)
    booking = send_request(request=asked, now=NOW)
    first, second = booking.dates.values_list("pk", flat=True)
    ask(booking=booking, actor=manager, question="Wie laut?", now=NOW)
    for date, question in ((first, "Wie laut?"), (second, "")):
        approve(booking=booking, date_ids=[date], actor=manager, now=LATER)
        booking.refresh_from_db()
        assert booking.question == question


def test_taking_a_date_back_for_care_closes_the_room_and_lets_nobody_in(room, manager):
    booking = promised(room)
    waiting = requested_too(room)
    decide(
        revoke,
        booking,
        manager,
        reason="Der Impftag braucht den Raum.",
        substitute="Besprechungsraum",
        short_notice=True,
        closed_for="Impftag",
    )
    date = date_of(booking)
    assert (date.state, date.suggestion) == (DateState.REVOKED, "Besprechungsraum")
    assert Closure.objects.get().reason == "Impftag"
    assert date_of(waiting).state == DateState.WAITLISTED
    with pytest.raises(RefusedError) as refused:
        requested(room)
    assert refused.value.refusals[0].code is Code.CLOSED


def test_taking_a_date_back_without_need_of_the_room_lets_the_next_one_in(room, manager):
    booking = promised(room)
    waiting = requested_too(room)
    decide(revoke, booking, manager, reason="Heizung", short_notice=True)
    assert date_of(waiting).stands


def test_dates_of_another_request_are_not_decided(room, manager):
    mine, other = requested(room), requested(room, span("10:00", "12:00"))
    with pytest.raises(BookingDate.DoesNotExist):
        approve(booking=mine, date_ids=[date_of(other).pk], actor=manager, now=NOW)
    assert date_of(other).state == DateState.REQUESTED


def test_the_queries_do_not_depend_on_the_number_of_dates(room, manager):
    counts = []
    for number, hour in ((3, 8), (12, 12)):
        booking = series(room, number, (f"{hour:02}:00", f"{hour + 2}:00"))
        values: dict[str, Any] = {"booking": booking, "actor": manager, "now": NOW}
        with CaptureQueriesContext(connection) as asking:
            ask(**values, question="Wie laut?")
        values["date_ids"] = [date.pk for date in dates_of(booking)]
        approve(**values, keep_mail_back=True)
        with CaptureQueriesContext(connection) as undoing:
            undo_approval(**values)
        approve(**values)
        with CaptureQueriesContext(connection) as revoking:
            revoke(**values, reason="Impfen", closed_for="Impftag", short_notice=True)
        counts.append((len(undoing), len(asking), len(revoking)))
    assert counts[0] == counts[1]


def test_a_date_that_has_begun_cannot_be_given_up(room):
    booking = promised(room)
    with pytest.raises(NotPossibleError):
        give_up(date=date_of(booking), actor=booking.requester, now=span().start)
    assert Occupancy.objects.count() == 1
