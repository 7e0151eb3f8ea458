"""The rules of a room when somebody asks: refusals all at once, promises at once, quotas."""

import datetime as dt
from dataclasses import replace

import pytest

from bookings.models import Booking, Layout, Room, UseBuffer
from bookings.rules.policy import Approval, Bookers, OutsideHours, PublicDetail, Window
from bookings.rules.recurrence import Frequency, Recurrence, spans_of
from bookings.rules.refusals import Code, RefusedError
from bookings.rules.states import Action, DateState
from bookings.selectors.waiting import places_of
from bookings.selectors.week import room_week
from bookings.services.guests import confirm_request
from bookings.services.housekeeping import end_holds
from bookings.services.own_dates import give_up
from bookings.services.policies import save_policy
from bookings.services.requests import (
    NewRequest,
    Waits,
    look_ahead,
    look_at_request,
    send_request,
)
from bookings.wording import refusal_sentence
from cms.models import OutgoingMail
from cms.wording import plain_text
from tests.bookings.changing import dates_of, move, promised_series, wish
from tests.bookings.guests import of_guest
from tests.bookings.house import AFTER_THE_HOLD, IN_A_MONTH
from tests.factories.bookings import (
    FRIDAY,
    NOW,
    AssociationFactory,
    add_room,
    date_of,
    new_request,
    promised,
    requested,
    span,
)

pytestmark = pytest.mark.django_db


def rules(room: Room, windows=(), **values) -> Room:
    """Set rules for a room and return it as the next request finds it."""
    save_policy(centre=room.centre, room=room, values=values, windows=windows)
    return Room.objects.get(pk=room.pk)


def refused(request: NewRequest) -> dict[Code, str]:
    """Send a request that is refused; return the codes with their sentences."""
    before = Booking.objects.count()
    with pytest.raises(RefusedError) as error:
        send_request(request=request, now=NOW)
    assert Booking.objects.count() == before
    return {one.code: plain_text(refusal_sentence(one)) for one in error.value.refusals}


def test_all_refusals_come_at_once(room, choir):
    group = AssociationFactory.create(home_centre=room.centre, checked_at=None)
    layout = Layout.objects.create(room=room, name="Kreis", capacity=10)
    strict = rules(room, bookers=Bookers.CHECKED.value, longest_minutes=60)
    too_long = new_request(strict, association=group, persons=30, layout=layout)
    assert set(refused(too_long)) == {
        Code.TOO_LONG,
        Code.TOO_MANY,
        Code.LAYOUT_TOO_SMALL,
        Code.NOT_CHECKED,
    }
    promised(Room.objects.get(pk=room.pk), span("19:00", "19:30"), association=choir)
    request = new_request(
        strict, span("19:00", "20:00"), association=group, persons=30, layout=layout
    )
    assert set(refused(request)) == {
        Code.TAKEN,
        Code.TOO_MANY,
        Code.LAYOUT_TOO_SMALL,
        Code.NOT_CHECKED,
    }


def test_a_request_too_soon_or_too_long_says_what_would_do(room):
    strict = rules(room, lead_hours=96)
    assert "Sa., 28. November 2026, 10:14 Uhr" in refused(new_request(strict))[Code.TOO_SOON]
    long = rules(room, longest_minutes=90)
    assert "höchstens 1:30 Stunden" in refused(new_request(long))[Code.TOO_LONG]
    hourly = rules(room, raster_minutes=60, shortest_minutes=60)
    request = new_request(hourly, span("19:30", "21:00"))
    assert "volle Stunde" in refused(request)[Code.OFF_RASTER]


def test_outside_hours_is_refused_unless_the_team_decides(room):
    late = span("21:00", "23:00")
    assert Code.OUTSIDE_HOURS in refused(new_request(room, late))
    generous = rules(
        room, outside_hours=OutsideHours.ON_REQUEST.value, approval=Approval.AT_ONCE.value
    )
    booking = requested(generous, late)
    assert date_of(booking).state == DateState.REQUESTED  # never at once
    assert date_of(requested(generous, span("09:00", "10:00"))).state == DateState.APPROVED


