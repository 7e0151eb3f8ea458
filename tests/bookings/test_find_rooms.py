"""Which rooms are free: at a time, on the dates of a series, for whom and with what."""

import datetime as dt

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookings.models import (
    BookingPolicy,
    Closure,
    Equipment,
    Layout,
    Occupancy,
    Room,
    RoomHours,
    UseBuffer,
)
from bookings.rules.policy import OutsideHours, Policy
from bookings.rules.refusals import Code, Wish, refusals_of
from bookings.rules.spans import Span
from bookings.rules.wall_clock import span_on
from bookings.selectors.alternatives import alternative_to
from bookings.selectors.find import Found, Wanted, find_rooms, free_days, nearest_times
from bookings.selectors.find.asked import Asked
from bookings.selectors.hours import ReadOpening, hours_on, openings_on
from bookings.selectors.occupancy import is_free
from bookings.selectors.rooms import bookable_rooms, space_ids_of
from bookings.services.closures import create_closure
from cms.models import Centre
from tests.factories.bookings import FRIDAY, NOW, add_room, date_of, promised, requested, span
from tests.factories.cms import UserFactory

WEEK = dt.timedelta(days=7)
FIND = 2  # the ledger with all rooms and dates, and the policies


def fridays(count: int, start: str = "19:00", end: str = "21:00") -> list[Span]:
    return [span(start, end, FRIDAY + number * WEEK) for number in range(count)]


def find(centre: Centre, *spans: Span, **wanted) -> list[Found]:
    return find_rooms([centre], Wanted(**wanted), spans or [span()], now=NOW)


def names(found: list[Found]) -> list[str]:
    return [one.room.name for one in found if one.fits]


def refused(found: list[Found], room: Room) -> dict[int, Code]:
    (one,) = [one for one in found if one.room == room]
    return dict(one.refused)


def close(room: Room, when: Span) -> Closure:
    """Close a room; nobody is asked."""
    return create_closure(
        centre=room.centre,
        rooms=[room],
        reason="Reinigung",
        span=when,
        actor=UserFactory.create(),
        now=NOW,
    )


# One time ----------------------------------------------------------------------------------------


def test_the_smallest_room_that_is_large_enough_leads(centre, room, hall):
    assert names(find(centre)) == ["Kursraum", "Saal Nord", "Saal Süd", "Saal"]
    assert names(find(centre, persons=26)) == ["Saal Nord", "Saal Süd", "Saal"]
    assert names(find(centre, persons=61)) == []


def test_taken_room_is_not_free(centre, room, hall):
    promised(room)
    found = find(centre)
    assert "Kursraum" not in names(found)
    assert refused(found, room) == {0: Code.TAKEN}
    assert found[-1].room == room


def test_time_that_somebody_asked_for_first_is_not_free(centre, room):
    requested(room)
    assert names(find(centre)) == []


def test_half_takes_the_hall_but_not_the_other_half(centre, hall):
    _whole, north, _south = hall
    promised(north)
    assert names(find(centre)) == ["Saal Süd"]


def test_hall_takes_both_halves(centre, hall):
    promised(hall[0])
    assert names(find(centre)) == []


def test_what_only_touches_is_free(centre, room):
    promised(room)
    assert names(find(centre, span("21:00", "22:00"))) == ["Kursraum"]
    assert names(find(centre, span("17:00", "19:00"))) == ["Kursraum"]
    assert names(find(centre, span("20:45", "21:45"))) == []


def test_each_room_needs_its_own_time_around_a_date(centre, room):
    wide = add_room(centre, "Werkraum", capacity=25, setup_minutes=60, turnover_minutes=30)
    promised(room, span("15:00", "16:00"))
    promised(wide, span("15:00", "16:00"))  # takes 14:00–16:30
    assert names(find(centre, span("16:00", "17:00"))) == ["Kursraum"]
    assert names(find(centre, span("17:15", "18:00"))) == ["Kursraum"]
    assert names(find(centre, span("17:30", "18:00"))) == ["Kursraum", "Werkraum"]
    assert names(find(centre, span("12:45", "13:45"))) == ["Kursraum"]
    assert names(find(centre, span("12:30", "13:30"))) == ["Kursraum", "Werkraum"]


