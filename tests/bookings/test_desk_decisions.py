"""The steps of a decision: shown as a mail first, done once, by one of two."""

import datetime as dt
import re

import pytest
from django.test import Client

from bookings.ledger import BusyError
from bookings.models import Booking, Closure, Occupancy
from bookings.rules.states import Action, DateState
from bookings.services import decisions
from bookings.services.closures import create_closure
from bookings.services.decisions import approve, ask, reject
from bookings.services.own_dates import give_up
from bookings.services.policies import save_policy
from cms.models import CentrePage, OutgoingMail
from tests.bookings.changing import promised_series, series
from tests.bookings.desk import post, request_url
from tests.bookings.test_desk_requests import words
from tests.cms.desk import text
from tests.factories.bookings import (
    NOW,
    date_of,
    promised,
    requested,
    requested_too,
    span,
)
from tests.factories.staff import manager_of
from tests.test_query_budgets import queries_of

pytestmark = pytest.mark.usefixtures("tuesday_morning")


@pytest.fixture
def second_desk(alfeld: CentrePage) -> Client:
    """Return the browser of another manager of Alfeld."""
    client = Client()
    client.force_login(manager_of(alfeld, first_name="Ute", last_name="Zweit"))
    return client


def mail_text(start: str) -> str:
    mail = OutgoingMail.objects.get(subject__startswith=start)
    return f"{mail.subject}\n{mail.text}".replace("\N{NO-BREAK SPACE}", " ")


# What is shown before ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "subject"),
    [("approve", "Zusage"), ("ask", "Eine Frage"), ("reject", "Leider nicht möglich")],
)
def test_looking_at_a_step_changes_nothing_and_shows_the_mail(desk, room, step, subject):
    booking = requested(room)
    mails = OutgoingMail.objects.count()
    assert subject in text(desk.get(request_url(step, booking)))
    response = post(desk, request_url(step, booking), booking, vorschau="1", text="Ein Satz")
    assert response.status_code == 200
    assert "Ein Satz" in re.findall(r'rvz-mail__text">(.*?)</div>', text(response), re.DOTALL)[0]
    assert date_of(booking).state == DateState.REQUESTED
    assert OutgoingMail.objects.count() == mails


def test_a_chosen_reason_fills_the_text_and_can_be_changed(desk, room):
    booking = requested(room)
    url = request_url("reject", booking)
    first = post(desk, url, booking, vorschau="1", choice="1", text="")
    assert first.context["form"]["text"].value() == (
        "Das Zentrum braucht den Raum zu dieser Zeit selbst."
    )
    other = post(desk, url, booking, vorschau="1", choice="2", text=first.context["form"].mail_text)
    assert other.context["form"].mail_text == "Das Haus ist zu dieser Zeit geschlossen."
    own = post(desk, url, booking, vorschau="1", choice="2", text="Ganz eigene Worte")
    assert own.context["form"].mail_text == "Ganz eigene Worte"
    for odd in ("99", "abc", "-1", "9" * 5000, "²"):
        assert post(desk, url, booking, vorschau="1", choice=odd).status_code == 200


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ("ask", "Bitte wählen oder schreiben Sie eine Frage."),
        ("reject", "Bitte wählen oder schreiben Sie einen Grund."),
    ],
)
def test_without_a_reason_nothing_happens_and_the_rest_is_kept(desk, room, step, sentence):
    booking = requested(room)
    response = post(desk, request_url(step, booking), booking, text="  ", suggestion="Küche, Mo.")
    assert response.status_code == 422
    assert sentence in words(response)
    assert "Bitte prüfen Sie 1 Angabe" in words(response)
    if step == "reject":
        assert 'value="Küche, Mo."' in text(response)
    assert date_of(booking).state == DateState.REQUESTED


def test_ten_thousand_characters_are_refused_and_kept(desk, room):
    booking = requested(room)
    response = post(desk, request_url("reject", booking), booking, text="x" * 10_000)
    assert response.status_code == 422
    assert "x" * 10_000 in text(response)
    assert date_of(booking).state == DateState.REQUESTED
    nul = post(desk, request_url("reject", booking), booking, text="a\0b")
    assert nul.status_code in {400, 422}


