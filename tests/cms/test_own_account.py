"""One's own account: what it shows, other devices, one's data, leaving."""

import datetime as dt
import json
import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from cms.models import OutgoingMail, User
from cms.services.housekeeping import keep_house
from cms.services.mail import queue_mail
from cms.wording import device_text
from tests.cms.test_accounts import register
from tests.factories.cms import PASSWORD, UserFactory
from tests.factories.staff import assistant_of, manager_of

EMAIL = "erika@example.org"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"
DATA = ["/konto/daten/ansehen/", "/konto/daten/meine-daten.html", "/konto/daten/meine-daten.json"]


@pytest.fixture
def erika(tree) -> User:
    return account(EMAIL, first_name="Erika", last_name="Muster")


def account(email: str, **values) -> User:
    user = UserFactory.create(email=email, **values)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def signed_in(email: str = EMAIL, *, device: str = FIREFOX) -> Client:
    client = Client(headers={"host": "localhost", "user-agent": device})
    client.post("/konto/login/", {"login": email, "password": PASSWORD})
    return client


def confirmed(email: str = EMAIL) -> Client:
    client = signed_in(email)
    client.post("/konto/reauthenticate/", {"password": PASSWORD})
    return client


# Overview and name -------------------------------------------------------------------------------


def test_overview_leads_to_everything(erika):
    text = signed_in().get("/konto/").text
    assert "Erika Muster" in text
    assert EMAIL in text
    assert "Sie sind auf 1 Gerät angemeldet." in text
    for path in (
        "name/",
        "email/",
        "password/change/",
        "2fa/webauthn/add/",
        "2fa/totp/activate/",
        "sessions/",
        "daten/",
        "loeschen/",
        "logout/",
    ):
        assert f'href="/konto/{path}"' in text
    # Codes replace a second factor, and there is none.
    assert "recovery-codes" not in text


