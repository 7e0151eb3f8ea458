"""A club asks for a room, the manager decides, the club gives the date back.

The whole way at 360 px: without JavaScript, and by keyboard alone; with both JavaScript and a finger
goes test_first_series. Each run takes a week of its own, so the runs do not meet.
"""

import datetime as dt
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PASSWORD
from tests.browser.hands import Hand

ROOM = "/raeume/alfeld/besprechung/"
GROUP, MANAGER = "vorstand@chor.example.org", "leitung.alfeld@example.org"
PURPOSE = "Vorstand <b>& Notenwarte</b> 🎶"
TERMS = "Wir haben die Nutzungsordnung gelesen"
WEDNESDAY = 2

WAYS = {
    "no script": (Hand(), False, 4),
    "keyboard": (Hand(by_keyboard=True), True, 5),
}


def friday_in(weeks: int) -> dt.date:
    today = dt.date.today()  # noqa: DTZ011 - the demo lives today
    return today + dt.timedelta(days=(4 - today.weekday()) % 7 + 7 * weeks)


def week_of(day: dt.date) -> str:
    year, week, _weekday = day.isocalendar()
    return f"{ROOM}?woche={year}-W{week:02}"


def day_in_week(page: Page, day: dt.date) -> Locator:
    return page.get_by_role("list", name=re.compile(rf"Freitag,\s{day.day}\."))


def sign_in(hand: Hand, page: Page, email: str) -> None:
    hand.fill(page.get_by_label("E-Mail"), email)
    hand.fill(page.locator("input[type=password]"), PASSWORD)
    hand.press(page.get_by_role("button", name="Anmelden", exact=True))


@pytest.mark.parametrize("way", WAYS)
def test_from_a_free_block_to_a_promise_and_free_again(open_page, demo, way):
    hand, with_script, weeks = WAYS[way]
    day = friday_in(weeks)
    club = open_page(week_of(day), java_script_enabled=with_script)
    stranger = open_page(week_of(day), java_script_enabled=with_script)
    desk = open_page("/demo/post/", java_script_enabled=with_script)

    fill_in_the_request(hand, club, day)
    number = send_it(hand, club)
    expect_in_week(stranger, day, "angefragt")
    promise_it(hand, desk, number)
    desk.goto(f"{demo}/demo/post/")
    expect(desk.get_by_role("main")).to_contain_text("Zusage: ")
    expect_in_week(stranger, day, "belegt")
    club.goto(f"{demo}/buchungen/")
    give_it_back(hand, club, number)
    expect_in_week(stranger, day, "frei")
    expect(day_in_week(stranger, day)).not_to_contain_text("belegt")


def expect_in_week(page: Page, day: dt.date, word: str) -> None:
    page.reload()
    expect(day_in_week(page, day)).to_contain_text(word)


def fill_in_the_request(hand: Hand, page: Page, day: dt.date) -> None:
    """From a free block on; with a slip that is said at the field and costs nothing typed."""
    hand.press(day_in_week(page, day).get_by_role("link", name=re.compile("frei")).first)
    expect(page.get_by_label("Datum")).to_have_value(day.isoformat())
    assert page.get_by_label("von", exact=True).input_value(), "the start is filled in"
    hand.fill(page.get_by_label("von", exact=True), "19:00")
    hand.fill(page.get_by_label("bis", exact=True), "18:00")
    hand.fill(page.get_by_label("Wofür?"), PURPOSE)
    hand.fill(page.get_by_label("Personen"), "8")
    hand.fill(page.get_by_label("Verein oder Gruppe"), "Gemischter Chor")
    hand.fill(page.get_by_label("Ansprechperson am Tag"), "Erika Mustermann")
    hand.fill(page.get_by_label("Telefon am Tag"), "040 66969 120")
    hand.press(page.get_by_role("button", name="Weiter"))

    expect(page.get_by_role("alert")).to_contain_text("Ihre Eingaben sind noch da")
    expect(page.get_by_text("Bitte geben Sie eine Uhrzeit nach 19:00 Uhr ein").last).to_be_visible()
    expect(page.get_by_label("Wofür?")).to_have_value(PURPOSE)
    hand.fill(page.get_by_label("bis", exact=True), "21:00")
    hand.press(page.get_by_role("button", name="Weiter"))


def send_it(hand: Hand, page: Page) -> str:
    """Sign in last, check, send; then Back and send again. Return the number."""
    expect(page).to_have_url(re.compile("/konto/login/"))
    sign_in(hand, page, GROUP)
    main = page.get_by_role("main")
    expect(main).to_contain_text(PURPOSE)
    expect(main).to_contain_text("19:00–21:00")
    hand.tick(page.get_by_label(TERMS))
    hand.press(page.get_by_role("button", name="Anfrage senden"))
    expect(main).to_contain_text("Ihre Anfrage ist da.")
    number = re.search(r"Nummer[^:]*:\s+([0-9A-Z]{6})\b", main.inner_text())
    assert number is not None
    page.go_back()
    page.reload()
    expect(main).to_contain_text("Sie ist nur einmal bei uns angekommen.")
    return number[1]


