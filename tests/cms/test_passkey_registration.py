"""Registering without a password, and an account that has none."""

import datetime as dt
import itertools
import json
import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from cms.models import OutgoingMail, User
from cms.services.accounts import forget_unfinished
from tests import passkeys
from tests.bookings.request_flow import code_for
from tests.cms.test_account_sentences import FAMILIAR
from tests.cms.test_accounts import ENGLISH, PAGES
from tests.cms.test_accounts import register as register_with_password
from tests.factories.cms import PASSWORD, UserFactory
from tests.factories.staff import assistant_of, manager_of
from tests.passkeys import CONFIRM, MAKE, REGISTER, Passkey, begin, confirm, to_the_passkey

EMAIL = "erika@example.org"
CODES = "/konto/2fa/recovery-codes/"
NEW_PASSWORD = "lang-genug-2026"


def browser() -> Client:
    return Client(headers={"host": "localhost"})


def later(**time: int) -> time_machine.travel:
    return time_machine.travel(timezone.now() + dt.timedelta(**time))


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def text_of_main(page: str) -> str:
    main = re.sub(r"(?s)<script.*?</script>", "", page).split("<main")[1].split("</main>")[0]
    return re.sub(r"<[^>]+>", " ", main)


# From the form to the codes ----------------------------------------------------------------------


def test_the_form_offers_both_ways(visitor, tree):
    first = visitor.get("/konto/signup/").text
    assert first.index('name="password1"') < first.index("Ohne Passwort: mit Passkey")
    assert f'href="{REGISTER}"' in first
    assert "data-needs-passkeys hidden" in first
    second = visitor.get(REGISTER).text
    assert "password1" not in second
    assert "Passkeys brauchen JavaScript. Bitte registrieren Sie sich mit Passwort." in second
    assert 'href="/konto/signup/"' in second
    assert 'href="/konto/login/"' in second


def test_registering_without_a_password(visitor, tree):
    led_to = to_the_passkey(visitor, EMAIL)
    assert led_to["Location"] == MAKE
    assert not is_signed_in(visitor)
    page = visitor.get(MAKE).text
    assert "Passkey anlegen" in page
    options = passkeys.options_of(page)["publicKey"]["authenticatorSelection"]
    assert options["residentKey"] == options["userVerification"] == "required"

    passkey = Passkey()
    made = passkey.make(passkeys.options_of(visitor.get(MAKE).text))
    visitor.post(MAKE, {"name": "Mein Handy", "credential": made})
    person = User.objects.get(email=EMAIL)
    assert int(visitor.session["_auth_user_id"]) == person.pk
    assert person.get_full_name() == "Erika Muster"
    assert not person.has_usable_password()
    key = Authenticator.objects.get(user=person, type=Authenticator.Type.WEBAUTHN)
    assert key.data["name"] == "Mein Handy"

    # The codes are shown at once, without asking again, and lead on.
    codes = visitor.get(CODES)
    assert len(re.findall(r"<li>\d{8}</li>", codes.text)) == 10
    assert "wenn Ihr Gerät verloren geht" in codes.text
    assert 'href="/konto/weiter/"' in codes.text
    assert "Neue Codes erzeugen" not in codes.text
    assert visitor.get("/konto/weiter/").url == "/buchungen/"
    assert 'href="/konto/weiter/"' not in visitor.get(CODES).text

    other = browser()
    passkeys.sign_in(other, passkey)
    assert is_signed_in(other)


def test_registering_leads_to_where_one_was(visitor, tree):
    assert 'name="next" value="/suche/"' in visitor.get(f"{REGISTER}?next=/suche/").text
    passkeys.register(visitor, EMAIL, next="/suche/")
    assert visitor.get("/konto/weiter/").url == "/suche/"


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/"])
def test_registering_leads_nowhere_else(visitor, tree, url):
    passkeys.register(visitor, EMAIL, next=url)
    assert visitor.get("/konto/weiter/").url == "/buchungen/"


def test_the_code_is_valid_for_the_hour_that_is_promised(visitor, tree):
    begin(visitor, EMAIL)
    with later(minutes=55):
        response = visitor.post("/konto/confirm-email/", {"code": code_for(EMAIL)})
        assert response["Location"] == MAKE
        assert "Passkey anlegen" in visitor.get(MAKE).text


def test_who_comes_back_in_the_same_browser_goes_on(visitor, tree):
    to_the_passkey(visitor, EMAIL)
    for path in ("/konto/login/", "/konto/signup/", REGISTER):
        assert visitor.get(path)["Location"] == MAKE


