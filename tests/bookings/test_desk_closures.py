"""Closing rooms at the manager's desk."""

import datetime as dt

import pytest
from django.urls import reverse

from bookings.models import ChangeRequest, Closure, Room
from bookings.rules.states import DateState
from bookings.services.decisions import reject
from tests.bookings.changing import move, wish
from tests.bookings.test_desk_requests import words
from tests.cms.desk import text
from tests.factories.bookings import NOW, add_room, date_of, promised, requested, span

pytestmark = pytest.mark.usefixtures("tuesday_morning")

OVERVIEW, CLOSE = "/verwaltung/raeume/", "/verwaltung/raeume/schliessen/"


def closing(room: Room, **values: object) -> dict[str, object]:
    return {
        "rooms": [room.pk], "first_day": "2026-11-27", "start": "18", "end": "22:00",
        "reason": "Impftag", **values,
    }  # fmt: skip


def test_a_room_is_closed_and_opened_again(desk, room):
    response = desk.post(CLOSE, closing(room))
    assert response.url == OVERVIEW
    body = words(desk.get(OVERVIEW))
    assert "Kursraum: Fr., 27. November 2026, 18:00–22:00 Uhr – Impftag" in body
    closure = Closure.objects.get()
    url = reverse("closure_end", args=[closure.pk])
    assert "Wieder öffnen?" in words(desk.get(url))
    assert Closure.objects.exists()
    desk.post(url)
    assert not Closure.objects.exists()
    assert "Kein Raum ist geschlossen." in words(desk.get(OVERVIEW))


def test_several_days_without_times_are_whole_days(desk, room):
    values = closing(room, last_day="2026-11-29", start="", end="")
    desk.post(CLOSE, values)
    closure = Closure.objects.get()
    assert (closure.ends_at - closure.starts_at) == dt.timedelta(days=3)
    assert "Fr., 27. November 2026, 0:00 Uhr, bis So., 29. November 2026, 24:00 Uhr" in words(
        desk.get(OVERVIEW)
    )


def test_dates_in_the_way_are_listed_before_anything_happens(desk, room, choir):
    booking = promised(room, association=choir)
    response = desk.post(CLOSE, closing(room))
    body = words(response)
    assert (
        "1 Termin liegt in dieser Zeit. Es ist noch nichts geändert und niemand benachrichtigt."
        in body
    )
    assert "Gemischter Chor : Kursraum, Fr., 27. November 2026, 19:00–21:00 Uhr (zugesagt)" in body
    assert 'value="Impftag"' in text(response)
    key = date_of(booking).pk
    # The list alone is no consent.
    assert "1 Termin liegt" in words(desk.post(CLOSE, closing(room, bestaetigt=[key])))
    assert not Closure.objects.exists()
    desk.post(CLOSE, closing(room, bestaetigt=[key], trotzdem="1"))
    assert Closure.objects.exists()
    assert date_of(booking).state == DateState.APPROVED


def test_a_date_that_came_meanwhile_asks_again(desk, room):
    first = requested(room, span("19:00", "20:00"))
    confirmed = closing(room, bestaetigt=[date_of(first).pk, "abc", "9" * 30], trotzdem="1")
    requested(room, span("20:00", "21:00"))
    body = words(desk.post(CLOSE, confirmed))
    assert "2 Termine liegen in dieser Zeit." in body
    assert body.count("gerade dazugekommen") == 1
    assert not Closure.objects.exists()


def test_a_wish_that_holds_the_time_is_listed_and_confirmed_like_a_date(desk, room, choir):
    wish([move(date_of(promised(room, association=choir)), span("08:00", "10:00"))])
    values = closing(room, start="8", end="12:00")
    body = words(desk.post(CLOSE, values))
    assert "1 Termin liegt in dieser Zeit." in body
    assert "Kursraum, Fr., 27. November 2026, 8:00–10:00 Uhr (Änderungswunsch)" in body
    assert not Closure.objects.exists()
    key = ChangeRequest.objects.get().pk
    assert "1 Termin liegt" in words(desk.post(CLOSE, {**values, "wunsch": [key]}))
    desk.post(CLOSE, {**values, "wunsch": [key], "trotzdem": "1"})
    assert Closure.objects.exists()


def test_what_is_open_again_can_be_asked_for(desk, manager, room):
    booking = requested(room)
    desk.post(CLOSE, closing(room, bestaetigt=[date_of(booking).pk], trotzdem="1"))
    reject(booking=booking, date_ids=[date_of(booking).pk], actor=manager, reason="x", now=NOW)
    other = requested(room, span("16:00", "17:00"))
    assert date_of(other).stands
    desk.post(reverse("closure_end", args=[Closure.objects.get().pk]))
    assert date_of(requested(room)).stands


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"rooms": []}, "Bitte wählen Sie mindestens einen Raum."),
        ({"rooms": ["abc"]}, "Diesen Raum gibt es hier nicht."),
        ({"first_day": ""}, "Bitte geben Sie den ersten Tag an."),
        ({"first_day": "9999-12-31"}, "Bitte prüfen Sie das Jahr."),
        ({"first_day": "abc"}, "zum Beispiel 23.12.2026"),
        ({"end": "17:00"}, "Das Ende muss nach dem Beginn liegen."),
        ({"last_day": "2026-11-26"}, "Der letzte Tag darf nicht vor dem ersten liegen."),
        ({"first_day": "2026-11-23"}, "Diese Zeit ist schon vorbei."),
        ({"last_day": "2028-11-26"}, "höchstens für ein Jahr"),
        ({"reason": ""}, "Bitte geben Sie den Anlass an."),
        ({"reason": "x" * 10_000}, "höchstens 80 Zeichen"),
        ({"first_day": "2027-03-28", "start": "2:30"}, "gibt es"),
    ],
)
def test_a_closing_that_cannot_be_is_refused_at_the_field(desk, room, values, sentence):
    response = desk.post(CLOSE, closing(room, **values))
    assert response.status_code == 422
    assert sentence in words(response)
    assert not Closure.objects.exists()


def test_rooms_of_another_centre_cannot_be_closed(desk, room, nordholz):
    other = add_room(nordholz.centre)
    assert "Diesen Raum gibt es hier nicht." in words(desk.post(CLOSE, closing(other)))
    assert other.name not in words(desk.get(CLOSE)).split()
    assert not Closure.objects.exists()
