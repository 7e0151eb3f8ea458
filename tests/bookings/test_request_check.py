"""Step 2 of a request: signing in or registering on the way, checking, sending, once."""

import datetime as dt
import re
import threading
import uuid

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from wagtail.models import Site

from bookings.ledger import BusyError
from bookings.models import Association, Booking, BookingDate, Membership, RequestDraft
from bookings.rules.states import DateState
from bookings.services.decisions import approve
from bookings.services.drafts import keep_dates
from bookings.services.policies import save_policy
from cms.models import OutgoingMail, User
from cms.selectors.navigation import route_url
from tests import passkeys
from tests.bookings.request_flow import (
    FORM,
    code_for,
    draft_key,
    free_time,
    shown,
    sign_in,
    to_check,
    typed,
)
from tests.factories.bookings import (
    NOW,
    AssociationFactory,
    date_of,
    member_of,
    promised,
    requested,
    span,
)
from tests.factories.cms import UserFactory
from tests.reading import main

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday_morning", "room")]

SINGER = "vorstand@chor.example.org"


@pytest.fixture(autouse=True)
def _address(singer: User) -> None:
    EmailAddress.objects.create(user=singer, email=SINGER, verified=True, primary=True)


@pytest.fixture
def choir_desk(visitor: Client, singer: User) -> Client:
    """Return a browser in which the choir's secretary is signed in."""
    visitor.force_login(singer)
    return visitor


def new_browser():
    return Client(headers={"host": "localhost"})


# The whole way ------------------------------------------------------------------------------------


def test_somebody_signed_in_asks_and_is_told_what_comes_next(choir_desk, singer, choir):
    check = to_check(choir_desk, wishes="Klavier, bitte", has_music="on")
    said = main(choir_desk.get(check).text)
    assert "Raum anfragen – Schritt 2 von 2: Prüfen" in said
    for words_there in (
        "Freitag, 27. November 2026, 19:00–21:00 Uhr Kursraum",
        "Chorprobe 20 Personen Klavier, bitte Musik oder Tanz",
        "Gemischter Chor Am Tag: Erika Muster, Telefon 040 66969 120",
        "Kosten keine Angabe",
        "Anfrage senden",
    ):
        assert words_there in said
    sent = choir_desk.post(check)
    booking = Booking.objects.get()
    assert sent.url == f"/buchungen/{booking.number}/gesendet/"
    page = choir_desk.get(sent.url)
    said = main(page.text)
    assert (
        "Ihre Anfrage ist da. Der Raum ist noch nicht fest gebucht. "
        "Sie hören bis 27. November 2026 von uns. Bis dahin halten wir den Termin für Sie frei. "
        f"Nummer: {booking.number}" in said
    )
    assert "Weitere Anfrage" in said
    assert booking.centre.phone in said
    assert "no-store" in page["Cache-Control"]
    date = date_of(booking)
    assert (date.span, date.stands) == (span(), True)
    assert (booking.association, booking.requester, booking.purpose) == (choir, singer, "Chorprobe")
    assert (booking.wishes, booking.has_music, booking.has_food) == ("Klavier, bitte", True, False)


def test_what_somebody_pasted_is_stored_in_one_line_or_in_plain_ones(choir_desk):
    pasted = {"purpose": "Probe\u2028Nummer: FALSCH", "contact_name": "Erika\r\nMuster"}
    check = to_check(choir_desk, **pasted, wishes="Zwei\x0bTische\r\nund Licht")
    choir_desk.post(check)
    booking = Booking.objects.get()
    assert booking.purpose == "Probe Nummer: FALSCH"
    assert booking.contact_name == "Erika Muster"
    assert booking.wishes == "Zwei\nTische\nund Licht"


