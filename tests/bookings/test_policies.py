"""Rules for bookings: the room's before the centre's before the usual ones; none contradict."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import BookingPolicy, Room
from bookings.models.policies import policies_of
from bookings.rules.policy import POLICY, Approval, Bookers, PublicDetail, Window
from bookings.selectors.policies import read_policies
from bookings.services.policies import save_policy
from tests.factories.bookings import add_room

pytestmark = pytest.mark.django_db


def again(room: Room) -> Room:
    return Room.objects.get(pk=room.pk)


def test_without_rules_the_usual_ones_hold(room):
    assert room.policy == POLICY


def test_the_room_comes_before_the_centre(centre, room):
    other = add_room(centre, "Besprechung")
    save_policy(centre=centre, values={"hold_days": 10, "raster_minutes": 30, "guests": True})
    save_policy(centre=centre, room=room, values={"hold_days": 5, "guests": False})
    rules = policies_of([room, other])
    assert (rules[room.pk].hold_days, rules[room.pk].raster_minutes) == (5, 30)
    assert (rules[room.pk].guests, rules[other.pk].guests) == (False, True)
    assert rules[other.pk].hold_days == 10


def test_saving_again_forgets_what_is_not_set_any_more(centre, room):
    save_policy(centre=centre, values={"hold_days": 10, "bookers": Bookers.CHECKED.value})
    save_policy(centre=centre, values={"public_detail": PublicDetail.TAKEN.value})
    assert BookingPolicy.objects.count() == 1
    policy = again(room).policy
    assert (policy.hold_days, policy.bookers) == (POLICY.hold_days, POLICY.bookers)
    assert policy.public_detail is PublicDetail.TAKEN


def test_windows_come_along(centre, room):
    window = Window(1, dt.time(17), dt.time())
    save_policy(centre=centre, values={"approval": Approval.IN_WINDOWS.value}, windows=[window])
    assert again(room).policy.windows == (window,)
    save_policy(centre=centre, values={})
    assert again(room).policy == POLICY


def test_the_rules_of_many_rooms_cost_one_query(centre, room, django_assert_num_queries):
    rooms = [room, *(add_room(centre, f"Raum {number}") for number in range(4))]
    for one in rooms:
        save_policy(centre=centre, room=one, values={"hold_days": 5})
    with django_assert_num_queries(1):
        read_policies(rooms)
        assert {one.policy.hold_days for one in rooms} == {5}


CONTRADICTIONS = [
    ({"shortest_minutes": 120, "longest_minutes": 60}, "shortest_minutes", "länger als"),
    ({"raster_minutes": 60}, "shortest_minutes", "Vielfaches"),
    ({"raster_minutes": 7}, "raster_minutes", ""),
    ({"raster_minutes": 30, "longest_minutes": 100}, "longest_minutes", "Vielfaches"),
    ({"longest_minutes": 2000}, "longest_minutes", ""),
    ({"lead_hours": 240, "horizon_days": 10}, "lead_hours", "Niemand könnte"),
    ({"horizon_days": 1000}, "horizon_days", ""),
    ({"hold_days": 3}, "warning_days", "Erinnerung"),
    ({"approval": "in_windows"}, "approval", "Zeiten"),
    ({"guests": True, "bookers": "checked"}, "guests", "Gäste"),
    ({"quota_week_hours": 1, "shortest_minutes": 90}, "quota_week_hours", "Niemand könnte"),
    ({"offer_hours": 0}, "offer_hours", ""),
    ({"approval": "whatever"}, "approval", ""),
]


@pytest.mark.parametrize(("values", "field", "words"), CONTRADICTIONS)
def test_rules_that_contradict_themselves_are_refused(centre, room, values, field, words):
    with pytest.raises(ValidationError) as refused:
        save_policy(centre=centre, values=values)
    assert words in " ".join(refused.value.message_dict[field])
    assert again(room).policy == POLICY


def test_windows_need_the_choice_that_uses_them(centre):
    window = Window(1, dt.time(17), dt.time(20))
    with pytest.raises(ValidationError):
        save_policy(centre=centre, values={}, windows=[window])
    backwards = Window(1, dt.time(17), dt.time(16))
    with pytest.raises(ValidationError):
        save_policy(
            centre=centre, values={"approval": Approval.IN_WINDOWS.value}, windows=[backwards]
        )
    assert not BookingPolicy.objects.exists()


WINDOW = Window(1, dt.time(17), dt.time(20))


@pytest.mark.parametrize("approval", [Approval.ON_REQUEST, Approval.AT_ONCE])
@pytest.mark.parametrize("room_first", [False, True])
def test_a_room_may_do_without_the_windows_of_its_centre(centre, room, approval, room_first):
    in_windows = {"values": {"approval": Approval.IN_WINDOWS.value}, "windows": [WINDOW]}
    places = [in_windows, {"room": room, "values": {"approval": approval.value}}]
    for place in reversed(places) if room_first else places:
        save_policy(centre=centre, **place)
    policy = again(room).policy
    assert (policy.approval, policy.windows) == (approval, ())
    with pytest.raises(ValidationError):  # its own ones would be without use
        save_policy(centre=centre, room=room, values={"approval": approval.value}, windows=[WINDOW])


def test_the_centre_may_not_contradict_a_room(centre, room):
    save_policy(centre=centre, room=room, values={"longest_minutes": 60})
    with pytest.raises(ValidationError) as refused:
        save_policy(centre=centre, values={"shortest_minutes": 90})
    assert room.name in refused.value.message_dict["shortest_minutes"][0]
    assert again(room).policy.shortest_minutes == POLICY.shortest_minutes


def test_a_room_of_another_centre_is_refused(centre, other_centre_room):
    with pytest.raises(ValidationError):
        save_policy(centre=centre, room=other_centre_room, values={"hold_days": 5})


@pytest.fixture
def other_centre_room(nordholz) -> Room:
    return add_room(nordholz.centre, "Saal")


def test_a_room_without_rules_reads_in_one_query(room):
    with CaptureQueriesContext(connection) as queries:
        assert room.policy == room.policy
    assert len(queries) == 1
