"""The lived-in house of the demo: rooms, groups, what is promised and what waits."""

import datetime as dt

import pytest

from bookings.models import (
    Association,
    Booking,
    BookingDate,
    ChangeRequest,
    Closure,
    Occupancy,
    Room,
)
from bookings.rules.states import DateState
from bookings.selectors.waiting import other_requests
from cms.models import Centre, CustomImage, User
from cms.opening_hours import BERLIN
from home.demo import build_bookings, floor_plan, room_drawing
from tests.home.conftest import TODAY, load

MONDAY = dt.date(2026, 11, 23)


def dates(**filters) -> list[BookingDate]:
    found = BookingDate.objects.filter(**filters).select_related("occurrence", "room__centre")
    return list(found.order_by("occurrence__start"))


def wall_clock(date: BookingDate) -> tuple[str, str]:
    start, end = (edge.astimezone(BERLIN) for edge in date.span)
    return f"{start:%a %H:%M}", f"{end:%H:%M}"


def test_every_open_centre_has_rooms(demo):
    rooms = {(room.centre.slug, room.slug) for room in Room.objects.select_related("centre")}

    assert rooms >= {
        ("alfeld", "saal"),
        ("alfeld", "saal-nord"),
        ("alfeld", "saal-sued"),
        ("alfeld", "besprechung"),
        ("nordholz", "saal"),
        ("nordholz", "kursraum"),
    }
    assert {centre for centre, _room in rooms} == {
        "alfeld",
        "nordholz",
        "nordenham",
        "baddeckenstedt",
        "auetal",
    }


def test_the_halves_of_the_hall_make_up_the_hall(demo):
    whole, north, south = (
        set(Room.objects.get(centre__slug="alfeld", slug=slug).spaces.values_list("pk", flat=True))
        for slug in ("saal", "saal-nord", "saal-sued")
    )

    assert whole == north | south
    assert len(north) == len(south) == 1
    assert north != south


def test_the_hall_has_a_picture_and_a_floor_plan_of_its_centre(demo):
    room = Room.objects.select_related("picture", "floor_plan__collection", "centre").get(
        centre__slug="alfeld", slug="saal"
    )

    assert room.picture == CustomImage.objects.get(title=room_drawing.TITLE)
    assert room.floor_plan == CustomImage.objects.get(title=floor_plan.TITLE)
    assert room.floor_plan.collection == room.centre.collection


def test_the_choir_meets_every_tuesday_eight_weeks_back_and_forward(demo):
    rehearsals = dates(booking__association__name="Gemischter Chor", booking__purpose="Chorprobe")

    assert [date.occurrence.start.astimezone(BERLIN).date() for date in rehearsals] == [
        MONDAY + dt.timedelta(weeks=week, days=1) for week in range(-8, 9)
    ]
    # The clocks went back in between.
    assert {wall_clock(date) for date in rehearsals} == {("Tue 19:30", "21:30")}
    assert len({date.booking_id for date in rehearsals}) == 1
    ahead = [date for date in rehearsals if date.span.start.date() >= TODAY]
    assert {date.state for date in ahead} == {DateState.APPROVED}


def test_every_date_ahead_is_in_its_room_and_all_requests_are_in_the_past(demo):
    midnight = dt.datetime.combine(TODAY, dt.time(), tzinfo=BERLIN)

    assert not Booking.objects.filter(sent_at__gte=midnight).exists()
    for date in dates():
        assert date.occurrence.event.calendar_id == date.room.calendar_id
        assert date.span.start > date.booking.sent_at


def test_three_requests_are_open_and_two_of_them_want_the_same_time(demo):
    open_dates = dates(state=DateState.REQUESTED, room__centre__slug="alfeld")
    sports_club = Association.objects.get(checked_at=None)
    theirs = next(d for d in open_dates if d.booking.association == sports_club)

    assert len(open_dates) == BookingDate.objects.filter(state=DateState.REQUESTED).count() == 3
    rivals = other_requests([theirs])
    assert [rival.booking.association.name for rival in rivals] == ["Landfrauen"]
    assert (rivals[0].stands, theirs.stands) == (True, False)


