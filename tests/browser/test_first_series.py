"""A new group finds a room for every Tuesday, is promised it, and calls one evening off; on a phone.

Nobody has an account when it begins: what was typed survives registering. In the end the calendars
are read.
"""

import datetime as dt
import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.accounts import OpenMail, register
from tests.browser.calendars import read_calendar
from tests.browser.hands import Hand

TODAY = dt.date.today()  # noqa: DTZ011 - the demo lives today
TUESDAY = 1
FIRST = TODAY + dt.timedelta(days=(TUESDAY - TODAY.weekday()) % 7 + 7)
LAST = FIRST + dt.timedelta(weeks=31)  # holidays are in it at any time
ROOM = "Saal Süd"  # the choir has all of the hall on the next Tuesdays
PURPOSE, GROUP = "Spieleabend", "Dienstagsrunde"
PERSON, EMAIL = "Frieda Dienstag", "frieda@example.org"
MOST_FIELDS, MOST_PRESSES = 13, 12  # from the question to the sent request, account and all


def test_a_new_group_gets_every_tuesday(open_page, open_mail, sign_in):
    hand = Hand()
    page = open_page("/raeume/")
    find(hand, page)
    fill_in(hand, page)
    choose_dates(hand, page)
    register_on_the_way(hand, page, open_mail)
    count = send(hand, page)
    assert hand.fields <= MOST_FIELDS
    assert hand.presses <= MOST_PRESSES

    promise(sign_in("leitung.alfeld", "/verwaltung/anfragen/"))
    mail = open_mail(EMAIL, "Zusage")
    expect(mail).to_contain_text(f"{count} Termine sind für Sie gebucht.")
    mailed = read_calendar(page, attachment(mail))
    assert len(mailed) == count
    assert {one.status for one in mailed} == {"CONFIRMED"}

    feed = own_feed(page)
    assert read_calendar(page, feed) == mailed
    call_off(page)
    assert read_calendar(page, feed) == mailed[1:]
    mailed_again = attachment(open_mail(EMAIL, "Abgesagt"))
    assert read_calendar(page, mailed_again) == mailed[1:]


def find(hand: Hand, page: Page) -> None:
    page.get_by_label("Zentrum").select_option("alfeld")
    hand.fields += 1
    hand.fill(page.get_by_label("Datum"), FIRST.isoformat())
    hand.fill(page.get_by_label("von", exact=True), "19:00")
    hand.fill(page.get_by_label("bis", exact=True), "20:30")
    hand.fill(page.get_by_label(re.compile("jede Woche bis")), LAST.isoformat())
    hand.fill(page.get_by_label(re.compile("^Personen")), "10")
    hand.press(page.get_by_role("button", name="Freie Räume finden"))
    row = page.get_by_role("listitem").filter(has_text=ROOM)
    expect(row).to_contain_text(re.compile(r"\d+ von \d+ Terminen frei"))
    hand.press(row.get_by_role("link", name=re.compile("^Weiter")))


def fill_in(hand: Hand, page: Page) -> None:
    """Say what nobody has said yet; the rest is there."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("Schritt 1 von 3")
    expect(page.get_by_label("regelmäßig", exact=True)).to_be_checked()
    expect(page.get_by_label("Letzter Tag")).to_have_value(LAST.isoformat())
    expect(page.get_by_label("Personen")).to_have_value("10")
    hand.fill(page.get_by_label("Wofür?"), PURPOSE)
    hand.fill(page.get_by_label("Verein oder Gruppe"), GROUP)
    hand.fill(page.get_by_label("Ansprechperson am Tag"), PERSON)
    hand.fill(page.get_by_label("Telefon am Tag"), "040 66969 122")
    hand.press(page.get_by_role("button", name="Weiter"))


def choose_dates(hand: Hand, page: Page) -> None:
    """See first what is in the way; it is left out unless one wants it otherwise."""
    problems = page.locator("fieldset.rvz-problem:visible", has_text="– belegt.")
    expect(problems.first).to_be_visible()
    all_dates = page.get_by_role("heading", name=re.compile(r"^Alle \d+ Termine"))
    assert top(problems.last) < top(all_dates)
    for problem in problems.all():
        expect(problem.get_by_label("Diesen Termin weglassen")).to_be_checked()
    for problem in (problems.first, problems.last):
        hand.tick(problem.get_by_label(re.compile("^Anderer Raum: Besprechungsraum")))
    expect(page.get_by_role("main")).to_contain_text("auf Feiertagen oder in den Ferien")
    hand.press(page.get_by_role("button", name="Weiter"))


def top(target: Locator) -> float:
    box = target.bounding_box()
    assert box
    return box["y"]


def register_on_the_way(hand: Hand, page: Page, open_mail: OpenMail) -> None:
    main = page.get_by_role("main")
    expect(main).to_contain_text("Ihre Angaben sind gespeichert")
    hand.press(main.get_by_role("link", name="Registrieren"))
    register(hand, page, PERSON, EMAIL, open_mail)
    expect(page.get_by_role("heading", level=1)).to_have_text("Für wen fragen Sie an?")
    expect(page.get_by_label("Name des Vereins")).to_have_value(GROUP)
    expect(page.get_by_label("Gruppe ohne e. V.")).to_be_checked()
    hand.press(page.get_by_role("button", name="Weiter"))


def send(hand: Hand, page: Page) -> int:
    """Look at everything once more and send it; return how many dates were asked for."""
    main = page.get_by_role("main")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Schritt 3 von 3")
    for words in (PURPOSE, GROUP, "Besprechungsraum", "Nicht angefragt"):
        expect(main).to_contain_text(words)
    hand.tick(page.get_by_label("Wir haben die Nutzungsordnung gelesen"))
    hand.press(page.get_by_role("button", name="Anfrage senden"))
    expect(main).to_contain_text("Ihre Anfrage ist da.")
    asked = re.search(r"(\d+) von \d+ Terminen sind angefragt", main.inner_text())
    assert asked
    return int(asked[1])


def promise(desk: Page) -> None:
    desk.get_by_role("link", name=GROUP, exact=True).click()
    desk.get_by_role("button", name="Ausgewählte zusagen", exact=True).click()
    desk.get_by_role("button", name="Jetzt zusagen").click()
    expect(desk.get_by_text("Zugesagt.").first).to_be_visible()


def attachment(mail: Locator) -> str:
    link = mail.get_by_role("link", name=re.compile("^Anhang"))
    return link.evaluate("link => link.href")


def own_feed(page: Page) -> str:
    page.get_by_role("link", name=re.compile("Meine Buchungen")).first.click()
    page.get_by_role("link", name="Kalender abonnieren").click()
    address = page.locator("a[href$='.ics'][href^='http']").get_attribute("href")
    assert address
    page.go_back()
    return address


def call_off(page: Page) -> None:
    """Tell in two taps that the next evening does not take place."""
    row = page.get_by_role("listitem").filter(has_text=PURPOSE).first
    expect(row).to_contain_text("zugesagt")
    row.get_by_role("link", name=re.compile("Fällt aus")).first.click()
    page.get_by_role("button", name="Ja, fällt aus").click()
    expect(page.get_by_role("main")).to_contain_text("Abgesagt. Danke – der Raum ist wieder frei.")
