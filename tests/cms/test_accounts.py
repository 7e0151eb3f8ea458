"""Signing in: German, polite, tells nothing about who has an account."""

import datetime as dt
import re
from unittest.mock import patch

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings as django_settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.template.loader import render_to_string
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from cms.models import OutgoingMail, User
from cms.opening_hours import BERLIN
from tests.cms.test_account_sentences import FAMILIAR
from tests.factories.cms import PASSWORD, UserFactory

EMAIL = "leitung@example.org"


@pytest.fixture
def person(tree):
    user = UserFactory.create(email=EMAIL)
    EmailAddress.objects.create(user=user, email=EMAIL, verified=True, primary=True)
    return user


@pytest.fixture
def signed_in(visitor, person) -> Client:
    sign_in(visitor)
    return visitor


def sign_in(client: Client, path: str = "/konto/login/", **values):
    return client.post(path, {"login": EMAIL, "password": PASSWORD, **values})


def test_sign_in_form_is_labelled_and_leads_to_registering(visitor, tree):
    text = visitor.get("/konto/login/").text
    assert re.search(r'<label class="kern-label" for="id_login">\s*E-Mail', text)
    assert "Passwort" in text
    assert "placeholder" not in text
    assert 'href="/konto/signup/"' in text
    assert 'href="/konto/password/reset/"' in text


def test_person_without_rights_lands_at_the_own_bookings(visitor, person):
    response = visitor.get(sign_in(visitor).url)
    assert response.url == "/buchungen/"


def test_staff_land_at_their_desk(visitor, person):
    person.is_superuser = True
    person.save()
    response = visitor.get(sign_in(visitor).url)
    assert response.url == "/verwaltung/"


def test_sign_in_leads_back_to_where_one_was(visitor, person):
    assert sign_in(visitor, "/konto/login/?next=/suche/").url == "/suche/"


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_sign_in_leads_nowhere_else(visitor, person, url):
    assert "evil" not in sign_in(visitor, f"/konto/login/?next={url}").url


def test_after_login_asks_strangers_to_sign_in(visitor, tree):
    assert visitor.get("/konto/weiter/").url == "/konto/login/?next=/konto/weiter/"


def test_failed_sign_in_keeps_the_address_and_says_what_to_do(visitor, person):
    response = sign_in(visitor, password="falsch")
    assert response.status_code == 200
    assert f'value="{EMAIL}"' in response.text
    assert "passen nicht zusammen" in response.text
    assert "Ihre Eingaben sind noch da" in response.text


def test_missing_entries_are_named_at_the_field(visitor, tree):
    text = visitor.post("/konto/login/", {"login": "keine Adresse", "password": ""}).text
    assert "Bitte prüfen Sie 2 Angaben" in text
    assert 'id="id_login_error"' in text
    assert 'aria-describedby="id_password_helptext id_password_error"' in text
    assert text.count('aria-invalid="true"') == 2
    assert 'href="#id_login"' in text


def test_same_answer_whether_there_is_an_account_or_not(visitor, person, mailoutbox):
    def answers(email: str) -> list[str]:
        token = r'name="csrfmiddlewaretoken" value="[^"]+"'
        tried = sign_in(Client(headers={"host": "localhost"}), login=email, password="falsch").text
        reset = visitor.post("/konto/password/reset/", {"email": email}, follow=True).text
        return [re.sub(token, "", text).replace(email, "") for text in (tried, reset)]

    assert answers(EMAIL) == answers("niemand@example.org")
    assert [mail.to for mail in mailoutbox] == [[EMAIL]]


def test_too_many_failures_are_stopped(visitor, person):
    for _attempt in range(5):
        sign_in(visitor, password="falsch")
    assert "Zu viele Versuche" in sign_in(visitor).text
    assert "_auth_user_id" not in visitor.session


def test_too_many_requests_meet_a_german_page(visitor, person, settings):
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    visitor.post("/konto/password/reset/", {"email": EMAIL})
    response = visitor.post("/konto/password/reset/", {"email": EMAIL})
    assert response.status_code == 429
    assert "Zu viele Versuche" in response.text
    assert "rvz-header" in response.text
    assert 'href="/konto/password/reset/"' in response.text.split("<main")[1]


