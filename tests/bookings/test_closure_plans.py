"""Rooms closed regularly: all dates in the way are named first, and touched only when confirmed."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings import ledger
from bookings.models import Closure, ClosurePlan, Occupancy, Space
from bookings.rules.refusals import Code, RefusedError
from bookings.rules.states import DateState
from bookings.selectors.ledger_check import differences
from bookings.services.closures import DatesInTheWayError
from bookings.services.closures.plans import create_plan, delete_plan
from bookings.services.own_dates import give_up
from cms.models import HolidayOverride, OutgoingMail
from tests.bookings.changing import move, wish
from tests.factories.bookings import (
    FRIDAY,
    NOW,
    add_room,
    date_of,
    promised,
    requested,
    requested_too,
    span,
)

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(weeks=1)
KIND = ClosurePlan.Kind


def plan(centre, **values):
    """Return a plan for Fridays from 18 to 20, eight weeks from this one on."""
    defaults = {
        "kind": KIND.WEEKLY,
        "weekdays": [4],
        "first": FRIDAY,
        "last": FRIDAY + 7 * WEEK,
        "opens": dt.time(18),
        "closes": dt.time(20),
        "reason": "Impftag",
    }
    return ClosurePlan(centre=centre, **{**defaults, **values})


@pytest.fixture
def close(centre, room, manager):
    def close(
        rooms=(room,), now=NOW, confirmed=(), confirmed_wishes=(), revoke_reason="", **values
    ):
        return create_plan(
            plan=plan(centre, **values),
            rooms=rooms,
            actor=manager,
            now=now,
            confirmed=confirmed,
            confirmed_wishes=confirmed_wishes,
            revoke_reason=revoke_reason,
        )

    return close


def test_a_room_is_closed_every_week(room, close):
    close()
    assert Closure.objects.count() == 8
    with pytest.raises(RefusedError) as refused:
        requested(room, span(day=FRIDAY + 3 * WEEK))
    assert refused.value.refusals[0].code is Code.CLOSED
    assert date_of(requested(room, span("20:00", "21:00"))).stands
    assert differences(now=NOW) == []


def test_school_holidays_are_those_of_the_land_and_what_the_office_changed(room, close):
    HolidayOverride.objects.create(
        kind="school",
        first_day=dt.date(2027, 3, 1),
        last_day=dt.date(2027, 3, 2),
        name="Zeugnisferien",
        is_holiday=True,
    )
    close(
        kind=KIND.SCHOOL_HOLIDAYS,
        weekdays=[],
        last=dt.date(2027, 3, 10),
        opens=dt.time(),
        closes=dt.time(),
    )
    assert [
        (one.starts_at.astimezone().date(), one.ends_at.astimezone().date())
        for one in Closure.objects.order_by("starts_at")
    ][-1] == (dt.date(2027, 3, 1), dt.date(2027, 3, 3))
    christmas = Closure.objects.order_by("starts_at").first()
    assert christmas.ends_at - christmas.starts_at > dt.timedelta(days=10)


def test_all_dates_in_the_way_are_named_and_nothing_is_changed(room, close):
    first = promised(room)
    second = requested(room, span("19:30", "21:00", FRIDAY + 2 * WEEK))
    promised(room, span(day=FRIDAY + WEEK + dt.timedelta(days=1)))  # a Saturday
    with pytest.raises(DatesInTheWayError) as refused:
        close(confirmed=[date_of(first).pk])
    assert refused.value.dates == [date_of(first), date_of(second)]
    assert not ClosurePlan.objects.exists()
    assert not Closure.objects.exists()
    close(confirmed=[date_of(first).pk, date_of(second).pk])
    assert date_of(first).state == DateState.APPROVED
    assert date_of(second).stands
    assert differences(now=NOW) == []


def test_wishes_that_hold_a_time_of_the_plan_are_named_too(room, close):
    booking = promised(room, span("08:00", "10:00"))
    change = wish([move(date_of(booking), span(day=FRIDAY + WEEK))])
    with pytest.raises(DatesInTheWayError) as refused:
        close()
    assert [one.change for one in refused.value.wishes] == [change]
    assert not Closure.objects.exists()
    close(confirmed_wishes=[change.pk])
    change.refresh_from_db()
    assert change.holds
    assert differences(now=NOW) == []


def test_confirmed_promises_can_be_taken_back_in_the_same_step(hall, close, manager):
    whole, north, _south = hall
    dates = [promised(north), promised(whole, span(day=FRIDAY + WEEK))]
    undecided = requested(north, span(day=FRIDAY + 2 * WEEK))
    waiting = requested_too(north)
    OutgoingMail.objects.all().delete()
    keys = [date_of(one).pk for one in (*dates, undecided)]
    close(rooms=[whole], confirmed=keys, revoke_reason="Der Saal wird gebraucht.")
    assert {date_of(one).state for one in dates} == {DateState.REVOKED}
    assert date_of(undecided).state == DateState.REQUESTED
    assert date_of(waiting).state == DateState.WAITLISTED
    assert OutgoingMail.objects.filter(subject__startswith="Vom Zentrum abgesagt").count() == 2
    assert differences(now=NOW) == []


def test_what_a_group_was_offered_is_taken_back_too(room, close):
    first, waiting = promised(room), requested_too(room)
    give_up(date=date_of(first), actor=first.requester, now=NOW)
    assert date_of(waiting).state == DateState.OFFERED
    close(confirmed=[date_of(waiting).pk], revoke_reason="Der Saal wird gebraucht.")
    assert date_of(waiting).state == DateState.REVOKED
    mail = OutgoingMail.objects.get(subject__startswith="Vom Zentrum abgesagt")
    assert "Wir müssen unser Angebot für den 27. November 2026 leider zurücknehmen." in " ".join(
        mail.text.split()
    )
    assert differences(now=NOW) == []


def test_all_spaces_are_locked_in_one_go(centre, room, hall, close, monkeypatch):
    """Also where a wish to change goes: who locks one after the other may meet in a circle."""
    first = promised(hall[1])
    kitchen = add_room(centre, "Küche")
    wish([move(date_of(first), room=room)])
    second = promised(hall[1], span(day=FRIDAY + WEEK))
    wish([move(date_of(second), room=kitchen)])
    locked: list[set[int]] = []
    lock = ledger.lock_spaces

    def note(*space_ids, **rooms) -> set[int]:
        locked.append(lock(*space_ids, **rooms))
        return locked[-1]

    monkeypatch.setattr(ledger, "lock_spaces", note)
    keys = [date_of(one).pk for one in (first, second)]
    close(rooms=[hall[1]], confirmed=keys, revoke_reason="Der Saal wird gebraucht.")
    assert {date_of(one).state for one in (first, second)} == {DateState.REVOKED}
    assert all(spaces <= locked[0] for spaces in locked[1:])
    assert locked[0] == set(Space.objects.values_list("pk", flat=True))
    assert differences(now=NOW) == []


def test_the_queries_depend_neither_on_the_times_nor_on_the_dates(room, close):
    counts = []
    for weeks in (2, 40):
        booked = [
            promised(room, span(day=FRIDAY + number * WEEK)) for number in range(weeks // 8 + 1)
        ]
        keys = [date_of(one).pk for one in booked]
        with CaptureQueriesContext(connection) as captured:
            made = close(last=FRIDAY + weeks * WEEK, confirmed=keys)
        with CaptureQueriesContext(connection) as opened:
            delete_plan(plan=made, now=NOW)
        counts.append((len(captured), len(opened)))
        for one in booked:
            give_up(date=date_of(one), actor=one.requester, now=NOW)
    assert counts[0] == counts[1]


def test_opening_again_leaves_what_is_over_and_ends_what_goes_on(room, close):
    made = close()
    now = span("18:30", "20:00", FRIDAY + WEEK).start
    delete_plan(plan=made, now=now)
    assert list(Closure.objects.order_by("starts_at").values_list("plan", "ends_at")) == [
        (None, span("18:00", "20:00").end),
        (None, now),
    ]
    assert not ClosurePlan.objects.exists()
    assert Occupancy.objects.count() == 2
    assert differences(now=now) == []
    assert date_of(requested(room, span("18:45", "20:00", FRIDAY + WEEK), now=now)).stands


def test_who_waits_is_let_in_when_the_room_is_open_again(room, close):
    first = promised(room)
    waiting = requested_too(room)
    made = close(confirmed=[date_of(first).pk])
    give_up(date=date_of(first), actor=first.requester, now=NOW)
    assert date_of(waiting).state == DateState.WAITLISTED
    delete_plan(plan=made, now=NOW)
    assert date_of(waiting).state == DateState.OFFERED
    assert differences(now=NOW) == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"last": FRIDAY - WEEK}, "last"),
        ({"closes": dt.time(18)}, "closes"),
        ({"weekdays": []}, "weekdays"),
        ({"weekdays": [9]}, "weekdays"),
        ({"last": FRIDAY + 110 * WEEK}, "last"),
        ({"kind": KIND.SCHOOL_HOLIDAYS, "last": FRIDAY + WEEK}, "last"),
        ({"kind": "sometimes"}, "kind"),
        ({"reason": ""}, "reason"),
        ({"rooms": []}, "rooms"),
        ({"now": NOW + dt.timedelta(days=90)}, "last"),
    ],
)
def test_a_plan_that_cannot_be_kept_is_refused_at_its_field(close, values, field):
    with pytest.raises(ValidationError) as refused:
        close(**values)
    assert list(refused.value.message_dict) == [field]
    assert not ClosurePlan.objects.exists()


def test_the_rooms_are_of_the_centre(close, nordholz):
    with pytest.raises(ValidationError, match="Räume"):
        close(rooms=[add_room(nordholz.centre)])