def test_closed_room_is_named_closed(centre, room):
    close(room, span("08:00", "12:00"))
    assert refused(find(centre, span("11:00", "13:00")), room) == {0: Code.CLOSED}
    assert names(find(centre, span("12:00", "13:00"))) == ["Kursraum"]


def test_hours_are_those_of_the_weekday_on_berlins_clock(centre):
    evening = add_room(centre, "Saal", hours=None)
    RoomHours.objects.create(room=evening, weekday=4, opens="19:00", closes="00:00")
    RoomHours.objects.create(room=evening, weekday=4, opens="17:00", closes="19:00")
    assert names(find(centre, span("17:00", "00:00"))) == ["Saal"]
    assert refused(find(centre, span("16:45", "18:00")), evening) == {0: Code.OUTSIDE_HOURS}
    thursday = span("19:00", "20:00", FRIDAY - dt.timedelta(days=1))
    assert refused(find(centre, thursday), evening) == {0: Code.NOT_OPEN}


@pytest.mark.parametrize(
    ("when", "code"),
    [
        (span("19:00", "19:15"), Code.TOO_SHORT),
        (span("09:00", "10:00", NOW.date()), Code.PAST_TIME),
        (span(day=NOW.date() - dt.timedelta(days=1)), Code.PAST_DAY),
        (span(day=NOW.date() + dt.timedelta(days=367)), Code.TOO_FAR),
    ],
)
def test_time_that_cannot_be_asked_for_is_not_free(centre, room, when, code):
    assert refused(find(centre, when), room) == {0: code}


def test_each_room_has_its_own_policy(centre, room):
    other = add_room(centre, "Saal")
    BookingPolicy.objects.create(centre=centre, lead_hours=24, raster_minutes=30)
    BookingPolicy.objects.create(
        centre=centre, room=other, lead_hours=0, longest_minutes=90, outside_hours="on_request"
    )
    soon = span(day=NOW.date())
    assert refused(find(centre, soon), room) == {0: Code.TOO_SOON}
    assert refused(find(centre, soon), other) == {0: Code.TOO_LONG}
    assert refused(find(centre, span("19:15", "20:15")), room) == {0: Code.OFF_RASTER}
    assert names(find(centre, span("22:30", "23:30"))) == ["Saal"]


def test_kind_of_use_may_need_more_time(centre, room):
    UseBuffer.objects.create(room=room, use="party", setup_minutes=60, turnover_minutes=0)
    promised(room, span("15:00", "16:00"))
    after = span("16:00", "18:00")
    assert names(find(centre, after)) == names(find(centre, after, use="sport")) == ["Kursraum"]
    assert names(find(centre, after, use="party")) == []
    found = find(centre, after, use="party")
    (suggestion,) = nearest_times(found, after, now=NOW)
    assert suggestion.span == span("17:00", "19:00")


def test_hidden_rooms_and_other_centres_are_not_found(centre, room, nordholz):
    add_room(centre, "Lager", is_public=False)
    other = add_room(nordholz.centre, "Saal")
    assert names(find(centre)) == ["Kursraum"]
    both = find_rooms([nordholz.centre, centre], Wanted(), [span()], now=NOW)
    assert [one.room for one in both] == [room, other]  # the smaller one
    assert both[1].room.centre == nordholz.centre


def test_centre_without_rooms_has_none(centre):
    assert find(centre) == []


# What is wanted ----------------------------------------------------------------------------------


def test_equipment_all_of_it(centre, room, hall):
    piano, projector = (Equipment.objects.create(name=name) for name in ("Klavier", "Beamer"))
    room.equipment.set([piano])
    hall[0].equipment.set([piano, projector])
    assert names(find(centre, equipment=frozenset([piano.pk]))) == ["Kursraum", "Saal"]
    assert names(find(centre, equipment=frozenset([piano.pk, projector.pk]))) == ["Saal"]


@pytest.mark.parametrize("field", ["step_free", "hearing_loop"])
def test_access_partly_is_content_with_yes_and_unknown_is_no_answer(centre, field):
    for answer in ("yes", "partly", "no", "unknown"):
        room = add_room(centre, answer)
        Room.objects.filter(pk=room.pk).update(**{field: answer})
    assert names(find(centre, **{field: "yes"})) == ["yes"]
    assert names(find(centre, **{field: "partly"})) == ["partly", "yes"]
    assert len(names(find(centre))) == 4