NEW = "neu@example.org"
SIGNUP = {
    "first_name": "Erika",
    "last_name": "Muster",
    "email": NEW,
    "password1": "lang-genug-2026",
}


def register(client: Client, **values):
    return client.post("/konto/signup/", {**SIGNUP, **values})


def code_in_mail(email: str) -> str:
    mail = OutgoingMail.objects.filter(recipient=email).latest("created_at")
    assert not FAMILIAR.search(mail.text)
    code = re.search(r"\b\d{4}-\d{4}\b", mail.text)
    assert code, mail.text
    return code[0]


def test_registering_asks_for_the_name_and_a_code(visitor, tree):
    page = visitor.get(register(visitor).url)
    assert "Code eingeben" in page.text
    assert "_auth_user_id" not in visitor.session
    wrong = visitor.post("/konto/confirm-email/", {"code": "1111-1111"})
    assert "Dieser Code stimmt nicht." in wrong.text
    visitor.post("/konto/confirm-email/", {"code": code_in_mail(NEW)})
    person = User.objects.get(email=NEW)
    assert person.get_full_name() == "Erika Muster"
    assert int(visitor.session["_auth_user_id"]) == person.pk
    assert not person.has_perm("wagtailadmin.access_admin")


def test_a_code_can_be_guessed_five_times_only(visitor, tree):
    register(visitor)
    code = code_in_mail(NEW)
    for _guess in range(5):
        visitor.post("/konto/confirm-email/", {"code": "1111-1111"})
    visitor.post("/konto/confirm-email/", {"code": code})
    assert "_auth_user_id" not in visitor.session


def test_registering_tells_nobody_who_has_an_account(visitor, person):
    taken = register(visitor, email=EMAIL)
    stranger = Client(headers={"host": "localhost"})
    free = register(stranger)
    assert (taken.status_code, taken.url) == (free.status_code, free.url)
    token = r'name="csrfmiddlewaretoken" value="[^"]+"'
    pages = [
        re.sub(token, "", client.get(free.url).text).replace(email, "")
        for client, email in ((visitor, EMAIL), (stranger, NEW))
    ]
    assert pages[0] == pages[1]
    mail = OutgoingMail.objects.get(recipient=EMAIL)
    assert "/konto/password/reset/" in mail.text
    assert not FAMILIAR.search(mail.text)
    assert User.objects.filter(email=EMAIL).count() == 1


def test_signing_in_tells_nobody_which_address_was_free(visitor, person):
    def answers(email: str) -> list[str]:
        cache.clear()  # only so many attempts from one place
        register(browser := Client(headers={"host": "localhost"}), email=email)
        browser.post("/konto/logout/")
        token = r'name="csrfmiddlewaretoken" value="[^"]+"'
        tried = [sign_in(browser, login=email, password=SIGNUP["password1"]) for _ in range(6)]
        return [re.sub(token, "", response.text).replace(email, "") for response in tried]

    taken, free = answers(EMAIL), answers(NEW)
    assert taken == free
    assert "passen nicht zusammen" in free[0]
    assert "Zu viele Versuche" in free[5]


def test_registering_hashes_a_password_in_any_case(person):
    encode = MD5PasswordHasher.encode
    with patch.object(MD5PasswordHasher, "encode", autospec=True, side_effect=encode) as hashing:
        for email in (EMAIL, NEW):
            register(Client(headers={"host": "localhost"}), email=email)
    assert [call.args[1] for call in hashing.call_args_list] == [SIGNUP["password1"]] * 2


def test_who_did_not_enter_the_code_begins_again(visitor, tree):
    register(visitor)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2)):
        other = Client(headers={"host": "localhost"})
        register(other, first_name="Emma", password1="ganz-anders-2026")
        other.post("/konto/confirm-email/", {"code": code_in_mail(NEW)})
    assert "_auth_user_id" in other.session
    person = User.objects.get(email=NEW)
    assert person.first_name == "Emma"
    assert person.check_password("ganz-anders-2026")