def test_the_last_step_is_for_those_who_are_on_the_way(visitor, tree):
    for path in (MAKE, "/konto/signup/passwort/"):
        assert visitor.get(path)["Location"] == "/konto/signup/"
        assert visitor.post(path, {"credential": "{}"})["Location"] == "/konto/signup/"
    begin(visitor, EMAIL)
    assert visitor.get(MAKE, follow=True).request["PATH_INFO"] == "/konto/confirm-email/"


# What goes wrong ---------------------------------------------------------------------------------


def test_odd_entries_are_refused_at_the_field(visitor, tree):
    fields = ("first_name", "last_name", "email")
    for field, text in itertools.product(fields, ("", "x" * 10_000, "a\x00b")):
        value = f"{text}@example.org" if field == "email" and text else text
        response = begin(visitor, **{"email": EMAIL, field: value})
        assert f'id="id_{field}_error"' in response.text
        assert "Ihre Eingaben sind noch da." in response.text
    assert not User.objects.filter(last_name="Muster").exists()


NONSENSE = ["", "{", "{}", "[]", "7", '"x"', "null", '{"id": 1}', '{"rawId": "AA", "response": {}}']


def test_what_no_device_made_is_refused(visitor, tree):
    to_the_passkey(visitor, EMAIL)
    for credential in NONSENSE:
        page = visitor.post(MAKE, {"name": "", "credential": credential})
        assert page.status_code == 200, credential
        assert "Der Passkey wurde nicht angelegt." in page.text, credential
    assert not is_signed_in(visitor)
    assert not Authenticator.objects.exists()


def test_an_old_or_foreign_challenge_is_refused(visitor, tree):
    to_the_passkey(visitor, EMAIL)
    made = Passkey().make(passkeys.options_of(visitor.get(MAKE).text))
    visitor.get(MAKE)  # asks anew
    assert "Der Passkey wurde nicht angelegt." in visitor.post(MAKE, {"credential": made}).text
    assert not is_signed_in(visitor)