def promise_it(hand: Hand, desk: Page, number: str) -> None:
    """From the mail to the manager to the promise, with its mail shown before it goes."""
    main = desk.get_by_role("main")
    desk.reload()
    hand.press(main.get_by_role("link", name=re.compile("^Neue Anfrage")).first)
    hand.press(main.get_by_role("link", name="/verwaltung/anfragen/").first)
    sign_in(hand, desk, MANAGER)
    expect(main).to_contain_text(number)
    hand.press(main.get_by_role("button", name="Zusagen", exact=True))
    expect(main).to_contain_text("Der Raum ist für Sie gebucht.")
    hand.press(main.get_by_role("button", name="Jetzt zusagen"))
    expect(desk.get_by_text("Zugesagt.").first).to_be_visible()


def give_it_back(hand: Hand, page: Page, number: str) -> None:
    """From one's bookings in two presses."""
    row = page.get_by_role("listitem").filter(has_text=PURPOSE).first
    expect(row).to_contain_text("zugesagt")
    hand.press(row.get_by_role("link", name=re.compile("Fällt aus")).first)
    hand.press(page.get_by_role("button", name="Ja, fällt aus"))
    expect(page.get_by_role("main")).to_contain_text("Abgesagt. Danke – der Raum ist wieder frei.")


def test_the_same_time_wanted_by_a_second_group(open_page, demo):
    """The second group is told before it sends, and can wait."""
    day = friday_in(6)
    for email, purpose in ((GROUP, "Erste"), ("vorstand@turnen.example.org", "Zweite")):
        page = open_page(f"{ROOM}anfrage/?tag={day.isoformat()}&von=18:00")
        page.get_by_label("bis", exact=True).fill("20:00")
        page.get_by_label("Wofür?").fill(purpose)
        page.get_by_label("Personen").fill("5")
        page.get_by_label("Verein oder Gruppe").fill("Irgendein Verein")
        page.get_by_label("Ansprechperson am Tag").fill("Uwe Beispiel")
        page.get_by_label("Telefon am Tag").fill("040 66969 121")
        page.get_by_role("button", name="Weiter").click()
        if purpose == "Zweite":
            expect(page.get_by_role("main")).to_contain_text("gerade eine andere Gruppe angefragt")
            page.get_by_role("button", name="Trotzdem anfragen").first.click()
        sign_in(Hand(), page, email)
        page.get_by_label(TERMS).check()
        page.get_by_role("button", name="Anfrage senden").click()
        expect(page.get_by_role("main")).to_contain_text("Ihre Anfrage ist da.")
    expect(page.get_by_role("main")).not_to_contain_text("halten wir den Termin für Sie frei")


def test_a_series_over_the_holidays_without_script(open_page):
    """From the form over the proposal to the sent page; half a year has holidays at any time."""
    today = dt.date.today()  # noqa: DTZ011 - the demo lives today
    first = today + dt.timedelta(days=(WEDNESDAY - today.weekday()) % 7 + 7)
    form = f"{ROOM}anfrage/?tag={first}&von=08:00&bis=09:00"
    page = open_page(form, java_script_enabled=False)
    last_day = page.get_by_label("Letzter Tag")
    expect(last_day).to_be_hidden()
    page.get_by_label("regelmäßig", exact=True).check()
    last_day.fill((first + dt.timedelta(days=220)).isoformat())
    for label, text in (
        ("Wofür?", "Frühgymnastik"),
        ("Personen", "6"),
        ("Verein oder Gruppe", "Gemischter Chor"),
        ("Ansprechperson am Tag", "Erika Mustermann"),
        ("Telefon am Tag", "040 66969 120"),
    ):
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Weiter").click()

    main = page.get_by_role("main")
    expect(main).to_contain_text(re.compile(r"\d+ von \d+ Terminen sind frei\."))
    page.locator("summary", has_text="auf Feiertagen oder in den Ferien").click()
    page.get_by_label("Ja, stattfinden lassen").first.check()
    page.get_by_role("button", name="Weiter").click()
    sign_in(Hand(), page, GROUP)
    expect(main).to_contain_text("Schritt 3 von 3: Prüfen")
    expect(main).to_contain_text("Nicht angefragt")
    expect(main).to_contain_text("– findet statt")
    page.get_by_role("button", name="Anfrage senden").click()
    expect(page.get_by_role("alert")).to_contain_text("Ihre Eingaben sind noch da")
    page.get_by_label(TERMS).check()
    page.get_by_role("button", name="Anfrage senden").click()
    expect(main).to_contain_text("Ihre Anfrage ist da.")
    expect(main).to_contain_text(re.compile(r"\d+ von \d+ Terminen sind angefragt\."))
    expect(main).to_contain_text("Ausgelassen")
