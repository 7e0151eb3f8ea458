"""The team notes at the desk that nobody came; its note is its own."""

import datetime as dt

import pytest
from django.test import Client

from bookings.rules.states import DateState
from bookings.services.housekeeping import complete_past
from bookings.services.no_shows import mark_no_show
from cms.models import OutgoingMail
from tests.bookings.desk import post, request_url
from tests.bookings.test_desk_requests import words
from tests.cms.desk import text
from tests.factories.bookings import NOW, add_room, date_of, promised, requested, span
from tests.factories.staff import manager_of

AFTERWARDS = dt.timedelta(days=4)


@pytest.fixture
def over(room, choir, singer, clock):
    """Return a promised date that was on Friday; it is Saturday now."""
    booking = promised(room, association=choir, requester=singer)
    clock.shift(AFTERWARDS)
    complete_past(now=NOW + AFTERWARDS)
    return booking


def form_url(booking) -> str:
    return f"{request_url('no_show', booking)}?termin={date_of(booking).pk}"


def test_a_date_that_nobody_used_is_noted_and_nobody_gets_a_mail(desk, client, over, singer):
    assert form_url(over) in text(desk.get(request_url("detail", over)))
    page = words(desk.get(form_url(over)))
    assert "Kursraum, Fr., 27. November 2026, 19:00–21:00 Uhr" in page
    assert "Das lässt sich nicht zurücknehmen." in page
    assert date_of(over).state == DateState.COMPLETED
    mails = OutgoingMail.objects.count()
    response = post(desk, request_url("no_show", over), over, text="Die Tür blieb zu.")
    body = words(desk.get(response.url))
    assert "Als nicht genutzt vermerkt. Niemand hat eine Mail bekommen." in body
    assert "Die Tür blieb zu." in body
    assert form_url(over) not in text(desk.get(request_url("detail", over)))
    assert (date_of(over).state, OutgoingMail.objects.count()) == (DateState.NO_SHOW, mails)
    client.force_login(singer)
    assert "Die Tür blieb zu." not in text(client.get(f"/buchungen/{over.number}/"))


def test_a_date_ahead_has_no_such_step(desk, room, tuesday_morning):
    booking = promised(room)
    assert "nicht-genutzt" not in text(desk.get(request_url("detail", booking)))
    shown = desk.get(form_url(booking))
    assert "noch nicht begonnen" in words(desk.get(shown.url))
    sent = post(desk, request_url("no_show", booking), booking)
    assert "noch nicht begonnen" in words(desk.get(sent.url))
    assert date_of(booking).state == DateState.APPROVED


def test_the_second_one_reads_who_was_first(desk, alfeld, over, clock):
    other = manager_of(alfeld, first_name="Ute", last_name="Zweit")
    keys = [date_of(over).pk]
    mark_no_show(booking=over, date_ids=keys, actor=other, now=NOW + AFTERWARDS)
    response = post(desk, request_url("no_show", over), over)
    assert "von Ute Zweit als nicht genutzt vermerkt. Ihre Entscheidung wurde nicht" in words(
        desk.get(response.url)
    )
    assert desk.get(form_url(over)).status_code == 302


def test_who_clicks_twice_reads_that_it_is_done(desk, over):
    post(desk, request_url("no_show", over), over)
    body = words(desk.get(post(desk, request_url("no_show", over), over).url))
    assert "nicht gespeichert" not in body


def test_odd_input(desk, room, over):
    other = requested(room, span("08:00", "09:00", dt.date(2026, 12, 11)))
    url = request_url("no_show", over)
    for keys in ([date_of(other).pk], ["abc"], ["9" * 40]):
        assert desk.get(url, {"termin": keys}).status_code == 404
        assert desk.post(url, {"termin": keys}).status_code == 404
    assert "Bitte wählen Sie mindestens einen Termin." in words(desk.get(desk.post(url).url))
    assert post(desk, url, over, text="x" * 10_000).status_code == 422
    assert date_of(over).state == DateState.COMPLETED


def test_a_date_of_another_centre_does_not_exist(desk, nordholz, clock):
    booking = promised(add_room(nordholz.centre))
    clock.shift(AFTERWARDS)
    assert desk.get(form_url(booking)).status_code == 404
    assert post(desk, request_url("no_show", booking), booking).status_code == 404
    assert date_of(booking).state == DateState.APPROVED


def test_noting_needs_a_post_and_the_token(manager, over):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(manager)
    assert post(strict, request_url("no_show", over), over).status_code == 403
    assert date_of(over).state == DateState.COMPLETED