def test_a_device_that_makes_no_passkey_ends_with_a_password(visitor, tree):
    to_the_passkey(visitor, EMAIL, next="/suche/")
    assert 'href="/konto/signup/passwort/"' in visitor.get(MAKE).text
    path = "/konto/signup/passwort/"
    assert f'href="{MAKE}"' in visitor.get(path).text
    weak = visitor.post(path, {"password1": "12345", "password2": "12345"})
    assert weak.status_code == 422
    assert "zu kurz" in weak.text
    assert not is_signed_in(visitor)
    good = visitor.post(path, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert good["Location"] == "/suche/"
    assert is_signed_in(visitor)
    assert visitor.get(path)["Location"] == "/konto/weiter/"
    other = browser()
    other.post("/konto/login/", {"login": EMAIL, "password": NEW_PASSWORD})
    assert is_signed_in(other)


def test_registering_tells_nobody_who_has_an_account(visitor, tree):
    UserFactory.create(email=EMAIL)
    stranger = browser()
    taken, free = begin(visitor, EMAIL), begin(stranger, "neu@example.org")
    assert (taken.status_code, taken.url) == (free.status_code, free.url)
    token = r'name="csrfmiddlewaretoken" value="[^"]+"'
    pages = [
        re.sub(token, "", client.get(free.url).text).replace(email, "")
        for client, email in ((visitor, EMAIL), (stranger, "neu@example.org"))
    ]
    assert pages[0] == pages[1]
    mail = OutgoingMail.objects.get(recipient=EMAIL)
    assert "melden Sie sich bitte damit an" in mail.text
    assert "/konto/password/reset/" in mail.text
    # Neither gets further without a code.
    assert visitor.get(MAKE)["Location"] == stranger.get(MAKE)["Location"] == "/konto/signup/"


def test_both_ways_are_limited_together(visitor, tree, settings):
    settings.ACCOUNT_RATE_LIMITS = {"signup": "2/m/ip"}
    begin(browser(), EMAIL)
    register_with_password(browser(), email="zwei@example.org")
    assert begin(visitor, "drei@example.org").status_code == 429


# The browser was closed on the way ---------------------------------------------------------------


@pytest.mark.parametrize("way", [begin, to_the_passkey])
def test_who_did_not_finish_begins_again_elsewhere(visitor, tree, way):
    way(visitor, EMAIL, first_name="Ericka")
    with later(minutes=2):
        passkeys.register(browser(), EMAIL)
    person = User.objects.get(email=EMAIL)
    assert person.first_name == "Erika"
    assert EmailAddress.objects.get(user=person).verified


def test_who_did_not_finish_can_begin_again_with_a_password(visitor, tree):
    to_the_passkey(visitor, EMAIL)
    with later(minutes=2):
        other = browser()
        register_with_password(other, email=EMAIL)
        other.post("/konto/confirm-email/", {"code": code_for(EMAIL)})
        assert is_signed_in(other)
    assert User.objects.get(email=EMAIL).has_usable_password()


@pytest.mark.parametrize("path", [MAKE, "/konto/signup/passwort/"])
def test_what_was_begun_before_is_over_then(visitor, tree, path):
    to_the_passkey(visitor, EMAIL)
    credential = Passkey().make(passkeys.options_of(visitor.get(MAKE).text))
    with later(minutes=2):
        begin(browser(), EMAIL)
        values = {"credential": credential, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
        page = visitor.post(path, values, follow=True)
    assert "Diese Registrierung gilt nicht mehr." in page.text
    assert page.request["PATH_INFO"] == "/konto/login/"
    assert not Authenticator.objects.exists()


def test_what_was_finished_elsewhere_is_over_here(visitor, tree):
    to_the_passkey(visitor, EMAIL)
    User.objects.update(last_login=timezone.now())
    page = visitor.get("/konto/signup/passwort/", follow=True)
    assert "Diese Registrierung gilt nicht mehr." in page.text


def test_a_code_of_before_says_what_to_do(visitor, tree):
    begin(visitor, EMAIL)
    code = code_for(EMAIL)
    with later(minutes=2):
        begin(browser(), EMAIL)
        page = visitor.post("/konto/confirm-email/", {"code": code})
    assert "ein anderes Konto mit dieser Adresse" in page.text


def test_a_double_click_is_no_new_beginning(visitor, tree):
    begin(visitor, EMAIL)
    before = User.objects.get(email=EMAIL).pk
    begin(browser(), EMAIL)
    assert User.objects.get(email=EMAIL).pk == before


@pytest.mark.parametrize(
    "what", ["password", "confirmed", "passkey", "used", "closed", "manager", "assistant"]
)
def test_an_account_that_is_somebodys_stays(alfeld, what):
    person = {
        "manager": lambda: manager_of(alfeld),
        "assistant": lambda: assistant_of(*alfeld.centre.services.all()[:1]),
    }.get(what, UserFactory.create)()
    if what == "confirmed":
        person.registered_at = person.date_joined
        EmailAddress.objects.create(user=person, email=person.email, verified=True)
    elif what != "password":
        person.set_unusable_password()
    if what == "passkey":
        Authenticator.objects.create(
            user=person, type=Authenticator.Type.WEBAUTHN, data={"name": "", "credential": {}}
        )
    person.last_login = timezone.now() if what == "used" else None
    person.is_active = what != "closed"
    person.date_joined = timezone.now() - dt.timedelta(days=1)
    person.save()
    assert not forget_unfinished(email=person.email, now=timezone.now())
    assert User.objects.filter(pk=person.pk).exists()


def test_the_mail_for_a_new_password_helps_as_well(visitor, tree):
    to_the_passkey(visitor, EMAIL)
    other = browser()
    other.post("/konto/password/reset/", {"email": EMAIL})
    mail = OutgoingMail.objects.filter(recipient=EMAIL).latest("created_at")
    link = re.search(r"http://localhost(/konto/password/reset/key/\S+)", mail.text)
    assert link
    form = other.get(link[1], follow=True).request["PATH_INFO"]
    other.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    other.post("/konto/login/", {"login": EMAIL, "password": NEW_PASSWORD})
    assert is_signed_in(other)


# An account without a password -------------------------------------------------------------------


@pytest.fixture
def key(visitor, tree) -> Passkey:
    """`visitor` is signed in with it; that was long ago."""
    key = passkeys.register(visitor, EMAIL)
    visitor.get("/konto/weiter/")
    session = visitor.session
    del session["account_authentication_methods"]
    session.save()
    return key


def test_the_overview_knows_that_there_is_no_password(visitor, key):
    text = visitor.get("/konto/").text
    assert "Sie haben keins: Sie melden sich mit einem Passkey an." in text
    assert 'href="/konto/password/set/"' in text
    assert "10 Codes gelten noch." in text


def test_every_page_works_without_a_password(visitor, key):
    confirm(visitor, key, "/konto/")
    for path in (*PAGES, CODES, f"{CODES}generate/", "/konto/password/set/"):
        page = visitor.get(path, follow=True)
        assert page.status_code == 200, path
        words = text_of_main(page.text)
        assert not FAMILIAR.search(words), path
        assert not ENGLISH.search(words), path


def test_the_passkey_is_asked_for_first(visitor, key):
    asked = visitor.get("/konto/loeschen/")
    assert asked["Location"].startswith(CONFIRM)
    page = visitor.get("/konto/reauthenticate/?next=/konto/email/")
    assert page["Location"] == f"{CONFIRM}?next=%2Fkonto%2Femail%2F"
    text = visitor.get(CONFIRM).text
    assert 'href="/konto/2fa/reauthenticate/"' in text  # a recovery code does, too
    assert 'href="/konto/reauthenticate/"' not in text


def test_a_wrong_passkey_confirms_nothing(visitor, key):
    other = Passkey()
    other.user_handle = key.user_handle
    page = confirm(visitor, other, "/konto/loeschen/")
    assert "Das hat nicht geklappt." in page.text
    assert 'name="next" value="/konto/loeschen/"' in page.text
    assert visitor.get("/konto/loeschen/")["Location"].startswith(CONFIRM)


def test_what_no_device_signed_opens_nothing(visitor, key):
    stranger = browser()
    login = "/konto/2fa/webauthn/login/"
    for credential in NONSENSE:
        stranger.get(login, headers={"accept": "application/json"})
        assert stranger.post(login, {"credential": credential})["Location"] == "/konto/login/"
        assert not is_signed_in(stranger), credential
    for credential in NONSENSE[-4:]:  # five an account, then it has to wait
        visitor.get(CONFIRM)
        assert visitor.post(CONFIRM, {"credential": credential})["Location"] == CONFIRM
    assert "Das hat nicht geklappt." in visitor.get(CONFIRM).text
    assert visitor.get("/konto/loeschen/")["Location"].startswith(CONFIRM)


def test_another_address_after_the_passkey(visitor, key):
    visitor.post("/konto/email/", {"email": "neu@example.org", "action_add": ""})
    page = confirm(visitor, key, "/konto/email/")
    assert "Code eingeben" in page.text
    code = code_for("neu@example.org")
    visitor.post("/konto/confirm-email/", {"code": code})
    assert User.objects.get().email == "neu@example.org"
    assert is_signed_in(browser()) is False
    again = browser()
    passkeys.sign_in(again, key)
    assert is_signed_in(again)


def test_ones_data_after_the_passkey(visitor, key):
    path = "/konto/daten/meine-daten.json"
    assert visitor.get(path)["Location"].startswith(CONFIRM)
    data = json.loads(confirm(visitor, key, path).content)
    kinds = {way["kind"] for way in data["ways_to_sign_in"]}
    assert kinds == {"Passkey", "Ersatzcodes"}
    assert "attestationObject" not in json.dumps(data)


def test_leaving_after_the_passkey(visitor, key):
    page = confirm(visitor, key, "/konto/loeschen/")
    assert "Was bleibt" in page.text
    visitor.post("/konto/loeschen/", {"is_sure": "on"})
    assert not User.objects.filter(email=EMAIL).exists()
    assert not Authenticator.objects.exists()
    assert not is_signed_in(visitor)


def test_a_password_is_set_after_the_passkey_only(visitor, key):
    path = "/konto/password/set/"
    assert visitor.get("/konto/password/change/")["Location"] == path
    assert visitor.get(path)["Location"].startswith(CONFIRM)
    values = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert visitor.post(path, values)["Location"] == path
    assert NEW_PASSWORD not in json.dumps(dict(visitor.session))
    assert not User.objects.get().has_usable_password()

    page = confirm(visitor, key, path)
    assert "braucht zusätzlich den Passkey oder einen Ersatzcode" in page.text
    done = visitor.post(path, values, follow=True)
    assert "Ihr Passwort gilt ab jetzt." in done.text
    assert done.request["PATH_INFO"] == "/konto/"
    assert is_signed_in(visitor)
    assert User.objects.get().check_password(NEW_PASSWORD)
    assert OutgoingMail.objects.filter(subject="Passwort festgelegt").exists()


def test_the_only_way_in_is_not_taken_away(visitor, key):
    confirm(visitor, key, "/konto/")
    passkey = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    path = f"/konto/2fa/webauthn/keys/{passkey.pk}/remove/"
    for answer in (visitor.get(path, follow=True), visitor.post(path, follow=True)):
        assert "Nur mit diesem Passkey kommen Sie in Ihr Konto." in answer.text
        assert answer.request["PATH_INFO"] == "/konto/password/set/"
    second = Passkey()
    add = "/konto/2fa/webauthn/add/"
    made = second.make(passkeys.options_of(visitor.get(add).text))
    visitor.post(add, {"name": "Rechner", "passwordless": "on", "credential": made})
    visitor.post(path)
    left = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    assert left.data["name"] == "Rechner"


def test_a_lost_device(visitor, key):
    """A new password by mail, then one of the codes in place of the passkey."""
    codes = re.findall(r"<li>(\d{8})</li>", confirm(visitor, key, CODES).text)
    person = User.objects.get()
    person.set_password(PASSWORD)
    person.save()
    other = browser()
    asked = other.post("/konto/login/", {"login": EMAIL, "password": PASSWORD})
    assert asked["Location"] == "/konto/2fa/authenticate/"
    other.post(asked["Location"], {"code": codes[0]})
    assert is_signed_in(other)
