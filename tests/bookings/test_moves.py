"""A group wants another time or room: the old one stays until it has the new one."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.models import BookingDate, BookingPolicy, ChangeRequest, Occupancy, Room
from bookings.rules.policy import Approval
from bookings.rules.refusals import Code, RefusedError
from bookings.rules.states import Action, DateState, ReasonMissingError
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.judging import verdicts_of
from bookings.services.changes import (
    exchange_dates,
    expire_changes,
    grant_change,
    refuse_change,
    withdraw_change,
)
from bookings.services.closures import create_closure
from bookings.services.decisions import DecidedAlreadyError, TimeTakenError, approve, undo_approval
from bookings.services.own_dates import give_up
from bookings.services.revoking import revoke
from bookings.services.rooms import set_spaces
from cms.models import OutgoingMail
from tests.bookings.changing import (
    assert_right,
    dates_of,
    fridays,
    held_by,
    move,
    promised_series,
    series,
    wish,
)
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
Status = ChangeRequest.Status
LATER = NOW + dt.timedelta(hours=1)
SATURDAY = FRIDAY + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _all_is_right_afterwards():
    yield
    assert_right()


def refused(moves, **values) -> list[Code]:
    before = ChangeRequest.objects.count(), Occupancy.objects.count()
    with pytest.raises(RefusedError) as error:
        wish(moves, **values)
    assert before == (ChangeRequest.objects.count(), Occupancy.objects.count())
    return [refusal.code for refusal in error.value.refusals]


def test_a_wish_holds_only_what_goes_beyond_the_old_time(room):
    date = date_of(promised(room))
    change = wish([move(date, span("20:00", "22:00"))], text="Später wäre besser.")
    assert (change.status, change.first_date) == (Status.OPEN, date)
    assert date_of(date.booking).span == span()
    assert held_by(change) == {"Kursraum (Teil)": [span("21:00", "22:00")]}
    with pytest.raises(RefusedError):  # nobody else gets either
        requested(room, span("21:00", "22:00"))


def test_moving_to_and_fro_prolongs_no_hold(room):
    day = FRIDAY + dt.timedelta(weeks=4)
    date = date_of(requested(room, span(day=day)))
    wish([move(date, span("18:00", "20:00", day))], now=NOW + dt.timedelta(days=13))
    moved = date_of(date.booking)
    assert moved.span == span("18:00", "20:00", day)
    assert moved.holds_until == date.holds_until
    assert berlin_day(moved.holds_until) == dt.date(2026, 12, 8)


def test_set_up_and_clearing_up_of_the_new_room_are_held_too(hall):
    whole, north, _south = hall
    date = date_of(promised(north))
    Room.objects.filter(pk=whole.pk).update(setup_minutes=30)
    change = wish([move(date, room=whole)])
    assert held_by(change) == {
        "Saal N": [span("18:30", "19:00")],
        "Saal S": [span("18:30", "21:00")],
    }


def test_granting_moves_the_date_and_lets_in_who_waits_for_the_old_time(room, manager):
    booking = promised(room)
    waiting = requested_too(room)
    change = wish([move(date_of(booking), span("08:00", "10:00"))])
    grant_change(change=change, actor=manager, now=LATER, message="Gern.")
    date = date_of(booking)
    assert (date.state, date.span) == (DateState.APPROVED, span("08:00", "10:00"))
    assert (date_of(waiting).state, date_of(waiting).stands) == (DateState.OFFERED, True)
    change.refresh_from_db()
    assert (change.status, change.decided_by, change.holds_until) == (Status.GRANTED, manager, None)
    assert date.log.last().action == Action.MOVE
    assert (date.booking.sequence, date.occurrence.original_start) == (2, span().start)


def test_refusing_leaves_everything_and_lets_in_who_waits_for_the_new_time(room, manager):
    booking = promised(room)
    change = wish([move(date_of(booking), span("08:00", "10:00"))])
    waiting = requested_too(room, span("08:00", "10:00"))
    assert not date_of(waiting).stands
    refuse_change(change=change, actor=manager, reason="Der Raum wird gereinigt.", now=LATER)
    assert date_of(booking).span == span()
    assert date_of(waiting).stands
    assert ChangeRequest.objects.get().answer == "Der Raum wird gereinigt."


def test_a_refusal_needs_a_reason(room, manager):
    change = wish([move(date_of(promised(room)), span("08:00", "10:00"))])
    with pytest.raises(ReasonMissingError):
        refuse_change(change=change, actor=manager, reason=" ", now=LATER)


@pytest.mark.parametrize("second", ["grant", "refuse", "withdraw"])
def test_the_second_decider_learns_who_was_first(room, manager, second):
    change = wish([move(date_of(promised(room)), span("08:00", "10:00"))])
    grant_change(change=change, actor=manager, now=LATER)
    steps = {
        "grant": lambda: grant_change(change=change, actor=manager, now=LATER),
        "refuse": lambda: refuse_change(change=change, actor=manager, reason="Nein", now=LATER),
        "withdraw": lambda: withdraw_change(change=change, actor=None, now=LATER),
    }
    with pytest.raises(DecidedAlreadyError) as late:
        steps[second]()
    assert (late.value.entry.action, late.value.entry.actor) == (Action.MOVE, manager)


def test_two_dates_of_a_series_change_places(room, manager):
    first, second, _third = dates_of(booking := promised_series(room))
    waiting = requested_too(room, first.span)
    change = wish([move(first, second.span), move(second, first.span)])
    assert held_by(change) == {}
    grant_change(change=change, actor=manager, now=LATER)
    assert [date.span for date in dates_of(booking)][:2] == [second.span, first.span]
    assert not date_of(waiting).stands


def test_dates_into_one_another_are_refused(room):
    first, second, _third = dates_of(promised_series(room))
    moves = [move(first, span("08:00", "10:00")), move(second, span("09:00", "11:00"))]
    assert refused(moves) == [Code.TWICE]


def test_an_undecided_date_gets_the_new_time_at_once_and_holds_it(room):
    requested(room)
    booking = requested_too(room)
    date = date_of(booking)
    assert not date.stands
    change = wish([move(date, span("08:00", "10:00"))])
    date = date_of(booking)
    assert change.status == Status.GRANTED
    assert (date.state, date.stands, date.span) == (
        DateState.REQUESTED,
        True,
        span("08:00", "10:00"),
    )


def test_a_date_from_the_waiting_list_is_requested_at_its_new_time(room):
    promised(room)
    booking = requested_too(room)
    wish([move(date_of(booking), span("08:00", "10:00"))])
    assert (date_of(booking).state, date_of(booking).stands) == (DateState.REQUESTED, True)


def test_rules_that_promise_at_once_grant_at_once(room, singer, choir):
    date = date_of(promised(room))
    BookingPolicy.objects.create(centre=room.centre, approval=Approval.AT_ONCE)
    change = wish([move(date, span("08:00", "10:00"))])
    assert (change.status, change.decided_by) == (Status.GRANTED, None)
    assert date_of(date.booking).span == span("08:00", "10:00")


# Seating -----------------------------------------------------------------------------------------


def seated(room, *, count=1):
    return promised_series(room, count, layout=room.layouts.get())


def test_the_same_seating_is_chosen_in_the_new_room(room, manager):
    office = add_room(room.centre, "Büro")
    booking = seated(room)
    (date,) = dates_of(booking)
    OutgoingMail.objects.all().delete()
    grant_change(change=wish([move(date, room=office)]), actor=manager, now=LATER)
    booking.refresh_from_db()
    assert booking.layout == office.layouts.get()
    assert not OutgoingMail.objects.filter(text__contains="Bestuhlung").exists()


@pytest.mark.parametrize(
    "other", [{"name": "Kreis"}, {"capacity": 19}], ids=["no such seating", "too small"]
)
def test_a_seating_that_the_new_room_has_not_is_cleared_and_told(room, manager, other):
    office = add_room(room.centre, "Büro")
    office.layouts.update(**other)
    booking = seated(room)
    (date,) = dates_of(booking)
    OutgoingMail.objects.all().delete()
    change = wish([move(date, room=office)])
    grant_change(change=change, actor=manager, now=LATER, message="Gern.")
    booking.refresh_from_db()
    assert booking.layout is None
    sentence = "Die Bestuhlung „Reihen“ ist im neuen Raum (Büro) nicht möglich."
    assert date.log.last().text.startswith(f"Gern.\n{sentence}")
    mail = OutgoingMail.objects.get(subject__startswith="Geändert")
    assert f"{sentence} Bitte sagen Sie uns" in " ".join(mail.text.split())


def test_only_the_group_is_asked_for_another_seating(room, manager):
    office = add_room(room.centre, "Büro")
    office.layouts.update(name="Kreis")
    (date,) = dates_of(seated(room))
    BookingPolicy.objects.create(centre=room.centre, approval=Approval.AT_ONCE)
    wish([move(date, room=office)])
    told = OutgoingMail.objects.filter(text__contains="Die Bestuhlung")
    asked = {mail.recipient for mail in told if "Bitte sagen Sie uns" in mail.text}
    assert asked == {date.booking.requester.email}
    assert told.exclude(recipient__in=asked).exists()


def test_the_seating_stays_while_a_date_needs_it(room, manager):
    office = add_room(room.centre, "Büro")
    office.layouts.update(name="Kreis")
    booking = seated(room, count=2)
    for date, layout in zip(dates_of(booking), [room.layouts.get(), None], strict=True):
        grant_change(change=wish([move(date, room=office)]), actor=manager, now=LATER)
        booking.refresh_from_db()
        assert booking.layout == layout
        assert "Bestuhlung" in date.log.last().text


# What is refused ----------------------------------------------------------------------------------


def test_everything_that_is_wrong_is_said_at_once(room):
    first, second, third = dates_of(promised_series(room))
    moves = [
        move(first, span("06:00", "08:10")),
        move(second),
        move(third, span("10:00", "12:00", dt.date(2029, 1, 5))),
    ]
    assert refused(moves) == [
        Code.OFF_RASTER,
        Code.OUTSIDE_HOURS,
        Code.NOTHING_CHANGES,
        Code.TOO_FAR,
    ]


def test_after_the_deadline_one_has_to_ring_up(room):
    date = date_of(promised(room))
    BookingPolicy.objects.create(centre=room.centre, change_hours=7 * 24)
    assert refused([move(date, span("08:00", "10:00"))]) == [Code.CHANGE_TOO_LATE]


def test_what_has_begun_or_is_gone_cannot_be_moved(room):
    date = date_of(promised(room))
    target = span("08:00", "10:00", SATURDAY)
    assert refused([move(date, target)], now=span().start) == [Code.DATE_OVER]
    give_up(date=date, actor=None, now=NOW)
    assert refused([move(date, target)]) == [Code.DATE_GONE]


@pytest.mark.parametrize(
    ("other", "code"), [(promised, Code.TAKEN), (requested, Code.HELD)], ids=["taken", "held"]
)
def test_a_time_of_others_is_refused_with_what_is_free(room, other, code):
    date = date_of(promised(room))
    other(room, span("14:00", "18:00"))
    with pytest.raises(RefusedError) as error:
        wish([move(date, span("15:00", "17:00"))])
    (refusal,) = error.value.refusals
    assert (refusal.code, refusal.values["date_id"]) == (code, date.pk)
    assert span("08:00", "14:00") in refusal.values["free"]


def test_the_hours_a_week_count_without_the_old_time(room):
    date = date_of(promised(room))
    BookingPolicy.objects.create(centre=room.centre, quota_week_hours=2, quota_open=1)
    assert refused([move(date, span("08:00", "11:00"))]) == [Code.QUOTA_HOURS]
    wish([move(date, span("08:00", "10:00"))])


def test_what_a_group_had_before_a_quota_it_may_move_about(room):
    first, second, _third = dates_of(booking := promised_series(room))
    requested(room, span("08:00", "11:00"), association=booking.association)
    BookingPolicy.objects.create(centre=room.centre, quota_week_hours=4)
    wish([move(first, span("12:00", "14:00"))])  # five hours in this week, as before
    assert refused([move(second, span("12:00", "14:00"))]) == [Code.QUOTA_HOURS]


def test_promised_and_undecided_dates_do_not_move_together(room, manager):
    first, second, _third = dates_of(booking := series(room))
    approve(booking=booking, date_ids=[first.pk], actor=manager, now=NOW)
    moves = [move(first, span("08:00", "10:00")), move(second, span("12:00", "14:00"))]
    assert refused(moves) == [Code.PARTLY_DECIDED] * 2


def test_an_offer_has_to_be_taken_first(room, manager):
    first = promised(room)
    offered = requested_too(room)
    give_up(date=date_of(first), actor=None, now=NOW)
    assert refused([move(date_of(offered), span("08:00", "10:00"))]) == [Code.OFFER_OPEN]


def test_a_wish_is_over_when_the_promise_is_undone(room, manager):
    booking = requested(room)
    booking.association.members.update(is_active=False)  # with a mail there is no way back
    keys = [date_of(booking).pk]
    approve(booking=booking, date_ids=keys, actor=manager, now=NOW, keep_mail_back=True)
    change = wish([move(date_of(booking), span("08:00", "10:00"))])
    waiting = requested_too(room, span("08:00", "10:00"))
    undo_approval(booking=booking, date_ids=keys, actor=manager, now=NOW)
    change.refresh_from_db()
    assert (change.status, held_by(change)) == (Status.EXPIRED, {})
    assert date_of(waiting).stands  # who waited for the wished time has it now


def test_a_closed_time_is_refused(room, manager):
    date = date_of(promised(room))
    create_closure(
        centre=room.centre,
        rooms=[room],
        span=span("08:00", "12:00"),
        reason="Reinigung",
        actor=manager,
        now=NOW,
    )
    assert refused([move(date, span("09:00", "11:00"))], waits=True) == [Code.CLOSED]


def test_one_wish_for_a_date_at_a_time(room):
    date = date_of(promised(room))
    change = wish([move(date, span("08:00", "10:00"))])
    assert refused([move(date, span("14:00", "16:00"))]) == [Code.CHANGE_OPEN]
    withdraw_change(change=change, actor=None, now=NOW)
    assert held_by(change) == {}
    wish([move(date, span("14:00", "16:00"))])


def test_dates_of_another_request_and_rooms_of_another_centre_are_not_accepted(room, nordholz):
    first, second = promised(room), promised(room, span("08:00", "10:00"))
    with pytest.raises(BookingDate.DoesNotExist):
        wish([move(date_of(first), span("12:00", "14:00")), move(date_of(second))])
    with pytest.raises(ValueError, match="another centre"):
        wish([move(date_of(first), room=add_room(nordholz.centre))])


# Waiting wishes -----------------------------------------------------------------------------------


def test_a_wish_can_wait_without_a_hold_and_displaces_who_only_asked(room, manager):
    date = date_of(promised(room))
    rival = requested(room, span("14:00", "16:00"))
    change = wish([move(date, span("15:00", "17:00"))], waits=True)
    assert (change.status, change.holds_until, held_by(change)) == (Status.OPEN, None, {})
    grant_change(change=change, actor=manager, now=LATER)
    assert date_of(date.booking).span == span("15:00", "17:00")
    assert date_of(rival).state == DateState.WAITLISTED


def test_a_waiting_wish_is_not_granted_over_a_promise(room, manager):
    date = date_of(promised(room))
    promised(room, span("14:00", "16:00"))
    change = wish([move(date, span("15:00", "17:00"))], waits=True)
    with pytest.raises(TimeTakenError):
        grant_change(change=change, actor=manager, now=LATER)
    assert date_of(date.booking).span == span()


def test_a_waiting_wish_holds_its_time_once_that_is_free(room, manager):
    date = date_of(promised(room))
    other = promised(room, span("14:00", "16:00"))
    change = wish([move(date, span("15:00", "17:00"))], waits=True)
    mails = OutgoingMail.objects.filter(recipient=date.booking.requester.email)
    told = mails.count()
    give_up(date=date_of(other), actor=None, now=LATER)
    change.refresh_from_db()
    assert held_by(change) == {"Kursraum (Teil)": [span("15:00", "17:00")]}
    assert change.holds_until == span("15:00", "17:00").start
    assert (date.log.last().action, mails.count()) == (Action.HOLD, told)
    grant_change(change=change, actor=manager, now=LATER)
    assert date_of(date.booking).span == span("15:00", "17:00")


def test_a_wish_for_the_whole_hall_holds_the_other_half_once_that_is_free(hall):
    whole, north, south = hall
    other = promised(north)
    change = wish([move(date_of(promised(south)), room=whole)], waits=True)
    give_up(date=date_of(other), actor=None, now=NOW)
    assert held_by(change) == {"Saal N": [span()]}


def test_the_parts_of_a_room_stay_as_long_as_a_wish_holds_it(hall):
    whole, north, south = hall
    wish([move(date_of(promised(south)), room=whole)])
    with pytest.raises(ValidationError):
        set_spaces(room=whole, spaces=north.spaces.all(), now=NOW)


def test_a_wish_holds_nothing_once_one_of_its_dates_has_begun(room, manager):
    office = add_room(room.centre, "Büro")
    in_the_way = requested(office)
    dates = dates_of(promised_series(room, 2))
    change = wish([move(date, room=office) for date in dates], waits=True)
    wednesday = span(day=FRIDAY - dt.timedelta(days=2))
    earlier = date_of(promised(room, wednesday))
    exchange_dates(first=dates[1], second=earlier, actor=manager, now=NOW)
    give_up(date=date_of(in_the_way), actor=None, now=wednesday.end)
    change.refresh_from_db()
    assert (change.holds_until, held_by(change)) == (None, {})


def test_requests_that_wait_come_before_wishes(room):
    date = date_of(promised(room))
    other = promised(room, span("14:00", "16:00"))
    change = wish([move(date, span("15:00", "17:00"))], waits=True)
    waiting = requested_too(room, span("14:00", "16:00"))
    give_up(date=date_of(other), actor=None, now=LATER)
    change.refresh_from_db()
    assert (date_of(waiting).state, change.holds_until) == (DateState.OFFERED, None)
    give_up(date=date_of(waiting), actor=None, now=LATER)
    change.refresh_from_db()
    assert change.holds


def test_a_wish_whose_hold_ran_out_takes_part_again_next_time(room):
    later = FRIDAY + dt.timedelta(weeks=8)
    date = date_of(promised(room, span(day=later)))
    change = wish([move(date, span("15:00", "17:00", later))])
    over = change.holds_until
    assert expire_changes(now=over) == 1
    assert held_by(change) == {}
    other = promised(room, span("14:00", "16:00", later), now=over)
    give_up(date=date_of(other), actor=None, now=over)
    change.refresh_from_db()
    assert change.holds_until == over + dt.timedelta(days=14)


def test_nothing_is_promised_over_a_wish_that_holds(room, manager):
    change = wish([move(date_of(promised(room)), span("14:00", "16:00"))])
    waiting = requested_too(room, span("15:00", "17:00"))
    with pytest.raises(TimeTakenError) as taken:
        approve(booking=waiting, date_ids=[date_of(waiting).pk], actor=manager, now=LATER)
    assert taken.value.change == change


# When the date goes away --------------------------------------------------------------------------


def test_a_wish_is_over_when_its_date_is_cancelled(room):
    booking = promised(room)
    change = wish([move(date_of(booking), span("20:00", "22:00"))])
    waiting = requested_too(room, span("20:00", "22:00"))
    give_up(date=date_of(booking), actor=None, now=NOW)
    change.refresh_from_db()
    assert (change.status, held_by(change)) == (Status.EXPIRED, {})
    assert date_of(waiting).stands


def test_a_wish_is_over_when_one_of_its_dates_is_taken_back(room, manager):
    first, second, _third = dates_of(booking := promised_series(room))
    change = wish([move(first, span("08:00", "10:00")), move(second, span("10:00", "12:00"))])
    OutgoingMail.objects.all().delete()
    revoke(
        booking=booking,
        date_ids=[first.pk],
        actor=manager,
        reason="Impfen",
        short_notice=True,
        now=NOW,
    )
    change.refresh_from_db()
    assert (change.status, held_by(change)) == (Status.EXPIRED, {})
    subjects = OutgoingMail.objects.values_list("subject", flat=True)
    assert any(subject.startswith("Nichts geändert") for subject in subjects)


# Speed --------------------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_depend_on_the_number_of_dates(room, manager):
    counts = []
    for number, times in ((3, ("08:00", "10:00")), (30, ("12:00", "14:00"))):
        dates = dates_of(promised_series(room, number, times))
        targets = fridays(
            number, "20:00" if number == 3 else "18:00", "22:00" if number == 3 else "20:00"
        )
        moves = [move(date, when) for date, when in zip(dates, targets, strict=True)]
        with CaptureQueriesContext(connection) as asking:
            change = wish(moves)
        with CaptureQueriesContext(connection) as granting:
            grant_change(change=change, actor=manager, now=LATER)
        counts.append((len(asking), len(granting)))
    assert counts[0] == counts[1], counts
    assert max(counts[0]) < 80


def test_undecided_series_move_in_few_queries(room):
    dates = dates_of(series(room, 20))
    with CaptureQueriesContext(connection) as queries:
        wish(
            [
                move(date, when)
                for date, when in zip(dates, fridays(20, "08:00", "09:00"), strict=True)
            ]
        )
    assert len(queries) < 80


# What others see ----------------------------------------------------------------------------------


def test_the_week_shows_what_a_wish_holds_as_asked_for(client, room, alfeld, tuesday_morning):
    wish([move(date_of(promised(room)), span("20:00", "22:00"))])
    page = client.get(f"/raeume/{room.centre.slug}/{room.slug}/")
    assert page.status_code == 200
    assert "21:00–22:00" in page.content.decode()


def test_the_desk_says_whose_wish_is_in_the_way(desk, room, tuesday_morning, choir, singer):
    first = promised(room, association=choir, requester=singer)
    wish([move(date_of(first), span("14:00", "16:00"))])
    waiting = requested_too(room, span("15:00", "17:00"))
    (verdict,) = verdicts_of([date_of(waiting)]).values()
    assert not verdict.is_free
    page = desk.get(reverse("request_detail", args=[waiting.pk]))
    assert "Gemischter Chor möchte einen Termin auf diese Zeit verlegen" in page.content.decode()


def test_the_group_reads_what_became_of_its_wish(client, room, choir, singer, tuesday_morning):
    booking = promised(room, association=choir, requester=singer)
    change = wish([move(date_of(booking), span("20:00", "22:00"))])
    withdraw_change(change=change, actor=singer, now=NOW)
    client.force_login(singer)
    page = client.get(reverse("booking", args=[booking.number]))
    assert "Änderungswunsch zurückgezogen" in page.content.decode()
