"""The list of requests and one request at the manager's desk."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from bookings.models import BookingDate
from bookings.rules.states import DateState
from bookings.services.closures import create_closure
from bookings.services.decisions import ask
from bookings.services.requests import send_request
from bookings.services.series_edits import extend_series
from cms.models import OutgoingMail
from tests.bookings.changing import promised_series, series
from tests.bookings.desk import post, request_url
from tests.cms.desk import menu, text, visible_words
from tests.factories.bookings import (
    EVERY_FRIDAY,
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
from tests.factories.staff import assistant_of

pytestmark = pytest.mark.usefixtures("tuesday_morning")

LIST = "/verwaltung/anfragen/"


def words(response) -> str:
    return " ".join(visible_words(text(response)).split())


def test_nothing_to_decide_is_said_in_words(desk):
    assert "Alles entschieden. Die nächste Anfrage erscheint hier." in words(desk.get(LIST))


def test_what_is_to_be_decided_comes_oldest_first_with_age_and_verdict(desk, room, choir):
    requested(room, span("08:00", "10:00"), association=choir)
    requested(room, association=choir, now=NOW - dt.timedelta(days=3))
    body = words(desk.get(LIST))
    assert body.index("19:00–21:00") < body.index("8:00–10:00")
    assert "Gemischter Chor Kursraum Fr., 27. November 2026, 19:00–21:00 Uhr" in body
    assert "frei wartet 3 Tage" in body
    assert "frei heute gekommen" in body


def test_a_series_that_was_extended_waits_since_then(desk, room, choir, singer, clock):
    booking = promised_series(room, association=choir, requester=singer)
    later = NOW + dt.timedelta(days=10)
    clock.move_to(later)
    then = span("08:00", "10:00", FRIDAY + dt.timedelta(weeks=3))
    requested(room, then, now=later - dt.timedelta(days=3))
    extend_series(booking=booking, until=FRIDAY + dt.timedelta(weeks=3), actor=singer, now=later)
    body = words(desk.get(LIST))
    assert "wartet 10 Tage" not in body
    assert body.index("wartet 3 Tage") < body.index("heute gekommen")
    assert "heute gekommen" in words(desk.get(request_url("detail", booking)))
    clock.shift(dt.timedelta(days=1))
    assert "wartet 1 Tag" in words(desk.get(request_url("detail", booking)))


def test_rivals_promises_and_closures_are_the_verdict(desk, manager, hall, choir):
    whole, north, south = hall
    requested(whole)
    requested_too(north)
    promised(south, span("08:00", "10:00"), association=choir)
    waiting = requested_too(whole, span("09:00", "11:00"))
    closed = requested(south, span("12:00", "13:00"))
    create_closure(
        centre=whole.centre, rooms=[south], span=span("12:00", "14:00"), reason="Reinigung",
        actor=manager, now=NOW, confirmed=[date_of(closed).pk],
    )  # fmt: skip
    body = words(desk.get(LIST))
    assert body.count("2 Anfragen für denselben Termin") == 2
    assert "geschlossen: Reinigung" in body
    assert date_of(waiting).state == DateState.WAITLISTED
    body = words(desk.get(f"{LIST}?liste=warteliste"))
    assert "überschneidet sich mit Gemischter Chor" in body


def test_only_a_plain_request_is_promised_in_the_row(desk, room, choir):
    requested(room, association=choir)
    assert "Jetzt zusagen" in words(desk.get(LIST))
    requested_too(room)
    assert "Jetzt zusagen" not in words(desk.get(LIST))
    other = add_room(room.centre, "Küche")
    requested(other, association=AssociationFactory(home_centre=room.centre, checked_at=None))
    body = words(desk.get(LIST))
    assert "Jetzt zusagen" not in body
    assert "frei · Gruppe noch nicht geprüft" in body


def test_the_row_shows_the_mail_as_it_goes_out(desk, room, choir):
    booking = requested(room, association=choir)
    body = text(desk.get(LIST))
    shown = re.search(r'rvz-mail__text">(.*?)</div>', body, re.DOTALL)
    assert shown is not None
    post(desk, request_url("approve", booking), booking)
    mail = OutgoingMail.objects.get(key__startswith="booking-log:", subject__startswith="Zusage")
    assert shown[1].split() == mail.text.replace("\N{NO-BREAK SPACE}", " ").split()
    assert mail.subject.replace("\N{NO-BREAK SPACE}", " ") in body


def test_a_promise_from_the_list_waits_two_minutes_and_can_be_undone(desk, room, choir):
    booking = requested(room, association=choir)
    response = post(desk, request_url("approve", booking), booking, zurueck=LIST)
    assert response.url == LIST
    body = words(desk.get(LIST))
    assert "Zugesagt. Die Mail geht um 10:16 Uhr hinaus." in body
    assert "Rückgängig machen" in body
    assert date_of(booking).state == DateState.APPROVED
    post(desk, request_url("undo", booking), booking)
    assert date_of(booking).state == DateState.REQUESTED
    assert not OutgoingMail.objects.filter(subject__startswith="Zusage").exists()


def test_undo_is_over_after_two_minutes(desk, room, choir, clock):
    booking = requested(room, association=choir)
    post(desk, request_url("approve", booking), booking)
    OutgoingMail.objects.update(state=OutgoingMail.State.SENT)
    clock.shift(121)
    assert "Rückgängig machen" not in words(desk.get(LIST))
    post(desk, request_url("undo", booking), booking)
    assert date_of(booking).state == DateState.APPROVED
    assert "Die Mail ist schon hinausgegangen." in words(desk.get(LIST))


def test_the_other_lists_and_the_search(desk, manager, room, choir):
    asked = requested(room, association=choir)
    ask(booking=asked, actor=manager, question="Mit Musik?", now=NOW)
    promised(room, span("08:00", "10:00"), association=choir)
    assert "Alles entschieden" in words(desk.get(LIST))
    assert "Nachfrage gestellt (1)" in words(desk.get(LIST))
    assert "19:00–21:00" in words(desk.get(f"{LIST}?liste=nachfragen"))
    assert "8:00–10:00" in words(desk.get(f"{LIST}?liste=zugesagt"))
    for search in (asked.number.lower(), "gemischter", "Chorprobe", "Muster"):
        assert "gefunden für" in words(desk.get(LIST, {"q": search}))
        assert "19:00–21:00" in words(desk.get(LIST, {"q": search}))
    assert "Nichts gefunden für" in words(desk.get(LIST, {"q": "<b>x"}))


@pytest.mark.parametrize(
    "query", [{"liste": "xyz"}, {"seite": "abc"}, {"seite": "9" * 30}, {"q": "x" * 9999}]
)
def test_odd_queries_show_a_list(desk, room, query):
    requested(room)
    assert desk.get(LIST, query).status_code == 200


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    desk, room, choir, django_assert_max_num_queries
):
    def count() -> int:
        with django_assert_max_num_queries(40) as queries:
            desk.get(LIST)
        return len(queries)

    requested(room, association=choir)
    count()
    before = count()
    for day in range(1, 8):
        when = span(day=FRIDAY + dt.timedelta(days=day))
        requested(room, when, association=AssociationFactory(home_centre=room.centre))
    assert count() == before


@pytest.mark.parametrize("count", [1, 2])
def test_what_nobody_decided_in_time_stays_until_it_is_refused(desk, room, choir, clock, count):
    booking = series(room, count, association=choir)
    clock.shift(dt.timedelta(days=6))  # Monday: of two dates one is still to come
    body = words(desk.get(LIST))
    assert ("vorbei und nicht entschieden" in body, "Jetzt zusagen" in body) == (
        count == 1,
        count == 2,
    )
    clock.shift(dt.timedelta(days=7))
    for url in (LIST, "/verwaltung/"):
        body = words(desk.get(url))
        assert "Gemischter Chor" in body
        assert "vorbei und nicht entschieden" in body
        assert "Jetzt zusagen" not in body
    assert list(menu(desk))[1] == "Anfragen (1)"
    page = text(desk.get(request_url("detail", booking)))
    assert "Ablehnen" in page or "Ausgewählte ablehnen" in page
    assert page.count("checked") == (0 if count == 1 else 2)
    post(desk, request_url("reject", booking), booking, text="Zu spät gesehen")
    assert "Alles entschieden." in words(desk.get(LIST))


def test_one_request_shows_all_that_one_needs_to_decide(desk, room, choir, singer):
    promised(room, span("08:00", "10:00"), association=choir, requester=singer)
    booking = requested(room, association=choir, requester=singer, wishes="Flügel", has_music=True)
    rival = requested_too(room, span("20:00", "22:00"), purpose="Yoga")
    body = words(desk.get(request_url("detail", booking)))
    assert "Anfrage von Gemischter Chor : Kursraum, Fr., 27. November 2026" in body
    assert "Chorprobe, 20 Personen" in body
    assert "2 Anfragen für denselben Termin" in body
    assert rival.association.name in body
    assert "Yoga" in body
    assert "wartet; die Zeit ist nicht für diese Gruppe freigehalten" in body
    assert "Weitere zugesagte Termine 1" in body
    assert "040 66969 120" in body
    assert "vorstand@chor.example.org" in body
    assert "Flügel" in body
    assert "Musik oder Tanz" in body
    assert "Anfrage gesendet" in body
    assert reverse("request_detail", args=[rival.pk]) in text(
        desk.get(request_url("detail", booking))
    )


def test_markup_and_emoji_stand_there_as_text(desk, room):
    booking = requested(room, purpose="<script>alert(1)</script> 🎶")
    body = desk.get(request_url("detail", booking)).content.decode()
    assert "<script>alert(1)" not in body
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 🎶" in body


def test_of_a_series_single_dates_are_decided(desk, room, choir):
    spans = [span(day=FRIDAY + dt.timedelta(weeks=week)) for week in range(3)]
    series = new_request(room, association=choir)
    request = type(series)(**{**vars(series), "spans": spans, "recurrence": EVERY_FRIDAY})
    booking = send_request(request=request, now=NOW)
    first, _second, third = BookingDate.objects.filter(booking=booking)
    url = request_url("approve", booking)
    empty = desk.get(url, {"auswahl": "1"}, follow=True)
    assert "Bitte wählen Sie mindestens einen Termin." in words(empty)
    page = words(desk.get(url, {"auswahl": "1", "termin": [first.pk, third.pk]}))
    assert "Zusage für 2 von 3 Terminen" in page
    desk.post(url, {"termin": [first.pk, third.pk]})
    states = BookingDate.objects.filter(booking=booking).values_list("state", flat=True)
    assert list(states) == [DateState.APPROVED, DateState.REQUESTED, DateState.APPROVED]


def test_dates_that_were_left_out_are_not_counted(desk, room, choir, singer):
    booking = series(room, 3, association=choir, requester=singer)
    assert "3 Termine vom" in words(desk.get(request_url("detail", booking)))
    last = booking.dates.last()
    BookingDate.objects.filter(pk=last.pk).update(
        state=DateState.SKIPPED_SCHOOL_HOLIDAY, holds_until=None
    )
    assert "2 Termine vom" in words(desk.get(request_url("detail", booking)))


def test_the_menu_says_how_many_requests_wait(desk, room):
    assert "Anfragen" in menu(desk)
    requested(room)
    entries = list(menu(desk))
    assert entries[:2] == ["Heute", "Anfragen (1)"]
    assert entries.index("Vereine") < entries.index("Räume")


def test_an_assistant_sees_none_of_it(client, alfeld, room):
    booking = requested(room)
    client.force_login(assistant_of(alfeld.centre.services.get()))
    assert not {"Anfragen", "Anfragen (1)", "Räume", "Vereine"} & set(menu(client))
    assert "Zu entscheiden" not in words(client.get("/verwaltung/"))
    for url in (
        LIST,
        request_url("detail", booking),
        request_url("approve", booking),
        reverse("room_overview"),
        reverse("closure_add"),
        reverse("association_list"),
    ):
        assert client.get(url).status_code == 404


def test_a_request_of_another_centre_does_not_exist(desk, nordholz):
    booking = requested(add_room(nordholz.centre))
    for name in ("detail", "approve", "ask", "reject", "revoke"):
        assert desk.get(request_url(name, booking)).status_code == 404
        response = post(desk, request_url(name, booking), booking, text="Nein")
        assert response.status_code == 404
    assert post(desk, request_url("undo", booking), booking).status_code == 404
    assert date_of(booking).state == DateState.REQUESTED
    assert desk.get("/verwaltung/anfragen/99999999999999999999999/").status_code == 404