def test_a_new_password_by_mail_confirms_the_address(visitor, tree):
    register(visitor)
    other = Client(headers={"host": "localhost"})
    other.post("/konto/password/reset/", {"email": NEW})
    mail = OutgoingMail.objects.filter(recipient=NEW).latest("created_at")
    link = re.search(r"http://localhost(/konto/password/reset/key/\S+)", mail.text)
    assert link
    path = other.get(link[1], follow=True).request["PATH_INFO"]
    done = other.post(
        path, {"password1": "neu-und-lang-genug", "password2": "neu-und-lang-genug"}, follow=True
    )
    assert 'href="/konto/login/"' in done.text.split("<main")[1].split("</main>")[0]
    sign_in(other, login=NEW, password="neu-und-lang-genug")
    assert "_auth_user_id" in other.session


@pytest.mark.parametrize("field", ["first_name", "last_name", "email"])
@pytest.mark.parametrize("text", ["", "x" * 10_000, "a\x00b", "a\u202eb"])
def test_odd_entries_are_refused_at_the_field_and_kept(visitor, tree, field, text):
    value = f"{text}@example.org" if field == "email" and text else text
    response = register(visitor, **{field: value})
    assert response.status_code == 200
    assert f'id="id_{field}_error"' in response.text
    assert "Ihre Eingaben sind noch da." in response.text
    assert not User.objects.filter(last_name="Muster").exists()


def test_an_address_that_is_too_long_for_the_column_is_refused(visitor, tree):
    long = f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.de"
    response = register(visitor, email=long)
    assert "höchstens 254 Zeichen" in response.text


def test_many_registrations_are_stopped(visitor, tree, settings):
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    register(visitor)
    assert register(visitor, email="zwei@example.org").status_code == 429


def test_new_password_by_mail(visitor, person):
    visitor.post("/konto/password/reset/", {"email": EMAIL})
    mail = OutgoingMail.objects.get()
    assert mail.subject == "Neues Passwort festlegen"
    assert mail.recipient == EMAIL
    assert not FAMILIAR.search(mail.text)
    assert "Hello" not in mail.text
    link = re.search(r"http://localhost(/konto/password/reset/key/\S+)", mail.text)
    assert link
    form = visitor.get(link[1], follow=True)
    path = form.request["PATH_INFO"]
    wrong = visitor.post(path, {"password1": "neu-und-lang-genug", "password2": "anders"})
    assert "Die beiden Passwörter sind verschieden" in wrong.text
    done = visitor.post(
        path, {"password1": "neu-und-lang-genug", "password2": "neu-und-lang-genug"}, follow=True
    )
    assert "Ihr neues Passwort gilt ab jetzt." in done.text
    assert sign_in(Client(), password="neu-und-lang-genug").status_code == 302
    # Told to the person, in case it was somebody else.
    assert OutgoingMail.objects.filter(text__contains="Ihr Passwort wurde neu festgelegt").exists()


def test_a_mail_about_the_account_says_the_time_as_every_page_does():
    night = dt.datetime(2026, 11, 24, 2, 51, tzinfo=dt.UTC)
    said = render_to_string("account/email/password_changed_message.txt", {"timestamp": night})
    assert "Das geschah am 24. November 2026 um 3:51 Uhr." in said


def test_mail_waits_while_the_mail_server_is_down(visitor, person, monkeypatch):
    def refuse(self):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
    response = visitor.post("/konto/password/reset/", {"email": EMAIL}, follow=True)
    assert response.status_code == 200
    assert OutgoingMail.objects.get().state == OutgoingMail.State.QUEUED


