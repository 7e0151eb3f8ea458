"""A group waits for a date of another one, is offered it and takes it by keyboard alone."""

import datetime as dt
import re

from playwright.sync_api import Page, expect

from tests.browser.hands import Hand

TODAY = dt.date.today()  # noqa: DTZ011 - the demo lives today
# The choir has the hall on eight more Tuesdays; this is the last of them.
DAY = TODAY - dt.timedelta(days=TODAY.weekday()) + dt.timedelta(weeks=8, days=1)
FORM = f"/raeume/alfeld/saal/anfrage/?tag={DAY}&von=19:30&bis=21:30"
PURPOSE = "Vereinsversammlung"


def test_an_offered_date_is_taken(sign_in):
    waiting = sign_in("vorstand@turnen", FORM, width="phone")
    join_the_waiting_list(waiting)
    call_off_the_last_one(sign_in("vorstand@chor", "/buchungen/"))

    hand, main = Hand(by_keyboard=True), waiting.get_by_role("main")
    hand.press(main.get_by_role("link", name="Meine Buchungen").first)
    expect(main).to_contain_text("Der Termin ist frei geworden.")
    hand.press(main.get_by_role("link", name="Termin nehmen").first)
    hand.press(main.get_by_role("button", name="Ja, Termin nehmen"))
    expect(waiting.get_by_role("heading", level=1)).to_have_text("Der Raum ist für Sie gebucht.")


def join_the_waiting_list(page: Page) -> None:
    page.get_by_label("Wofür?").fill(PURPOSE)
    page.get_by_label("Personen").fill("40")
    page.get_by_label("Ansprechperson am Tag").fill("Markus Ebeling")
    page.get_by_label("Telefon am Tag").fill("040 66969 102")
    page.get_by_role("button", name="Weiter").click()
    page.get_by_role("button", name="Auf die Warteliste").click()
    page.get_by_label("Wir haben die Nutzungsordnung gelesen").check()
    page.get_by_role("button", name="Anfrage senden").click()
    expect(page.get_by_role("main")).to_contain_text("Platz 1")


def call_off_the_last_one(page: Page) -> None:
    row = page.locator(".rvz-row", has_text="Chorprobe").first
    row.get_by_text(re.compile("weitere Termine bis")).click()
    row.get_by_role("link", name=re.compile("^Fällt aus")).last.click()
    page.get_by_role("button", name="Ja, fällt aus").click()
    expect(page.get_by_role("main")).to_contain_text("Abgesagt. Danke")