# What is done -----------------------------------------------------------------------------------


def test_refusing_sends_reason_and_suggestion(desk, room, choir, singer):
    booking = requested(room, association=choir, requester=singer)
    url = request_url("reject", booking)
    suggested = desk.get(url).context["form"]["suggestion"].value()
    assert suggested.replace("\N{NO-BREAK SPACE}", " ").startswith("Kursraum, Fr., 27. November")
    post(desk, url, booking, choice="3", suggestion="Saal, Sa., 28. November 2026, 19:00 Uhr")
    assert date_of(booking).state == DateState.REJECTED
    mail = mail_text("Leider nicht möglich")
    assert "Grund: Der Raum ist für so viele Personen zu klein." in mail
    assert "Saal, Sa., 28. November 2026, 19:00 Uhr" in mail


def test_what_goes_along_with_a_promise_is_no_reason(desk, room):
    booking = requested(room)
    post(desk, request_url("approve", booking), booking, text="Bitte denken Sie an die Stühle.")
    row = words(desk.get(request_url("detail", booking))).split("Was bisher geschah")[0]
    assert "zugesagt Bitte denken Sie an die Stühle." in row
    assert "Grund:" not in row
    far = span(day=dt.date(2026, 12, 22))
    for step, send in (("reject", requested), ("revoke", promised)):
        other = send(room, far)
        post(desk, request_url(step, other), other, text="Impftag")
        assert "Grund: Impftag" in words(desk.get(request_url("detail", other)))


def test_the_rival_of_a_promise_goes_to_the_waiting_list_and_this_is_said_before(desk, room):
    first, second = requested(room), requested_too(room)
    page = words(desk.get(request_url("approve", second)))
    assert "Die andere Anfrage kommt auf die Warteliste." in page
    response = post(desk, request_url("approve", second), second)
    assert response.status_code == 302
    assert date_of(first).state == DateState.WAITLISTED
    body = words(desk.get("/verwaltung/anfragen/"))
    assert "Zugesagt. Die Mail ist unterwegs." in body
    assert "Rückgängig machen" not in body  # the other group was told already


def test_a_question_keeps_the_time_and_waits_in_its_list(desk, room):
    booking = requested(room)
    post(desk, request_url("ask", booking), booking, choice="0")
    assert date_of(booking).state == DateState.NEEDS_INFO
    assert "Mit wie vielen Personen rechnen Sie?" in mail_text("Eine Frage")
    assert "Mit wie vielen Personen rechnen Sie?" in words(desk.get(request_url("detail", booking)))
    # Nobody has to wait for the answer.
    post(desk, request_url("approve", booking), booking)
    assert date_of(booking).state == DateState.APPROVED


def test_the_house_takes_a_promise_back_and_closes_the_room_for_it(desk, room):
    booking = promised(room)
    response = post(desk, request_url("revoke", booking), booking, choice="0", closes="on")
    assert response.status_code == 422
    assert "Bitte schreiben Sie, wofür der Raum gebraucht wird." in words(response)
    response = post(
        desk, request_url("revoke", booking), booking,
        choice="0", closed_for="Impftag", short_notice="on",
    )  # fmt: skip
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"closes"}
    assert words(response).count("Bitte kreuzen Sie das hier an") == 2  # above, and at the field
    assert 'value="Impftag"' in text(response)
    post(
        desk, request_url("revoke", booking), booking,
        choice="0", closes="on", closed_for="Impftag", suggestion="Saal", short_notice="on",
    )  # fmt: skip
    assert date_of(booking).state == DateState.REVOKED
    assert Closure.objects.get().reason == "Impftag"
    mail = mail_text("Vom Zentrum abgesagt")
    assert "Wir brauchen den Raum für die medizinische Versorgung." in mail
    assert "Saal" in mail