@time_machine.travel(dt.datetime(2026, 11, 24, 8, 5, tzinfo=BERLIN))
def test_address_changes_when_the_new_one_is_confirmed(signed_in, person):
    asked = signed_in.post(
        "/konto/email/", {"email": "neu@example.org", "action_add": ""}, follow=True
    )
    assert "Passwort" in asked.text
    # What was typed is still known after the password.
    page = signed_in.post(
        "/konto/reauthenticate/", {"password": PASSWORD, "next": "/konto/email/"}, follow=True
    )
    assert "Code eingeben" in page.text
    person.refresh_from_db()
    assert person.email == EMAIL
    mail = OutgoingMail.objects.get(recipient="neu@example.org")
    assert not FAMILIAR.search(mail.text)
    signed_in.post("/konto/confirm-email/", {"code": code_in_mail("neu@example.org")})
    person.refresh_from_db()
    assert person.email == "neu@example.org"
    told = OutgoingMail.objects.get(recipient=EMAIL)
    assert not FAMILIAR.search(told.text)
    # The old address opens nothing any more, so no password either.
    assert "um 8:05 Uhr." in told.text
    assert "Waren Sie das nicht? Dann rufen Sie bitte sofort Ihr Zentrum an." in told.text
    assert "Passwort" not in told.text


def test_who_finds_a_device_unlocked_cannot_change_the_address(signed_in, person):
    response = signed_in.post("/konto/email/", {"email": "dieb@example.org", "action_add": ""})
    assert response.url == "/konto/reauthenticate/?next=%2Fkonto%2Femail%2F"
    assert not OutgoingMail.objects.exists()


def test_password_change_asks_for_the_old_one(signed_in):
    response = signed_in.post(
        "/konto/password/change/",
        {"oldpassword": "falsch", "password1": "neu-und-lang", "password2": "neu-und-lang"},
    )
    assert "Bitte geben Sie Ihr jetziges Passwort ein." in response.text


def test_weak_password_is_explained(signed_in):
    response = signed_in.post(
        "/konto/password/change/",
        {"oldpassword": PASSWORD, "password1": "12345", "password2": "12345"},
    )
    assert "zu kurz" in response.text
    assert "10 Zeichen" in response.text


PAGES = [
    "/konto/",
    "/konto/name/",
    "/konto/daten/",
    "/konto/daten/ansehen/",
    "/konto/loeschen/",
    "/konto/sessions/",
    "/konto/login/",
    "/konto/signup/",
    "/konto/signup/passkey/",
    "/konto/inactive/",
    "/konto/confirm-email/",
    "/konto/password/reset/",
    "/konto/password/reset/done/",
    "/konto/password/reset/key/done/",
    "/konto/password/reset/key/zz-xx/",
    "/konto/logout/",
    "/konto/email/",
    "/konto/password/change/",
    "/konto/reauthenticate/",
    "/konto/2fa/",
    "/konto/2fa/totp/activate/",
    "/konto/2fa/webauthn/",
    "/konto/2fa/webauthn/add/",
]
ENGLISH = re.compile(r"\b(the|your|please|you|sign|account|with|email address)\b", re.IGNORECASE)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_ours_and_german(signed_in, path):
    client = (
        Client(headers={"host": "localhost"})
        if path in {"/konto/login/", "/konto/signup/", "/konto/signup/passkey/"}
        else signed_in
    )
    response = client.get(path, follow=True)
    assert response.status_code == 200
    main = re.sub(r"(?s)<script.*?</script>", "", response.text).split("<main")[1]
    words = re.sub(r"<[^>]+>", " ", main.split("</main>")[0])
    assert "rvz-header" in response.text
    assert not FAMILIAR.search(words)
    assert not ENGLISH.search(words)
    assert response.text.count("<h1") == 1
    assert main.count("kern-btn--primary") <= 1
    assert '<meta name="robots" content="noindex">' in response.text


@pytest.fixture
def confirmed(signed_in) -> Client:
    """Whoever changes how one signs in has just entered the password again."""
    signed_in.post("/konto/reauthenticate/", {"password": PASSWORD})
    return signed_in


