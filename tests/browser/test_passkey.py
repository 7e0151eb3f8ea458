"""A passkey from the first look at one's account to signing in with it; Chromium plays the key."""

import re

from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import PASSWORD
from tests.browser.test_accessibility import findings, findings_in_every_look

EMAIL = "vorstand@chor.example.org"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


def put_in_a_key(page: Page) -> tuple[CDPSession, str]:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    added = session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return session, added["authenticatorId"]


def sign_in(page: Page) -> None:
    page.get_by_label("E-Mail").fill(EMAIL)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    page.wait_for_url(re.compile("/buchungen/"))


def confirm_with_password(page: Page) -> None:
    expect(page).to_have_url(re.compile("/reauthenticate/"))
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Bestätigen").click()


def confirm_with_the_passkey(page: Page) -> None:
    page.get_by_role("main").get_by_role("link", name="Mit einem Passkey").click()
    page.get_by_role("main").get_by_role("button", name="Mit einem Passkey").click()
    page.wait_for_url(lambda url: "/reauthenticate/" not in url)


def sign_out_and_in_with_the_passkey(page: Page) -> None:
    page.get_by_role("link", name="Abmelden").click()
    page.get_by_role("main").get_by_role("button", name="Abmelden").click()
    page.get_by_role("button", name="Mit einem Passkey anmelden").click()
    page.wait_for_url(re.compile("/buchungen/"))


def test_passkey_is_made_used_and_removed(open_page, complaints, foreign_requests):
    page = open_page("/konto/login/")
    put_in_a_key(page)
    sign_in(page)

    # Made: the password first, one button, then the recovery codes.
    page.get_by_role("link", name="Ihr Konto").click()
    page.get_by_role("link", name=re.compile("^Einrichten.*Passkeys")).click()
    confirm_with_password(page)
    expect(page.get_by_label("Name des Passkeys")).to_have_value(re.compile("Chrome auf"))
    assert findings_in_every_look(page) == {}
    page.get_by_role("button", name="Passkey hinzufügen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ersatzcodes")
    assert findings_in_every_look(page) == {}

    # Used: without e-mail and password.
    page.get_by_role("link", name="Ihr Konto").click()
    expect(page.get_by_role("main")).to_contain_text("1 Passkey ist gespeichert.")
    sign_out_and_in_with_the_passkey(page)

    # Renamed and removed: the others of this run sign in with the password alone.
    page.get_by_role("link", name="Ihr Konto").click()
    page.get_by_role("link", name=re.compile("^Ansehen.*Passkeys")).click()
    page.get_by_role("link", name="Umbenennen").click()
    confirm_with_the_passkey(page)
    page.get_by_role("main").get_by_role("textbox").fill("Mein Handy")
    page.get_by_role("main").get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("main")).to_contain_text("Mein Handy")
    if not page.get_by_role("link", name="Entfernen").is_visible():
        page.get_by_role("link", name=re.compile("^Ansehen.*Passkeys")).click()
    page.get_by_role("link", name="Entfernen").click()
    page.get_by_role("main").get_by_role("button", name="Entfernen").click()
    expect(page.get_by_role("main")).to_contain_text("Sie haben noch keinen Passkey.")
    assert (complaints, foreign_requests) == ([], [])


def code_from_the_mail(page: Page, email: str) -> str:
    post = page.context.new_page()
    post.goto(re.sub("/konto/.*", "/demo/post/", page.url))
    post.get_by_role("link", name=re.compile("^Ihr Code")).first.click()
    text = post.get_by_role("main").inner_text()
    post.close()
    code = re.search(r"\d{4}-\d{4}", text)
    assert email in text
    assert code
    return code[0]


def test_registering_without_a_password_and_leaving(open_page, complaints, foreign_requests):
    page = open_page("/konto/signup/")
    put_in_a_key(page)
    page.get_by_role("link", name="Mit Passkey registrieren").click()
    page.get_by_label("Vorname").fill("Ohne")
    page.get_by_label("Nachname").fill("Passwort")
    page.get_by_label("E-Mail").fill("ohne-passwort@example.org")
    page.get_by_role("button", name="Registrieren").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Code eingeben")
    page.get_by_label("Code").fill(code_from_the_mail(page, "ohne-passwort@example.org"))
    page.get_by_role("button", name="Bestätigen").click()

    # The last step, with a look at the other way to end.
    expect(page.get_by_role("heading", level=1)).to_have_text("Passkey anlegen")
    assert findings_in_every_look(page) == {}
    page.get_by_role("link", name="Passwort festlegen").click()
    assert findings(page) == []
    page.get_by_role("link", name="Zurück zum Passkey").click()
    page.get_by_role("button", name="Passkey anlegen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ersatzcodes")
    page.get_by_role("link", name="Weiter").click()
    page.wait_for_url(re.compile("/buchungen/"))

    # The account works without a password to its end.
    page.get_by_role("link", name="Ihr Konto").click()
    expect(page.get_by_role("main")).to_contain_text("Sie haben keins")
    sign_out_and_in_with_the_passkey(page)
    page.get_by_role("link", name="Ihr Konto").click()
    page.get_by_role("link", name=re.compile("^Löschen")).click()
    expect(page).to_have_url(re.compile("/webauthn/reauthenticate/"))
    page.get_by_role("main").get_by_role("button", name="Mit einem Passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Konto löschen")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Mein Konto löschen").click()
    expect(page.get_by_role("status")).to_contain_text("Ihr Konto ist gelöscht.")
    assert (complaints, foreign_requests) == ([], [])


def test_a_passkey_that_does_not_work_is_said_on_the_page(open_page):
    page = open_page("/konto/login/")
    put_in_a_key(page)
    page.get_by_role("button", name="Mit einem Passkey anmelden").click()
    expect(page.get_by_role("alert")).to_contain_text("Das hat nicht geklappt")


def test_a_password_can_be_looked_at_while_it_is_typed(open_page):
    page = open_page("/konto/signup/")
    field = page.get_by_label("Passwort", exact=True)
    field.fill("kurz")
    page.get_by_role("button", name="Passwort anzeigen").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Passwort verbergen").click()
    expect(field).to_have_attribute("type", "password")
    page.get_by_role("button", name="Passwort anzeigen").click()
    page.get_by_label("E-Mail").press("Enter")
    # Sent as a password: the browser offers it nowhere as a text that was typed before.
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Passwort", exact=True)).to_have_attribute("type", "password")