def test_seating_has_to_hold_the_persons(centre, hall):
    whole, north, _south = hall
    Layout.objects.create(room=whole, name="Tische", capacity=32)
    Layout.objects.create(room=north, name="Tische", capacity=12)
    found = find(centre, layout="Tische")
    assert [(one.room.name, one.capacity) for one in found] == [("Saal Nord", 12), ("Saal", 32)]
    assert names(find(centre, layout="Tische", persons=13)) == ["Saal"]
    assert names(find(centre, layout="Kreis")) == []


# Series ------------------------------------------------------------------------------------------


def test_series_counts_the_dates_and_names_those_that_are_not_free(centre, room, hall):
    whole, north, _south = hall
    dates = fridays(6)
    promised(room, dates[1])
    promised(north, dates[2])
    close(room, dates[4])
    found = find(centre, *dates)
    assert [(one.room.name, one.free, one.asked) for one in found] == [
        ("Saal Süd", 6, 6),
        ("Saal Nord", 5, 6),
        ("Saal", 5, 6),
        ("Kursraum", 4, 6),
    ]
    assert names(found) == ["Saal Süd"]
    assert refused(found, room) == {1: Code.TAKEN, 4: Code.CLOSED}
    assert refused(found, whole) == {2: Code.TAKEN}


def test_series_over_the_clock_change_stays_on_the_wall_clock(centre, room):
    """Hours end at 22:00 in winter and in summer; in UTC these are two times."""
    sundays = [span("21:00", "22:00", dt.date(2027, 3, 21) + number * WEEK) for number in range(3)]
    assert names(find(centre, *sundays)) == ["Kursraum"]
    promised(room, sundays[2])
    assert refused(find(centre, *sundays), room) == {2: Code.TAKEN}


def test_night_of_the_clock_change_is_looked_at_on_its_own(centre):
    """In the night to 31 October 2027 three hours lie between 1:00 and 3:00."""
    night = add_room(centre, "Saal", hours=("01:00", "03:00"))
    days = [dt.date(2027, 10, 24) + number * WEEK for number in range(3)]
    now = dt.datetime(2027, 10, 1, tzinfo=dt.UTC)
    spans = [span("01:00", "03:00", day) for day in days]
    assert find_rooms([centre], Wanted(), spans, now=now)[0].fits
    three_hours = [
        Span(one.start, one.start.astimezone(dt.UTC) + dt.timedelta(hours=3)) for one in spans
    ]
    (found,) = find_rooms([centre], Wanted(), three_hours, now=now)
    assert found.room == night
    assert set(found.refused) == {0, 2}


# The same answer as a plain look at every room and date, whatever is there --------------------------

quarters = st.integers(0, 24 * 4 - 8)
lengths = st.integers(1, 8)
times = st.tuples(st.integers(0, 3), quarters, lengths)


def at(week: int, quarter: int, length: int) -> Span:
    start = span_on(FRIDAY + week * WEEK, dt.time(), dt.time()).start.astimezone(dt.UTC)
    step = dt.timedelta(minutes=15)
    return Span(start + quarter * step, start + (quarter + length) * step)


@pytest.fixture
def rooms(centre, hall) -> list[Room]:
    add_room(centre, "Werkraum", setup_minutes=45, turnover_minutes=15)
    add_room(centre, "Probenraum", setup_minutes=0, turnover_minutes=120)
    return list(bookable_rooms().prefetch_related("hours"))


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # the test empties the ledger
)
@given(taken=st.lists(st.tuples(st.integers(0, 3), times), max_size=6), wanted=times, count=lengths)
def test_find_says_what_a_look_at_each_room_and_date_says(centre, rooms, taken, wanted, count):
    Occupancy.objects.all().delete()
    Closure.objects.all().delete()
    spaces = sorted({key for room in rooms for key in space_ids_of(room)})
    for place, when in taken:
        closure = Closure.objects.create(
            centre=centre,
            reason="zu",
            starts_at=at(*when).start,
            ends_at=at(*when).end,
            created_at=NOW,
        )
        Occupancy.objects.create(
            space_id=spaces[place], closure=closure, period=DateTimeTZRange(*at(*when))
        )
    week, *rest = wanted
    asked = [at((week + number) % 4, *rest) for number in range(min(count, 4))]
    for one in find_rooms([centre], Wanted(), asked, now=NOW):
        room = next(room for room in rooms if room == one.room)
        for number, when in enumerate(asked):
            day = FRIDAY + ((week + number) % 4) * WEEK
            expected = (
                any(opening.contains(when) for opening in hours_on(room, day))
                and when.length >= room.policy.shortest
                and is_free(space_ids_of(room), when.widened(*room.buffers))
            )
            assert (number not in one.refused) == expected


