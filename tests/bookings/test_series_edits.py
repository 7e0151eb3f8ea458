"""A series ends earlier, goes on, gets a date back; two groups change places; one decision on many."""

import datetime as dt
from contextlib import suppress
from dataclasses import replace
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import BookingPolicy
from bookings.rules.policy import Approval, Bookers
from bookings.rules.proposal import Choice
from bookings.rules.recurrence import Frequency, Recurrence
from bookings.rules.refusals import Code, RefusedError
from bookings.rules.states import Action, DateState, ReasonMissingError
from bookings.services import too_often
from bookings.services.changes import FollowingWish, ask_for_following, exchange_dates, grant_change
from bookings.services.decisions import DecidedAlreadyError, decide, reject
from bookings.services.housekeeping import complete_past, end_holds
from bookings.services.own_dates import give_up
from bookings.services.requests import send_request
from bookings.services.series_edits import (
    add_back,
    end_series,
    extend_series,
    propose_extension,
)
from cms.models import OutgoingMail
from cms.opening_hours import BERLIN
from tests.bookings.changing import (
    WEEK,
    assert_right,
    dates_of,
    held_by,
    move,
    promised_series,
    series,
    wish,
)
from tests.bookings.house import AFTER_THE_HOLD
from tests.factories.bookings import (
    FRIDAY,
    NOW,
    AssociationFactory,
    add_room,
    date_of,
    new_request,
    promised,
    requested,
    requested_too,
    span,
)

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _all_is_right_afterwards():
    yield
    assert_right()


def states_of(booking) -> list[str]:
    return [date.state for date in dates_of(booking)]


def mails_to(booking):
    return OutgoingMail.objects.filter(recipient=booking.requester.email)


def codes(error) -> list[Code]:
    return [refusal.code for refusal in error.value.refusals]


def test_the_hours_of_a_group_are_counted_by_one_step_at_a_time(room, manager):
    first, second, third = dates_of(booking := promised_series(room))
    other = date_of(promised(add_room(room.centre, "Büro")))
    BookingPolicy.objects.create(centre=room.centre, quota_week_hours=20)
    at_eight = FollowingWish(room=room, until=FRIDAY + 2 * WEEK, start=dt.time(20), end=dt.time(22))
    steps = [
        lambda: wish([move(first, span("08:00", "10:00"))]),
        lambda: ask_for_following(
            booking=booking, first_date_id=third.pk, wish=at_eight, actor=None, now=NOW
        ),
        lambda: extend_series(booking=booking, until=FRIDAY + 3 * WEEK, actor=None, now=NOW),
        lambda: add_back(date=third, actor=None, now=NOW),
        lambda: exchange_dates(first=second, second=other, actor=manager, now=NOW),
    ]
    for step in steps:
        with CaptureQueriesContext(connection) as queries, suppress(RefusedError):
            step()
        locks = [query["sql"] for query in queries if "FOR NO KEY UPDATE" in query["sql"]]
        assert 'FROM "bookings_association"' in locks[0]  # before any space


# The centre exchanges two dates -------------------------------------------------------------------


def test_two_groups_change_places(room, hall, manager):
    first = promised(room)
    second = promised(hall[0], span("10:00", "12:00"))
    waiting = requested_too(room, span("20:00", "22:00"))
    OutgoingMail.objects.all().delete()
    exchange_dates(first=date_of(first), second=date_of(second), actor=manager, now=LATER)
    one, other = date_of(first), date_of(second)
    assert (one.room, one.span) == (hall[0], span("10:00", "12:00"))
    assert (other.room, other.span) == (room, span())
    assert {one.log.last().action, other.log.last().action} == {Action.EXCHANGE}
    assert (one.booking.sequence, other.booking.sequence) == (2, 2)
    assert not date_of(waiting).stands
    for booking in (first, second):
        (mail,) = mails_to(booking)
        assert mail.subject.startswith("Getauscht: ")
        assert "SEQUENCE:2" in mail.calendar


def test_two_dates_of_one_request_are_exchanged_with_one_mail(room, manager):
    first, second, _third = dates_of(booking := promised_series(room))
    OutgoingMail.objects.all().delete()
    exchange_dates(first=first, second=second, actor=manager, now=LATER)
    assert [date.span for date in dates_of(booking)][:2] == [second.span, first.span]
    assert mails_to(booking).count() == 1


