"""Two groups change places at the manager's desk: choose, look, exchange."""

import datetime as dt
import html
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.ledger import BusyError
from bookings.models import Booking
from bookings.rules.states import Action
from bookings.services.changes import exchange_dates
from bookings.services.own_dates import give_up
from cms.models import OutgoingMail
from tests.bookings.desk import request_url
from tests.bookings.test_desk_requests import words
from tests.cms.desk import text
from tests.factories.bookings import (
    FRIDAY,
    NOW,
    AssociationFactory,
    add_room,
    date_of,
    promised,
    requested,
    span,
)

pytestmark = pytest.mark.usefixtures("tuesday_morning")
MORNING = span("10:00", "12:00", FRIDAY + dt.timedelta(days=3))


@pytest.fixture
def evening(room, choir, singer) -> Booking:
    return promised(room, association=choir, requester=singer)


@pytest.fixture
def morning(room) -> Booking:
    club = AssociationFactory.create(name="Schachclub", home_centre=room.centre)
    return promised(room, MORNING, association=club)


def keys(first: Booking, second: Booking) -> dict[str, int]:
    return {"termin": date_of(first).pk, "mit": date_of(second).pk}


def shown(desk, first: Booking, second: Booking) -> dict[str, object]:
    """Return what the form would send as it stands."""
    page = desk.get(reverse("request_exchange", args=[first.pk]), keys(first, second))
    return {**keys(first, second), "gesehen": page.context["places"]}


def send(desk, first: Booking, sent):
    return desk.post(reverse("request_exchange", args=[first.pk]), sent)


def spans(*bookings: Booking):
    return [date_of(booking).span for booking in bookings]


def test_the_request_leads_to_the_promised_dates_of_other_groups(
    desk, room, nordholz, evening, morning
):
    requested(room, span("14:00", "15:00"))
    promised(add_room(nordholz.centre, "Büro"), MORNING)
    page = text(desk.get(request_url("detail", evening)))
    url = reverse("request_exchange_choice", args=[evening.pk])
    assert f'href="{url}?termin={date_of(evening).pk}' in page
    page = desk.get(url, {"termin": date_of(evening).pk})
    assert [row["date"] for row in page.context["rows"]] == [date_of(morning)]
    assert "Kursraum, Mo., 30. November 2026, 10:00–12:00 Uhr Schachclub" in words(page)
    step = reverse("request_exchange", args=[evening.pk])
    assert f"{step}?termin={date_of(evening).pk}&mit={date_of(morning).pk}" in text(page)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "schach"}, True),
        ({"q": "Kegel"}, False),
        ({"ab": "2026-11-30"}, True),
        ({"ab": "2026-12-01"}, False),
        ({"ab": ""}, True),
        ({"ab": "gestern"}, True),
        ({"ab": "0001-01-01"}, True),
        ({"ab": "9999-12-31"}, True),
        ({"seite": "99"}, True),
    ],
)
def test_another_date_is_found_by_day_number_or_group(desk, evening, morning, asked, found):
    url = reverse("request_exchange_choice", args=[evening.pk])
    page = desk.get(url, {"termin": date_of(evening).pk, **asked})
    assert [row["date"] for row in page.context["rows"]] == [date_of(morning)] * found
    if not found:
        assert "Dann hat hier keine andere Gruppe einen zugesagten Termin." in words(page)


def test_twenty_dates_are_read_in_as_few_queries_as_one(desk, room, evening, morning):
    url = reverse("request_exchange_choice", args=[evening.pk])
    counts = []
    for hours in ((), range(13, 19)):
        for hour in hours:
            promised(room, span(f"{hour}:00", f"{hour + 1}:00"))
        with CaptureQueriesContext(connection) as queries:
            desk.get(url, {"termin": date_of(evening).pk})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_both_sides_are_shown_and_then_exchanged_with_a_mail_to_each(desk, evening, morning):
    url = reverse("request_exchange", args=[evening.pk])
    body = words(desk.get(url, keys(evening, morning)))
    late, early = "Fr., 27. November 2026, 19:00–21:00", "Mo., 30. November 2026, 10:00–12:00"
    assert f"Gemischter Chor Bisher Kursraum, {late} Uhr Neu Kursraum, {early} Uhr" in body
    assert f"Schachclub Bisher Kursraum, {early} Uhr Neu Kursraum, {late} Uhr" in body
    sent = {**shown(desk, evening, morning), "text": "Danke fürs Mitmachen."}
    OutgoingMail.objects.all().delete()
    previews = send(desk, evening, {**sent, "vorschau": "1"}).context["mails"]
    assert not OutgoingMail.objects.exists()
    response = send(desk, evening, sent)
    assert "Getauscht. Beide Gruppen bekommen eine Mail." in words(desk.get(response.url))
    assert spans(evening, morning) == [MORNING, span()]
    mails = OutgoingMail.objects.all()
    assert {mail.recipient for mail in mails} == {
        booking.requester.email for booking in (evening, morning)
    }
    assert all("Danke fürs Mitmachen." in mail.text for mail in mails)
    assert {(one["mail"].subject, one["mail"].text) for one in previews} == {
        (mail.subject, mail.text) for mail in mails
    }


