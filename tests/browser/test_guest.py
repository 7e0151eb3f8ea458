"""A guest asks for a date, and with the links in the mails sees, moves and withdraws it.

On a phone, without JavaScript.
"""

import datetime as dt
import re

from playwright.sync_api import Page, expect

TODAY = dt.date.today()  # noqa: DTZ011 - the demo lives today
FRIDAY = TODAY + dt.timedelta(days=(4 - TODAY.weekday()) % 7 + 21)
EMAIL = "ada@example.org"
FORM = f"/raeume/auetal/alte-molkerei/anfrage/?tag={FRIDAY}&von=10:00&bis=12:00"


def test_a_guest_asks_confirms_moves_and_withdraws(open_page, open_mail):
    ask(open_page(FORM, java_script_enabled=False))

    # The mail is read somewhere else.
    mail = open_mail(EMAIL, "Bitte bestätigen")
    expect(mail).not_to_contain_text("Taufe")  # anybody can type anybody's address
    mail.get_by_role("link", name="/buchungen/gast/").click()
    page, main = mail.page, mail
    expect(main).to_contain_text("Anfrage bestätigen?")
    page.get_by_role("button", name="Ja, bestätigen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Taufe")
    expect(main).to_contain_text("10:00–12:00 Uhr")
    expect(main).to_contain_text("Gast: Ada Gast")

    page.get_by_role("link", name=re.compile("^Ändern")).click()
    page.get_by_label("bis", exact=True).fill("13:00")
    page.get_by_role("button", name="Weiter").click()
    expect(main).to_contain_text("So ändern?")
    page.get_by_role("button", name="Ja, ändern").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihr Termin ist geändert.")
    expect(main).to_contain_text("10:00–13:00 Uhr")

    # Later, with the link in the newest mail.
    mail = open_mail(EMAIL, "Geändert")
    mail.get_by_role("link", name="/buchungen/gast/").first.click()
    page = mail.page
    page.get_by_role("link", name=re.compile("^Zurückziehen")).click()
    page.get_by_role("button", name="Ja, zurückziehen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Zurückgezogen. Danke")


def ask(page: Page) -> None:
    page.get_by_label("Wofür?").fill("Taufe")
    page.get_by_label("Personen").fill("12")
    page.get_by_label("Ansprechperson am Tag").fill("Ada Gast")
    page.get_by_label("Telefon am Tag").fill("040 66969 123")
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wer fragt an?")
    page.get_by_label("Ihr Name").fill("Ada Gast")
    page.get_by_label("E-Mail").fill(EMAIL)
    page.get_by_role("button", name="Als Gast anfragen").click()
    page.get_by_role("button", name="Anfrage senden").click()
    expect(page.get_by_role("main")).to_contain_text("Bitte bestätigen Sie Ihre E-Mail-Adresse.")