def test_signing_in_on_the_way_loses_nothing(visitor, singer, choir):
    check = to_check(visitor, purpose="🎵 Probe & <b>Tee</b>")
    login = visitor.get(check)
    assert login.url == f"/konto/login/?next={check.replace('/', '%2F')}"
    assert (
        "Ihre Angaben sind gespeichert. Bitte melden Sie sich an oder registrieren Sie sich – "
        "danach geht es hier weiter." in main(visitor.get(login.url).text)
    )
    back = sign_in(visitor, login.url, SINGER)
    while back.url != check:  # a second factor or a page for the address may stand between
        back = visitor.get(back.url)
    page = visitor.get(check)
    assert "🎵 Probe &amp; &lt;b&gt;Tee&lt;/b&gt;" in page.text
    assert "Gemischter Chor" in main(page.text)
    visitor.post(check)
    assert Booking.objects.get().purpose == "🎵 Probe & <b>Tee</b>"


def register(client, path: str, email: str):
    return client.post(
        path,
        {
            "first_name": "Erika",
            "last_name": "Muster",
            "email": email,
            "password1": "lang-genug-2026",
        },
    )


@pytest.mark.parametrize("signup", ["/konto/signup/", "/konto/signup/passkey/"])
@pytest.mark.parametrize(
    ("contact", "first", "last"),
    [
        ("Erika Muster", "Erika", "Muster"),
        ("<b>Erika</b> Muster", "&lt;b&gt;Erika&lt;/b&gt;", "Muster"),
        ("Anna von der Heide", "", ""),  # which of it is the last name?
        ("Erika", "", ""),
    ],
)
def test_the_name_need_not_be_typed_twice(visitor, signup, contact, first, last):
    visitor.get(to_check(visitor, group="Singkreis Leine", contact_name=contact))
    page = visitor.get(signup).text
    for name, value in (("first_name", first), ("last_name", last)):
        field = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
        assert field
        assert (f'value="{value}"' in field[0]) == bool(value), field[0]
    assert ("Wie in Ihrer Anfrage" in page) == bool(first)


def test_registering_on_the_way_loses_nothing(visitor):
    check = to_check(visitor, group="Singkreis Leine")
    login = visitor.get(check).url
    signup = login.replace("/login/", "/signup/")
    assert "Ihre Angaben sind gespeichert." in main(visitor.get(signup).text)
    code_page = visitor.get(register(visitor, signup, "neu@example.org").url)
    assert "Wir haben eine E-Mail mit einem Code an neu@example.org gesendet." in main(
        code_page.text
    )
    wrong = visitor.post("/konto/confirm-email/", {"code": "0000-0000"})
    assert "Dieser Code stimmt nicht." in main(wrong.text)
    done = visitor.post("/konto/confirm-email/", {"code": code_for("neu@example.org")})
    assert done.url == check
    for_whom = visitor.get(check).url
    page = visitor.get(for_whom)
    assert "Für wen fragen Sie an?" in main(page.text)
    assert 'value="Singkreis Leine"' in page.text
    missing = visitor.post(for_whom, {"name": "", "legal_form": "konzern"})
    assert missing.status_code == 422
    assert "Bitte prüfen Sie 2 Angaben." in main(missing.text)
    assert visitor.post(for_whom, {"name": "Singkreis Leine", "legal_form": "group"}).url == check
    assert "Das Team des Zentrums prüft Ihren Verein noch. Sie können schon anfragen." in main(
        visitor.get(check).text
    )
    visitor.post(check)
    booking = Booking.objects.get()
    assert booking.association.name == "Singkreis Leine"
    assert booking.association.home_centre == booking.centre
    assert not booking.association.name_is_public
    assert str(booking.requester) == "Erika Muster"
    own = Membership.objects.get(user=booking.requester)
    assert own.role == Membership.Role.MAIN_CONTACT


def test_registering_asks_for_the_group_once(visitor):
    user = UserFactory.create()
    visitor.force_login(user)
    check = to_check(visitor)
    for_whom = visitor.get(check).url
    for _click in range(2):
        visitor.post(for_whom, {"name": "Singkreis", "legal_form": "group"})
    assert Association.objects.filter(name="Singkreis").count() == 1
    assert visitor.get(for_whom).url == check


