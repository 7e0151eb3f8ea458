"""The file that enters a date in a calendar, read back by a library that did not write it."""

import datetime as dt

import pytest
import vobject

from bookings.calendar_entries import Method, calendar_of
from bookings.services.decisions import approve, undo_approval
from bookings.services.own_dates import give_up
from bookings.services.revoking import revoke
from cms.models import OutgoingMail
from cms.opening_hours import BERLIN
from tests.factories.bookings import (
    FRIDAY,
    NOW,
    add_room,
    date_of,
    promised,
    requested,
    span,
)

pytestmark = pytest.mark.django_db
URL = "https://rvz.example.org/buchungen/X/"


def read_calendar(text):
    return vobject.readOne(text)


def entry_of(booking, method=Method.PUBLISH):
    text = calendar_of([date_of(booking)], method=method, now=NOW, url=URL)
    return read_calendar(text).vevent


def address_of(booking):
    assert booking.requester
    return booking.requester.email


def sent_calendars():
    texts = OutgoingMail.objects.exclude(calendar="").order_by("pk")
    return [read_calendar(text) for text in texts.values_list("calendar", flat=True)]


def test_a_promise_is_confirmed_with_times_of_the_clock_in_berlin(room):
    booking = promised(room)
    event = entry_of(booking)
    assert event.dtstart.value == dt.datetime(2026, 11, 27, 19, 0, tzinfo=BERLIN)
    assert event.dtend.value == dt.datetime(2026, 11, 27, 21, 0, tzinfo=BERLIN)
    assert event.dtstart.params["X-VOBJ-ORIGINAL-TZID"] == ["Europe/Berlin"]
    assert event.uid.value == str(booking.uid)
    assert event.status.value == "CONFIRMED"
    assert event.summary.value == "Chorprobe – Kursraum"
    address = room.centre.locations.first().address
    assert address
    assert event.location.value == f"Kursraum, {address}"
    assert booking.number in event.description.value


@pytest.mark.parametrize(
    ("day", "hours"), [(dt.date(2027, 3, 28), 2), (dt.date(2026, 10, 25), 2), (FRIDAY, 2)]
)
def test_times_hold_on_days_when_the_clock_changes(room, day, hours):
    early = dt.datetime(2026, 10, 1, 9, tzinfo=BERLIN)
    booking = requested(room, span("08:00", "10:00", day), now=early)
    event = entry_of(booking)
    instants = [edge.value.astimezone(dt.UTC) for edge in (event.dtstart, event.dtend)]
    assert tuple(instants) == tuple(edge.astimezone(dt.UTC) for edge in date_of(booking).span)
    assert instants[1] - instants[0] == dt.timedelta(hours=hours)


def test_what_is_not_decided_is_provisional(room):
    assert entry_of(requested(room)).status.value == "TENTATIVE"


def test_nothing_personal_stands_in_the_file(room):
    booking = promised(room, wishes="Bitte zwei Tische")
    text = calendar_of([date_of(booking)], method=Method.PUBLISH, now=NOW, url=URL)
    for private in ("Muster", "040 66969", address_of(booking), "zwei Tische"):
        assert private not in text


def test_cancelling_keeps_the_id_and_raises_the_version(room):
    booking = promised(room)
    give_up(date=date_of(booking), actor=booking.requester, now=NOW)
    entered, removed = sent_calendars()
    assert (entered.method.value, removed.method.value) == ("PUBLISH", "CANCEL")
    assert entered.vevent.uid.value == removed.vevent.uid.value
    assert int(removed.vevent.sequence.value) > int(entered.vevent.sequence.value)
    assert removed.vevent.status.value == "CANCELLED"


def test_every_decision_raises_the_version(room, manager):
    booking = requested(room)
    date = date_of(booking)
    versions = [booking.sequence]

    def note():
        booking.refresh_from_db()
        versions.append(booking.sequence)

    approve(booking=booking, date_ids=[date.pk], actor=manager, now=NOW, keep_mail_back=True)
    note()
    undo_approval(booking=booking, date_ids=[date.pk], actor=manager, now=NOW)
    note()
    approve(booking=booking, date_ids=[date.pk], actor=manager, now=NOW)
    note()
    revoke(
        short_notice=True,
        booking=booking,
        date_ids=[date.pk],
        actor=manager,
        reason="Pflege",
        now=NOW,
    )
    note()
    assert versions == sorted(set(versions))


def test_text_with_line_breaks_and_signs_stays_one_line(centre):
    room = add_room(centre, "Saal; groß, hell")
    booking = promised(room, purpose="Chor\nATTENDEE:mailto:x@example.org, und; mehr")
    event = entry_of(booking)
    assert event.summary.value == "Chor ATTENDEE:mailto:x@example.org, und; mehr – Saal; groß, hell"
    assert not hasattr(event, "attendee")