policies = st.builds(
    Policy,
    lead_hours=st.sampled_from([0, 30, 400]),
    horizon_days=st.sampled_from([2, 20, 366]),
    shortest_minutes=st.sampled_from([30, 60]),
    longest_minutes=st.sampled_from([90, 1440]),
    raster_minutes=st.sampled_from([15, 60]),
    outside_hours=st.sampled_from(OutsideHours),
)
weeks = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from([8, 12]), st.sampled_from([12, 20, 0])).map(
        lambda row: ReadOpening(row[0], dt.time(row[1]), dt.time(row[2]))
    ),
    max_size=8,
).map(tuple)
dates = st.tuples(st.integers(-3, 30), st.integers(0, 90), st.integers(1, 60))


@settings(max_examples=80, deadline=None)
@given(policy=policies, openings=weeks, asked=st.lists(dates, min_size=1, max_size=8))
def test_dates_are_refused_as_a_request_for_them_would_be(policy, openings, asked):
    days = [NOW.date() + dt.timedelta(days=row[0]) for row in asked]
    spans = []
    for day, (_ahead, start, length) in zip(days, asked, strict=True):
        begin = span_on(day, dt.time(), dt.time()).start.astimezone(dt.UTC)
        first, last = (
            begin + dt.timedelta(minutes=15 * n) for n in (start, min(start + length, 96))
        )
        spans.append(Span(first, last))
    refused = Asked(spans, now=NOW).refused(openings, policy)
    for number, one in enumerate(spans):
        said = refusals_of(
            Wish.of(one, persons=1),
            capacity=1,
            hours=openings_on(openings, days[number]),
            policy=policy,
            now=NOW,
        )
        assert (refused.get(number) is None) == (not said), said


# Free spans of one room, and what is nearest ---------------------------------------------------------


def free(room: Room, first: dt.date, days: int, now: dt.datetime = NOW) -> dict[dt.date, list[str]]:
    room = bookable_rooms().prefetch_related("hours").get(pk=room.pk)
    asked = [first + dt.timedelta(days=number) for number in range(days)]
    found = free_days(room, space_ids_of(room), asked, now=now)
    return {
        day: ["–".join(f"{edge.astimezone(NOW.tzinfo):%H:%M}" for edge in one) for one in spans]
        for day, spans in found.items()
    }


def test_free_spans_of_a_day(centre):
    room = add_room(centre, "Saal", setup_minutes=30, turnover_minutes=15)
    promised(room, span("12:00", "14:00"))  # takes 11:30–14:15
    assert free(room, FRIDAY, 1) == {FRIDAY: ["08:00–11:15", "14:45–22:00"]}


def test_free_spans_of_a_week_leave_out_what_is_over(room):
    tuesday = NOW.date()
    monday = tuesday - dt.timedelta(days=1)
    promised(room, span("08:00", "22:00", FRIDAY))
    assert free(room, monday, 7) == {
        monday: [],
        tuesday: ["10:15–22:00"],
        FRIDAY: [],
        **{monday + dt.timedelta(days=day): ["08:00–22:00"] for day in (2, 3, 5, 6)},
    }


