"""Guests and contacts are forgotten: half a year after all is over, unconfirmed guests at once."""

import datetime as dt

import pytest
import time_machine

from bookings.models import Booking, BookingDate, BookingLog, ChangeRequest
from bookings.rules.states import DateState
from bookings.selectors.ledger_check import differences
from bookings.services.changes import Move, ask_for_change
from bookings.services.decisions import approve, ask
from bookings.services.forgetting import (
    KEEP_CONTACTS,
    KEEP_GUESTS,
    forget_contacts,
    forget_guests,
)
from bookings.services.own_dates import answer, give_up
from bookings.services.policies import save_policy
from cms.models import OutgoingMail
from cms.services.housekeeping import keep_house
from tests.bookings.desk import request_url
from tests.bookings.guests import ADDRESS, confirmed, of_guest, path_of
from tests.bookings.test_desk_requests import LIST, words
from tests.factories.bookings import NOW, date_of, promised, span

pytestmark = pytest.mark.usefixtures("tuesday_morning")

A_MINUTE, A_DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
# What a guest typed, and what was said about it.
TYPED = (
    *("Ada Gast", ADDRESS, "040 66969 120", "Geburtstag", "Rollstuhl"),
    *("Mit Musik?", "Nein, Ada", "Umzug"),
)


@pytest.fixture(autouse=True)
def _guests_may_ask(room) -> None:
    save_policy(centre=room.centre, values={"guests": True})


def stored(booking: Booking) -> str:
    """Return everything that is stored about a request, as one text."""
    rows = [
        *Booking.objects.filter(pk=booking.pk).values_list(),
        *BookingDate.objects.filter(booking=booking).values_list(),
        *BookingLog.objects.filter(booking=booking).values_list(),
        *ChangeRequest.objects.filter(booking=booking).values_list(),
    ]
    return " ".join(str(value) for row in rows for value in row)


def test_who_never_confirmed_is_forgotten_with_the_link(room, client, desk):
    booking = of_guest(room, wishes="Platz für einen Rollstuhl")
    assert keep_house(now=NOW + A_DAY - A_MINUTE)["guests forgotten"] == 0
    assert OutgoingMail.objects.filter(recipient=ADDRESS).exists()
    assert keep_house(now=NOW + A_DAY)["guests forgotten"] == 1
    assert date_of(booking).state == DateState.EXPIRED
    assert not [word for word in TYPED if word in stored(booking)]
    assert not OutgoingMail.objects.filter(recipient=ADDRESS).exists()
    assert client.get(path_of(booking)).status_code == 410
    assert desk.get(request_url("detail", booking)).status_code == 404
    assert keep_house(now=NOW + A_DAY)["guests forgotten"] == 0


def test_half_a_year_after_the_date_only_the_use_of_the_room_is_known(room, manager, client):
    booking = confirmed(room, wishes="Platz für einen Rollstuhl")
    ask(booking=booking, actor=manager, question="Mit Musik?", now=NOW)
    answer(booking=booking, actor=None, text="Nein, Ada singt nicht.", now=NOW)
    approve(booking=booking, date_ids=[date_of(booking).pk], actor=manager, now=NOW)
    later = Move(date_of(booking).pk, room, span("10:00", "12:00", dt.date(2026, 12, 4)))
    ask_for_change(booking=booking, moves=[later], actor=None, text="Umzug", now=NOW)
    of_group = promised(room, span("10:00", "11:00"))
    assert all(word in stored(booking) for word in TYPED)

    end = span().end
    keep_house(now=end)
    assert forget_guests(now=end + KEEP_GUESTS - A_MINUTE) == 0
    over = end + KEEP_GUESTS + A_MINUTE
    assert forget_guests(now=over) == 1
    assert forget_guests(now=over) == 0
    booking.refresh_from_db()
    assert not [word for word in TYPED if word in stored(booking)]
    assert (booking.persons, booking.forgotten_at) == (10, over)
    assert date_of(booking).state == DateState.COMPLETED
    assert not differences(now=over)
    of_group.refresh_from_db()
    assert of_group.contact_name == "Erika Muster"

    with time_machine.travel(over, tick=False):
        client.force_login(manager)
        page = words(client.get(request_url("detail", booking)))
        assert "Anfrage von Gast : Kursraum, Fr., 27. November 2026" in page
        assert "am 26. Mai 2027 gelöscht" in page
        assert "Gast" in words(client.get(f"{LIST}?liste=alle"))


def test_what_was_given_up_counts_from_then_on(room):
    booking = confirmed(room, span(day=dt.date(2027, 9, 3)))
    give_up(date=date_of(booking), actor=None, now=NOW)
    assert forget_guests(now=NOW + KEEP_GUESTS - A_MINUTE) == 0
    assert forget_guests(now=NOW + KEEP_GUESTS + A_MINUTE) == 1


def test_what_is_to_come_is_kept_however_long_ago_it_was_asked_for(room, manager):
    booking = confirmed(room, span(day=dt.date(2027, 9, 3)))
    approve(booking=booking, date_ids=[date_of(booking).pk], actor=manager, now=NOW)
    assert forget_guests(now=NOW + KEEP_GUESTS + A_DAY) == 0


# Contacts of groups ------------------------------------------------------------------------------


def test_half_a_year_after_the_last_date_nobody_knows_whom_to_ring_up(room, choir, desk):
    over = promised(room, span("10:00", "11:00"), association=choir)
    ahead = promised(room, span(day=dt.date(2027, 9, 3)), association=choir)
    end = span().end
    keep_house(now=end)
    assert forget_contacts(now=end + KEEP_CONTACTS - A_MINUTE) == 0
    later = end + KEEP_CONTACTS + A_MINUTE
    assert keep_house(now=later)["contacts forgotten"] == 1
    assert forget_contacts(now=later) == 0
    over.refresh_from_db()
    assert (over.contact, over.association, over.purpose) == ("", choir, "Chorprobe")
    ahead.refresh_from_db()
    assert ahead.contact == "Erika Muster, 040 66969 120"
    assert "Ansprechperson" not in words(desk.get(request_url("detail", over)))
    assert "Ansprechperson" in words(desk.get(request_url("detail", ahead)))


def test_who_asks_again_gives_the_contact_of_the_last_request(room, choir, singer, client):
    over = promised(room, span("10:00", "11:00"), association=choir)
    promised(room, span(day=dt.date(2027, 9, 3)), association=choir)
    later = span().end + KEEP_CONTACTS + A_DAY
    keep_house(now=span().end)
    forget_contacts(now=later)
    with time_machine.travel(later, tick=False):
        client.force_login(singer)
        again = f"/raeume/alfeld/kursraum/anfrage/?wie={over.number}"
        page = client.get(again, headers={"host": "localhost"}, follow=True).text
    assert 'value="Erika Muster"' in page