def test_second_factor_is_set_up_with_the_code_of_the_app(confirmed):
    page = confirmed.get("/konto/2fa/totp/activate/")
    assert "data:image/svg+xml" in page.text
    secret = re.search(r'id="authenticator_secret">\s*(\w+)', page.text)
    assert secret
    wrong = confirmed.post("/konto/2fa/totp/activate/", {"code": "000000"})
    assert "Dieser Code stimmt nicht" in wrong.text
    assert secret[1] in wrong.text


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("totp/activate/", "Bitte bewahren Sie diese Ersatzcodes auf."),
        ("recovery-codes/generate/", "Neue Ersatzcodes sind erzeugt. Die alten gelten nicht mehr."),
    ],
)
def test_of_old_recovery_codes_reads_only_who_may_have_some(rf, path, sentence):
    request = rf.post(f"/konto/2fa/{path}")
    request.resolver_match = resolve(request.path)
    said = render_to_string("mfa/messages/recovery_codes_generated.txt", {}, request)
    assert said.strip() == sentence


def test_recovery_codes_and_keys_pages(confirmed, person):
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(person)
    key = Authenticator.objects.create(
        user=person,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Mein Telefon", "passwordless": True, "credential": {}},
    )
    for path in (
        "/konto/2fa/",
        "/konto/2fa/recovery-codes/",
        "/konto/2fa/recovery-codes/generate/",
        "/konto/2fa/totp/deactivate/",
        "/konto/2fa/webauthn/",
        f"/konto/2fa/webauthn/keys/{key.pk}/edit/",
        f"/konto/2fa/webauthn/keys/{key.pk}/remove/",
        "/konto/2fa/reauthenticate/",
    ):
        response = confirmed.get(path)
        assert response.status_code == 200
        main = re.sub(r"(?s)<script.*?</script>", "", response.text).split("<main")[1]
        words = re.sub(r"<[^>]+>", " ", main.split("</main>")[0])
        assert not FAMILIAR.search(words)
        assert not ENGLISH.search(words)


def test_sign_in_asks_for_the_second_factor(visitor, person):
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    page = visitor.get(sign_in(visitor).url)
    assert page.request["PATH_INFO"] == "/konto/2fa/authenticate/"
    assert "Code aus Ihrer App" in page.text
    assert "Mit einem Passkey" not in page.text
    assert not FAMILIAR.search(page.text)
    assert visitor.get("/konto/email/").status_code == 302


def test_who_has_a_key_can_use_it_as_second_factor(visitor, person, monkeypatch):
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    options = {"publicKey": {"challenge": "x", "allowCredentials": [{"id": "y"}]}}
    monkeypatch.setattr(
        "allauth.mfa.webauthn.internal.auth.begin_authentication", lambda _user: options
    )
    page = visitor.get(sign_in(visitor).url).text
    assert "Mit einem Passkey" in page
    assert 'id="mfa_webauthn_authenticate"' in page


def test_a_password_that_comes_back_empty_is_not_called_kept(confirmed):
    refused = confirmed.post("/konto/password/change/", {"oldpassword": "falsch"})
    assert "Ihre Eingaben sind noch da" not in refused.text
    assert "Das Passwort geben Sie bitte neu ein." in refused.text


def test_passkey_sign_in_gets_its_challenge(visitor, tree):
    response = visitor.get("/konto/2fa/webauthn/login/", headers={"accept": "application/json"})
    assert response.status_code == 200
    assert response.json()["request_options"]["publicKey"]["challenge"]
    text = visitor.get("/konto/login/").text
    assert "data-needs-passkeys hidden" in text
    assert 'form="mfa_login"' in text


def test_sign_out_asks_first_and_is_a_post(signed_in):
    assert "Möchten Sie sich abmelden?" in signed_in.get("/konto/logout/").text
    assert signed_in.get("/konto/email/").status_code == 200
    response = signed_in.post("/konto/logout/", follow=True)
    assert "Sie sind abgemeldet." in response.text
    assert signed_in.get("/konto/email/").status_code == 302


def test_cookies_come_with_signing_in_only(visitor, person):
    assert not visitor.get("/").cookies
    assert "csrftoken" in visitor.get("/konto/login/").cookies
    assert "sessionid" in sign_in(visitor).cookies
    assert django_settings.SESSION_COOKIE_HTTPONLY