def test_somebody_of_several_groups_is_asked_for_which(visitor, singer, choir):
    check = to_check(visitor)
    other = AssociationFactory.create(name="Turnverein", home_centre=choir.home_centre)
    other.memberships.create(user=singer)
    foreign = AssociationFactory.create(home_centre=choir.home_centre)
    visitor.force_login(singer)
    for_whom = visitor.get(check).url
    assert "Turnverein" in main(visitor.get(for_whom).text)
    assert visitor.post(for_whom, {"association": foreign.pk}).status_code == 422
    assert visitor.post(for_whom, {"association": other.pk}).url == check
    visitor.post(check)
    assert Booking.objects.get().association == other


@pytest.mark.parametrize("stays_in", [0, 1])
def test_nothing_is_sent_for_another_group_than_the_one_that_was_chosen(
    visitor, singer, choir, stays_in
):
    other = AssociationFactory.create(name="Turnverein", home_centre=choir.home_centre)
    other.memberships.create(user=singer)
    visitor.force_login(singer)
    check = to_check(visitor, group=None, association=str(other.pk))
    visitor.get(check)
    Membership.objects.filter(user=singer).exclude(association=choir if stays_in else None).delete()
    response = visitor.post(check)
    assert "/fuer-wen/" in response.url
    assert not Booking.objects.exists()
    answer = {"association": choir.pk} if stays_in else {"name": "Neu", "legal_form": "group"}
    assert visitor.post(response.url, answer).url == check
    visitor.post(check)
    assert Booking.objects.get().association.name == (choir.name if stays_in else "Neu")


# Whose draft --------------------------------------------------------------------------------------


def test_another_persons_draft_is_not_found(choir_desk, choir):
    check = to_check(choir_desk)
    choir_desk.get(check)
    stranger = new_browser()
    stranger.force_login(member_of(choir))
    for_whom = check.replace("/pruefen/", "/fuer-wen/")
    assert stranger.get(check).status_code == 404
    assert stranger.post(check).status_code == 404
    assert stranger.get(for_whom).status_code == 404
    assert not Booking.objects.exists()


def test_a_draft_without_a_person_belongs_to_its_browser(visitor, choir):
    check = to_check(visitor)
    stranger = new_browser()
    assert stranger.get(check).status_code == 404
    stranger.force_login(member_of(choir))
    assert stranger.get(check).status_code == 404


def test_unknown_drafts_and_other_rooms_are_not_found(choir_desk, hall):
    check = to_check(choir_desk)
    assert choir_desk.get(check.replace("kursraum", "saal")).status_code == 404
    key = check.rstrip("/").split("/")[-1]
    assert choir_desk.get(check.replace(key, str(uuid.uuid4()))).status_code == 404
    assert choir_desk.get(check.replace(key, "keiner")).status_code == 404


def test_a_draft_that_is_gone_leads_to_the_form(choir_desk):
    check = to_check(choir_desk)
    draft = RequestDraft.objects.get()
    assert choir_desk.post(f"{FORM}{draft.pk}/verwerfen/").status_code == 302
    keep_dates(draft=draft, dates={}, now=NOW)  # read in another window before
    assert not RequestDraft.objects.exists()
    for path in (check, f"{FORM}{draft.pk}/termine/", check.replace("pruefen", "fuer-wen")):
        gone = choir_desk.get(path)
        assert gone.status_code == 404
        assert "Ihre angefangene Anfrage gibt es nicht mehr" in main(gone.text)
        assert f'href="{FORM}"' in gone.text


def test_a_room_that_is_no_longer_public_is_not_found(choir_desk, room):
    check = to_check(choir_desk)
    room.is_public = False
    room.save()
    assert choir_desk.get(check).status_code == 404
    assert choir_desk.post(check).status_code == 404


def test_whoever_was_signed_out_goes_on_after_signing_in(choir_desk):
    check = to_check(choir_desk)
    choir_desk.get(check)
    choir_desk.logout()
    response = choir_desk.post(check)
    assert response.url.startswith("/konto/login/")
    assert (
        "Sie wurden aus Sicherheitsgründen abgemeldet. Nach dem Anmelden geht es hier weiter; "
        "Ihre Eingaben sind gespeichert." in main(choir_desk.get(response.url).text)
    )
    sign_in(choir_desk, response.url, SINGER)
    choir_desk.post(check)
    assert Booking.objects.count() == 1