def test_the_choir_is_asked_something(demo):
    booking = Booking.objects.get(question_due__gt=TODAY)

    assert booking.association.name == "Gemischter Chor"
    assert booking.question
    assert [date.state for date in booking.dates.all()] == [DateState.NEEDS_INFO]


def test_a_group_wishes_another_time_and_the_time_is_kept_free(demo):
    wish = ChangeRequest.objects.get()

    assert wish.booking.association.name == "Selbsthilfegruppe Angehörige"
    assert wish.holds
    assert wish.text


def test_a_refusal_has_its_reason(demo):
    (refused,) = dates(state=DateState.REJECTED)

    assert refused.booking.association.name == "Turngemeinschaft Leinetal"
    assert refused.reason


def test_the_name_of_the_self_help_group_stays_private(demo):
    hidden = Association.objects.filter(name_is_public=False)

    assert [group.name for group in hidden] == ["Selbsthilfegruppe Angehörige"]


def test_the_hall_is_closed_for_cleaning_and_for_a_vaccination_day(demo):
    closures = Closure.objects.filter(starts_at__date__gt=TODAY)

    assert {closure.reason for closure in closures} == {"Reinigung", "Impftag"}
    assert Occupancy.objects.filter(closure__in=closures).count() == 4


def test_the_people_of_the_choir_act_for_it(demo):
    choir = Association.objects.get(name="Gemischter Chor")

    assert {(m.user.email, m.role) for m in choir.memberships.select_related("user")} == {
        ("vorstand@chor.example.org", "main_contact"),
        ("mitglied@chor.example.org", "may_book"),
    }
    assert choir.checked_by == User.objects.get(email="leitung.alfeld@example.org")


DAYS = [
    *(dt.date(2026, 11, day) for day in (23, 28, 29)),  # a Monday, the days of a weekend
    dt.date(2026, 10, 25),  # the clocks go back
    dt.date(2026, 12, 24),
    dt.date(2027, 1, 1),
    dt.date(2027, 3, 28),  # the clocks go forward
]


@pytest.mark.parametrize("today", DAYS)
def test_it_is_complete_on_every_day(demo, today):
    expected = Booking.objects.count()
    forget_bookings()

    build_bookings.ensure_bookings(today)

    assert Booking.objects.count() == expected
    assert Closure.objects.count() == 2


def forget_bookings() -> None:
    Occupancy.objects.all().delete()
    for booking in Booking.objects.all():
        booking.log.all().delete()
        booking.changes.all().delete()
        booking.dates.all().delete()
        booking.delete()
    Closure.objects.all().delete()
    Association.objects.all().delete()
    User.objects.exclude(email__startswith="leitung").exclude(is_superuser=True).delete()


# Running it again -------------------------------------------------------------------------------


def test_a_date_that_was_called_off_stays_away_and_no_group_comes_twice(demo):
    Association.objects.filter(name="Landfrauen").update(name="Landfrauen Leinetal")
    date = dates(booking__association__name="Shantychor")[-1]
    date.occupancy.all().delete()
    BookingDate.objects.filter(pk=date.pk).update(state=DateState.REVOKED)
    before = Booking.objects.count(), Association.objects.count(), Occupancy.objects.count()

    load()

    assert before == (
        Booking.objects.count(),
        Association.objects.count(),
        Occupancy.objects.count(),
    )


def test_a_room_that_is_missing_comes_back_and_a_renamed_one_is_not_doubled(demo):
    Room.objects.filter(centre__slug="nordholz", slug="kursraum").update(slug="gymnastik")
    Centre.objects.get(slug="auetal").closures.all().delete()

    load()

    assert Room.objects.filter(centre__slug="nordholz").count() == 2


def test_whoever_has_the_time_keeps_it(demo):
    """A group of the demo that comes later does not push anybody out."""
    forget_bookings()
    room = Room.objects.get(centre__slug="alfeld", slug="saal")
    Room.objects.filter(pk=room.pk).update(capacity=10)  # too small for the choir

    build_bookings.ensure_bookings(TODAY)

    assert not dates(booking__association__name="Gemischter Chor")
    assert dates(booking__association__name="Shantychor")