def test_an_offer_lies_on_the_waiting_list_and_can_be_taken_back(desk, room, choir):
    first, waiting = promised(room), requested_too(room, association=choir)
    give_up(date=date_of(first), actor=first.requester, now=NOW)
    body = words(desk.get("/verwaltung/anfragen/?liste=warteliste"))
    assert "Warteliste (1)" in body
    assert "Gemischter Chor" in body
    assert "angeboten" in body
    response = post(desk, request_url("approve", waiting), waiting)
    assert "Diese Zeit wurde der Gruppe um 10:14 Uhr angeboten." in words(desk.get(response.url))
    page = words(desk.get(request_url("revoke", waiting)))
    assert "Wir müssen unser Angebot für den 27. November 2026 leider zurücknehmen." in page
    assert "Kurzfristig absagen" not in page  # it was not promised yet
    post(desk, request_url("revoke", waiting), waiting, choice="0")
    assert date_of(waiting).state == DateState.REVOKED
    assert not Occupancy.objects.exists()


@pytest.mark.parametrize("step", ["ask", "revoke"])
def test_a_step_costs_the_same_number_of_queries_however_many_dates(desk, room, step):
    save_policy(centre=room.centre, values={"notice_days": 1})
    make = promised_series if step == "revoke" else series
    few, many = make(room), make(room, 12, ("08:00", "10:00"))
    assert queries_of(desk, request_url(step, few)) == queries_of(desk, request_url(step, many))


def test_a_date_is_cancelled_at_short_notice_only_on_purpose(desk, room):
    booking = promised(room)
    assert "Kurzfristig absagen" in words(desk.get(request_url("revoke", booking)))
    response = post(desk, request_url("revoke", booking), booking, choice="0")
    assert response.status_code == 422
    assert (
        "Den Gruppen ist zugesagt, dass ein Termin spätestens 14 Tage vorher abgesagt wird."
    ) in words(response)
    assert date_of(booking).state == DateState.APPROVED
    far = promised(room, span(day=dt.date(2026, 12, 22)))
    assert "Kurzfristig absagen" not in words(desk.get(request_url("revoke", far)))
    post(desk, request_url("revoke", far), far, choice="0")
    assert date_of(far).state == DateState.REVOKED


def test_one_comes_back_to_where_one_came_from(desk, room):
    booking = requested(room)
    for back, target in (
        ("/verwaltung/", "/verwaltung/"),
        ("https://example.org/", "/verwaltung/anfragen/"),
        ("//example.org", "/verwaltung/anfragen/"),
    ):
        assert post(desk, request_url("approve", booking), booking, zurueck=back).url == target
        post(desk, request_url("undo", booking), booking)


# Two at once ------------------------------------------------------------------------------------


def test_the_second_of_two_managers_reads_who_was_first(desk, second_desk, room):
    booking = requested(room)
    # Both have opened the page.
    assert second_desk.get(request_url("reject", booking)).status_code == 200
    post(desk, request_url("approve", booking), booking)
    response = post(second_desk, request_url("reject", booking), booking, text="Nein")
    assert response.url == request_url("detail", booking)
    sentence = (
        "Diese Anfrage wurde um 10:14 Uhr von Mara Leitung zugesagt. "
        "Ihre Entscheidung wurde nicht gespeichert."
    )
    assert sentence in words(second_desk.get(response.url))
    assert date_of(booking).state == DateState.APPROVED
    response = post(second_desk, request_url("approve", booking), booking)
    assert sentence in words(second_desk.get(response.url))
    response = post(second_desk, request_url("ask", booking), booking, text="Warum?")
    assert sentence in words(second_desk.get(response.url))
    assert booking.log.filter(action=Action.APPROVE).count() == 1


def test_who_clicks_twice_reads_that_it_is_done(desk, room):
    booking = requested(room)
    post(desk, request_url("approve", booking), booking)
    response = post(desk, request_url("approve", booking), booking)
    body = words(desk.get(response.url))
    assert "Diese Anfrage wurde um 10:14 Uhr von Mara Leitung zugesagt." in body
    assert "nicht gespeichert" not in body


def test_the_next_day_the_sentence_names_the_day(desk, second_desk, room, clock):
    booking = requested(room)
    post(desk, request_url("approve", booking), booking)
    clock.shift(dt.timedelta(days=1))
    response = post(second_desk, request_url("reject", booking), booking, text="Nein")
    assert "wurde am 24. November 2026 um 10:14 Uhr von Mara Leitung zugesagt" in words(
        second_desk.get(response.url)
    )