def test_a_sent_page_is_shown_to_the_own_group_only(choir_desk, choir, room):
    own = requested(room, association=choir)
    other = requested(room, span("10:00", "11:00"))
    assert choir_desk.get(f"/buchungen/{own.number}/gesendet/").status_code == 200
    assert choir_desk.get(f"/buchungen/{other.number}/gesendet/").status_code == 404
    assert new_browser().get(f"/buchungen/{own.number}/gesendet/").url.startswith("/konto/login/")


# Once ---------------------------------------------------------------------------------------------

ALREADY = "Diese Anfrage haben Sie schon gesendet. Sie ist nur einmal bei uns angekommen."


def test_a_second_click_ends_at_the_same_request(choir_desk):
    check = to_check(choir_desk)
    first, second = choir_desk.post(check), choir_desk.post(check)
    assert second.url == f"{first.url}?schon=1"
    assert ALREADY in main(choir_desk.get(second.url).text)
    assert ALREADY in main(choir_desk.get(choir_desk.get(check).url).text)
    assert Booking.objects.count() == 1


def test_back_to_the_form_and_sent_again_ends_at_the_same_request(choir_desk):
    form = choir_desk.get(FORM).text
    values = {"entwurf": draft_key(form), **typed()}
    choir_desk.post(choir_desk.post(FORM, values).url)
    again = choir_desk.post(FORM, values)
    assert ALREADY in main(choir_desk.get(again.url).text)
    assert Booking.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_posts_at_the_same_moment_send_one_request(choir_desk):
    check = to_check(choir_desk)
    answers: list[str] = []
    both = threading.Barrier(2)
    cookies = choir_desk.cookies

    def click() -> None:
        client = new_browser()
        client.cookies = cookies
        both.wait()
        try:
            answers.append(client.post(check).url)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Booking.objects.count() == 1
    assert BookingDate.objects.count() == 1
    assert sorted("schon" in url for url in answers) == [False, True]


# Refused meanwhile --------------------------------------------------------------------------------


def test_a_time_asked_for_meanwhile_is_told_and_can_be_waited_for(choir_desk, room):
    check = to_check(choir_desk)
    requested(room)
    response = choir_desk.post(check)
    assert response.status_code == 422
    said = main(response.text)
    assert "Diesen Termin hat gerade eine andere Gruppe angefragt. Frei sind" in said
    assert "Ihre Eingaben sind gespeichert." in said
    assert Booking.objects.count() == 1
    assert RequestDraft.objects.get().booking is None
    sent = choir_desk.post(check, {"wartet": "request"})
    said = main(choir_desk.get(sent.url).text)
    assert "Für diese Zeit gibt es schon eine frühere Anfrage." in said
    assert "halten wir" not in said
    assert not date_of(Booking.objects.get(draft__isnull=False)).stands


def test_a_free_time_goes_on_with_an_old_request_too(choir_desk, room):
    check = to_check(choir_desk, purpose="Adventssingen")
    requested(room)
    RequestDraft.objects.update(updated_at=NOW - dt.timedelta(days=3))
    page = choir_desk.get(free_time(choir_desk.get(check).text))
    assert 'value="Adventssingen"' in page.text
    assert "angefangen" not in main(page.text)


def test_a_group_learns_that_it_has_asked_for_the_time_itself(choir_desk, choir, room):
    check = to_check(choir_desk)
    requested(room, association=choir)
    response = choir_desk.post(check)
    assert response.status_code == 422
    said = main(response.text)
    assert "Diesen Termin hat Ihre Gruppe schon angefragt. Frei sind an diesem Tag: " in said
    assert "andere Gruppe" not in said
    assert "ziehen Sie danach die erste Anfrage zurück" in said
    assert choir_desk.post(check, {"wartet": "request"}).status_code == 302


