"""A series goes on differently from a date on: under a new number, in one step, nobody in between."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking, BookingPolicy, ChangeRequest, Room
from bookings.rules.policy import Approval
from bookings.rules.proposal import Choice
from bookings.rules.recurrence import Frequency, Recurrence
from bookings.rules.refusals import Code, RefusedError
from bookings.rules.states import DateState
from bookings.rules.wall_clock import berlin_day
from bookings.services.changes import (
    FollowingWish,
    ask_for_following,
    expire_changes,
    grant_change,
    propose_following,
    refuse_change,
    withdraw_change,
)
from bookings.services.closures import create_closure
from bookings.services.decisions import TimeTakenError, approve
from bookings.services.housekeeping import end_holds
from bookings.services.own_dates import give_up
from bookings.services.requests import send_request
from bookings.services.revoking import revoke
from bookings.services.series_edits import end_series
from bookings.templatetags.proposals import problem_title, to_choose_sentence
from cms.models import OutgoingMail
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
    add_room,
    date_of,
    new_request,
    promised,
    requested,
    requested_too,
    span,
)

pytestmark = pytest.mark.django_db
Status = ChangeRequest.Status
LATER = NOW + dt.timedelta(hours=1)
EVERY_THURSDAY = Recurrence(Frequency.WEEKLY, (3,))


@pytest.fixture(autouse=True)
def _all_is_right_afterwards():
    yield
    assert_right()


def following(booking: Booking, number: int = 1, *, start="20:00", end="22:00", **values):
    """Ask that the series goes on later in the evening from its second date on."""
    dates = dates_of(booking)
    wished = FollowingWish(
        room=values.pop("room", dates[0].room),
        until=values.pop("until", dates[-1].span.start.date()),
        start=dt.time.fromisoformat(start),
        end=dt.time.fromisoformat(end),
        recurrence=values.pop("recurrence", None),
        first=values.pop("first", None),
    )
    return ask_for_following(
        booking=booking,
        first_date_id=dates[number].pk,
        wish=wished,
        actor=booking.requester,
        **{"now": NOW, **values},
    )


def plain(mail: OutgoingMail) -> str:
    return mail.text.replace("\N{NO-BREAK SPACE}", " ")


def mails_of(booking: Booking) -> tuple[OutgoingMail, OutgoingMail]:
    """Return the mail to the group and that to the team; take those from before away first."""
    group = OutgoingMail.objects.get(recipient=booking.requester.email)
    return group, OutgoingMail.objects.exclude(pk=group.pk).get()


def states_of(booking: Booking) -> list[str]:
    return [date.state for date in dates_of(booking)]


def test_the_old_dates_stay_and_the_wish_holds_the_difference(room):
    booking = promised_series(room)
    change = following(booking)
    assert (change.status, change.kind) == (Status.OPEN, ChangeRequest.Kind.FOLLOWING)
    assert states_of(booking) == ["approved"] * 3
    held = [span("21:00", "22:00", FRIDAY + number * WEEK) for number in (1, 2)]
    assert held_by(change) == {"Kursraum (Teil)": held}


def test_what_was_agreed_to_is_asked_for_as_a_whole_or_not_at_all(room):
    booking = promised_series(room)
    first = dates_of(booking)[1]
    wished = FollowingWish(room=room, until=FRIDAY + 2 * WEEK, start=dt.time(20), end=dt.time(22))
    seen = propose_following(booking=booking, first_date_id=first.pk, wish=wished, now=NOW)
    requested(room, span("21:00", "22:00", FRIDAY + 2 * WEEK))
    with pytest.raises(RefusedError) as error:
        ask_for_following(
            booking=booking,
            first_date_id=first.pk,
            wish=wished,
            actor=None,
            now=NOW,
            proposal=seen,
        )
    assert [one.code for one in error.value.refusals] == [Code.DATES_GONE]
    assert not ChangeRequest.objects.exists()


def test_undecided_dates_that_go_on_are_held_no_longer_than_before(room):
    booking = series(room, 4)
    ends = [date.holds_until for date in dates_of(booking)[2:]]
    following(booking, 2, now=NOW + dt.timedelta(days=7))
    new = Booking.objects.get(origin=booking)
    assert [date.holds_until for date in dates_of(new)] == ends
    assert new.answer_due == berlin_day(ends[0])


def test_granting_splits_the_series_and_lets_in_who_waits(room, manager):
    Room.objects.update(key_text="Am Empfang.")
    booking = promised_series(room)
    waiting = requested_too(room, span("19:00", "20:00", FRIDAY + WEEK))
    change = following(booking, text="Wir fangen später an.")
    OutgoingMail.objects.all().delete()
    grant_change(change=change, actor=manager, now=LATER)
    assert states_of(booking) == ["approved", "cancelled", "cancelled"]
    new = Booking.objects.get(origin=booking)
    assert (new.origin_kind, new.purpose) == (Booking.OriginKind.SPLIT, booking.purpose)
    assert new.number in dates_of(booking)[1].reason
    assert [date.span for date in dates_of(new)] == [
        span("20:00", "22:00", FRIDAY + number * WEEK) for number in (1, 2)
    ]
    assert {date.decided_by for date in dates_of(new)} == {manager}
    assert date_of(waiting).stands
    assert booking.requester
    (mail,) = OutgoingMail.objects.filter(recipient=booking.requester.email)
    assert mail.subject == "Geändert ab Fr., 4. Dezember: Kursraum"
    for said in (
        f"Die neuen Zeiten sind für Sie gebucht.\n\nGeht weiter unter der Nummer {new.number}.",
        "Bisher:\nFr., 4. Dezember 2026, 19:00–21:00 Uhr, Kursraum\n",
        "Neu:\nFr., 4. Dezember 2026, 20:00–22:00 Uhr, Kursraum\n",
        f"Nummer Ihrer Anfrage: {new.number}\nSchlüssel: Am Empfang.\n",
    ):
        assert said in plain(mail)
    for uid in (booking.uid, new.uid):
        assert f"UID:{uid}" in mail.calendar


def test_another_weekday_and_room_from_a_date_on(room, hall, manager):
    booking = promised_series(room, layout=room.layouts.get())
    hall[0].layouts.update(name="Kreis")
    change = following(booking, room=hall[0], recurrence=EVERY_THURSDAY, start="18:00", end="19:00")
    grant_change(change=change, actor=manager, now=LATER)
    (date,) = dates_of(Booking.objects.get(origin=booking))
    assert (date.room, date.span) == (hall[0], span("18:00", "19:00", dt.date(2026, 12, 10)))
    sentence = "Die Bestuhlung „Reihen“ ist im neuen Raum (Saal) nicht möglich."
    assert date.log.first().text == sentence
    mail = OutgoingMail.objects.get(subject__startswith="Geändert ab")
    assert f"{sentence} Bitte sagen Sie uns" in " ".join(mail.text.split())


def test_a_series_stays_one_of_its_room_when_its_first_date_is_in_another(room):
    booking = series(room)
    dates = dates_of(booking)
    requested(room, span("21:00", "22:00", dates[1].span.start.date()))
    other = add_room(room.centre, "Saal")
    wished = FollowingWish(
        room=room,
        until=dates[-1].span.start.date() + 2 * WEEK,
        start=dt.time(20),
        end=dt.time(22),
    )
    seen = propose_following(booking=booking, first_date_id=dates[1].pk, wish=wished, now=NOW)
    change = ask_for_following(
        booking=booking,
        first_date_id=dates[1].pk,
        wish=wished,
        actor=booking.requester,
        now=NOW,
        proposal=seen,
        choices={seen.dates[0].day: Choice.OTHER_ROOM},
    )
    new = Booking.objects.get(origin=booking)
    assert change.status == Status.GRANTED
    assert [date.room for date in dates_of(new)][:2] == [other, room]
    assert new.event.calendar == room.calendar


def test_what_is_undecided_goes_on_at_once(room):
    booking = series(room)
    change = following(booking)
    assert change.status == Status.GRANTED
    new = Booking.objects.get(origin=booking)
    assert states_of(booking) == ["requested", "cancelled", "cancelled"]
    assert {(date.state, date.stands) for date in dates_of(new)} == {(DateState.REQUESTED, True)}


@pytest.mark.parametrize("number", [0, 1])
def test_what_goes_on_undecided_is_told_as_not_booked_yet(room, manager, number):
    booking = series(room)
    OutgoingMail.objects.all().delete()
    following(booking, number)
    to_group, to_team = mails_of(booking)
    new = Booking.objects.get(origin=booking)
    assert "Der Raum ist noch nicht fest gebucht." in to_group.text
    # The file would take out the first date, too, which stays undecided.
    assert ("METHOD:CANCEL" in to_group.calendar) == (number == 0)
    assert str(new.uid) not in to_group.calendar
    assert "Die Regeln des Raums" not in to_team.text
    assert "Anfrage ansehen und entscheiden:\n" in to_team.text
    assert f"/verwaltung/anfragen/{new.pk}/" in to_team.text


def test_a_wish_says_from_when_on_and_what_goes(room, manager):
    booking = promised_series(room)
    OutgoingMail.objects.all().delete()
    following(booking)
    for mail in mails_of(booking):
        assert "Es geht um den Termin am 4. Dezember 2026 und alle danach." in plain(mail)
        assert "Bisher:\nFr., 4. Dezember 2026, 19:00–21:00 Uhr, Kursraum\n" in plain(mail)
        assert "Gewünscht:\nFr., 4. Dezember 2026, 20:00–22:00 Uhr, Kursraum\n" in plain(mail)


def test_rules_that_promise_at_once_split_at_once(room):
    booking = promised_series(room)
    BookingPolicy.objects.create(centre=room.centre, approval=Approval.AT_ONCE)
    assert following(booking).status == Status.GRANTED
    assert states_of(Booking.objects.get(origin=booking)) == ["approved"] * 2


def test_who_only_waited_for_what_is_split_at_once_gets_it_next(room):
    waiting = requested(room, span("20:00", "22:00", FRIDAY + 3 * WEEK))
    end_holds(now=AFTER_THE_HOLD)
    booking = promised_series(room, 4, ("18:00", "20:00"))
    BookingPolicy.objects.create(centre=room.centre, approval=Approval.AT_ONCE)
    assert following(booking, 3, now=AFTER_THE_HOLD).status == Status.GRANTED
    assert states_of(waiting) == ["waitlisted"]


def test_taken_dates_are_left_out_and_stay_left_out(room, manager):
    promised(room, span("21:30", "22:00", FRIDAY + WEEK))
    booking = promised_series(room)
    grant_change(change=following(booking), actor=manager, now=LATER)
    assert states_of(Booking.objects.get(origin=booking)) == ["skipped_conflict", "approved"]


def test_a_date_on_a_holiday_that_the_group_has_is_kept(room):
    booking = promised_series(room, 5)
    christmas = FRIDAY + 4 * WEEK
    assert christmas == dt.date(2026, 12, 25)
    wished = FollowingWish(
        room=room, until=christmas + WEEK, start=dt.time(20), end=dt.time(22), first=christmas
    )
    last = dates_of(booking)[-1]
    seen = propose_following(booking=booking, first_date_id=last.pk, wish=wished, now=NOW)
    assert [one.preset for one in seen.dates] == [Choice.KEEP, Choice.LEAVE_OUT]
    assert problem_title(seen.dates[0]).endswith("2026 – Erster Weihnachtstag.")
    assert to_choose_sentence(seen).startswith("1 Termin liegt")


def test_a_date_that_moved_away_is_followed_from_its_day_on(room):
    every_second_tuesday = Recurrence(Frequency.MONTHLY, (1,), nth=2)
    tuesdays = [span("19:00", "21:00", dt.date(2026, 12, 8)), span(day=dt.date(2027, 1, 12))]
    request = replace(new_request(room), spans=tuesdays, recurrence=every_second_tuesday)
    booking = send_request(request=request, now=NOW)
    wish([move(dates_of(booking)[0], span("19:00", "21:00", dt.date(2026, 12, 9)))])
    following(booking, 0)
    new = Booking.objects.get(origin=booking)
    assert [berlin_day(date.span.start) for date in dates_of(new)] == [
        dt.date(2026, 12, 8),
        dt.date(2027, 1, 12),
    ]


def test_refusing_and_withdrawing_leave_everything(room, manager):
    booking = promised_series(room)
    refuse_change(change=following(booking), actor=manager, reason="Nein.", now=NOW)
    withdraw_change(change=following(booking), actor=None, now=NOW)
    assert states_of(booking) == ["approved"] * 3
    assert not Booking.objects.filter(origin=booking).exists()


def take_back(booking: Booking, date, manager, **values) -> None:
    """Let the centre take a promised date back."""
    revoke(
        booking=booking,
        date_ids=[date.pk],
        actor=manager,
        reason="Impfen",
        short_notice=True,
        now=NOW,
        **values,
    )


def test_a_date_given_up_while_a_wish_is_open_stays_given_up(room, manager):
    booking = promised_series(room, 4)
    change = following(booking)
    _first, second, third, _fourth = dates_of(booking)
    waiting = requested_too(room, span("19:00", "22:00", FRIDAY + WEEK))
    give_up(date=second, actor=None, now=NOW)
    assert date_of(waiting).stands
    take_back(booking, third, manager)
    assert held_by(change) == {"Kursraum (Teil)": [span("21:00", "22:00", FRIDAY + 3 * WEEK)]}
    grant_change(change=change, actor=manager, now=LATER)
    new = dates_of(Booking.objects.get(origin=booking))
    assert [(date.state, date.reason) for date in new] == [
        ("skipped_conflict", "fällt aus"),
        ("skipped_conflict", "vom Zentrum abgesagt: Impfen"),
        ("approved", ""),
    ]


def test_a_date_given_up_before_a_wish_is_left_out_unless_the_group_takes_it_back(room, manager):
    booking = promised_series(room, 4)
    _first, second, third, fourth = dates_of(booking)
    give_up(date=third, actor=None, now=NOW)
    take_back(booking, fourth, manager)
    wished = FollowingWish(room=room, until=FRIDAY + 3 * WEEK, start=dt.time(20), end=dt.time(22))
    seen = propose_following(booking=booking, first_date_id=second.pk, wish=wished, now=NOW)
    assert [(one.preset, one.reason) for one in seen.dates] == [
        (Choice.KEEP, ""),
        (Choice.LEAVE_OUT, "fällt aus"),
        (Choice.LEAVE_OUT, "vom Zentrum abgesagt: Impfen"),
    ]
    change = following(booking, choices={FRIDAY + 2 * WEEK: Choice.KEEP})
    grant_change(change=change, actor=manager, now=LATER)
    new = Booking.objects.get(origin=booking)
    assert states_of(new) == ["approved", "approved", "skipped_conflict"]


@pytest.mark.parametrize("values", [{}, {"recurrence": EVERY_THURSDAY, "first": FRIDAY + WEEK}])
def test_a_series_that_ends_while_a_wish_is_open_ends_with_it(room, manager, values):
    booking = promised_series(room, 5)
    begins = FRIDAY + (6 if values else 7) * dt.timedelta(days=1)
    values = {**values, "first": begins, "until": FRIDAY + 8 * WEEK}
    change = following(booking, **values)
    end_series(booking=booking, after=FRIDAY + 2 * WEEK, actor=None, now=NOW)
    grant_change(change=change, actor=manager, now=LATER)
    new = dates_of(Booking.objects.get(origin=booking))
    approved = [berlin_day(date.span.start) for date in new if date.state == "approved"]
    assert approved == [begins, begins + WEEK]


def test_a_wish_for_dates_in_two_rooms_holds_nothing_for_one_that_is_cancelled(room, manager):
    office = add_room(room.centre, "Büro")
    booking = promised_series(room)
    _first, second, third = dates_of(booking)
    grant_change(change=wish([move(second, room=office)]), actor=manager, now=NOW)
    change = following(booking)
    give_up(date=third, actor=None, now=NOW)
    assert held_by(change) == {"Kursraum (Teil)": [span("20:00", "22:00", FRIDAY + WEEK)]}


def test_a_wish_is_over_when_all_that_it_wants_is_given_up(room):
    booking = promised_series(room)
    change = following(booking, until=FRIDAY + WEEK)
    give_up(date=dates_of(booking)[1], actor=None, now=NOW)
    change.refresh_from_db()
    assert (change.status, held_by(change)) == (Status.EXPIRED, {})


def test_a_wish_is_over_when_no_date_of_it_is_left(room, manager):
    booking = promised_series(room)
    change = following(booking, 2)
    take_back(booking, dates_of(booking)[2], manager)
    change.refresh_from_db()
    assert (change.status, held_by(change)) == (Status.EXPIRED, {})


def test_granted_over_a_closed_time_says_so(room, manager):
    booking = promised_series(room)
    change = following(booking)
    create_closure(
        centre=room.centre,
        rooms=[room],
        span=span("21:00", "22:00", FRIDAY + WEEK),
        reason="Impftag",
        actor=manager,
        confirmed_wishes=[change.pk],
        now=NOW,
    )
    with pytest.raises(TimeTakenError) as taken:
        grant_change(change=change, actor=manager, now=LATER)
    assert taken.value.reason == "Impftag"


# What is refused ----------------------------------------------------------------------------------


def refused(booking, *values, **named) -> list[Code]:
    with pytest.raises(RefusedError) as error:
        following(booking, *values, **named)
    return [refusal.code for refusal in error.value.refusals]


def test_refusals(room):
    booking = promised_series(room)
    change = following(booking, 2)
    assert refused(booking) == [Code.CHANGE_OPEN]
    third = dates_of(booking)[2]
    with pytest.raises(RefusedError, match="change_open"):
        wish([move(third, span("08:00", "09:00", FRIDAY + 2 * WEEK))])
    withdraw_change(change=change, actor=None, now=NOW)
    assert refused(booking, start="21:00", end="20:00") == [Code.END_BEFORE_START]
    assert Code.TOO_FAR in refused(booking, until=FRIDAY + 120 * WEEK)
    give_up(date=dates_of(booking)[1], actor=None, now=NOW)
    assert refused(booking) == [Code.DATE_GONE]
    BookingPolicy.objects.create(centre=room.centre, change_hours=30 * 24)
    assert refused(booking, 2) == [Code.CHANGE_TOO_LATE]


def test_undecided_dates_among_promised_ones_have_to_be_decided_first(room, manager):
    booking = series(room)
    approve(booking=booking, date_ids=[dates_of(booking)[1].pk], actor=manager, now=NOW)
    assert refused(booking) == [Code.PARTLY_DECIDED]


@pytest.mark.parametrize("asked", [series, promised_series])
def test_a_change_that_changes_nothing_is_refused(room, asked):
    booking = asked(room)
    assert refused(booking, start="19:00", end="21:00") == [Code.NOTHING_CHANGES]
    give_up(date=dates_of(booking)[2], actor=None, now=NOW)
    assert refused(booking, start="19:00", end="21:00") == [Code.NOTHING_CHANGES]
    assert states_of(booking)[:2] == [dates_of(booking)[0].state] * 2


def test_a_single_date_has_no_following_ones_without_a_rhythm(room):
    booking = promised(room)
    assert refused(booking, 0) == [Code.UNKNOWN_RULE]


def test_one_may_have_as_many_hours_after_as_before(room):
    booking = promised_series(room)
    BookingPolicy.objects.create(centre=room.centre, quota_week_hours=2, quota_open=1)
    assert following(booking).status == Status.OPEN


# Time ---------------------------------------------------------------------------------------------


def test_holds_end_and_wishes_are_over_when_a_date_begins(room):
    single = promised(room, span("08:00", "10:00", FRIDAY + 3 * WEEK))
    moved = wish([move(date_of(single), span("12:00", "14:00", FRIDAY + 3 * WEEK))])
    booking = promised_series(room)
    split = following(booking)
    assert expire_changes(now=NOW) == 0
    later = span("20:30", "21:00", FRIDAY + 2 * WEEK).start
    assert expire_changes(now=later) == 2
    moved.refresh_from_db()
    split.refresh_from_db()
    assert (moved.status, moved.holds_until) == (Status.OPEN, None)
    assert (split.status, held_by(split)) == (Status.EXPIRED, {})
    assert expire_changes(now=later) == 0
    assert states_of(booking) == ["approved"] * 3


# Speed --------------------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_depend_on_the_number_of_dates(room, manager):
    counts = []
    for number, times in ((4, ("08:00", "10:00")), (30, ("12:00", "14:00"))):
        booking = promised_series(room, number, times)
        with CaptureQueriesContext(connection) as asking:
            change = following(
                booking,
                start="11:00" if number == 4 else "14:30",
                end="12:00" if number == 4 else "15:00",
            )
        with CaptureQueriesContext(connection) as granting:
            grant_change(change=change, actor=manager, now=LATER)
        counts.append((len(asking), len(granting)))
    # Holidays in a longer series have to be proposed another time: two queries more.
    assert counts[1][0] - counts[0][0] <= 8, counts
    assert abs(counts[1][1] - counts[0][1]) <= 2, counts