def test_promised_at_once_with_one_mail_to_each(room, manager):
    booking = requested(rules(room, approval=Approval.AT_ONCE.value))
    date = date_of(booking)
    assert (date.state, date.stands, date.decided_by) == (DateState.APPROVED, True, None)
    assert [entry.action for entry in booking.log.all()] == [Action.BOOK]
    mails = {mail.recipient: mail for mail in OutgoingMail.objects.all()}
    assert mails[booking.requester.email].subject.startswith("Zusage: Kursraum")
    assert "METHOD:PUBLISH" in mails[booking.requester.email].calendar
    assert mails[manager.email].subject.startswith("Gebucht: Kursraum")
    assert len(mails) == 2


def overdue(room: Room) -> Booking:
    """Return a request whose hold has ended; the time is free again."""
    booking = requested(room, IN_A_MONTH)
    end_holds(now=AFTER_THE_HOLD)
    return booking


def test_who_still_waits_for_a_time_that_is_promised_at_once_gets_it_next(room):
    waiting = overdue(room)
    OutgoingMail.objects.all().delete()
    generous = rules(room, approval=Approval.AT_ONCE.value)
    taken = requested(generous, IN_A_MONTH, now=AFTER_THE_HOLD)
    assert date_of(waiting).state == DateState.WAITLISTED
    (mail,) = OutgoingMail.objects.filter(recipient=waiting.requester.email)
    assert "an eine andere Gruppe vergeben" in mail.text
    assert places_of([date_of(waiting)]) == {date_of(waiting).pk: 1}
    give_up(date=date_of(taken), actor=None, now=AFTER_THE_HOLD)
    assert date_of(waiting).state == DateState.OFFERED


def test_a_guest_who_confirms_goes_before_who_still_waits(room):
    waiting = overdue(room)
    save_policy(centre=room.centre, values={"guests": True, "approval": "at_once"})
    booking = of_guest(Room.objects.get(pk=room.pk), IN_A_MONTH, now=AFTER_THE_HOLD)
    assert date_of(waiting).state == DateState.REQUESTED
    confirm_request(booking=booking, now=AFTER_THE_HOLD)
    assert date_of(booking).state == DateState.APPROVED
    assert date_of(waiting).state == DateState.WAITLISTED


def test_a_change_that_is_granted_at_once_goes_before_who_still_waits(room):
    waiting, series = overdue(room), promised_series(room, 5)
    rules(room, approval=Approval.AT_ONCE.value)
    fourth = dates_of(series)[3]
    wish([move(fourth, IN_A_MONTH)], now=AFTER_THE_HOLD)
    assert dates_of(series)[3].span == IN_A_MONTH
    assert date_of(waiting).state == DateState.WAITLISTED


EVENINGS = Window(FRIDAY.weekday(), dt.time(18), dt.time())


@pytest.mark.parametrize(
    ("is_checked", "when", "state"),
    [
        (True, ("19:00", "21:00"), DateState.APPROVED),
        (False, ("19:00", "21:00"), DateState.REQUESTED),
        (True, ("17:30", "19:00"), DateState.REQUESTED),
    ],
)
def test_at_once_in_windows_for_checked_groups(room, is_checked, when, state):
    group = AssociationFactory.create(
        home_centre=room.centre, checked_at=NOW if is_checked else None
    )
    partly = rules(room, [EVENINGS], approval=Approval.IN_WINDOWS.value)
    booked_at_once = look_ahead(
        room=partly, span=span(*when), persons=5, waits=Waits.NO, association=group, now=NOW
    )
    assert booked_at_once == (state is DateState.APPROVED)
    assert date_of(requested(partly, span(*when), association=group)).state == state


def test_windows_that_touch_are_one(room, choir):
    windows = [
        Window(FRIDAY.weekday(), dt.time(17), dt.time(20)),
        Window(FRIDAY.weekday(), dt.time(20), dt.time(22)),
    ]
    partly = rules(room, windows, approval=Approval.IN_WINDOWS.value)
    assert date_of(requested(partly, association=choir)).state == DateState.APPROVED