def test_an_exchange_is_refused_for_groups_that_are_too_large_and_dates_that_are_gone(
    room, manager
):
    small = promised(add_room(room.centre, "Büro", capacity=3), persons=3)
    large = promised(room)
    with pytest.raises(RefusedError) as error:
        exchange_dates(first=date_of(large), second=date_of(small), actor=manager, now=LATER)
    assert codes(error) == [Code.TOO_MANY]
    give_up(date=date_of(small), actor=None, now=NOW)
    with pytest.raises(DecidedAlreadyError):
        exchange_dates(first=date_of(large), second=date_of(small), actor=manager, now=LATER)


def test_an_exchange_is_refused_outside_the_hours_of_a_room(room, manager):
    early = add_room(room.centre, "Büro", hours=("06:00", "12:00"))
    first, second = promised(room), promised(early, span("08:00", "10:00"))
    early.hours.update(opens=dt.time(9))
    before = OutgoingMail.objects.count()
    with pytest.raises(RefusedError) as error:
        exchange_dates(first=date_of(first), second=date_of(second), actor=manager, now=LATER)
    assert codes(error) == [Code.OUTSIDE_HOURS]
    assert error.value.refusals[0].values["date_id"] == date_of(first).pk
    assert (date_of(first).room, date_of(second).room) == (room, early)
    assert OutgoingMail.objects.count() == before


def test_an_exchange_keeps_to_the_rules_of_the_rooms_and_groups(room, manager):
    office = add_room(room.centre, "Büro")
    unchecked = AssociationFactory.create(home_centre=room.centre, checked_at=None)
    long = promised(room, span("18:00", "22:00"), association=unchecked)
    short = promised(office, span("10:00", "12:00"))
    BookingPolicy.objects.create(centre=room.centre, room=office, bookers=Bookers.CHECKED)
    dates = [date_of(long), date_of(short)]
    with pytest.raises(RefusedError) as error:
        exchange_dates(first=dates[0], second=dates[1], actor=manager, now=LATER)
    assert codes(error) == [Code.NOT_CHECKED]
    assert error.value.refusals[0].values["date_id"] == dates[0].pk
    BookingPolicy.objects.filter(room=office).update(
        quota_week_hours=1, bookers=Bookers.ASSOCIATIONS
    )
    with pytest.raises(RefusedError) as error:
        exchange_dates(first=dates[0], second=dates[1], actor=manager, now=LATER)
    assert codes(error) == [Code.QUOTA_HOURS]


def test_the_seating_follows_when_dates_are_exchanged(room, manager):
    office = add_room(room.centre, "Büro")
    office.layouts.update(name="Kreis")
    first = promised(room, layout=room.layouts.get())
    second = promised(office, span("10:00", "12:00"), layout=office.layouts.get())
    exchange_dates(first=date_of(first), second=date_of(second), actor=manager, now=LATER)
    assert (date_of(first).booking.layout, date_of(second).booking.layout) == (None, None)
    assert (
        "Die Bestuhlung „Kreis“ ist im neuen Raum (Kursraum)"
        in mails_to(second).get(subject__startswith="Getauscht").text
    )


def test_how_soon_a_group_may_ask_does_not_bind_the_centre(room, manager):
    first, second = promised(room), promised(room, span("09:15", "10:00"))
    BookingPolicy.objects.create(centre=room.centre, lead_hours=24 * 30, raster_minutes=30)
    exchange_dates(first=date_of(first), second=date_of(second), actor=manager, now=LATER)
    assert date_of(first).span == span("09:15", "10:00")


def test_an_open_wish_follows_its_date_when_that_is_exchanged(room, hall, manager):
    first = promised(room)
    change = wish([move(date_of(first), span("20:00", "22:00"))])
    second = promised(hall[0], span("10:00", "12:00"))
    exchange_dates(first=date_of(first), second=date_of(second), actor=manager, now=LATER)
    change.refresh_from_db()
    # Half of what it wants belongs to the other group now.
    assert (change.status, change.holds_until, held_by(change)) == ("open", None, {})


# One decision -------------------------------------------------------------------------------------