@pytest.mark.parametrize("day", [dt.date(2027, 3, 28), dt.date(2027, 10, 31)])
def test_what_is_free_is_counted_by_the_clock_where_it_is_changed(centre, day):
    BookingPolicy.objects.create(centre=centre, shortest_minutes=180, longest_minutes=180)
    room = add_room(centre, "Saal", hours=("01:00", "04:00"))  # two hours go by, or four
    assert free(room, day, 1) == {day: ["01:00–04:00"]}
    add_room(centre, "Probenraum", hours=("01:00", "04:00"))
    own = date_of(promised(room, span("01:00", "04:00", day)))
    found = alternative_to(own, now=NOW)
    assert found is not None
    assert (found.room.name, found.span) == ("Probenraum", own.span)


def test_free_spans_end_at_the_horizon(room):
    last = NOW.date() + dt.timedelta(days=366)
    assert free(room, last, 2) == {last: ["08:00–22:00"], last + dt.timedelta(days=1): []}


def test_free_spans_know_buffers_over_midnight(centre):
    room = add_room(centre, "Saal", hours=("00:00", "00:00"), setup_minutes=120)
    promised(room, span("01:00", "02:00", FRIDAY))  # takes 23:00–2:00
    eve = FRIDAY - dt.timedelta(days=1)
    assert free(room, eve, 2) == {eve: ["00:00–23:00"], FRIDAY: ["04:00–00:00"]}


def nearest(centre: Centre, when: Span) -> list[tuple[str, str]]:
    suggestions = nearest_times(find(centre, when), when, now=NOW)
    return [
        (one.found.room.name, f"{one.span.start.astimezone(NOW.tzinfo):%H:%M}")
        for one in suggestions
    ]


def test_nearest_time_of_the_same_day_and_length(centre, room):
    other = add_room(centre, "Saal")
    promised(room)  # 19–21
    promised(other, span("16:00", "20:00"))
    assert nearest(centre, span()) == [("Saal", "20:00"), ("Kursraum", "17:00")]
    assert nearest(centre, span("19:00", "22:00")) == [("Kursraum", "16:00"), ("Saal", "13:00")]
    assert nearest(centre, span("08:00", "22:00")) == []


def test_nearest_time_can_be_asked_for(centre, room):
    BookingPolicy.objects.create(centre=centre, raster_minutes=15, shortest_minutes=60)
    promised(room)  # 19–21
    found = find(centre, span("19:37", "21:20"))
    (best,) = nearest_times(found, span("19:37", "21:20"), now=NOW)
    assert best.span == span("17:15", "19:00")
    (best,) = nearest_times(found, span("21:05", "21:20"), now=NOW)
    assert best.span == span("21:00", "22:00")
    BookingPolicy.objects.update(longest_minutes=90)
    found = find(centre, span("19:37", "21:20"))
    assert nearest_times(found, span("19:37", "21:20"), now=NOW) == []


def test_nearest_time_is_not_over(centre, room):
    promised(room, span("12:00", "22:00", NOW.date()), now=NOW)
    assert nearest(centre, span("12:00", "13:00", NOW.date())) == [("Kursraum", "11:00")]
    assert nearest(centre, span("12:00", "14:00", NOW.date())) == []


# Queries -----------------------------------------------------------------------------------------


def test_number_of_queries_however_many_rooms_dates_and_bookings(
    centre, room, django_assert_num_queries
):
    promised(room)
    with django_assert_num_queries(FIND):
        find(centre)
    for number in range(5):
        promised(add_room(centre, f"Raum {number}"), fridays(5)[number])
    with django_assert_num_queries(FIND):
        found = find(centre, *fridays(52))
    with django_assert_num_queries(1):
        nearest_times(found, span(), now=NOW)
    [whole] = bookable_rooms().filter(pk=room.pk).prefetch_related("hours")
    assert whole.policy
    days = [FRIDAY + dt.timedelta(days=number) for number in range(31)]
    with django_assert_num_queries(1):
        free_days(whole, space_ids_of(whole), days, now=NOW)
    with django_assert_num_queries(1):
        assert not is_free(space_ids_of(whole), span())


def test_nobody_is_asked_where_nothing_can_be_found(centre, room, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert find_rooms([], Wanted(), [span()], now=NOW) == []
        assert find_rooms([centre], Wanted(), [], now=NOW) == []
        assert nearest_times([], span(), now=NOW) == []


def test_postgresql_does_not_compile_the_statement_first(db):
    """It expects many rows and would take seconds to compile what runs in milliseconds."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