def test_nobody_waits_for_what_the_own_group_was_promised(choir_desk, choir, room):
    check = to_check(choir_desk)
    promised(room, association=choir)
    response = choir_desk.post(check, {"wartet": "promise"})
    assert response.status_code == 422
    said = main(response.text)
    assert "Dieser Termin ist Ihrer Gruppe schon zugesagt. Frei sind an diesem Tag: " in said
    assert "Warteliste" not in said
    assert Booking.objects.count() == 1


def test_a_time_promised_meanwhile_leads_to_the_waiting_list(choir_desk, room):
    check = to_check(choir_desk)
    promised(room)
    said = main(choir_desk.get(check).text)
    assert "Dieser Termin wurde gerade vergeben. Frei sind an diesem Tag:" in said
    assert "Anfrage senden" not in said
    assert "Auf die Warteliste" in said
    sent = choir_desk.post(check, {"wartet": "promise"})
    said = main(choir_desk.get(sent.url).text)
    assert "Sie stehen auf Platz 1. Wird der Termin frei, schreiben wir Ihnen." in said
    assert "halten wir" not in said
    assert date_of(Booking.objects.get(draft__isnull=False)).state == DateState.WAITLISTED


def test_nobody_waits_behind_a_promise_who_only_accepted_a_request(choir_desk, room, manager):
    first = requested(room)
    check = to_check(choir_desk, wartet="request")
    approve(booking=first, date_ids=[date_of(first).pk], actor=manager, now=NOW)
    assert choir_desk.post(check).status_code == 422
    assert Booking.objects.count() == 1


def test_what_waits_says_so_before_it_is_sent(choir_desk, room):
    requested(room)
    check = to_check(choir_desk, wartet="request")
    said = main(choir_desk.get(check).text)
    assert "Für diese Zeit gibt es schon eine frühere Anfrage. Ihre Anfrage wartet" in said
    assert "Anfrage senden" in said


def test_nothing_is_said_of_waiting_when_the_time_is_free(choir_desk):
    check = to_check(choir_desk, wartet="promise")
    assert "Warteliste" not in main(choir_desk.get(check).text)


def test_a_time_that_passed_meanwhile_is_refused(choir_desk):
    check = to_check(choir_desk)
    with time_machine.travel(span("21:30", "22:00").start, tick=False):
        response = choir_desk.post(check)
    assert response.status_code == 422
    assert "heute schon vorbei" in main(response.text)
    assert not Booking.objects.exists()


def test_a_seating_that_is_gone_leads_back_to_the_form(choir_desk, room):
    layout = room.layouts.get()
    check = to_check(choir_desk, layout=str(layout.pk), purpose="Adventssingen")
    layout.delete()
    assert 'value="Adventssingen"' in choir_desk.get(choir_desk.get(check).url).text


def test_a_crowd_is_asked_to_try_again(choir_desk, monkeypatch):
    def busy(**_values):
        raise BusyError

    check = to_check(choir_desk)
    monkeypatch.setattr("bookings.views.request.checking.send_request", busy)
    response = choir_desk.post(check)
    assert response.status_code == 409
    assert "Bitte versuchen Sie es noch einmal." in main(response.text)


@pytest.mark.parametrize("at_once", [True, False])
def test_a_page_that_comes_back_says_on_the_button_what_it_does(
    choir_desk, room, monkeypatch, at_once
):
    def busy(**_values):
        raise BusyError

    if at_once:
        save_policy(centre=room.centre, values={"approval": "at_once"})
    button = "Verbindlich buchen" if at_once else "Anfrage senden"
    check = to_check(choir_desk)
    changed = choir_desk.post(check, {"stand": "von vorhin"})
    monkeypatch.setattr("bookings.views.request.checking.send_request", busy)
    crowd = choir_desk.post(check)
    monkeypatch.setattr("bookings.views.request.checking.MOST_IN_AN_HOUR", 0)
    stopped = choir_desk.post(check)
    for page, status in ((changed, 409), (crowd, 409), (stopped, 429)):
        assert page.status_code == status
        assert main(page.text).endswith(button)