def test_some_dates_are_promised_and_others_refused_with_one_mail(room, manager):
    booking = series(room, 4)
    first, second, third, fourth = (date.pk for date in dates_of(booking))
    waiting = requested_too(room, span(day=FRIDAY + WEEK))
    OutgoingMail.objects.all().delete()
    decide(
        booking=booking,
        approve=[first, third],
        reject=[second],
        reason="Da wird gewählt.",
        suggestion="Saal zur selben Zeit",
        actor=manager,
        now=NOW,
    )
    assert states_of(booking) == ["approved", "rejected", "approved", "requested"]
    assert date_of(waiting).stands
    (mail,) = mails_to(booking)
    text = mail.text.replace("\N{NO-BREAK SPACE}", " ")
    assert mail.subject == "Zusage für 2 von 4 Terminen: Kursraum"
    for sentence in (
        "2 Termine sind für Sie gebucht.",
        "Diesen 1 Termin können wir nicht zusagen:\nFr., 4. Dezember 2026",
        "Grund: Da wird gewählt.",
        "Saal zur selben Zeit",
    ):
        assert sentence in text, text
    with pytest.raises(DecidedAlreadyError):
        decide(booking=booking, approve=[fourth, first], reject=[], actor=manager, now=LATER)
    assert states_of(booking)[3] == "requested"


def test_a_decision_that_makes_no_sense_is_refused(room, manager):
    booking = series(room, 2)
    first, second = (date.pk for date in dates_of(booking))
    for yes, no in (([], []), ([first], [first])):
        with pytest.raises(ValueError, match="each in one list"):
            decide(booking=booking, approve=yes, reject=no, actor=manager, now=NOW)
    with pytest.raises(ReasonMissingError):
        decide(booking=booking, approve=[first], reject=[second], actor=manager, now=NOW)
    assert states_of(booking) == ["requested"] * 2


def test_hundreds_of_dates_are_decided_in_as_few_queries(room, hall, manager):
    counts = []
    for number, where in ((4, room), (30, hall[0])):
        booking = series(where, number)
        rival = requested_too(where)
        keys = [date.pk for date in dates_of(booking)]
        with CaptureQueriesContext(connection) as queries:
            decide(
                booking=booking,
                approve=keys[:-2],
                reject=keys[-2:],
                reason="Nein",
                actor=manager,
                now=NOW,
            )
        assert date_of(rival).state == DateState.WAITLISTED
        with CaptureQueriesContext(connection) as ending:
            end_series(booking=booking, after=FRIDAY, actor=None, now=NOW)
        counts.append((len(queries), len(ending)))
    assert counts[0] == counts[1], counts


# Earlier ------------------------------------------------------------------------------------------


def test_a_series_ends_earlier_in_one_step(room):
    booking = promised_series(room, 4)
    waiting = requested_too(room, span(day=FRIDAY + 3 * WEEK))
    OutgoingMail.objects.all().delete()
    over = end_series(booking=booking, after=FRIDAY + WEEK, actor=booking.requester, now=NOW)
    assert len(over) == 2
    assert states_of(booking) == ["approved", "approved", "cancelled", "cancelled"]
    assert date_of(waiting).stands
    assert mails_to(booking).count() == 1
    with pytest.raises(RefusedError) as error:
        end_series(booking=booking, after=FRIDAY + WEEK, actor=None, now=NOW)
    assert codes(error) == [Code.NOTHING_TO_END]


def test_undecided_dates_are_withdrawn(room):
    booking = series(room)
    end_series(booking=booking, after=FRIDAY, actor=None, now=NOW)
    assert states_of(booking) == ["requested", "withdrawn", "withdrawn"]


def test_after_the_deadline_one_has_to_ring_up_to_cancel(room):
    booking = promised_series(room)
    BookingPolicy.objects.create(centre=room.centre, cancel_hours=10 * 24)
    with pytest.raises(RefusedError) as error:
        end_series(booking=booking, after=NOW.date(), actor=None, now=NOW)
    assert codes(error) == [Code.CANCEL_TOO_LATE]
    with pytest.raises(RefusedError) as error:
        give_up(date=dates_of(booking)[0], actor=None, now=NOW)
    assert codes(error) == [Code.CANCEL_TOO_LATE]
    end_series(booking=booking, after=FRIDAY + WEEK, actor=None, now=NOW)
    assert states_of(booking) == ["approved", "approved", "cancelled"]


# On -----------------------------------------------------------------------------------------------


def test_a_series_goes_on(room):
    booking = promised_series(room)
    OutgoingMail.objects.all().delete()
    new = extend_series(booking=booking, until=FRIDAY + 4 * WEEK, actor=booking.requester, now=NOW)
    # The fifth Friday is Christmas Day.
    assert [date.state for date in new] == ["requested", "skipped_holiday"]
    assert states_of(booking) == ["approved"] * 3 + ["requested", "skipped_holiday"]
    assert dates_of(booking)[3].stands
    assert mails_to(booking).count() == 1