def test_the_quota_of_open_requests(room, choir):
    one_only = rules(room, quota_open=1)
    requested(one_only, span("09:00", "10:00"), association=choir)
    request = new_request(one_only, span("12:00", "13:00"), association=choir)
    assert "1 offene Anfrage" in refused(request)[Code.QUOTA_OPEN]
    promised(room, span("14:00", "15:00"))  # others do not count


def test_the_quota_of_hours_counts_the_week(room, choir):
    few = rules(room, quota_week_hours=3)
    requested(few, span("19:00", "21:00"), association=choir)
    request = new_request(few, span("09:00", "11:00"), association=choir)
    assert "23. November 2026" in refused(request)[Code.QUOTA_HOURS]
    monday = span("19:00", "21:00", FRIDAY + dt.timedelta(days=3))
    requested(few, monday, association=choir)


def test_the_quotas_of_a_centre_count_what_a_group_has_there(room, choir, nordholz):
    elsewhere = add_room(nordholz.centre, "Kursraum")
    requested(elsewhere, span("09:00", "11:00"), association=choir)
    strict = rules(room, quota_open=1, quota_week_hours=2)
    requested(strict, association=choir)
    other = add_room(room.centre, "Saal")
    save_policy(centre=room.centre, room=other, values={"quota_open": 1, "quota_week_hours": 3})
    codes = set(refused(new_request(other, association=choir)))
    assert codes == {Code.QUOTA_OPEN, Code.QUOTA_HOURS}


def test_set_up_depends_on_the_use(room):
    room.turnover_minutes = 15
    room.save()
    UseBuffer.objects.create(room=room, use="party", setup_minutes=60, turnover_minutes=120)
    quiet = date_of(requested(Room.objects.get(pk=room.pk), span("08:00", "09:00"), use="meeting"))
    loud = date_of(requested(Room.objects.get(pk=room.pk), span("12:00", "14:00"), use="party"))
    assert (quiet.setup_minutes, quiet.turnover_minutes) == (0, 15)
    assert (loud.setup_minutes, loud.turnover_minutes) == (60, 120)
    assert Code.HELD in refused(new_request(Room.objects.get(pk=room.pk), span("15:00", "15:30")))


@pytest.mark.parametrize(("turnover", "is_refused"), [(600, True), (0, False)])
def test_a_series_must_not_stand_in_its_own_way(centre, choir, turnover, is_refused):
    """With 10 hours for set-up, the room is free for the next day's event only at night."""
    room = add_room(centre, "Werkstatt", setup_minutes=600, turnover_minutes=turnover)
    daily = Recurrence(Frequency.DAILY)
    spans = spans_of(daily, FRIDAY, FRIDAY + dt.timedelta(days=2), dt.time(8), dt.time(22))
    request = replace(new_request(room, association=choir), spans=spans, recurrence=daily)
    if not is_refused:
        assert send_request(request=request, now=NOW).dates.count() == 3
        return
    with pytest.raises(RefusedError) as seen:
        look_at_request(request, now=NOW)
    assert [one.code for one in seen.value.refusals] == [Code.TWICE]
    (sentence,) = refused(request).values()
    assert "Fr., 27. November 2026, 8:00–22:00 Uhr" in sentence
    assert "Sa., 28. November 2026, 8:00–22:00 Uhr" in sentence
    assert "Auf- und Abbau" in sentence


def test_only_taken_is_shown_where_the_centre_wants_it(room, choir):
    choir.name_is_public = True
    choir.save()
    promised(room, association=choir)
    spaces = list(room.spaces.values_list("pk", flat=True))

    def labels(current: Room) -> set[str]:
        week = room_week(current, spaces, dt.date(2026, 11, 23), now=NOW)
        return {label for day in week.days for block in day.blocks for label in block.labels}

    assert labels(Room.objects.get(pk=room.pk)) == {"Gemischter Chor"}
    assert labels(rules(room, public_detail=PublicDetail.TAKEN.value)) == set()
