"""A form sent after the session had ended: signing in leads back to it, with what was typed."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from cms.models import User
from tests.cms.test_own_account import EMAIL, FIREFOX, account, signed_in
from tests.factories.cms import PASSWORD

NAME = "/konto/name/"
TYPED = {"first_name": "Rika", "last_name": "Neu"}
SIGNED_OUT = "Sie wurden aus Sicherheitsgründen abgemeldet."
BACK = "Hier steht, was Sie eingegeben haben. Es ist noch nicht gesendet."
MARK = re.compile(r'name="seite" value="([^"]+)"')


@pytest.fixture
def erika(tree) -> User:
    return account(EMAIL, first_name="Erika", last_name="Muster")


def form_of(client: Client, path: str = NAME, **typed: str) -> dict[str, str]:
    """Return what the form on a page sends: its mark, and what is typed."""
    found = MARK.search(client.get(path).text)
    return {**typed, "seite": found[1]} if found else typed


def sign_in(client: Client, where: str, email: str = EMAIL):
    sent = {"login": email, "password": PASSWORD, "next": where}
    return client.post("/konto/login/", sent, follow=True)


def end_elsewhere(user: User) -> None:
    user.set_password(PASSWORD)
    user.save()


def test_what_was_typed_is_there_after_signing_in_and_nothing_is_done(erika):
    client = signed_in()
    sent = form_of(client, **TYPED)
    end_elsewhere(erika)
    at_login = client.post(NAME, sent, follow=True)
    assert at_login.redirect_chain[-1][0] == f"/konto/login/?next={NAME.replace('/', '%2F')}"
    assert (
        f"{SIGNED_OUT} Nach dem Anmelden geht es hier weiter; Ihre Eingaben sind" in at_login.text
    )
    assert "Ihre Angaben sind gespeichert" not in at_login.text  # that would be said twice
    back = sign_in(client, NAME)
    assert back.request["PATH_INFO"] == NAME
    assert BACK in back.text
    assert 'value="Rika"' in back.text
    erika.refresh_from_db()
    assert erika.first_name == "Erika"
    client.post(NAME, form_of(client, **TYPED))
    erika.refresh_from_db()
    assert erika.first_name == "Rika"
    assert BACK not in client.get(NAME).text


def test_the_new_address_is_there_again(erika):
    client = signed_in()
    sent = form_of(client, "/konto/email/", email="neu@example.org", action_add="")
    client.cookies.pop("sessionid")
    client.post("/konto/email/", sent)
    back = sign_in(client, "/konto/email/")
    assert BACK in back.text
    assert 'value="neu@example.org"' in back.text


def test_nobody_else_finds_it(erika):
    account("anna@example.org", first_name="Anna")
    client = signed_in()
    sent = form_of(client, **TYPED)
    end_elsewhere(erika)
    client.post(NAME, sent)
    assert "Rika" not in sign_in(client, NAME, "anna@example.org").text


def test_it_is_not_kept_for_long(erika):
    client = signed_in()
    sent = form_of(client, **TYPED)
    end_elsewhere(erika)
    client.post(NAME, sent)
    with time_machine.travel(timezone.now() + dt.timedelta(hours=3), tick=False):
        assert "Rika" not in sign_in(client, NAME).text


def test_passwords_and_huge_texts_are_not_kept(erika):
    client = signed_in()
    sent = form_of(client, **TYPED, password="geheim")
    end_elsewhere(erika)
    client.post(NAME, sent)
    assert "geheim" not in str(dict(client.session))
    client.session.flush()
    said = client.post(NAME, {**sent, "first_name": "x" * 30_000}, follow=True).text
    assert f"{SIGNED_OUT} Nach dem Anmelden geht es hier weiter." in said


@pytest.mark.parametrize("mark", ["", "x", "WzEsIi8iXQ:1:x"])
def test_without_the_mark_of_a_form_nothing_is_kept(erika, mark):
    client = Client(headers={"host": "localhost"})
    refused = client.post(NAME, {**TYPED, "seite": mark})
    assert refused["Location"] == f"/konto/login/?next={NAME}"
    assert "typed" not in client.session


# Without the token of the form -------------------------------------------------------------------


def checking() -> Client:
    """Return a browser without cookies whose tokens are checked."""
    return Client(enforce_csrf_checks=True, headers={"host": "localhost", "user-agent": FIREFOX})


def test_without_any_cookie_it_is_the_same(erika):
    sent = form_of(signed_in(), **TYPED)
    client = checking()
    done = client.post(NAME, sent, headers={"origin": "http://localhost"}, follow=True)
    assert SIGNED_OUT in done.text
    client.force_login(erika)
    assert 'value="Rika"' in client.get(NAME).text


def test_who_signed_in_again_in_another_window_is_back_at_once(erika):
    sent = form_of(signed_in(), **TYPED)
    client = checking()
    client.force_login(erika)
    done = client.post(NAME, sent, headers={"origin": "http://localhost"}, follow=True)
    assert BACK in done.text
    assert 'value="Rika"' in done.text


@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
def test_another_site_puts_nothing_into_a_form(erika, origin):
    sent = form_of(signed_in(), **TYPED)
    client = checking()
    refused = client.post(NAME, sent, headers={"origin": origin} if origin else {})
    assert refused.status_code == 403
    assert "sessionid" not in refused.cookies
