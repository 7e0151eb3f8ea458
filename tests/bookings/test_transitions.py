"""Every step that a service takes: locks first, then reads, then writes; says why; knows who was first."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import connection
from django.db.models import Max
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking, BookingDate, BookingLog, Occupancy
from bookings.rules.states import TRANSITIONS, Action, DateState, ReasonMissingError
from bookings.services.decisions import (
    DecidedAlreadyError,
    approve,
    ask,
    reject,
    undo_approval,
)
from bookings.services.offers import accept_offer
from bookings.services.own_dates import NotPossibleError, answer, give_up
from bookings.services.revoking import revoke
from cms.models import OutgoingMail
from tests.factories.bookings import NOW, date_of, promised, requested, requested_too

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Step:
    """How a step is taken, from which state; `late`: what the second one is told."""

    action: Action
    before: DateState
    take: Callable[..., object]
    late: type[Exception] = DecidedAlreadyError
    mails: bool = True


def decide(service, **values):
    def take(booking, manager, text="Darum."):
        said = {key: text if value is Ellipsis else value for key, value in values.items()}
        service(booking=booking, date_ids=[date_of(booking).pk], actor=manager, now=NOW, **said)

    return take


def ask_back(booking, manager, text="Klavier?"):
    ask(booking=booking, actor=manager, question=text, now=NOW)


def reply(booking, _manager, text="Ja."):
    answer(booking=booking, actor=booking.requester, text=text, now=NOW)


def give_back(booking, _manager):
    give_up(date=date_of(booking), actor=booking.requester, now=NOW)


def take_offer(booking, _manager):
    accept_offer(date=date_of(booking), actor=booking.requester, now=NOW)


S, A = DateState, Action
REVOKE = decide(revoke, reason=..., short_notice=True)
STEPS = [
    Step(A.APPROVE, S.REQUESTED, decide(approve)),
    Step(A.APPROVE, S.NEEDS_INFO, decide(approve)),
    Step(A.UNDO_APPROVAL, S.APPROVED, decide(undo_approval), mails=False),
    Step(A.REJECT, S.REQUESTED, decide(reject, reason=...)),
    Step(A.REJECT, S.WAITLISTED, decide(reject, reason=...)),
    Step(A.ASK, S.REQUESTED, ask_back),
    Step(A.ANSWER, S.NEEDS_INFO, reply, NotPossibleError),
    Step(A.ACCEPT, S.OFFERED, take_offer, NotPossibleError),
    Step(A.WITHDRAW, S.REQUESTED, give_back, NotPossibleError),
    Step(A.WITHDRAW, S.WAITLISTED, give_back, NotPossibleError),
    Step(A.WITHDRAW, S.OFFERED, give_back, NotPossibleError),
    Step(A.CANCEL, S.APPROVED, give_back, NotPossibleError),
    Step(A.REVOKE, S.APPROVED, REVOKE),
    Step(A.REVOKE, S.OFFERED, REVOKE),
]
all_steps = pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.before}-{step.action}")
# Taken by the system, by whoever sends a request, or by nobody yet: tested elsewhere.
ELSEWHERE = {
    *(A.SEND, A.JOIN_WAITLIST, A.BOOK, A.VERIFY),  # sending
    *(A.SKIP_HOLIDAY, A.SKIP_SCHOOL_HOLIDAY, A.SKIP_CONFLICT, A.SKIP_CLOSED),  # series
    *(A.ADD_BACK, A.MOVE_ON),  # changes of a series
    *(A.DISPLACE, A.READMIT, A.OFFER),  # waiting
    *(A.EXPIRE, A.COMPLETE, A.MARK_NO_SHOW),  # time
}


@pytest.fixture
def in_state(room, manager):
    """Return a function that gives a request in a state."""

    def offered() -> Booking:
        first, waiting = promised(room), requested_too(room)
        give_back(first, manager)
        return waiting

    def waiting() -> Booking:
        promised(room)
        return requested_too(room)

    def kept_back() -> Booking:
        booking = requested(room)
        decide(approve, keep_mail_back=True)(booking, manager)
        return booking

    def asked() -> Booking:
        booking = requested(room)
        ask_back(booking, manager)
        return booking

    made = {
        S.REQUESTED: lambda: requested(room),
        S.NEEDS_INFO: asked,
        S.WAITLISTED: waiting,
        S.OFFERED: offered,
        S.APPROVED: kept_back,
    }
    return lambda state: made[state]()


def stored():
    tables = (Booking, BookingDate, BookingLog, Occupancy, OutgoingMail)
    return [list(table.objects.order_by("pk").values()) for table in tables]


@all_steps
def test_it_locks_then_reads_then_writes_all_in_one_transaction(step, in_state, manager):
    booking = in_state(step.before)
    told = newest_mail()
    with CaptureQueriesContext(connection) as captured:
        step.take(booking, manager)
    said = [query["sql"] for query in captured]
    spaces = first(said, "FOR NO KEY UPDATE")
    request = first(said, "FOR UPDATE")
    read = first(said[request:], 'FROM "bookings_bookingdate"') + request
    write = first(said, 'UPDATE "bookings_bookingdate"')
    assert spaces < request < read < write
    assert min(place(said, word) for word in ("INSERT", "UPDATE ", "DELETE")) > spaces
    # A savepoint here, as the test itself runs in a transaction.
    begin = said[place(said, "SAVEPOINT")]
    assert place(said, "SAVEPOINT") < spaces
    assert said[-1] == f"RELEASE {begin}"
    date = date_of(booking)
    assert date.state == TRANSITIONS[step.action].target
    assert date.log.filter(action=step.action).exists()
    assert (newest_mail() > told) is step.mails


def newest_mail() -> int:
    return OutgoingMail.objects.aggregate(last=Max("pk", default=0))["last"]


def first(said, words):
    return next(number for number, sql in enumerate(said) if words in sql)


def place(said, start):
    return next((number for number, sql in enumerate(said) if sql.startswith(start)), len(said))


@all_steps
def test_the_second_one_is_told_and_changes_nothing(step, in_state, manager):
    booking = in_state(step.before)
    step.take(booking, manager)
    before = stored()
    # The same answer by the same person is a second click, and taken as one.
    again = {"text": "Nein."} if step.take is reply else {}
    with pytest.raises(step.late) as late:
        step.take(booking, manager, **again)
    if isinstance(late.value, DecidedAlreadyError):
        assert (late.value.entry.action, late.value.entry.at) == (step.action, NOW)
    else:
        assert late.value.date.state == TRANSITIONS[step.action].target
    assert stored() == before


@pytest.mark.parametrize(
    "step",
    [step for step in STEPS if TRANSITIONS[step.action].needs_reason],
    ids=lambda step: f"{step.before}-{step.action}",
)
def test_where_a_reason_is_needed_nothing_happens_without(step, in_state, manager):
    booking = in_state(step.before)
    before = stored()
    with pytest.raises(ReasonMissingError):
        step.take(booking, manager, " ")
    assert stored() == before


def test_no_step_is_forgotten():
    taken = {step.action for step in STEPS}
    assert taken | ELSEWHERE == set(TRANSITIONS)
    assert not taken & ELSEWHERE