def test_what_is_added_to_an_open_request_opens_no_other_one(room):
    booking = series(room)
    BookingPolicy.objects.create(centre=room.centre, quota_open=1)
    extend_series(booking=booking, until=FRIDAY + 4 * WEEK, actor=None, now=NOW)
    christmas = dates_of(booking)[-1]
    assert christmas.state == DateState.SKIPPED_HOLIDAY
    assert add_back(date=christmas, actor=None, now=NOW).state == DateState.REQUESTED
    BookingPolicy.objects.update(quota_open=2)
    requested(room, span("08:00", "09:00"), association=booking.association)
    BookingPolicy.objects.update(quota_open=1)
    with pytest.raises(RefusedError) as error:
        extend_series(booking=booking, until=FRIDAY + 8 * WEEK, actor=None, now=NOW)
    assert codes(error) == [Code.QUOTA_OPEN]


def test_a_series_that_ended_weeks_ago_goes_on(room):
    booking = promised_series(room)  # until 11 December
    BookingPolicy.objects.create(centre=room.centre, lead_hours=48)
    now = dt.datetime(2026, 12, 30, 20, tzinfo=BERLIN)
    complete_past(now=now)
    with pytest.raises(RefusedError) as error:
        extend_series(booking=booking, until=FRIDAY + 5 * WEEK, actor=None, now=now)
    (refusal,) = error.value.refusals
    assert (refusal.code, refusal.values["first"]) == (Code.NO_DATES, FRIDAY + 6 * WEEK)
    seen = propose_extension(booking=booking, until=FRIDAY + 7 * WEEK, now=now)
    assert [one.day for one in seen.dates] == [FRIDAY + 6 * WEEK, FRIDAY + 7 * WEEK]
    choices = {one.day: Choice.KEEP for one in seen.problems}
    new = extend_series(
        booking=booking,
        until=FRIDAY + 7 * WEEK,
        actor=None,
        now=now,
        proposal=seen,
        choices=choices,
    )
    left_out = [DateState.SKIPPED_CONFLICT] * 3
    assert [date.state for date in new] == [*left_out, *[DateState.REQUESTED] * 2]
    assert {date.reason for date in new[:3]} == {"Beim Verlängern zu kurzfristig"}


def test_what_is_refused_as_a_whole_does_not_go_on(room, manager):
    booking = series(room)
    reject(
        booking=booking,
        date_ids=[date.pk for date in dates_of(booking)],
        reason="Nein",
        actor=manager,
        now=NOW,
    )
    with pytest.raises(RefusedError) as error:
        extend_series(booking=booking, until=FRIDAY + 3 * WEEK, actor=None, now=LATER)
    assert codes(error) == [Code.NOTHING_LEFT]


def test_who_agreed_to_dates_gets_all_of_them_or_none(room):
    booking = promised_series(room)
    until = FRIDAY + 3 * WEEK
    seen = propose_extension(booking=booking, until=until, now=NOW)
    promised(room, span(day=until))
    with pytest.raises(RefusedError) as error:
        extend_series(booking=booking, until=until, actor=None, now=NOW, proposal=seen)
    assert codes(error) == [Code.DATES_GONE]
    assert len(states_of(booking)) == 3


def test_who_lets_series_go_on_again_and_again_is_stopped(room, monkeypatch):
    monkeypatch.setattr(too_often, "MOST_IN_AN_HOUR", 2)
    booking = promised_series(room)
    extend = partial(extend_series, booking=booking, actor=booking.requester)
    extend(until=FRIDAY + 3 * WEEK, now=LATER)
    first = dates_of(booking)[0]
    wish([move(first, span("08:00", "10:00"))], now=LATER)
    with pytest.raises(RefusedError) as error:
        extend(until=FRIDAY + 8 * WEEK, now=LATER)
    assert codes(error) == [Code.TOO_OFTEN]
    extend(until=FRIDAY + 8 * WEEK, now=LATER + dt.timedelta(hours=1))


def test_every_second_week_stays_every_second_week(room):
    rhythm = Recurrence(Frequency.WEEKLY, (4,), interval=2)
    spans = [span(day=FRIDAY), span(day=FRIDAY + 2 * WEEK)]
    booking = send_request(
        request=replace(new_request(room), spans=spans, recurrence=rhythm), now=NOW
    )
    (new,) = extend_series(booking=booking, until=FRIDAY + 9 * WEEK, actor=None, now=NOW)[:1]
    assert new.span.start == span(day=FRIDAY + 4 * WEEK).start