def test_nobody_books_firmly_who_pressed_another_button(choir_desk, room):
    check = to_check(choir_desk)
    asks = {"verbindlich": shown(choir_desk.get(check).text, "verbindlich")}
    save_policy(centre=room.centre, values={"approval": "at_once"})
    page = choir_desk.post(check, asks)
    assert page.status_code == 409
    assert "würde jetzt sofort fest gebucht" in main(page.text)
    assert main(page.text).endswith("Verbindlich buchen")
    assert not Booking.objects.exists()
    choir_desk.post(check, {"verbindlich": shown(page.text, "verbindlich")})
    assert date_of(Booking.objects.get()).state == DateState.APPROVED


def test_sending_without_end_is_stopped_for_one_person_only(choir_desk, room, singer, monkeypatch):
    monkeypatch.setattr("bookings.views.request.checking.MOST_IN_AN_HOUR", 2)
    for start in ("9:00", "11:00"):
        choir_desk.post(to_check(choir_desk, start=start, end=start.replace(":00", ":45")))
    check = to_check(choir_desk, start="13:00", end="14:00")
    response = choir_desk.post(check)
    assert response.status_code == 429
    assert "Sie haben in einer Stunde 2 Anfragen gesendet." in main(response.text)
    assert Booking.objects.count() == 2
    other = new_browser()
    other.force_login(member_of(AssociationFactory.create(home_centre=room.centre)))
    assert "gesendet" in other.post(to_check(other, start="13:00", end="14:00")).url


# Where --------------------------------------------------------------------------------------------


def test_asking_and_bookings_live_on_the_base_host(alfeld, settings):
    Site.objects.create(hostname="alfeld.localhost", port=80, root_page=alfeld)
    own = Client(headers={"host": "alfeld.localhost"})
    for path in (
        f"{FORM}?tag=2026-11-27",
        f"/en{FORM}",
        "/buchungen/ABC234/gesendet/",
        "/de-simple/buchungen/",
    ):
        assert own.get(path)["Location"] == f"{settings.BASE_URL}{path}"
    assert own.get("/raeume/alfeld/kursraum/").status_code == 200


def test_people_without_a_desk_land_at_their_bookings(visitor, singer):
    visitor.force_login(singer)
    assert visitor.get("/konto/weiter/").url == route_url("my_bookings")


def test_the_way_back_survives_a_longer_way_through_the_account_pages(visitor, singer):
    check = to_check(visitor)
    visitor.get(check)
    sign_in(visitor, "/konto/login/", SINGER)  # without ?next=
    assert visitor.get("/konto/weiter/").url == check
    visitor.get(check)
    assert visitor.get("/konto/weiter/").url == route_url("my_bookings")


def test_registering_with_a_passkey_on_the_way_loses_nothing(visitor):
    check = to_check(visitor, group="Singkreis Leine")
    signup = visitor.get(check).url.replace("/login/", "/signup/passkey/")
    assert "Ihre Angaben sind gespeichert." in main(visitor.get(signup).text)
    passkeys.register(visitor, "neu@example.org", next=check)
    assert visitor.get("/konto/weiter/").url == check
    for_whom = visitor.get(check).url
    assert 'value="Singkreis Leine"' in visitor.get(for_whom).text


def test_sending_needs_the_token_of_the_page(singer):
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    strict.force_login(singer)
    assert strict.post(FORM, typed()).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', strict.get(FORM).text)
    assert token
    check = strict.post(FORM, {**typed(), "csrfmiddlewaretoken": token[1]})["Location"]
    assert strict.post(check).status_code == 403
    assert not Booking.objects.exists()
    assert strict.post(check, {"csrfmiddlewaretoken": token[1]}).status_code == 302


def test_nothing_is_mailed_that_was_not_sent(choir_desk):
    choir_desk.get(to_check(choir_desk))
    assert not OutgoingMail.objects.exists()