def test_overview_says_what_is_set_up(erika):
    TOTP.activate(erika, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(erika)
    Authenticator.objects.create(
        user=erika, type=Authenticator.Type.WEBAUTHN, data={"name": "Telefon", "credential": {}}
    )
    client = Client(headers={"host": "localhost"})
    client.force_login(erika)
    text = client.get("/konto/").text
    assert "1 Passkey ist gespeichert." in text
    assert "10 Codes gelten noch." in text
    assert 'href="/konto/2fa/totp/deactivate/"' in text


@pytest.mark.parametrize("path", ["", "name/", "daten/", "loeschen/", "sessions/"])
def test_strangers_are_asked_to_sign_in(visitor, tree, path):
    assert visitor.get(f"/konto/{path}").url == f"/konto/login/?next=/konto/{path}"


def test_another_name(erika):
    client = signed_in()
    done = client.post(
        "/konto/name/", {"first_name": "Eri 🎵", "last_name": "<b>M</b>"}, follow=True
    )
    assert "Ihr Name ist geändert." in done.text
    assert "Eri 🎵 &lt;b&gt;M&lt;/b&gt;" in done.text
    wrong = client.post("/konto/name/", {"first_name": "x" * 10_000, "last_name": ""})
    assert wrong.status_code == 422
    assert "Bitte prüfen Sie 2 Angaben" in wrong.text
    assert f'value="{"x" * 10_000}"' in wrong.text


# Other devices -----------------------------------------------------------------------------------


def test_signing_out_everywhere_else(erika):
    here, phone = signed_in(), signed_in(device=IPHONE)
    text = here.get("/konto/sessions/").text
    assert "Firefox auf Windows" in text
    assert "Safari auf iPhone" in text
    assert text.count("Dieses Gerät.") == 1
    done = here.post("/konto/sessions/", follow=True)
    assert "Sie sind überall sonst abgemeldet." in done.text
    assert "Sie sind sonst nirgends angemeldet." in done.text
    assert here.get("/konto/").status_code == 200
    assert phone.get("/konto/").status_code == 302


def test_nobody_ends_the_sessions_of_somebody_else(erika):
    account("otto@example.org")
    otto = signed_in("otto@example.org", device=IPHONE)
    here = signed_in()
    assert "iPhone" not in here.get("/konto/sessions/").text
    here.post("/konto/sessions/")
    assert otto.get("/konto/").status_code == 200


def test_a_new_password_ends_the_other_sessions(erika):
    here, phone = signed_in(), signed_in(device=IPHONE)
    new = "neu-und-lang-genug"
    here.post(
        "/konto/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert here.get("/konto/").status_code == 200
    assert phone.get("/konto/").status_code == 302
    assert "Safari" not in here.get("/konto/sessions/").text


def test_devices_are_forgotten_with_their_session(erika):
    here, phone = signed_in(), signed_in(device=IPHONE)
    phone.session.flush()
    keep_house(now=timezone.now())
    assert [one.session_key for one in UserSession.objects.all()] == [here.session.session_key]


@pytest.mark.parametrize(
    ("browser", "text"),
    [
        (FIREFOX, "Firefox auf Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140 Mobile Safari/537.36", "Chrome auf Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537.36 Edg/140", "Edge auf Windows"),
        ("<script>alert(1)</script>", "Unbekanntes Gerät"),
        ("", "Unbekanntes Gerät"),
    ],
)
def test_a_device_is_named_in_words(browser, text):
    assert device_text(browser) == text


@pytest.mark.parametrize("what", ["edit", "remove"])
def test_nobody_reaches_the_passkey_of_somebody_else(erika, what):
    otto = account("otto@example.org")
    key = Authenticator.objects.create(
        user=otto, type=Authenticator.Type.WEBAUTHN, data={"name": "Telefon", "credential": {}}
    )
    client = confirmed()
    path = f"/konto/2fa/webauthn/keys/{key.pk}/{what}/"
    assert client.get(path).status_code == 404
    assert client.post(path, {"name": "Meiner"}).status_code == 404
    key.refresh_from_db()
    assert key.data["name"] == "Telefon"


def test_a_key_is_a_passkey_and_called_after_its_device(erika):
    text = confirmed().get("/konto/2fa/webauthn/add/").text
    assert 'value="Firefox auf Windows"' in text
    assert re.search(r'name="passwordless"[^>]*checked', text)
    assert "brauchen kein Passwort" in text


# One's data --------------------------------------------------------------------------------------


def told(key: str, recipient: str, text: str, **values) -> None:
    values = {"subject": "Zusage", "now": timezone.now(), **values}
    queue_mail(key=key, recipient=recipient, text=text, **values)


@pytest.mark.parametrize("path", DATA)
def test_data_is_given_after_the_password_only(erika, path):
    client = signed_in()
    assert client.get(path)["Location"].startswith("/konto/reauthenticate/")
    client.post("/konto/reauthenticate/", {"password": PASSWORD})
    response = client.get(path)
    assert response.status_code == 200
    assert response["Cache-Control"].startswith("max-age=0")
    assert EMAIL in response.text


def test_data_is_that_of_one_person_without_secrets(erika):
    account("otto@example.org", last_name="Anders")
    told("booking-log:1:a", EMAIL, "Hier: https://rvz.example/absagen/geheim-geheim?x=1 Danke")
    told("booking-log:1:b", "otto@example.org", "Für Otto")
    old = timezone.now() - dt.timedelta(days=400)
    told("booking-log:0:a", EMAIL, "An die Person, der die Adresse vorher gehörte", now=old)
    told("account/email/x:1", EMAIL, "Ihr Code: 1234-5678", subject="Ihr Code: 1234-5678")
    client = confirmed()
    TOTP.activate(erika, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(erika)
    for path in DATA:
        text = client.get(path).text
        assert "https://rvz.example/…" in text
        for secret in ("geheim", "1234-5678", "JBSWY3DPEHPK3PXP", "pbkdf2", "md5$", "gehörte"):
            assert secret not in text
        assert not {"Otto", "otto@example.org", "Anders"} & set(text.split())
        assert "Für Otto" not in text
    data = json.loads(client.get(DATA[2]).content)
    assert data["profile"][0]["first_name"] == "Erika"
    assert data["profile"][0]["email_confirmed"] == "ja"
    assert [one["subject"] for one in data["mails"]] == ["Zusage", "Mail zu Ihrem Konto"]
    assert {one["kind"] for one in data["ways_to_sign_in"]} == {
        "App mit Codes",
        "Ersatzcodes",
    }


def test_file_can_be_read_without_the_site(erika):
    response = confirmed().get(DATA[1])
    assert response["Content-Disposition"] == 'attachment; filename="meine-daten.html"'
    assert "<h1>Ihre Daten</h1>" in response.text
    assert "Registriert am" in response.text
    for other in ("<script", "<link", "<img"):
        assert other not in response.text


def test_markup_in_data_is_shown_as_text(erika):
    User.objects.update(last_name="<script>alert(1)</script>")
    client = confirmed()
    for path in DATA[:2]:
        assert "<script>alert" not in client.get(path).text


def test_data_is_given_only_so_often(erika, settings):
    settings.ACCOUNT_RATE_LIMITS = {"my_data": "2/h/user"}
    client = confirmed()
    assert [client.get(DATA[2]).status_code for _time in range(3)] == [200, 200, 429]


def test_who_takes_over_an_address_does_not_get_what_was_sent_there(erika):
    """Somebody has the address for whom it is new; the account is older than the mail."""
    account("otto@example.org", date_joined=timezone.now() - dt.timedelta(days=900))
    told("booking-log:1:a", EMAIL, "Für Erika")
    for email, new in ((EMAIL, "erika.neu@example.org"), ("otto@example.org", EMAIL)):
        client = confirmed(email)
        client.post("/konto/email/", {"email": new, "action_add": ""})
        mail = OutgoingMail.objects.filter(recipient=new).latest("created_at")
        code = next(word for word in mail.text.split() if word[:4].isdigit() and "-" in word)
        client.post("/konto/confirm-email/", {"code": code})
    assert User.objects.get(email=EMAIL).date_joined < timezone.now() - dt.timedelta(days=800)
    assert "Für Erika" not in confirmed(EMAIL).get(DATA[2]).text


# Leaving -----------------------------------------------------------------------------------------


def leave(client: Client, **values):
    return client.post("/konto/loeschen/", values, follow=True)


def test_leaving_asks_for_the_password(erika):
    assert signed_in().get("/konto/loeschen/")["Location"].startswith("/konto/reauthenticate/")
    asked = leave(signed_in(), is_sure="on")
    assert "Passwort" in asked.text
    assert User.objects.filter(email=EMAIL).exists()


def test_leaving_says_what_stays_and_wants_a_tick(erika):
    client = confirmed()
    page = client.get("/konto/loeschen/")
    assert "Was bleibt" in page.text
    wrong = leave(client)
    assert wrong.status_code == 422
    assert "Bitte setzen Sie das Häkchen" in wrong.text
    assert User.objects.filter(email=EMAIL).exists()


def test_who_leaves_is_gone_everywhere(erika):
    told("booking-log:1:a", EMAIL, "Für Erika")
    phone, client = signed_in(device=IPHONE), confirmed()
    done = leave(client, is_sure="on")
    assert "Ihr Konto ist gelöscht." in done.text
    assert "_auth_user_id" not in client.session
    assert phone.get("/konto/").status_code == 302
    assert not User.objects.filter(email=EMAIL).exists()
    assert not UserSession.objects.exists()
    assert not EmailAddress.objects.filter(email=EMAIL).exists()
    mail = OutgoingMail.objects.get(recipient=EMAIL)
    assert mail.subject == "Ihr Konto ist gelöscht"
    assert (
        "passen nicht zusammen"
        in client.post("/konto/login/", {"login": EMAIL, "password": PASSWORD}).text
    )
    assert register(client, email=EMAIL).status_code == 302


@pytest.mark.parametrize("who", ["administrator", "manager", "assistant"])
def test_staff_are_sent_to_the_administration(alfeld, administrator, who):
    people = {
        "administrator": lambda: administrator,
        "manager": lambda: manager_of(alfeld),
        "assistant": lambda: assistant_of(*alfeld.centre.services.all()[:1]),
    }
    user = people[who]()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client = confirmed(user.email)
    assert "Sie arbeiten in der Verwaltung." in client.get("/konto/loeschen/").text
    assert leave(client, is_sure="on").status_code == 422
    assert User.objects.filter(pk=user.pk).exists()
