"""Some dates of a request are promised and the others refused: one step, one mail."""

import pytest

from bookings.models import Booking, BookingDate
from bookings.rules.states import Action, DateState
from bookings.services.decisions import approve, reject
from cms.models import OutgoingMail
from tests.bookings.changing import dates_of, series
from tests.bookings.desk import request_url
from tests.bookings.test_desk_requests import words
from tests.cms.desk import text
from tests.factories.bookings import NOW

pytestmark = pytest.mark.usefixtures("tuesday_morning")


@pytest.fixture
def asked(room, choir, singer) -> Booking:
    """Return a request for three Fridays."""
    booking = series(room, association=choir, requester=singer)
    OutgoingMail.objects.all().delete()
    return booking


def keys(*dates: BookingDate) -> list[int]:
    return [date.pk for date in dates]


def send(desk, booking: Booking, dates, **values):
    first, *others = dates
    asked = {"termin": keys(first), "ablehnen": keys(*others), "choice": "1", **values}
    return desk.post(request_url("partly", booking), asked)


def states(booking: Booking) -> list[str]:
    return [date.state for date in dates_of(booking)]


def test_the_request_leads_there_if_several_dates_are_open(desk, room, asked):
    assert "Ausgewählte zusagen, übrige ablehnen" in words(desk.get(request_url("detail", asked)))
    single = series(room, 1, ("08:00", "10:00"))
    assert "übrige ablehnen" not in words(desk.get(request_url("detail", single)))


def test_both_lists_and_the_one_mail_are_shown_first(desk, asked):
    first, *_others = dates_of(asked)
    page = desk.get(request_url("partly", asked), {"auswahl": "1", "termin": keys(first)})
    body = words(page)
    assert "Zugesagt werden Kursraum, Fr., 27. November 2026" in body
    assert "Abgelehnt werden Kursraum, Fr., 4. Dezember 2026" in body
    assert "Zusage für 1 von 3 Terminen: Kursraum" in body
    response = send(
        desk, asked, dates_of(asked), vorschau="1", message="Viel Freude!", suggestion="Saal"
    )
    mail = text(response).split('rvz-mail__text">')[1]
    assert "Diese 2 Termine können wir nicht zusagen:" in mail
    assert "Das Zentrum braucht den Raum zu dieser Zeit selbst." in mail
    assert "Viel Freude!" in mail
    assert "Frei wäre zum Beispiel: Saal." in mail
    assert states(asked) == [DateState.REQUESTED] * 3
    assert not OutgoingMail.objects.exists()


def test_one_step_stores_all_and_sends_one_mail(desk, asked, singer):
    shown = send(desk, asked, dates_of(asked), vorschau="1").context["mail"]
    response = send(desk, asked, dates_of(asked))
    assert "Zugesagt und abgelehnt. Die Mail ist unterwegs." in (
        body := words(desk.get(response.url))
    )
    assert "Rückgängig machen" not in body
    assert states(asked) == [DateState.APPROVED, DateState.REJECTED, DateState.REJECTED]
    mail = OutgoingMail.objects.get(recipient=singer.email)
    assert (mail.subject, mail.text) == (shown.subject, shown.text)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"choice": "", "text": " "}, "Bitte wählen oder schreiben Sie einen Grund."),
        ({"ablehnen": []}, "Termine ohne Häkchen werden abgelehnt."),
        ({"termin": []}, "Bitte wählen Sie mindestens einen Termin."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_stored(desk, asked, values, sentence):
    response = send(desk, asked, dates_of(asked), **values)
    assert sentence in words(response if response.status_code == 422 else desk.get(response.url))
    assert states(asked) == [DateState.REQUESTED] * 3


def test_with_all_dates_ticked_there_is_nothing_to_refuse(desk, asked):
    every = {"auswahl": "1", "termin": keys(*dates_of(asked))}
    response = desk.get(request_url("partly", asked), every)
    assert "Termine ohne Häkchen werden abgelehnt." in words(desk.get(response.url))


def test_a_date_of_another_request_or_in_both_lists_changes_nothing(desk, room, asked):
    first, *_others = dates_of(asked)
    (other,) = dates_of(series(room, 1, ("08:00", "10:00")))
    assert send(desk, asked, dates_of(asked), ablehnen=keys(other)).status_code == 404
    assert send(desk, asked, dates_of(asked), ablehnen=keys(first)).status_code == 302
    assert states(asked) == [DateState.REQUESTED] * 3


def test_who_clicks_twice_reads_that_it_is_done(desk, asked):
    send(desk, asked, dates_of(asked))
    body = words(desk.get(send(desk, asked, dates_of(asked)).url))
    assert "Diese Anfrage wurde um 10:14 Uhr von Mara Leitung zugesagt." in body
    assert "nicht gespeichert" not in body
    assert asked.log.filter(action=Action.APPROVE).count() == 1
    first, *_others = dates_of(asked)
    again = {"auswahl": "1", "termin": keys(first)}  # the browser's Back
    assert desk.get(request_url("partly", asked), again).status_code == 302


@pytest.mark.parametrize("step", [approve, reject])
def test_the_second_of_two_deciders_reads_who_was_first(desk, manager, asked, step):
    first, second, _third = dates_of(asked)
    values = {"reason": "belegt"} if step is reject else {}
    step(booking=asked, date_ids=keys(second), actor=manager, now=NOW, **values)
    response = send(desk, asked, [first, second])
    done = "zugesagt" if step is approve else "abgelehnt"
    assert (
        f"Diese Anfrage wurde um 10:14 Uhr von Mara Leitung {done}. "
        "Ihre Entscheidung wurde nicht gespeichert."
    ) in words(desk.get(response.url))
    assert states(asked)[0] == DateState.REQUESTED
