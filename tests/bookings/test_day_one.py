"""A centre's weekly groups from a list: seen before, all or nothing, and twice is once."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.models import Association, Booking, BookingDate, BookingLog, Occupancy
from bookings.rules.policy import HolidayRule, OutsideHours
from bookings.rules.proposal import Verdict
from bookings.rules.states import Action, DateState
from bookings.rules.weekly_list import WeeklyRow, read_weekly_list
from bookings.selectors.day_one import Preview, preview_import, rooms_of_list
from bookings.selectors.ledger_check import differences
from bookings.selectors.series_check import series_differences
from bookings.services.closures import create_closure
from bookings.services.day_one import ImportRefusedError, import_groups
from bookings.services.housekeeping import end_holds
from bookings.services.policies import save_policy
from cms.models import Centre, OutgoingMail
from cms.opening_hours import BERLIN
from tests.bookings.house import AFTER_THE_HOLD
from tests.factories.bookings import (
    NOW,
    AssociationFactory,
    add_room,
    date_of,
    promised,
    requested,
    span,
)
from tests.reading import main, read

pytestmark = pytest.mark.django_db

CHOIR = "Gemischter Chor;Di;19-21;Kursraum;26.1.2027"
YOGA = "Yoga am Abend;Mi;18-19:30;Kursraum;31.1.2027"
TUESDAY = dt.date(2026, 12, 1)


@pytest.fixture(autouse=True)
def _room(room) -> None:
    """Let there be the room that the lists name."""


def rows(centre: Centre, *lines: str, now=NOW) -> list[WeeklyRow]:
    found = read_weekly_list("\n".join(lines), rooms=rooms_of_list(centre), now=now)
    assert not found.faults
    return list(found.rows)


def seen(centre: Centre, *lines: str, now=NOW, **options) -> Preview:
    return preview_import(centre=centre, rows=rows(centre, *lines, now=now), now=now, **options)


def take_over(centre: Centre, manager, *lines: str, now=NOW, **options):
    found = rows(centre, *lines, now=now)
    return import_groups(centre=centre, rows=found, actor=manager, now=now, **options)


def states_of(booking: Booking) -> dict[dt.date, str]:
    return {date.span.start.date(): date.state for date in booking.dates.all()}


def everything() -> tuple[int, ...]:
    models = (Association, Booking, BookingDate, BookingLog, Occupancy)
    return tuple(model.objects.count() for model in models)


# Seen before -------------------------------------------------------------------------------------


def test_a_row_is_seen_with_its_dates_and_the_holidays_it_leaves_out(centre):
    (one,) = seen(centre, CHOIR).rows
    assert (one.association, one.is_there) == (None, False)
    assert [date.span for date in one.taking_place][:2] == [
        span(day=NOW.date()),
        span(day=TUESDAY),
    ]
    assert {(date.verdict, date.reason) for date in one.holidays} == {
        (Verdict.SCHOOL_HOLIDAYS, "Weihnachtsferien")
    }
    assert len(one.dates) == 10
    assert not one.conflicts


def test_a_known_group_is_found_whatever_its_capital_letters(centre, choir):
    (one,) = seen(centre, CHOIR.upper()).rows
    assert one.association == choir


def test_a_group_at_home_elsewhere_that_has_dates_here_is_known(centre, room, nordholz, manager):
    line = "Shantychor; Do; 19-21; Kursraum; 26.2.2027"
    guests = AssociationFactory.create(name="Shantychor", home_centre=nordholz.centre)
    promised(room, association=guests)
    (preview,) = seen(centre, line).rows
    assert preview.association == guests
    take_over(centre, manager, line)
    assert Association.objects.filter(name="Shantychor").count() == 1


def test_the_rules_of_the_room_say_what_happens_on_holidays(centre, room):
    keep = {"public_holidays": HolidayRule.KEEP, "school_holidays": HolidayRule.KEEP}
    save_policy(centre=centre, values=keep)
    (one,) = seen(centre, CHOIR).rows
    assert not one.holidays
    assert len(one.taking_place) == 10


def test_dates_that_do_not_work_are_named_with_their_reason(centre, room, manager, choir):
    promised(room, span("20:00", "22:00", TUESDAY), association=choir)
    requested(room, span("18:00", "19:30", TUESDAY + dt.timedelta(weeks=1)), association=choir)
    create_closure(
        centre=centre,
        rooms=[room],
        span=span("12:00", "20:00", TUESDAY + dt.timedelta(weeks=2)),
        reason="Impftag",
        actor=manager,
        now=NOW,
    )
    preview = seen(centre, CHOIR.replace("Gemischter Chor", "Skat"))
    assert [
        (date.verdict, date.reason, date.group) for date in preview.in_the_way[0].conflicts
    ] == [
        (Verdict.TAKEN, "", "Gemischter Chor"),
        (Verdict.HELD, "", "Gemischter Chor"),
        (Verdict.CLOSED, "Impftag", ""),
    ]


def test_what_the_group_has_itself_is_said(centre, room, choir):
    promised(room, span(day=TUESDAY), association=choir)
    (conflict,) = seen(centre, CHOIR).rows[0].conflicts
    assert conflict.verdict is Verdict.OWN


def test_times_outside_the_hours_of_the_room_are_conflicts_where_they_are_refused(centre):
    late = CHOIR.replace("19-21", "21-23")
    assert {one.verdict for one in seen(centre, late).rows[0].conflicts} == {Verdict.OUTSIDE_HOURS}
    save_policy(centre=centre, values={"outside_hours": OutsideHours.ON_REQUEST})
    assert not seen(centre, late).in_the_way


def test_the_first_day_can_be_set(centre):
    (one,) = seen(centre, CHOIR, first=dt.date(2027, 1, 1)).rows
    assert one.dates[0].span.start.date() == dt.date(2027, 1, 5)


def test_a_list_costs_the_same_number_of_queries_however_long_it_is(centre, room, manager):
    second = add_room(centre, "Küche")
    lines = [
        f"Gruppe {hour};{day};{hour}:00-{hour}:45;{place.name};31.12.2026"
        for place in (room, second)
        for day in ("Mo", "Di", "Mi", "Do")
        for hour in range(8, 18)
    ]
    take_over(centre, manager, *lines[::3])
    counted = []
    for part in (lines[:2], lines):
        found = rows(centre, *part)
        with CaptureQueriesContext(connection) as queries:
            preview_import(centre=centre, rows=found, now=NOW)
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 12


# Taken over --------------------------------------------------------------------------------------


def test_groups_are_taken_over_as_promised_series(centre, room, manager):
    result = take_over(centre, manager, CHOIR, YOGA)
    choir = Association.objects.get(name="Gemischter Chor")
    assert (choir.legal_form, choir.home_centre) == (Association.LegalForm.GROUP, centre)
    assert (choir.checked_by, choir.checked_at) == (manager, NOW)
    assert [group.name for group in result.new_groups] == ["Gemischter Chor", "Yoga am Abend"]
    booking = choir.bookings.get()
    assert (booking.requester, booking.contact, booking.persons) == (None, choir.name, 25)
    states = states_of(booking)
    assert states[TUESDAY] == DateState.APPROVED
    assert states[dt.date(2026, 12, 29)] == DateState.SKIPPED_SCHOOL_HOLIDAY
    approved = booking.dates.filter(state=DateState.APPROVED)
    assert {date.decided_by for date in approved} == {manager}
    assert set(booking.log.values_list("actor", "action")) == {
        (manager.pk, Action.BOOK),
        (manager.pk, Action.SKIP_SCHOOL_HOLIDAY),
    }
    assert not OutgoingMail.objects.exists()
    assert not differences(now=NOW)
    assert not list(series_differences())


def test_two_lines_of_a_new_group_make_one_group(centre, manager):
    result = take_over(centre, manager, CHOIR, CHOIR.replace("Di;", "Do;").upper())
    (group,) = result.new_groups
    assert group.bookings.count() == 2


def test_the_same_list_again_changes_nothing(centre, manager):
    take_over(centre, manager, CHOIR, YOGA)
    before = everything()
    later = NOW + dt.timedelta(days=8)  # some dates are over by then
    result = take_over(centre, manager, YOGA, CHOIR.lower(), now=later)
    assert (result.bookings, result.new_groups) == ([], [])
    assert [one.is_there for one in result.preview.rows] == [True, True]
    assert everything() == before


def test_a_longer_list_adds_what_is_new(centre, manager):
    take_over(centre, manager, CHOIR)
    result = take_over(centre, manager, CHOIR, YOGA)
    assert [one.is_there for one in result.preview.rows] == [True, False]
    assert [booking.association.name for booking in result.bookings] == ["Yoga am Abend"]


@pytest.mark.parametrize("changed", [("Di;", "Do;"), ("19-21", "17-18"), ("26.1.", "2.2.")])
def test_another_time_is_another_series(centre, manager, changed):
    take_over(centre, manager, CHOIR)
    (one,) = seen(centre, CHOIR.replace(*changed)).rows
    assert not one.is_there


def test_one_date_in_the_way_refuses_the_whole_list(centre, room, manager, choir):
    promised(room, span(day=TUESDAY))
    before = everything()
    with pytest.raises(ImportRefusedError) as refused:
        take_over(centre, manager, CHOIR, YOGA)
    (row,) = refused.value.preview.in_the_way
    assert [date.span for date in row.conflicts] == [span(day=TUESDAY)]
    assert everything() == before


def test_dates_in_the_way_are_left_out_on_request(centre, room, manager):
    promised(room, span(day=TUESDAY))
    create_closure(
        centre=centre,
        rooms=[room],
        span=span(day=TUESDAY + dt.timedelta(weeks=1)),
        reason="Impftag",
        actor=manager,
        now=NOW,
    )
    result = take_over(centre, manager, CHOIR, leave_out_conflicts=True)
    left_out = result.bookings[0].dates.filter(
        occurrence__start__lt=span(day=dt.date(2026, 12, 9)).start
    )
    assert [(date.state, date.reason) for date in left_out] == [
        (DateState.APPROVED, ""),
        (DateState.SKIPPED_CONFLICT, ""),
        (DateState.CLOSED, "Impftag"),
    ]
    assert not differences(now=NOW)
    assert not list(series_differences())


def test_who_waits_for_the_time_goes_to_the_waiting_list_and_is_told(centre, hall, manager):
    whole, north, _south = hall
    day = dt.date(2027, 1, 12)
    waiting = requested(whole, span(day=day))
    end_holds(now=AFTER_THE_HOLD)
    beside = requested(north, span("08:00", "10:00", day), now=AFTER_THE_HOLD)
    OutgoingMail.objects.all().delete()
    line = "Gemischter Chor;Di;19-21;Saal Nord;26.1.2027"
    take_over(centre, manager, line, now=AFTER_THE_HOLD)
    assert date_of(waiting).state == DateState.WAITLISTED
    assert date_of(beside).stands
    (mail,) = OutgoingMail.objects.all()
    assert mail.recipient == waiting.requester.email
    assert mail.subject.startswith("Warteliste: Saal")
    assert not differences(now=AFTER_THE_HOLD)


def test_a_row_without_any_date_left_is_refused_all_the_same(centre, manager):
    with pytest.raises(ImportRefusedError) as refused:
        take_over(centre, manager, CHOIR.replace("19-21", "21-23"), leave_out_conflicts=True)
    assert len(refused.value.preview.empty) == 1
    assert everything() == (0, 0, 0, 0, 0)


def test_local_time_stays_the_same_over_both_clock_changes(centre, manager):
    take_over(centre, manager, CHOIR.replace("26.1.2027", "30.11.2027"))
    dates = BookingDate.objects.filter(state=DateState.APPROVED).select_related("occurrence")
    starts = [date.span.start.astimezone(BERLIN) for date in dates]
    assert {start.time() for start in starts} == {dt.time(19)}
    assert {start.utcoffset() for start in starts} == {dt.timedelta(hours=1), dt.timedelta(hours=2)}
    assert not list(series_differences())


def test_half_a_hall_goes_beside_the_other_half(centre, hall, manager):
    take_over(centre, manager, CHOIR.replace("Kursraum", "Saal Nord"))
    assert not seen(centre, YOGA.replace("Mi;18-19:30;Kursraum", "Di;19-20;Saal Süd")).in_the_way
    whole = seen(centre, YOGA.replace("Mi;18-19:30;Kursraum", "Di;19-20;Saal"))
    assert whole.in_the_way[0].conflicts[0].group == "Gemischter Chor"


def test_an_empty_list_is_nothing_to_do(centre, manager):
    assert import_groups(centre=centre, rows=[], actor=manager, now=NOW).bookings == []


@pytest.mark.usefixtures("tuesday_morning")
def test_the_desk_shows_a_group_of_which_nobody_knows_the_phone(centre, manager, desk):
    (booking,) = take_over(centre, manager, CHOIR).bookings
    page = read(desk, reverse("request_detail", args=[booking.pk]), host="localhost")
    assert "Gemischter Chor" in main(page)
    assert '<a href=""></a>' not in page
