"""A plan for a year: groups renew all their series in one step, rivals lie side by side."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import Association, Booking, Occupancy, RenewalRound
from bookings.rules.policy import HolidayRule
from bookings.rules.recurrence import Frequency, Recurrence
from bookings.rules.refusals import Code, RefusedError
from bookings.rules.renewal import PlanCode, first_in_rhythm
from bookings.rules.states import DateState
from bookings.rules.wall_clock import in_berlin
from bookings.rules.weekly_list import read_weekly_list
from bookings.selectors.day_one import rooms_of_list
from bookings.selectors.renewals import rivals_in
from bookings.services.changes import FollowingWish, ask_for_following, grant_change
from bookings.services.closures import create_closure
from bookings.services.day_one import import_groups
from bookings.services.decisions import reject
from bookings.services.own_dates import give_up
from bookings.services.renewals import (
    SeriesChange,
    renew_series,
)
from bookings.services.revoking import revoke
from bookings.wording.renewals import plan_sentence
from cms.models import OutgoingMail
from cms.opening_hours import BERLIN
from tests.bookings.renewing import (
    FIRST,
    JULY,
    LAST,
    MAY,
    TUESDAY,
    UNTIL,
    all_is_right,
    codes,
    opened,
    refused,
    renewed,
    series,
    states,
    weekly,
    withdraw,
)
from tests.factories.bookings import (
    NOW,
    add_room,
    date_of,
    promised,
    requested,
    span,
)

pytestmark = pytest.mark.django_db


# Opening -----------------------------------------------------------------------------------------


def test_a_plan_is_opened_with_who_and_when(plan, manager):
    assert (plan.created_by, plan.created_at, plan.decided_at) == (manager, NOW, None)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"name": "  "}, [PlanCode.NAME_MISSING]),
        ({"name": "x" * 61}, [PlanCode.NAME_TOO_LONG]),
        ({"last": FIRST}, [PlanCode.ENDS_TOO_EARLY]),
        ({"last": dt.date(2029, 8, 20)}, [PlanCode.PLAN_TOO_LONG]),
        ({"collects_until": FIRST}, [PlanCode.COLLECTS_TOO_LONG]),
        ({"collects_until": dt.date(2026, 11, 23)}, [PlanCode.COLLECTS_PAST]),
        (
            {"name": "", "last": FIRST, "collects_until": FIRST},
            [PlanCode.NAME_MISSING, PlanCode.ENDS_TOO_EARLY, PlanCode.COLLECTS_TOO_LONG],
        ),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_everything(centre, manager, values, expected):
    assert codes(opened, centre, manager, **values) == expected
    assert not RenewalRound.objects.exists()


def test_two_plans_have_two_names_and_open_ones_do_not_overlap(plan, centre, manager):
    assert codes(opened, centre, manager) == [PlanCode.NAME_TAKEN]
    assert codes(opened, centre, manager, name="Herbst") == [PlanCode.PLANS_OVERLAP]
    later = {"first": LAST + dt.timedelta(days=1), "last": dt.date(2028, 6, 30)}
    assert opened(centre, manager, name="Frühjahr", **later).pk


def test_a_plan_of_which_nothing_is_left_is_in_nobodys_way(
    plan, room, choir, singer, centre, manager
):
    series(room, choir, manager)
    (booking,) = renewed(plan, choir, singer)
    withdraw(booking, singer, MAY)
    again = {"name": "Noch einmal", "collects_until": dt.date(2027, 7, 31)}
    assert codes(opened, centre, manager, **again) == [PlanCode.PLANS_OVERLAP]
    assert opened(centre, manager, **again, now=JULY).pk


# Renewing ----------------------------------------------------------------------------------------


def test_all_series_of_a_group_go_on_in_one_step(plan, room, choir, singer, manager):
    tuesdays = series(room, choir, manager, purpose="Probe", persons=22)
    fridays = series(room, choir, manager, start="17:00", end="18:30", recurrence=weekly(4))
    mails = OutgoingMail.objects.count()
    first, second = renewed(plan, choir, singer)
    assert [first.origin, second.origin] == [tuesdays, fridays]
    assert {first.origin_kind, first.round, first.requester} == {"renewal", plan, singer}
    assert (first.purpose, first.persons, first.answer_due) == ("Probe", 22, FIRST)
    dates = list(first.dates.filter(state=DateState.REQUESTED).select_related("occurrence"))
    starts = [date.span.start.astimezone(BERLIN) for date in dates]
    assert {(start.weekday(), start.time()) for start in starts} == {(1, dt.time(19))}
    assert len({start.utcoffset() for start in starts}) == 2  # local time over the clock change
    assert (starts[0].date(), starts[-1].date()) == (dt.date(2027, 8, 24), dt.date(2027, 11, 30))
    assert all_is_right()
    assert OutgoingMail.objects.count() == mails + 1


def test_the_group_gets_one_receipt_for_all_its_series(plan, room, choir, singer, manager):
    series(room, choir, manager)
    series(room, choir, manager, start="17:00", end="18:30", recurrence=weekly(4))
    promised(room, span(day=dt.date(2027, 8, 24)), now=MAY)
    OutgoingMail.objects.all().delete()
    first, second = renewed(plan, choir, singer)
    mail = OutgoingMail.objects.get()
    assert (mail.recipient, mail.subject) == (
        singer.email,
        "Ihre regelmäßigen Termine für 2027/28",
    )
    text = mail.text.replace("\xa0", " ")
    assert text.startswith("Ihre regelmäßigen Termine für 2027/28 sind angefragt.")
    assert "Es ist noch nichts gebucht." in text
    assert "bis 15. Juni 2027" in text
    assert f"Nummer {first.number}:\njeden Dienstag, 19:00–21:00 Uhr, Kursraum\n12 Termine" in text
    assert "Di., 24. August (belegt)" in text
    assert "Di., 19. Oktober (Herbstferien)" in text
    assert f"Nummer {second.number}:\njeden Freitag, 17:00–18:30 Uhr, Kursraum" in text
    assert first.number in mail.html
    assert not mail.calendar
    renewed(plan, choir, singer)  # nothing new
    assert OutgoingMail.objects.count() == 1


def test_nobody_holds_anything_in_a_plan(plan, room, choir, singer, manager):
    series(room, choir, manager)
    rows = Occupancy.objects.count()
    (booking,) = renewed(plan, choir, singer)
    assert not booking.dates.filter(holds_until__isnull=False).exists()
    assert Occupancy.objects.count() == rows


def test_holidays_are_left_out_as_the_group_chose(plan, room, choir, singer, manager):
    booking = series(room, choir, manager)
    (one,) = renewed(plan, choir, singer)
    assert set(one.dates.exclude(state=DateState.REQUESTED).values_list("state", "reason")) == {
        (DateState.SKIPPED_SCHOOL_HOLIDAY, "Herbstferien")
    }
    withdraw(one, singer, MAY)
    Booking.objects.filter(pk=booking.pk).update(on_school_holidays=HolidayRule.KEEP)
    (again,) = renewed(plan, choir, singer)
    assert states(again) == {DateState.REQUESTED}


def test_what_is_taken_or_closed_is_left_out_with_its_reason(plan, room, choir, singer, manager):
    series(room, choir, manager)
    promised(room, span(day=dt.date(2027, 8, 24)), now=MAY)
    requested(room, span(day=dt.date(2027, 8, 31)), now=MAY)  # may be refused until then
    create_closure(
        centre=room.centre,
        rooms=[room],
        span=span(day=dt.date(2027, 9, 7)),
        reason="Impftag",
        actor=manager,
        now=MAY,
    )
    (booking,) = renewed(plan, choir, singer)
    first = booking.dates.order_by("occurrence__start")[:4]
    assert [(date.state, date.reason) for date in first] == [
        (DateState.SKIPPED_CONFLICT, ""),
        (DateState.REQUESTED, ""),
        (DateState.CLOSED, "Impftag"),
        (DateState.REQUESTED, ""),
    ]


def test_a_second_call_names_what_is_there_and_adds_only_what_is_new(
    plan, room, choir, singer, manager
):
    series(room, choir, manager)
    (first,) = renewed(plan, choir, singer)
    again = renew_series(plan=plan, association=choir, actor=singer, now=MAY)
    assert (again.new, again.already) == ([], [first])
    series(room, choir, manager, start="17:00", end="18:00", recurrence=weekly(4))
    assert len(renewed(plan, choir, singer)) == 1
    assert plan.bookings.count() == 2


def test_every_second_week_stays_the_same_week(plan, room, choir, singer, manager):
    series(room, choir, manager, recurrence=weekly(1, interval=2))
    (booking,) = renewed(plan, choir, singer)
    days = [date.span.start.astimezone(BERLIN).date() for date in booking.dates.all()]
    assert {(day - TUESDAY).days % 14 for day in days} == {0}


@pytest.mark.parametrize(
    ("recurrence", "anchor", "first", "begins"),
    [
        # Thursday of a week that counts, but its Tuesday is over: the one after next.
        (weekly(1, 2), dt.date(2027, 8, 17), FIRST, dt.date(2027, 8, 30)),
        (weekly(1, 2), dt.date(2027, 8, 10), FIRST, dt.date(2027, 8, 23)),
        (weekly(4, 2), dt.date(2027, 8, 6), FIRST, FIRST),
        (weekly(1), dt.date(2026, 12, 1), FIRST, FIRST),
        (Recurrence(Frequency.MONTHLY, (1,), nth=2), dt.date(2026, 12, 8), FIRST, FIRST),
    ],
)
def test_a_rhythm_begins_in_its_own_weeks(recurrence, anchor, first, begins):
    assert first_in_rhythm(recurrence, anchor, first) == begins


def test_a_series_can_go_on_at_another_time_in_another_room(plan, room, choir, singer, manager):
    kitchen = add_room(room.centre, "Küche")
    booking = series(room, choir, manager, layout=room.layouts.get())
    change = SeriesChange(
        weekdays=(3,),
        start=dt.time(18),
        end=dt.time(20),
        room=kitchen,
        until=dt.date(2027, 9, 30),
    )
    (one,) = renewed(plan, choir, singer, changes={booking.pk: change})
    dates = list(one.dates.select_related("occurrence"))
    assert {(date.room_id, date.span.start.astimezone(BERLIN).time()) for date in dates} == {
        (kitchen.pk, dt.time(18))
    }
    assert dates[0].span.start.date() == FIRST
    assert dates[-1].span.start.date() == dt.date(2027, 9, 30)
    assert one.layout == kitchen.layouts.get()
    assert all_is_right()


def test_a_seating_that_the_new_room_has_not_is_told(plan, room, choir, singer, manager):
    kitchen = add_room(room.centre, "Küche")
    kitchen.layouts.update(name="Kreis")
    booking = series(room, choir, manager, layout=room.layouts.get())
    OutgoingMail.objects.all().delete()
    (one,) = renewed(plan, choir, singer, changes={booking.pk: SeriesChange(room=kitchen)})
    sentence = "Die Bestuhlung „Reihen“ ist im neuen Raum (Küche) nicht möglich."
    assert one.layout is None
    assert one.log.filter(text=sentence).exists()
    assert f"{sentence} Bitte sagen" in " ".join(OutgoingMail.objects.get().text.split())


def test_everything_that_is_wrong_comes_at_once(plan, room, nordholz, choir, singer, manager):
    small = add_room(room.centre, "Büro", capacity=2)
    far = add_room(nordholz.centre, "Saal")
    one = series(room, choir, manager)
    two = series(room, choir, manager, start="17:00", end="18:00")
    changes = {
        one.pk: SeriesChange(room=far, start=dt.time(22)),
        two.pk: SeriesChange(room=small, until=dt.date(2028, 1, 1)),
        0: SeriesChange(),
    }
    faults = refused(renewed, plan, choir, singer, changes=changes)
    assert [fault.code for fault in faults] == [
        PlanCode.NOT_THEIR_SERIES,
        PlanCode.SERIES,
        PlanCode.ROOM_ELSEWHERE,
        PlanCode.UNTIL_OUTSIDE,
        PlanCode.ROOM_TOO_SMALL,
    ]
    assert faults[1].values["refusal"].code is Code.END_BEFORE_START
    assert not plan.bookings.exists()


def test_a_series_of_which_no_date_is_left_is_named(plan, room, choir, singer, manager):
    booking = series(room, choir, manager)
    late = SeriesChange(start=dt.time(22), end=dt.time(23))
    (fault,) = refused(renewed, plan, choir, singer, changes={booking.pk: late})
    assert fault.code is PlanCode.NO_DATE_LEFT
    assert plan_sentence(fault).startswith("jeden Dienstag, 19:00–21:00 Uhr, Kursraum: ")


def test_what_was_given_up_does_not_go_on(plan, room, choir, singer, manager, dancers):
    booking = series(room, choir, manager)
    for date in booking.dates.filter(occurrence__start__gt=MAY):
        give_up(date=date, actor=singer, now=MAY)
    requested(room, association=dancers, now=MAY, when=span(day=dt.date(2027, 5, 7)))
    assert codes(renewed, plan, choir, singer) == [PlanCode.NOTHING_TO_RENEW]
    assert codes(renewed, plan, dancers, manager) == [PlanCode.NOTHING_TO_RENEW]


def test_a_series_that_just_ended_can_go_on(plan, room, choir, singer, manager):
    series(room, choir, manager, until=dt.date(2027, 4, 30))
    assert len(renewed(plan, choir, singer)) == 1


def test_a_last_date_that_falls_through_does_not_end_a_series(plan, room, choir, singer, manager):
    booking = series(room, choir, manager)
    *_others, last = booking.dates.order_by("occurrence__start")
    give_up(date=last, actor=singer, now=MAY)
    late_in_may = dt.datetime(2027, 5, 28, 12, tzinfo=BERLIN)
    assert len(renewed(plan, choir, singer, now=late_in_may)) == 1


def test_what_the_centre_took_back_does_not_end_a_series(plan, room, choir, singer, manager):
    booking = series(room, choir, manager)
    last = booking.dates.order_by("occurrence__start")[3:]
    revoke(
        booking=booking,
        date_ids=[date.pk for date in last],
        actor=manager,
        reason="Die Tagespflege braucht den Raum.",
        short_notice=True,
        now=MAY,
    )
    june = dt.datetime(2027, 6, 10, 12, tzinfo=BERLIN)
    assert len(renewed(plan, choir, singer, now=june)) == 1


def test_of_a_series_that_was_changed_only_what_goes_on_is_renewed(
    plan, room, choir, singer, manager
):
    booking = series(room, choir, manager)
    first = booking.dates.filter(occurrence__start__gt=MAY).earliest("occurrence__start")
    wish = FollowingWish(room=room, until=UNTIL, start=dt.time(19, 30), end=dt.time(21))
    asked = {"booking": booking, "first_date_id": first.pk, "wish": wish, "actor": singer}
    grant_change(change=ask_for_following(**asked, now=NOW), actor=manager, now=NOW)
    (new,) = renewed(plan, choir, singer)
    assert {in_berlin(date.span).start.time() for date in new.dates.all()} == {dt.time(19, 30)}


def test_groups_ask_until_the_day_that_was_set(plan, room, choir, singer, manager):
    series(room, choir, manager)
    last_minute = dt.datetime(2027, 6, 15, 23, 59, tzinfo=BERLIN)
    midnight = dt.datetime(2027, 6, 16, tzinfo=BERLIN)
    assert codes(renewed, plan, choir, singer, now=midnight) == [PlanCode.COLLECTED]
    assert len(renewed(plan, choir, singer, now=last_minute)) == 1


def test_the_centre_may_ask_for_a_group(plan, room, choir, singer, manager):
    series(room, choir, manager)
    (booking,) = renewed(plan, choir, manager)
    assert booking.requester == singer
    assert booking.log.first().actor == manager


def test_a_group_withdraws_a_series_and_may_ask_again(plan, room, choir, singer, manager):
    series(room, choir, manager)
    (booking,) = renewed(plan, choir, singer)
    mails = OutgoingMail.objects.filter(recipient=singer.email).count()
    withdraw(booking, singer, MAY)
    assert DateState.REQUESTED not in states(booking)
    assert OutgoingMail.objects.filter(recipient=singer.email).count() == mails + 1
    with pytest.raises(RefusedError):
        withdraw(booking, singer, MAY)
    assert len(renewed(plan, choir, singer)) == 1
    assert all_is_right()


def test_a_series_in_a_plan_does_not_leave_it_by_a_change(plan, room, choir, singer, manager):
    series(room, choir, manager)
    (booking,) = renewed(plan, choir, singer)
    wish = FollowingWish(room=room, until=LAST, start=dt.time(20), end=dt.time(21))
    with pytest.raises(RefusedError) as refusal:
        ask_for_following(
            booking=booking,
            first_date_id=booking.dates.earliest("occurrence__start").pk,
            wish=wish,
            actor=singer,
            now=MAY,
        )
    assert [one.code for one in refusal.value.refusals] == [Code.IN_PLAN]
    assert DateState.CANCELLED not in states(booking)


def test_requests_of_a_plan_do_not_take_what_becomes_free(plan, room, choir, singer, manager):
    series(room, choir, manager)
    other = requested(room, span(day=dt.date(2027, 8, 24)), now=MAY)
    (booking,) = renewed(plan, choir, singer)
    reject(booking=other, date_ids=[date_of(other).pk], actor=manager, reason="Nein.", now=MAY)
    assert not any(date.stands for date in booking.dates.all())


# Rivals ------------------------------------------------------------------------------------------


def test_rivals_lie_side_by_side_with_the_dates_at_which_they_meet(
    plan, hall, choir, singer, dancers, manager
):
    whole, north, south = hall
    series(whole, choir, manager)
    mondays = series(north, dancers, manager, recurrence=weekly(0))
    alone = series(south, dancers, manager, recurrence=weekly(3))
    (singing,) = renewed(plan, choir, singer)
    change = SeriesChange(
        weekdays=(1,), start=dt.time(20), until=dt.date(2027, 9, 7), end=dt.time(22)
    )
    dancing, apart = renewed(plan, dancers, manager, changes={mondays.pk: change})
    assert apart.origin == alone
    view = rivals_in(plan)
    (rivalry,) = view.rivalries
    assert rivalry.bookings == [singing, dancing]
    assert [[date.booking for date in clash.dates] for clash in rivalry.clashes] == [
        [singing, dancing]
    ] * 3
    assert [clash.dates[0].span.start.astimezone(BERLIN).day for clash in rivalry.clashes] == [
        24,
        31,
        7,
    ]
    assert view.without_rivals == [apart]


def test_five_or_thirty_series_cost_the_same_number_of_queries(plan, room, manager):
    add_room(room.centre, "Küche", capacity=room.capacity)
    views, asked = [], []
    for first, count in ((0, 5), (5, 30)):
        for place in ("Kursraum", "Küche"):
            lines = [
                f"In {place};{['Mo', 'Di', 'Mi', 'Do', 'Fr'][one % 5]};{8 + one // 5}:00-{8 + one // 5}:45;"
                f"{place};30.5.2027"
                for one in range(first, count)
            ]
            take_over(room.centre, manager, lines)
        for group in Association.objects.order_by("name"):
            ids = [booking.pk for booking in group.bookings.filter(round=None)]
            same_room = dict.fromkeys(ids, SeriesChange(room=room, until=dt.date(2027, 9, 3)))
            with CaptureQueriesContext(connection) as queries:
                renewed(plan, group, manager, changes=same_room)
            asked.append(len(queries) / (count - first))
        with CaptureQueriesContext(connection) as queries:
            view = rivals_in(plan)
        assert len(view.rivalries) == count
        views.append(len(queries))
    assert views[0] == views[1] <= 2
    # What is written grows with the series, what is asked does not.
    assert max(asked[2:]) < min(asked[:2])


def take_over(centre, manager, lines: list[str]) -> None:
    now = dt.datetime(2027, 5, 24, tzinfo=BERLIN)
    found = read_weekly_list("\n".join(lines), rooms=rooms_of_list(centre), now=now)
    assert not found.faults
    import_groups(centre=centre, rows=found.rows, actor=manager, now=now)