def test_what_the_group_withdrew_cannot_be_promised(desk, room, choir, singer):
    booking = requested(room, association=choir, requester=singer)
    assert desk.get(request_url("approve", booking)).status_code == 200
    give_up(date=date_of(booking), actor=singer, now=NOW)
    response = post(desk, request_url("approve", booking), booking)
    assert "von Erika Muster zurückgezogen. Ihre Entscheidung wurde nicht gespeichert." in words(
        desk.get(response.url)
    )
    assert not Occupancy.objects.exists()


def test_a_time_that_somebody_has_cannot_be_promised(desk, manager, room, choir):
    promised(room, association=choir)
    waiting = requested_too(room)
    page = words(desk.get(request_url("approve", waiting)))
    assert "Diese Termine können jetzt nicht zugesagt werden" in page
    assert "Jetzt zusagen" not in page
    response = post(desk, request_url("approve", waiting), waiting)
    assert "Diese Zeit ist inzwischen zugesagt: Gemischter Chor." in words(desk.get(response.url))
    other = requested(room, span("08:00", "10:00"))
    create_closure(
        centre=room.centre, rooms=[room], span=span("08:00", "12:00"), reason="Reinigung",
        actor=manager, now=NOW, confirmed=[date_of(other).pk],
    )  # fmt: skip
    response = post(desk, request_url("approve", other), other)
    assert "Der Raum ist zu dieser Zeit geschlossen: Reinigung." in words(desk.get(response.url))
    assert [date_of(one).state for one in (waiting, other)] == [
        DateState.WAITLISTED,
        DateState.REQUESTED,
    ]


@pytest.mark.parametrize(
    ("step", "service"), [("approve", approve), ("reject", reject), ("ask", ask)]
)
def test_when_too_many_book_at_once_nothing_typed_is_lost(desk, room, monkeypatch, step, service):
    booking = requested(room)

    def busy(**_values: object) -> None:
        raise BusyError

    monkeypatch.setattr(decisions, service.__name__, busy)
    response = post(desk, request_url(step, booking), booking, text="Ein langer Satz")
    assert response.status_code == 409
    assert "Gerade buchen viele gleichzeitig." in words(response)
    assert "Ein langer Satz" in text(response)


# Odd posts --------------------------------------------------------------------------------------


def test_dates_of_another_request_are_a_404(desk, room):
    booking, other = requested(room), requested(room, span("08:00", "10:00"))
    for keys in (
        [date_of(other).pk],
        [date_of(booking).pk, date_of(other).pk],
        ["abc"],
        ["9" * 40],
    ):
        for step in ("approve", "reject", "ask", "undo"):
            response = desk.post(request_url(step, booking), {"termin": keys, "text": "x"})
            assert response.status_code == 404
        assert desk.get(request_url("approve", booking), {"termin": keys}).status_code == 404
    assert {date_of(one).state for one in Booking.objects.all()} == {DateState.REQUESTED}


def test_a_post_without_dates_asks_for_one(desk, room):
    booking = requested(room)
    response = desk.post(request_url("approve", booking))
    assert "Bitte wählen Sie mindestens einen Termin." in words(desk.get(response.url))
    assert date_of(booking).state == DateState.REQUESTED


def test_a_date_that_is_over_can_only_be_refused(desk, room, clock):
    booking = requested(room)
    clock.shift(dt.timedelta(days=7))
    response = post(desk, request_url("approve", booking), booking)
    assert "Dieser Termin ist vorbei. Es wurde nichts geändert." in words(desk.get(response.url))
    post(desk, request_url("reject", booking), booking, text="Zu spät gesehen")
    assert date_of(booking).state == DateState.REJECTED


def test_a_decision_needs_a_post_and_the_token(manager, room):
    booking = requested(room)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(manager)
    assert post(strict, request_url("approve", booking), booking).status_code == 403
    strict.get(request_url("approve", booking))
    assert date_of(booking).state == DateState.REQUESTED
