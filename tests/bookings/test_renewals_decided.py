"""A plan for a year: the centre decides on all requests in one step, or on single ones before."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings import ledger
from bookings.models import Booking, BookingDate, Occupancy
from bookings.rules.renewal import PlanCode
from bookings.rules.spans import Span
from bookings.rules.states import DateState
from bookings.selectors.renewals import rivals_in
from bookings.services.changes import Move, ask_for_change
from bookings.services.closures import create_closure
from bookings.services.decisions import approve, reject, undo_approval
from bookings.services.decisions import decide as decide_request
from bookings.services.own_dates import give_up
from bookings.services.renewals import (
    RoundDecision,
    SeriesChange,
    decide_round,
)
from bookings.services.requests import Waits
from bookings.services.year_plans import note_all_decided
from bookings.wording.renewals import plan_sentence
from cms.models import OutgoingMail
from cms.opening_hours import BERLIN
from tests.bookings.renewing import (
    JULY,
    MAY,
    all_is_right,
    codes,
    refused,
    renewed,
    series,
    states,
    withdraw,
)
from tests.factories.bookings import (
    add_room,
    date_of,
    promised,
    requested,
    span,
)

pytestmark = pytest.mark.django_db


def decide(plan, manager, now=JULY, **decision) -> bool:
    return decide_round(plan=plan, decision=RoundDecision(**decision), actor=manager, now=now)


@pytest.fixture
def rivals(plan, room, choir, singer, dancers, manager) -> tuple[Booking, Booking]:
    """Return two requests of the plan, for every Tuesday and for those of September."""
    series(room, choir, manager)
    other = series(room, dancers, manager, start="17:00", end="18:00")
    (singing,) = renewed(plan, choir, singer)
    change = SeriesChange(start=dt.time(20), end=dt.time(21), until=dt.date(2027, 9, 28))
    (dancing,) = renewed(plan, dancers, manager, changes={other.pk: change})
    return singing, dancing


def test_everything_is_decided_in_one_step_with_one_mail_each(plan, rivals, singer, manager):
    singing, dancing = rivals
    OutgoingMail.objects.all().delete()
    assert decide(
        plan, manager, approve=[singing.pk], reject={dancing.pk: "Der Chor war zuerst da."}
    )
    plan.refresh_from_db()
    assert (plan.decided_at, plan.decided_by) == (JULY, manager)
    assert states(singing) == {DateState.APPROVED, DateState.SKIPPED_SCHOOL_HOLIDAY}
    assert states(dancing) == {DateState.REJECTED}
    assert OutgoingMail.objects.count() == 2
    assert OutgoingMail.objects.filter(recipient=singer.email).count() == 1
    assert all_is_right()


def test_single_dates_can_be_decided_otherwise(plan, rivals, singer, manager):
    singing, dancing = rivals
    both = rivals_in(plan).rivalries[0].clashes
    theirs = [date.pk for clash in both for date in clash.dates if date.booking == singing]
    OutgoingMail.objects.all().delete()
    reasons = dict.fromkeys(theirs, "Im September tanzt der Tanzkreis.")
    decide(plan, manager, approve=[singing.pk, dancing.pk], reject_dates=reasons)
    assert states(dancing) == {DateState.APPROVED}
    assert singing.dates.filter(state=DateState.REJECTED).count() == len(theirs)
    mail = OutgoingMail.objects.get(recipient=singer.email)
    assert "Diese 6 Termine können wir nicht zusagen" in mail.text
    assert all_is_right()


@pytest.mark.parametrize("is_promised", [True, False])
def test_a_date_that_was_moved_and_holds_its_time_is_decided_like_all(
    plan, room, choir, singer, dancers, manager, is_promised
):
    series(room, choir, manager)
    (booking,) = renewed(plan, choir, singer)
    date = booking.dates.filter(state=DateState.REQUESTED).select_related("occurrence")[0]
    later = Span(date.span.end, date.span.end + dt.timedelta(hours=1))
    june = dt.datetime(2027, 6, 10, 12, tzinfo=BERLIN)
    ask_for_change(booking=booking, moves=[Move(date.pk, room, later)], actor=singer, now=june)
    behind = requested(room, later, association=dancers, waits=Waits.BEHIND_REQUEST, now=june)
    reject = {} if is_promised else {booking.pk: "Die Aula wird umgebaut."}
    now = june + dt.timedelta(days=6)
    decide(plan, manager, now=now, approve=[booking.pk] if is_promised else [], reject=reject)
    date.refresh_from_db()
    assert date.state == (DateState.APPROVED if is_promised else DateState.REJECTED)
    assert date_of(behind).stands != is_promised
    assert all_is_right(now)


def test_a_date_that_moved_before_the_lock_is_looked_at_again(
    plan, room, choir, singer, manager, monkeypatch
):
    series(room, choir, manager)
    (booking,) = renewed(plan, choir, singer)
    date = booking.dates.filter(state=DateState.REQUESTED)[0]
    office = add_room(room.centre, "Büro")
    lock, calls = ledger.lock_rooms, []

    def move_meanwhile(room_ids):
        calls.append(list(room_ids))
        if len(calls) == 1:
            BookingDate.objects.filter(pk=date.pk).update(room=office)
        return lock(calls[-1])

    monkeypatch.setattr(ledger, "lock_rooms", move_meanwhile)
    assert decide(plan, manager, approve=[booking.pk])
    assert len(calls) == 2
    assert all_is_right()


def test_promising_rivals_names_them_and_writes_nothing(plan, rivals, manager):
    singing, dancing = rivals
    before = list(BookingDate.objects.values_list("pk", "state").order_by("pk"))
    faults = refused(decide, plan, manager, approve=[singing.pk, dancing.pk])
    assert {fault.code for fault in faults} == {PlanCode.RIVALS}
    assert len(faults) == 6
    assert "Tanzkreis" in plan_sentence(faults[0])
    assert list(BookingDate.objects.values_list("pk", "state").order_by("pk")) == before


def test_what_is_not_chosen_stays_open(plan, rivals, manager):
    singing, dancing = rivals
    assert decide(plan, manager, approve=[singing.pk]) is False
    plan.refresh_from_db()
    assert plan.decided_at is None
    assert states(dancing) == {DateState.REQUESTED}
    assert codes(decide, plan, manager, approve=[dancing.pk]) == [PlanCode.TAKEN] * 6
    assert decide(plan, manager, reject={dancing.pk: "Vergeben."}) is True


def test_an_ordinary_promise_meanwhile_refuses_that_date(plan, rivals, room, manager):
    singing, dancing = rivals
    promised(room, span(day=dt.date(2027, 11, 30)), now=MAY)
    requested(room, span(day=dt.date(2027, 11, 23)), now=JULY)
    create_closure(
        centre=room.centre,
        rooms=[room],
        span=span(day=dt.date(2027, 11, 16)),
        reason="Impftag",
        actor=manager,
        now=JULY,
    )
    faults = refused(decide, plan, manager, approve=[singing.pk], reject={dancing.pk: "Vergeben."})
    assert [fault.code for fault in faults] == [PlanCode.CLOSED, PlanCode.HELD, PlanCode.TAKEN]


def test_who_waits_outside_of_the_plan_goes_to_the_waiting_list(plan, rivals, room, manager):
    singing, _dancing = rivals
    waiting = requested(room, span(day=dt.date(2027, 11, 30)), now=MAY)
    BookingDate.objects.filter(booking=waiting).update(holds_until=None)  # as when a hold ends
    Occupancy.objects.filter(booking_date__booking=waiting).delete()
    decide(plan, manager, approve=[singing.pk])
    assert date_of(waiting).state == DateState.WAITLISTED


def test_decisions_that_are_none_are_refused_with_everything(plan, rivals, room, manager):
    singing, dancing = rivals
    elsewhere = promised(room, span(day=dt.date(2027, 5, 7)), now=MAY)
    assert codes(decide, plan, manager, now=MAY, approve=[singing.pk]) == [
        PlanCode.STILL_COLLECTING
    ]
    assert codes(decide, plan, manager) == [PlanCode.NOTHING_CHOSEN]
    assert codes(
        decide,
        plan,
        manager,
        approve=[singing.pk, elsewhere.pk],
        reject={singing.pk: "Nein.", dancing.pk: " "},
    ) == [PlanCode.NOT_IN_PLAN, PlanCode.BOTH_WAYS, PlanCode.REASON_MISSING]


def test_what_has_begun_is_not_promised_any_more(plan, rivals, manager):
    singing, dancing = rivals
    decide(plan, manager, reject={dancing.pk: "Vergeben."})
    first, *ahead = singing.dates.filter(state=DateState.REQUESTED).order_by("occurrence__start")
    late = first.span.start + dt.timedelta(hours=1)
    assert codes(decide, plan, manager, late, approve_dates=[first.pk]) == [PlanCode.OVER]
    assert decide(plan, manager, late, approve=[singing.pk]) is True
    assert {date.pk for date in singing.dates.filter(state=DateState.APPROVED)} == {
        date.pk for date in ahead
    }
    first.refresh_from_db()
    assert first.state == DateState.REQUESTED


def test_a_request_that_is_over_as_a_whole_cannot_be_promised(plan, rivals, manager):
    singing, _dancing = rivals
    december = dt.datetime(2027, 12, 1, 12, tzinfo=BERLIN)
    (fault,) = refused(decide, plan, manager, december, approve=[singing.pk])
    assert fault.code is PlanCode.OVER
    assert "kann nicht mehr zugesagt werden" in plan_sentence(fault)


def test_the_second_of_two_deciders_is_told(plan, rivals, manager):
    singing, dancing = rivals
    decide(plan, manager, approve=[singing.pk])
    date = singing.dates.filter(state=DateState.APPROVED).first()
    assert (
        codes(decide, plan, manager, reject={singing.pk: "Nein."}, reject_dates={date.pk: "Nein."})
        == [PlanCode.DECIDED_ALREADY] * 2
    )
    decide(plan, manager, reject={dancing.pk: "Vergeben."})
    assert codes(decide, plan, manager, approve=[dancing.pk]) == [PlanCode.DECIDED]


@pytest.mark.parametrize("at_once", [True, False])
def test_giving_up_the_last_open_request_decides_the_plan(plan, rivals, singer, manager, at_once):
    singing, dancing = rivals
    decide(plan, manager, approve=[dancing.pk])
    *dates, last = singing.dates.filter(state=DateState.REQUESTED)
    if at_once:
        withdraw(singing, singer, JULY)
    else:
        singing.dates.filter(pk__in=[date.pk for date in dates]).update(state=DateState.REJECTED)
        give_up(date=last, actor=singer, now=JULY)
    plan.refresh_from_db()
    assert (plan.decided_at, plan.decided_by) == (JULY, singer)


@pytest.mark.parametrize("last", ["promised", "refused", "each otherwise"])
def test_a_single_decision_on_the_last_open_request_decides_the_plan(plan, rivals, manager, last):
    singing, dancing = rivals
    decide(plan, manager, reject={dancing.pk: "Vergeben."})
    keys = [date.pk for date in singing.dates.filter(state=DateState.REQUESTED)]
    step = {"booking": singing, "actor": manager, "now": JULY}
    if last == "promised":
        approve(date_ids=keys, **step)
    elif last == "refused":
        reject(date_ids=keys, reason="Wir bauen um.", **step)
    else:
        decide_request(approve=keys[:1], reject=keys[1:], reason="Wir bauen um.", **step)
    plan.refresh_from_db()
    assert (plan.decided_at, plan.decided_by) == (JULY, manager)
    assert all_is_right()


def test_a_plan_with_nothing_left_to_decide_is_decided(plan, rivals, manager):
    singing, dancing = rivals
    decide(plan, manager, reject={dancing.pk: "Vergeben."})
    last = singing.dates.filter(state=DateState.REQUESTED).order_by("occurrence__start").last()
    assert note_all_decided(now=last.span.start - dt.timedelta(minutes=1)) == 0
    assert note_all_decided(now=last.span.start) == 1
    plan.refresh_from_db()
    assert (plan.decided_at, plan.decided_by) == (last.span.start, None)
    assert note_all_decided(now=last.span.start) == 0


@pytest.mark.parametrize("now", [MAY, JULY])
def test_a_plan_is_not_decided_while_it_is_collected(plan, now):
    assert note_all_decided(now=now) == (now == JULY)


def test_undoing_the_decision_that_ended_a_plan_opens_it_again(plan, rivals, manager):
    singing, dancing = rivals
    decide(plan, manager, reject={dancing.pk: "Vergeben."})
    keys = [date.pk for date in singing.dates.filter(state=DateState.REQUESTED)]
    step = {"booking": singing, "date_ids": keys, "actor": manager}
    approve(**step, now=JULY, keep_mail_back=True)
    undo_approval(**step, now=JULY + dt.timedelta(minutes=1))
    plan.refresh_from_db()
    assert (plan.decided_at, plan.decided_by) == (None, None)
    assert decide(plan, manager, approve=[singing.pk]) is True
    assert all_is_right()


def test_a_single_decision_leaves_a_plan_open_that_has_open_dates(plan, rivals, manager):
    singing, _dancing = rivals
    keys = [date.pk for date in singing.dates.filter(state=DateState.REQUESTED)]
    reject(booking=singing, date_ids=keys, actor=manager, reason="Wir bauen um.", now=JULY)
    plan.refresh_from_db()
    assert plan.decided_at is None


def test_a_decision_costs_no_more_for_more_dates(plan, room, choir, dancers, singer, manager):
    series(room, choir, manager)
    short = series(room, dancers, manager, start="17:00", end="18:00")
    (long_one,) = renewed(plan, choir, singer)
    until = SeriesChange(until=dt.date(2027, 9, 1))
    (short_one,) = renewed(plan, dancers, manager, changes={short.pk: until})
    counted = []
    for booking in (short_one, long_one):
        with CaptureQueriesContext(connection) as queries:
            decide(plan, manager, approve=[booking.pk])
        counted.append(len(queries))
    assert (short_one.dates.count(), long_one.dates.count()) == (2, 15)
    assert abs(counted[1] - counted[0]) <= 2  # the last one closes the plan
