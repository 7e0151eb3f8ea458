"""Closing rooms: dates in the way are named first, and left standing only when confirmed."""

import pytest

from bookings.models import ChangeRequest, Closure, Occupancy
from bookings.rules.refusals import Code, RefusedError
from bookings.selectors.ledger_check import differences
from bookings.services.changes import grant_change
from bookings.services.closures import DatesInTheWayError, create_closure, delete_closure
from bookings.services.decisions import TimeTakenError
from tests.bookings.changing import move, wish
from tests.factories.bookings import NOW, date_of, promised, requested, span

pytestmark = pytest.mark.django_db


def close(rooms, actor, when=None, **values):
    return create_closure(
        centre=rooms[0].centre,
        rooms=rooms,
        span=when or span("08:00", "22:00"),
        reason="Reinigung",
        actor=actor,
        now=NOW,
        **values,
    )


def test_a_closed_room_cannot_be_asked_for(room, manager):
    close([room], manager)
    with pytest.raises(RefusedError) as refused:
        requested(room)
    refusal = refused.value.refusals[0]
    assert (refusal.code, refusal.values["reason"]) == (Code.CLOSED, "Reinigung")


def test_closing_the_hall_closes_its_halves(hall, manager):
    whole, north, south = hall
    close([whole], manager)
    for half in (north, south):
        with pytest.raises(RefusedError):
            requested(half)


def test_dates_in_the_way_are_named_and_nothing_is_changed(room, manager):
    booking = promised(room)
    with pytest.raises(DatesInTheWayError) as refused:
        close([room], manager)
    assert refused.value.dates == [date_of(booking)]
    assert not Closure.objects.exists()


def test_confirmed_dates_stay_and_a_new_one_asks_again(room, manager):
    first = promised(room)
    confirmed = [date_of(first).pk]
    second = requested(room, span("10:00", "12:00"))
    with pytest.raises(DatesInTheWayError):
        close([room], manager, confirmed=confirmed)
    close([room], manager, confirmed=[*confirmed, date_of(second).pk])
    assert date_of(first).stands
    assert Occupancy.objects.filter(booking_date__isnull=False).count() == 2


def test_a_wish_that_holds_the_time_is_named_and_stays_open_when_confirmed(room, manager):
    booking = promised(room)
    change = wish([move(date_of(booking), span("08:00", "10:00"))])
    morning = span("08:00", "12:00")
    with pytest.raises(DatesInTheWayError) as refused:
        close([room], manager, morning)
    (named,) = refused.value.wishes
    assert (refused.value.dates, named.change) == ([], change)
    assert [date.span for date in named.dates] == [span("08:00", "10:00")]
    assert not Closure.objects.exists()
    close([room], manager, morning, confirmed_wishes=[change.pk])
    change.refresh_from_db()
    assert (change.status, change.holds) == (ChangeRequest.Status.OPEN, True)
    with pytest.raises(TimeTakenError) as taken:
        grant_change(change=change, actor=manager, now=NOW)
    assert taken.value.reason == "Reinigung"
    assert differences(now=NOW) == []


def test_closures_may_overlap_each_other(room, manager):
    close([room], manager)
    close([room], manager, span("12:00", "14:00"))
    assert Occupancy.objects.count() == 2


def test_what_is_sent_twice_is_closed_once(room, hall, manager):
    booking = promised(room)
    confirmed = [date_of(booking).pk]
    first = close([room, hall[0]], manager, confirmed=confirmed)
    assert close([hall[0], room], manager) == first
    others = [close([room], manager, confirmed=confirmed), close([hall[0]], manager)]
    assert Closure.objects.exclude(pk=first.pk).count() == len(others)


def test_opening_again_frees_the_time(room, manager):
    closure = close([room], manager)
    delete_closure(closure=closure, now=NOW)
    assert not Occupancy.objects.exists()
    assert date_of(requested(room)).stands
