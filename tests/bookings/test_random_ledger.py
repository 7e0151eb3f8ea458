"""Whatever people do, in whatever order: the ledger says what was decided, and nobody is forgotten."""

import datetime as dt
import random

import pytest

from bookings.models import BookingDate, BookingLog, ChangeRequest, Closure, Room
from bookings.rules.refusals import RefusedError
from bookings.rules.states import UNDECIDED, Action, DateState
from bookings.selectors.ledger_check import differences
from bookings.selectors.occupancy import in_the_way, spaces_around
from bookings.selectors.series_check import series_differences
from bookings.services.changes import (
    Move,
    ask_for_change,
    exchange_dates,
    expire_changes,
    grant_change,
    refuse_change,
    withdraw_change,
)
from bookings.services.closures import DatesInTheWayError, create_closure, delete_closure
from bookings.services.decisions import (
    DecidedAlreadyError,
    TimeTakenError,
    approve,
    ask,
    reject,
    undo_approval,
)
from bookings.services.housekeeping import end_holds, expire_offers
from bookings.services.offers import accept_offer
from bookings.services.own_dates import NotPossibleError, answer, give_up
from bookings.services.requests import Waits, send_request
from bookings.services.revoking import revoke
from tests.factories.bookings import FRIDAY, NOW, new_request, span

pytestmark = pytest.mark.django_db
STEPS = 120
# What the services say when something is not possible; anything else is a bug.
NOT_POSSIBLE = (
    RefusedError,
    DecidedAlreadyError,
    TimeTakenError,
    NotPossibleError,
    DatesInTheWayError,
)


