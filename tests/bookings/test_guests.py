"""Somebody without an association asks for one date, confirms the address, and answers for the date."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from bookings.models import Booking, ChangeRequest, Occupancy, RequestDraft, TermsOfUse
from bookings.notifications.links import guest_token
from bookings.rules.refusals import Code, RefusedError
from bookings.rules.states import DateState
from bookings.selectors.ledger_check import differences
from bookings.services import too_often
from bookings.services.decisions import approve, ask
from bookings.services.guests import confirm_request
from bookings.services.housekeeping import expire_unverified
from bookings.services.own_dates import NotPossibleError, give_up
from bookings.services.policies import save_policy
from bookings.services.reminders import remind
from bookings.services.requests import Guest, NewRequest, Waits, send_request
from bookings.services.series_edits import extend_series
from cms.models import OutgoingMail
from cms.opening_hours import BERLIN
from tests.bookings.changing import move, wish
from tests.bookings.desk import request_url
from tests.bookings.guests import ADDRESS, confirmed, last_mail, of_guest, path_of
from tests.bookings.request_flow import FORM, draft_key, free_time, shown, to_check, typed
from tests.bookings.test_desk_requests import LIST, words
from tests.factories.bookings import EVERY_FRIDAY, NOW, date_of, promised, requested, span
from tests.reading import main

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday_morning")]

A_DAY = dt.timedelta(days=1)
DAY_BEFORE = dt.datetime(2026, 11, 26, 9, tzinfo=BERLIN)


@pytest.fixture(autouse=True)
def _guests_may_ask(room) -> None:
    save_policy(centre=room.centre, values={"guests": True})


def link_in(mail: OutgoingMail) -> str:
    found = re.search(r"https?://[^/\s]+(/buchungen/gast/\S+)", mail.text)
    assert found, mail.text
    return found[1]


def as_guest(client: Client, check: str, **values):
    """Go from the check page over the question who asks, and send."""
    who = client.get(check).headers["Location"]
    assert who.endswith("/gast/")
    typed = {"guest_name": "Ada Gast", "guest_email": ADDRESS, **values}
    assert client.post(who, typed).headers["Location"] == check
    return client.post(check)


# The whole way ------------------------------------------------------------------------------------


def test_a_guest_asks_confirms_is_promised_the_room_and_cancels(visitor, room, manager):
    check = to_check(visitor, group="")
    who_asks = main(visitor.get(check, follow=True).text)
    assert "Als Gast anfragen" in who_asks
    assert "löschen wir 180 Tage nach dem Termin" in who_asks
    sent = as_guest(visitor, check)
    booking = Booking.objects.get()
    assert (booking.status, date_of(booking).state) == ("unverified", DateState.UNVERIFIED)
    page = visitor.get(sent.headers["Location"])
    assert "Bitte bestätigen Sie Ihre E-Mail-Adresse." in main(page.text)
    assert booking.number not in page.text
    assert not Occupancy.objects.exists()
    assert {mail.recipient for mail in OutgoingMail.objects.all()} == {ADDRESS}

    guest = Client(headers={"host": "localhost"})  # the mail is read on another device
    link = link_in(last_mail())
    asked = guest.get(link)
    assert "Anfrage bestätigen?" in main(asked.text)
    assert asked.headers["Referrer-Policy"] == "same-origin"  # nobody else gets the address
    assert date_of(booking).state == DateState.UNVERIFIED
    opened = guest.post(link).headers["Location"]
    assert opened == f"/buchungen/{booking.number}/"
    assert date_of(booking).state == DateState.REQUESTED
    assert "Gast: Ada Gast" in main(guest.get(opened).text)
    assert "Gast: Ada Gast" in last_mail(manager.email).text

    approve(booking=booking, date_ids=[date_of(booking).pk], actor=manager, now=NOW)
    assert last_mail().calendar
    later = Client(headers={"host": "localhost"})
    link = link_in(last_mail()).split("?")[0]
    cancel = later.get(f"{link}?zu=absagen").headers["Location"]
    assert "Diesen Termin absagen?" in main(later.get(cancel).text)
    later.post(cancel, {"way": "cancel"})
    assert date_of(booking).state == DateState.CANCELLED
    assert not Occupancy.objects.exists()
    assert not differences(now=NOW)


def test_the_desk_shows_a_guest_once_the_address_is_confirmed(desk, room):
    booking = of_guest(room)
    assert "Ada Gast" not in words(desk.get(LIST))
    assert desk.get(request_url("detail", booking)).status_code == 404
    confirm_request(booking=booking, now=NOW)
    assert "Gast: Ada Gast" in words(desk.get(LIST))
    detail = words(desk.get(request_url("detail", booking)))
    assert "Gast: Ada Gast" in detail
    assert ADDRESS in detail


def test_the_desk_does_not_get_the_key_of_a_guest(desk, room):
    booking = confirmed(room)
    page = desk.get(request_url("approve", booking))
    assert page.status_code == 200
    assert guest_token(booking) not in page.text


def test_the_key_of_a_guest_stands_in_no_calendar_file(visitor, room, manager):
    booking = confirmed(room)
    approve(booking=booking, date_ids=[date_of(booking).pk], actor=manager, now=NOW)
    visitor.get(path_of(booking))
    downloaded = visitor.get(f"/buchungen/{booking.number}/termin.ics").text
    for file in (last_mail().calendar, downloaded):
        lines = file.replace("\r\n ", "")
        assert f"UID:{booking.uid}" in lines
        assert "buchungen/gast" not in lines
        assert guest_token(booking) not in lines


def test_only_the_confirmation_of_a_guest_books_firmly(visitor, room):
    save_policy(centre=room.centre, values={"guests": True, "approval": "at_once"})
    check = to_check(visitor, group="")
    who = visitor.get(check).url
    visitor.post(who, {"guest_name": "Ada Gast", "guest_email": ADDRESS})
    assert main(visitor.get(check).text).endswith("Anfrage senden")
    visitor.post(check)
    link = link_in(last_mail())
    asked = main(visitor.get(link).text)
    assert "Mit der Bestätigung ist der Raum verbindlich für Sie gebucht." in asked
    assert asked.endswith("Verbindlich buchen")
    visitor.post(link, {"verbindlich": "ja"})
    assert date_of(Booking.objects.get()).state == DateState.APPROVED


def test_what_a_guest_confirms_as_a_request_is_not_booked_firmly_unasked(visitor, room):
    booking = of_guest(room)
    link = path_of(booking)
    asked = visitor.get(link)
    assert main(asked.text).endswith("Ja, bestätigen")
    save_policy(centre=room.centre, values={"guests": True, "approval": "at_once"})
    for sent in ({"verbindlich": shown(asked.text, "verbindlich")}, {}, {"wartet": "request"}):
        again = visitor.post(link, sent)
        assert again.status_code == 409
        assert date_of(booking).state == DateState.UNVERIFIED
    assert "Der Raum würde jetzt sofort fest gebucht." in main(again.text)
    assert main(again.text).endswith("Verbindlich buchen")
    visitor.post(link, {"verbindlich": shown(again.text, "verbindlich")})
    assert date_of(booking).state == DateState.APPROVED


def test_a_firm_booking_that_became_a_request_is_one(visitor, room):
    save_policy(centre=room.centre, values={"guests": True, "approval": "at_once"})
    booking = of_guest(room)
    link = path_of(booking)
    firm = shown(visitor.get(link).text, "verbindlich")
    save_policy(centre=room.centre, values={"guests": True, "approval": "on_request"})
    opened = visitor.post(link, {"verbindlich": firm}, follow=True)
    assert date_of(booking).state == DateState.REQUESTED
    assert "verbindlich" not in main(opened.text)


# The rule -----------------------------------------------------------------------------------------


def test_without_the_rule_nobody_asks_as_a_guest(visitor, room):
    check = to_check(visitor, group="")
    who = visitor.get(check).url
    visitor.post(who, {"guest_name": "Ada Gast", "guest_email": ADDRESS})
    save_policy(centre=room.centre, values={})
    assert visitor.get(check).url.startswith("/konto/")
    assert visitor.post(check).url.startswith("/konto/")
    assert visitor.get(who).status_code == 404
    assert visitor.post(who, {"guest_name": "A", "guest_email": ADDRESS}).status_code == 404
    with pytest.raises(RefusedError) as refused:
        of_guest(room)
    assert [one.code for one in refused.value.refusals] == [Code.NO_GUESTS]
    assert not Booking.objects.exists()


def test_a_guest_says_name_and_address(visitor, room):
    check = to_check(visitor, group="")
    page = visitor.post(visitor.get(check).url, {"guest_name": "", "guest_email": "ada@"})
    assert page.status_code == 422
    assert "Bitte geben Sie Ihren Namen ein." in main(page.text)
    assert 'value="ada@"' in page.text


def test_a_series_needs_an_account(room):
    with pytest.raises(RefusedError) as refused:
        send_request(
            request=NewRequest(
                room=room,
                association=None,
                guest=Guest("Ada", ADDRESS),
                requester=None,
                spans=[span(), span(day=dt.date(2026, 12, 4))],
                purpose="Kurs",
                persons=5,
                contact_name="Ada",
                contact_phone="040 66969 120",
            ),
            now=NOW,
        )
    assert Code.NO_SERIES_FOR_GUESTS in {one.code for one in refused.value.refusals}


def test_the_date_of_a_guest_does_not_become_a_series(room):
    booking = confirmed(room)
    with pytest.raises(RefusedError) as refused:
        extend_series(
            booking=booking,
            until=span().start.date() + dt.timedelta(weeks=1),
            recurrence=EVERY_FRIDAY,
            actor=None,
            now=NOW,
        )
    assert [one.code for one in refused.value.refusals] == [Code.NO_SERIES_FOR_GUESTS]
    assert booking.dates.count() == 1


def test_a_request_is_of_an_association_or_of_a_guest(room):
    booking = requested(room)
    for values in ({"association": None}, {"guest_name": "Ada", "guest_email": ADDRESS}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Booking.objects.filter(pk=booking.pk).update(**values)


# Confirming ---------------------------------------------------------------------------------------


def test_until_it_is_confirmed_others_get_the_time(visitor, room):
    booking = of_guest(room)
    promised(room)
    page = visitor.post(path_of(booking))
    assert page.status_code == 422
    said = main(page.text)
    assert "21:00–22:00 Uhr Oder warten Sie:" in said
    assert date_of(booking).state == DateState.UNVERIFIED
    visitor.post(path_of(booking), {"wartet": "promise"})
    assert date_of(booking).state == DateState.WAITLISTED
    assert "Sie stehen auf Platz 1." in last_mail().text
    assert not differences(now=NOW)


def test_who_confirms_too_late_takes_another_time_without_typing_again(visitor, room):
    as_guest(visitor, to_check(visitor, group="", purpose="Taufe & Tee", start="19:30"))
    promised(room)
    guest = Client(headers={"host": "localhost"})  # the mail is read on another device
    for _click in range(2):
        page = guest.post(link_in(last_mail()))
        assert page.status_code == 422
    assert 'href="/raeume/alfeld/kursraum/?woche=2026-W48"' in page.text
    form = guest.get(free_time(page.text)).text
    assert 'value="Taufe &amp; Tee"' in form
    assert 'value="19:30"' not in form
    assert RequestDraft.objects.filter(booking=None).count() == 1
    check = guest.post(
        FORM, {"entwurf": draft_key(form), **typed(group="", start="21:00", end="22:00")}
    )
    assert f"Ada Gast, {ADDRESS}" in main(guest.get(check.headers["Location"]).text)


def test_what_cannot_be_confirmed_any_more_is_no_dead_end(visitor, room):
    booking = of_guest(room)
    save_policy(centre=room.centre, values={})
    page = visitor.post(path_of(booking))
    assert page.status_code == 422
    said = main(page.text)
    assert "So geht es nicht mehr." in said
    assert "Ja, bestätigen" not in said
    assert f"Bei Fragen: {room.centre.phone}" in said
    assert 'href="/raeume/alfeld/kursraum/?woche=2026-W48"' in page.text


def test_slips_and_late_comers_are_not_counted(visitor, room, settings):
    settings.ACCOUNT_RATE_LIMITS = {"guest_request": "1/d/key"}
    terms = TermsOfUse.objects.create(centre=room.centre, text="Leise", valid_from="2026-01-01")
    agreed = {"face": terms.face, "agrees": "on"}
    check = to_check(visitor, group="")
    assert as_guest(visitor, check).status_code == 422  # nothing agreed to
    other = promised(room)
    assert visitor.post(check, agreed).status_code == 422
    give_up(date=date_of(other), actor=other.requester, now=NOW)
    assert visitor.post(check, agreed).url == "/buchungen/gast/gesendet/"
    second = to_check(visitor, group="", start="10:00", end="11:00")
    visitor.post(visitor.get(second).url, {"guest_name": "Ada Gast", "guest_email": ADDRESS})
    stopped = visitor.post(second, agreed)
    assert stopped.status_code == 429
    assert "Das war zu oft in kurzer Zeit." in main(stopped.text)
    assert Booking.objects.filter(association=None).count() == 1


def test_behind_another_request_a_guest_can_ask_as_well(room):
    booking = of_guest(room)
    requested(room)
    with pytest.raises(RefusedError):
        confirm_request(booking=booking, now=NOW)
    confirm_request(booking=booking, now=NOW, waits=Waits.BEHIND_REQUEST)
    date = date_of(booking)
    assert (date.state, date.stands) == (DateState.REQUESTED, False)
    assert not differences(now=NOW)


def test_two_guests_are_not_one_group(room):
    confirmed(room)
    other = of_guest(room, email="zweiter@example.org", waits=Waits.BEHIND_REQUEST)
    with pytest.raises(RefusedError) as refused:
        confirm_request(booking=other, now=NOW)
    assert refused.value.refusals[0].code is Code.HELD


def test_where_the_room_promises_at_once_confirming_is_enough(room):
    save_policy(centre=room.centre, values={"guests": True, "approval": "at_once"})
    booking = confirmed(room)
    date = date_of(booking)
    assert (date.state, date.decided_at) == (DateState.APPROVED, NOW)
    assert last_mail().calendar
    assert not differences(now=NOW)


def test_a_second_click_opens_the_request(visitor, room):
    booking = confirmed(room)
    with pytest.raises(NotPossibleError):
        confirm_request(booking=booking, now=NOW)
    mails = OutgoingMail.objects.count()
    assert visitor.post(path_of(booking)).url == f"/buchungen/{booking.number}/"
    assert OutgoingMail.objects.count() == mails


def test_after_a_day_without_confirmation_the_request_is_over(visitor, room):
    booking = of_guest(room)
    with time_machine.travel(NOW + A_DAY, tick=False):
        assert visitor.post(path_of(booking)).status_code == 410
        assert expire_unverified(now=NOW + A_DAY) == 1
        page = visitor.get(path_of(booking))
    assert page.status_code == 410
    assert "Dieser Link ist abgelaufen." in main(page.text)
    assert date_of(booking).state == DateState.EXPIRED


# Links --------------------------------------------------------------------------------------------


def test_a_link_that_is_not_ours_is_not_found(visitor, room):
    ours = confirmed(room)
    of_choir = requested(room, span("10:00", "11:00"))
    good = path_of(ours)
    for path in (f"{good[:-1]}x/", "/buchungen/gast/x/", path_of(of_choir)):
        assert visitor.get(path).status_code == 404
        assert visitor.post(path).status_code == 404


def test_a_link_ends_a_month_after_the_date(visitor, room):
    booking = confirmed(room)
    with time_machine.travel(span().end + dt.timedelta(days=29), tick=False):
        assert visitor.get(path_of(booking)).status_code == 302
    with time_machine.travel(span().end + dt.timedelta(days=31), tick=False):
        assert visitor.get(path_of(booking)).status_code == 410


def test_a_guest_sees_the_own_request_only_and_not_for_good(visitor, room):
    mine = confirmed(room)
    foreign = confirmed(room, span("10:00", "11:00"), email="zweiter@example.org")
    of_choir = requested(room, span("12:00", "13:00"))
    visitor.get(path_of(mine))
    assert visitor.get(f"/buchungen/{mine.number}/").status_code == 200
    for other in (foreign, of_choir):
        assert visitor.get(f"/buchungen/{other.number}/").url.startswith("/konto/")
        step = f"/buchungen/{mine.number}/termin/{date_of(other).pk}/absagen/"
        assert visitor.post(step, {"way": "withdraw"}).status_code == 404
    assert visitor.get("/buchungen/").url.startswith("/konto/")
    with time_machine.travel(NOW + dt.timedelta(hours=3), tick=False):
        assert visitor.get(f"/buchungen/{mine.number}/").url.startswith("/konto/")


def test_who_comes_to_a_request_without_an_account_learns_how_to_get_the_link(visitor):
    asked = "Haben Sie als Gast angefragt, ohne Konto? Link neu senden"
    login = visitor.get("/buchungen/GIBTSNICHT/").url  # the same for every number
    page = visitor.get(login)
    assert asked in main(page.text)
    assert 'href="/buchungen/gast/neuer-link/"' in page.text
    wrong = visitor.post(login, {"login": "wer@example.org", "password": "falsch"})
    assert asked in main(wrong.text)
    for path in ("/konto/login/", visitor.get("/buchungen/").url):
        assert asked not in main(visitor.get(path).text)


def test_somebody_with_an_account_does_not_see_a_guest(visitor, room, singer):
    booking = confirmed(room)
    visitor.force_login(singer)
    assert visitor.get(f"/buchungen/{booking.number}/").status_code == 404


def test_the_link_comes_again_and_nobody_learns_whether_the_address_is_known(visitor, room):
    booking = confirmed(room)
    before = OutgoingMail.objects.count()
    page = visitor.get("/buchungen/gast/neuer-link/")
    assert "Link neu senden" in main(page.text)
    unknown = visitor.post("/buchungen/gast/neuer-link/", {"guest_email": "wer@example.org"})
    assert OutgoingMail.objects.count() == before
    known = visitor.post("/buchungen/gast/neuer-link/", {"guest_email": ADDRESS.upper()})
    assert main(known.text) == main(unknown.text)
    assert link_in(last_mail()) == path_of(booking)
    visitor.post("/buchungen/gast/neuer-link/", {"guest_email": ADDRESS})
    assert OutgoingMail.objects.count() == before + 1  # one in ten minutes


def test_nobody_can_measure_whether_an_address_is_known(visitor, room, settings):
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}
    }
    confirmed(room)
    confirmed(room, span("10:00", "11:00"))
    before, waiting = OutgoingMail.objects.count(), DBTaskResult.objects.count()
    counts = []
    for address in ("erste@example.org", ADDRESS, "wer@example.org"):  # the first reads the frame
        with CaptureQueriesContext(connection) as queries:
            visitor.post("/buchungen/gast/neuer-link/", {"guest_email": address})
        counts.append(len(queries))
    assert counts[1] == counts[2]
    assert OutgoingMail.objects.count() == before  # the worker writes them
    assert DBTaskResult.objects.count() == waiting + 3
    assert not DBTaskResult.objects.filter(args_kwargs__icontains=ADDRESS).exists()


def test_many_wishes_for_one_address_are_stopped(visitor, room):
    for _time in range(5):
        visitor.post("/buchungen/gast/neuer-link/", {"guest_email": ADDRESS})
    page = visitor.post("/buchungen/gast/neuer-link/", {"guest_email": ADDRESS})
    assert page.status_code == 429


# What a guest does with the date ------------------------------------------------------------------


def test_a_guest_answers_a_question(visitor, room, manager):
    booking = confirmed(room)
    ask(booking=booking, actor=manager, question="Mit Musik?", now=NOW)
    answer = visitor.get(link_in(last_mail())).url
    assert answer == f"/buchungen/{booking.number}/antworten/"
    visitor.post(answer, {"text": "Nein."})
    assert date_of(booking).state == DateState.REQUESTED
    assert "Nein." in last_mail(manager.email).text


def test_a_guest_asks_for_another_time(visitor, room, manager):
    booking = confirmed(room)
    approve(booking=booking, date_ids=[date_of(booking).pk], actor=manager, now=NOW)
    visitor.get(path_of(booking))
    path = f"/buchungen/{booking.number}/termin/{date_of(booking).pk}/aendern/"
    assert visitor.get(path).status_code == 200
    times = {"day": "2026-11-28", "start": "10:00", "end": "12:00", "room": room.pk}
    assert visitor.post(path, {**times, "text": "Bitte früher"}).status_code == 302
    assert ChangeRequest.objects.get().requested_by is None
    assert "Gast: Ada Gast" in last_mail(manager.email).text
    assert not differences(now=NOW)


def test_changes_of_a_guest_are_counted_by_the_address(room, monkeypatch):
    monkeypatch.setattr(too_often, "MOST_IN_AN_HOUR", 1)
    first, second = confirmed(room), confirmed(room, span("08:00", "10:00"))
    wish([move(date_of(first), span("10:00", "12:00"))])
    with pytest.raises(RefusedError) as error:
        wish([move(date_of(second), span("13:00", "14:00"))])
    assert [one.code for one in error.value.refusals] == [Code.TOO_OFTEN]


def test_what_a_guest_gives_up_goes_to_who_waits(room):
    booking = confirmed(room)
    behind = requested(room, waits=Waits.BEHIND_REQUEST)
    give_up(date=date_of(booking), actor=None, now=NOW)
    assert date_of(behind).stands
    assert not differences(now=NOW)


# Reminders ----------------------------------------------------------------------------------------


@pytest.fixture
def promised_guest(room, manager) -> Booking:
    booking = confirmed(room)
    approve(booking=booking, date_ids=[date_of(booking).pk], actor=manager, now=NOW)
    return booking


def test_a_guest_is_reminded_and_cancels_by_the_own_link(visitor, promised_guest):
    with time_machine.travel(DAY_BEFORE, tick=False):
        assert remind(now=DAY_BEFORE) == 1
        assert remind(now=DAY_BEFORE) == 0
        mail = last_mail()
        assert mail.key.startswith("reminder:")
        assert link_in(mail) == path_of(promised_guest, "absagen")
        assert "/konto/" not in mail.text + mail.html  # a guest has no account
        assert not mail.unsubscribe_url  # there is one date, and so one reminder
        asked = visitor.get(link_in(mail), follow=True)
        assert "Diesen Termin absagen?" in main(asked.text)
        assert date_of(promised_guest).state == DateState.APPROVED
        visitor.post(asked.request["PATH_INFO"], {"way": "cancel"})
    assert date_of(promised_guest).state == DateState.CANCELLED


def test_a_guest_who_is_too_late_to_cancel_is_led_to_the_request(room, promised_guest):
    save_policy(centre=room.centre, values={"guests": True, "cancel_hours": 72})
    with time_machine.travel(DAY_BEFORE, tick=False):
        assert remind(now=DAY_BEFORE) == 1
    assert "rufen Sie uns bitte an" in last_mail().text
    assert link_in(last_mail()) == path_of(promised_guest)


def test_no_guest_is_reminded_of_what_is_not_promised(room):
    of_guest(room)
    confirmed(room, span("10:00", "11:00"))
    assert remind(now=DAY_BEFORE) == 0


# What others see ----------------------------------------------------------------------------------


def test_nothing_public_names_a_guest(client, room, manager):
    booking = confirmed(room)
    approve(booking=booking, date_ids=[date_of(booking).pk], actor=manager, now=NOW)
    room_path = "/raeume/alfeld/kursraum/"
    for path in (room_path, f"{room_path}belegung.ics", "/raeume/"):
        text = client.get(path).content.decode()
        for secret in ("Ada Gast", ADDRESS, "Geburtstag", booking.number):
            assert secret not in text, (path, secret)


def test_markup_in_a_name_is_text(visitor, room, desk):
    request = of_guest(room)
    Booking.objects.filter(pk=request.pk).update(guest_name="<b>Ada</b>")
    confirm_request(booking=request, now=NOW)
    visitor.get(path_of(request))
    for page in (
        visitor.get(f"/buchungen/{request.number}/"),
        desk.get(request_url("detail", request)),
    ):
        assert "&lt;b&gt;Ada" in page.text
        assert "<b>Ada" not in page.text