def test_what_becomes_of_the_seating_is_said_before(desk, room, morning):
    office = add_room(room.centre, "Büro")
    office.layouts.update(name="Kreis")
    other = promised(office, span("08:00", "09:00"), layout=office.layouts.get())
    body = words(desk.get(reverse("request_exchange", args=[morning.pk]), keys(morning, other)))
    assert "Die Bestuhlung „Kreis“ ist im neuen Raum (Kursraum) nicht möglich." in body


def test_who_clicks_twice_does_not_exchange_them_back(desk, evening, morning):
    sent = shown(desk, evening, morning)
    send(desk, evening, sent)
    body = words(desk.get(send(desk, evening, sent).url))
    assert "Diese Änderung wurde um 10:14 Uhr von Mara Leitung vorgenommen." in body
    assert "nicht gespeichert" not in body
    assert spans(evening, morning) == [MORNING, span()]


def test_two_clicks_at_once_exchange_once(manager, evening, morning, monkeypatch, desk):
    """Both have read the dates before the first one wrote."""
    sent = shown(desk, evening, morning)

    def already(**values: Any) -> None:
        exchange_dates(**values)
        exchange_dates(**values)

    monkeypatch.setattr("bookings.admin.exchange.exchange_dates", already)
    response = send(desk, evening, sent)
    assert "nicht gespeichert" not in words(desk.get(response.url))
    assert spans(evening, morning) == [MORNING, span()]


def test_a_date_that_has_moved_or_is_gone_is_not_exchanged(desk, manager, room, evening, morning):
    third = promised(room, span("08:00", "09:00"))
    sent = shown(desk, evening, morning)
    exchange_dates(first=date_of(morning), second=date_of(third), actor=manager, now=NOW)
    body = words(desk.get(send(desk, evening, sent).url))
    assert "Ihre Entscheidung wurde nicht gespeichert." in body
    sent = shown(desk, evening, third)
    give_up(date=date_of(third), actor=None, now=NOW)
    body = words(desk.get(send(desk, evening, sent).url))
    assert "abgesagt. Ihre Entscheidung wurde nicht gespeichert." in body
    assert spans(evening) == [span()]
    assert not evening.log.filter(action=Action.EXCHANGE).exists()
    url = reverse("request_exchange", args=[evening.pk])
    assert desk.get(url, keys(evening, third)).status_code == 302


def test_every_refusal_is_a_sentence_and_the_text_is_kept(desk, room, evening, choir):
    small = promised(add_room(room.centre, "Büro", capacity=3), MORNING, persons=3)
    sent = {**shown(desk, evening, small), "text": "Ein langer Satz"}
    response = send(desk, evening, sent)
    assert response.status_code == 422
    assert "Gemischter Chor: In diesen Raum dürfen höchstens 3 Personen." in words(response)
    assert "Ein langer Satz" in html.unescape(response.content.decode())
    assert spans(evening, small) == [span(), MORNING]


def test_when_too_many_book_at_once_nothing_typed_is_lost(desk, evening, morning, monkeypatch):
    def busy(**_values: object) -> None:
        raise BusyError

    sent = {**shown(desk, evening, morning), "text": "Ein langer Satz"}
    monkeypatch.setattr("bookings.admin.exchange.exchange_dates", busy)
    response = send(desk, evening, sent)
    assert response.status_code == 409
    assert "Ein langer Satz" in text(response)


def test_only_promised_dates_ahead_are_exchanged(desk, room, evening, morning, clock):
    open_one = requested(room, span("14:00", "15:00"))
    choice = reverse("request_exchange_choice", args=[open_one.pk])
    assert "Tauschen" not in words(desk.get(request_url("detail", open_one)))
    assert desk.get(choice, {"termin": date_of(open_one).pk}).status_code == 302
    clock.move_to(FRIDAY + dt.timedelta(days=1))
    choice = reverse("request_exchange_choice", args=[evening.pk])
    response = desk.get(choice, {"termin": date_of(evening).pk})
    assert "Dieser Termin ist vorbei. Es wurde nichts geändert." in words(desk.get(response.url))


def test_dates_of_another_centre_or_of_the_same_request_are_a_404(
    desk, room, nordholz, evening, morning
):
    elsewhere = promised(add_room(nordholz.centre, "Büro"), MORNING)
    url = reverse("request_exchange", args=[evening.pk])
    for sent in (
        keys(evening, elsewhere),
        keys(elsewhere, evening),
        keys(evening, evening),
        {"termin": date_of(evening).pk},
        {"mit": date_of(morning).pk},
        {**keys(evening, morning), "mit": "9" * 30},
    ):
        assert desk.get(url, sent).status_code == 404
        assert desk.post(url, sent).status_code == 404