class People:
    """Groups and managers who do something at random, on two days of a divisible hall."""

    def __init__(self, seed, hall, group, manager):
        self.random = random.Random(seed)  # noqa: S311 - no secret
        self.rooms, self.group, self.manager = hall, group, manager
        self.requester = group.members.first()
        self.now = NOW
        self.did = []

    def do_something(self):
        ways = [self.send] * 8 + [self.approve] * 3 + [self.revoke] * 2
        ways += [self.reject, self.ask, self.answer, self.give_up, self.undo, self.undo, self.take]
        ways += [self.close, self.reopen, self.let_time_pass]
        ways += [self.wish] * 4 + [
            self.grant,
            self.grant,
            self.refuse,
            self.withdraw,
            self.exchange,
        ]
        way = self.random.choice(ways)
        try:
            way()
        except NOT_POSSIBLE as error:
            self.did.append(f"{way.__name__}: {type(error).__name__}")
        else:
            self.did.append(way.__name__)

    # What they choose -----------------------------------------------------------------------------

    def some_span(self):
        start = self.random.randrange(9, 15)
        day = FRIDAY + dt.timedelta(days=self.random.randrange(2))
        return span(f"{start:02}:00", f"{start + self.random.randrange(1, 5):02}:00", day)

    def some_date(self, *states):
        dates = BookingDate.objects.select_related("booking", "room", "occurrence")
        found = list(dates.filter(state__in=states).order_by("pk"))
        if not found:
            raise NotPossibleError(BookingDate())
        return self.random.choice(found)

    def decide(self, how, *states, **values):
        date = self.some_date(*states)
        return how(
            booking=date.booking, date_ids=[date.pk], actor=self.manager, now=self.now, **values
        )

    # What they do ---------------------------------------------------------------------------------

    def send(self):
        request = new_request(
            self.random.choice(self.rooms),
            self.some_span(),
            association=self.group,
            requester=self.requester,
            persons=5,
            waits=self.random.choice([*Waits, Waits.BEHIND_PROMISE]),
        )
        send_request(request=request, now=self.now)

    def approve(self):
        self.decide(approve, *UNDECIDED, keep_mail_back=self.random.random() < 0.5)

    def undo(self):
        self.decide(undo_approval, DateState.APPROVED)

    def reject(self):
        self.decide(reject, *UNDECIDED, reason="belegt")

    def revoke(self):
        closed_for = self.random.choice(["", "Impfen"])
        self.decide(
            revoke, DateState.APPROVED, reason="Impfen", closed_for=closed_for, short_notice=True
        )

    def ask(self):
        booking = self.some_date(*UNDECIDED).booking
        ask(booking=booking, actor=self.manager, question="Wie viele?", now=self.now)

    def answer(self):
        booking = self.some_date(DateState.NEEDS_INFO).booking
        answer(booking=booking, actor=self.requester, text="Zwölf.", now=self.now)

    def give_up(self):
        date = self.some_date(DateState.APPROVED, DateState.OFFERED, *UNDECIDED)
        give_up(date=date, actor=self.requester, now=self.now)

    def take(self):
        date = self.some_date(DateState.OFFERED)
        accept_offer(date=date, actor=self.requester, now=self.now)

    def close(self):
        values = {
            "centre": self.rooms[0].centre,
            "rooms": self.random.sample(self.rooms, self.random.randrange(1, 3)),
            "span": self.some_span(),
            "reason": "Reinigung",
            "actor": self.manager,
            "now": self.now,
        }
        try:
            create_closure(**values)
        except DatesInTheWayError as error:
            if self.random.random() < 0.5:
                raise
            create_closure(
                **values,
                confirmed=[date.pk for date in error.dates],
                confirmed_wishes=[wish.change.pk for wish in error.wishes],
            )

    def reopen(self):
        closures = list(Closure.objects.order_by("pk"))
        if closures:
            delete_closure(closure=self.random.choice(closures), now=self.now)

    def wish(self):
        date = self.some_date(DateState.APPROVED, *UNDECIDED)
        move = Move(date.pk, self.random.choice(self.rooms), self.some_span())
        ask_for_change(
            booking=date.booking,
            moves=[move],
            actor=self.requester,
            now=self.now,
            waits=self.random.random() < 0.5,
        )

    def some_wish(self):
        wishes = list(ChangeRequest.objects.filter(status="open").order_by("pk"))
        if not wishes:
            raise NotPossibleError(BookingDate())
        return self.random.choice(wishes)

    def grant(self):
        grant_change(change=self.some_wish(), actor=self.manager, now=self.now)

    def refuse(self):
        refuse_change(change=self.some_wish(), actor=self.manager, reason="belegt", now=self.now)

    def withdraw(self):
        withdraw_change(change=self.some_wish(), actor=self.requester, now=self.now)

    def exchange(self):
        first, second = (self.some_date(DateState.APPROVED) for _date in range(2))
        if first != second:
            exchange_dates(first=first, second=second, actor=self.manager, now=self.now)

    def let_time_pass(self):
        self.now += dt.timedelta(minutes=self.random.choice([1, 30, 240]))
        end_holds(now=self.now)
        expire_offers(now=self.now)
        expire_changes(now=self.now)


def forgotten(now):
    """Return the dates that wait although their time is free and they never had their turn."""
    waiting = BookingDate.objects.filter(
        state__in=UNDECIDED, holds_until=None, occurrence__start__gt=now
    )
    return [
        date.pk
        for date in waiting.select_related("occurrence")
        if BookingLog.objects.filter(date=date).last().action != Action.END_HOLD
        and not in_the_way(spaces_around([date.room_id])[date.room_id], date.period)
    ]


@pytest.mark.parametrize(("minutes", "seed"), [(0, 1), (60, 2)], ids=["plain", "with buffers"])
def test_the_ledger_is_right_after_every_step(hall, choir, singer, manager, seed, minutes):
    Room.objects.update(setup_minutes=minutes, turnover_minutes=minutes)
    for room in hall:
        room.refresh_from_db()
    people = People(seed, hall, choir, manager)
    for _step in range(STEPS):
        people.do_something()
        assert differences(now=people.now) == [], people.did
        assert list(series_differences()) == [], people.did
        assert forgotten(people.now) == [], people.did
    assert {"send", "approve", "undo", "revoke", "give_up", "close", "reopen", "wish"} <= set(
        people.did
    )