def test_a_single_date_becomes_a_series(room):
    booking = promised(room)
    extend_series(
        booking=booking,
        until=FRIDAY + WEEK,
        recurrence=Recurrence(Frequency.WEEKLY, (4,)),
        actor=None,
        now=NOW,
    )
    assert states_of(booking) == ["approved", "requested"]
    other = promised(room, span("08:00", "09:00"))
    for rhythm in (None, Recurrence(Frequency.WEEKLY, (1,))):
        with pytest.raises(RefusedError) as error:
            extend_series(
                booking=other, until=FRIDAY + WEEK, recurrence=rhythm, actor=None, now=NOW
            )
        assert codes(error) == [Code.UNKNOWN_RULE]


def test_the_limits_of_a_series_hold_for_the_whole_of_it(room):
    booking = promised_series(room)
    too_late, in_spring = FRIDAY + 110 * WEEK, NOW + 10 * WEEK
    BookingPolicy.objects.create(centre=room.centre, horizon_days=732)
    for until, now, code, last in (
        (FRIDAY, NOW, Code.NO_DATES, None),
        (too_late, NOW, Code.TOO_FAR, NOW.date() + dt.timedelta(days=732)),
        (too_late, in_spring, Code.SERIES_TOO_LONG, FRIDAY.replace(year=2028)),
    ):
        with pytest.raises(RefusedError) as error:
            extend_series(booking=booking, until=until, actor=None, now=now)
        assert codes(error) == [code]
        assert error.value.refusals[0].values.get("last") == last


def test_what_goes_on_under_another_number_is_extended_there(room, manager):
    booking = promised_series(room)
    wished = FollowingWish(room=room, until=FRIDAY + 2 * WEEK, start=dt.time(20), end=dt.time(22))
    change = ask_for_following(
        booking=booking,
        first_date_id=dates_of(booking)[1].pk,
        wish=wished,
        actor=None,
        now=NOW,
    )
    with pytest.raises(RefusedError) as error:
        extend_series(booking=booking, until=FRIDAY + 3 * WEEK, actor=None, now=NOW)
    assert codes(error) == [Code.CHANGE_OPEN]
    grant_change(change=change, actor=manager, now=LATER)
    with pytest.raises(RefusedError) as error:
        extend_series(booking=booking, until=FRIDAY + 3 * WEEK, actor=None, now=LATER)
    assert codes(error) == [Code.GOES_ON]


# Added again --------------------------------------------------------------------------------------


def test_a_date_that_was_left_out_comes_back_when_it_is_free(room):
    other = promised(room, span(day=FRIDAY + 3 * WEEK))
    booking = promised_series(room)
    extend_series(booking=booking, until=FRIDAY + 8 * WEEK, actor=None, now=NOW)
    date = dates_of(booking)[3]
    assert date.state == DateState.SKIPPED_CONFLICT
    with pytest.raises(RefusedError) as error:
        add_back(date=date, actor=None, now=NOW)
    assert codes(error) == [Code.TAKEN]
    give_up(date=date_of(other), actor=None, now=NOW)
    OutgoingMail.objects.all().delete()
    back = add_back(date=date, actor=None, now=NOW)
    assert (back.state, back.stands, back.occurrence.cancelled) == ("requested", True, False)
    assert mails_to(booking).count() == 1
    with pytest.raises(RefusedError) as error:
        add_back(date=date, actor=None, now=NOW)
    assert codes(error) == [Code.NOT_LEFT_OUT]


def test_rules_that_promise_at_once_do_so_for_a_date_that_comes_back(room):
    booking = promised_series(room)
    extend_series(booking=booking, until=FRIDAY + 4 * WEEK, actor=None, now=NOW)
    BookingPolicy.objects.create(centre=room.centre, approval=Approval.AT_ONCE)
    back = add_back(date=dates_of(booking)[4], actor=None, now=NOW)
    assert (back.state, back.stands) == ("approved", True)


@pytest.mark.parametrize("is_new", [True, False])
def test_who_only_waited_for_a_date_that_is_promised_at_once_gets_it_next(room, is_new):
    waiting = requested(room, span(day=FRIDAY + 3 * WEEK))
    booking = promised_series(room)
    extend = partial(extend_series, booking=booking, until=FRIDAY + 8 * WEEK, actor=None)
    if not is_new:
        extend(now=NOW)
    end_holds(now=AFTER_THE_HOLD)
    BookingPolicy.objects.create(centre=room.centre, approval=Approval.AT_ONCE)
    if is_new:
        extend(now=AFTER_THE_HOLD)
    else:
        add_back(date=dates_of(booking)[3], actor=None, now=AFTER_THE_HOLD)
    assert dates_of(booking)[3].state == DateState.APPROVED
    assert date_of(waiting).state == DateState.WAITLISTED
