"""The manager of Alfeld keeps phone, closure and text right, from wherever she stands.

Every journey counts its clicks (the last one saves) and then looks at the site as a resident whose
pages come from the cache: the change has to be there within a minute.
"""

import datetime as dt
import re
import time

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import printed_pages

PRACTICE = "/alfeld/hausarztpraxis/"
MANAGER = "leitung.alfeld"
ASSISTANT = "praxis.alfeld"
SAVE = "Speichern"


class Clicks:
    """Clicks like a person, and counts."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, target: Locator) -> None:
        self.count += 1
        target.first.click()


@pytest.fixture
def click() -> Clicks:
    return Clicks()


@pytest.fixture
def resident(open_page):
    """Open the page as somebody else before the change, so that the cache is warm."""
    return open_page(PRACTICE)


def expect_within_a_minute(page: Page, text: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        page.reload()
        if text in page.locator("main").inner_text():
            return
        time.sleep(1)
    pytest.fail(f"{text!r} is not on {page.url} after a minute")


def link(page: Page, name: str) -> Locator:
    return page.get_by_role("link", name=name, exact=True)


def menu(page: Page, name: str) -> Locator:
    return page.locator("#wagtail-sidebar").get_by_role("link", name=name, exact=True)


def save(page: Page) -> Locator:
    return page.get_by_role("button", name=SAVE)


def fill_phone(page: Page, number: str) -> None:
    page.get_by_label("Telefon").first.fill(number)


def fill_closure(page: Page, note: str, days: int) -> None:
    """Enter one day; the tests share a site, which takes only one entry for the same days."""
    day = (dt.datetime.now(tz=dt.UTC) + dt.timedelta(days=days)).date().isoformat()  # noqa: TID251
    page.get_by_label("Erster Tag").fill(day)
    page.get_by_label("Letzter Tag").fill(day)
    page.get_by_label("Hinweis").fill(note)


# From the public page -----------------------------------------------------------------------------


def test_phone_from_the_public_page(sign_in, resident, click):
    page = sign_in(MANAGER, PRACTICE)
    click(link(page, "Kontakt ändern"))
    fill_phone(page, "030 23125 491")
    click(save(page))
    expect(page).to_have_url(page.url.split("/verwaltung")[0])
    assert page.url.endswith(PRACTICE)
    expect(page.locator("main")).to_contain_text("030 23125 491")
    assert click.count <= 4
    expect_within_a_minute(resident, "030 23125 491")


def test_closure_from_the_public_page(sign_in, resident, click):
    page = sign_in(MANAGER, PRACTICE)
    click(link(page, "Urlaub oder Schließung eintragen"))
    fill_closure(page, "Wir ziehen um.", days=5)
    click(save(page))
    assert page.url.endswith(PRACTICE)
    assert click.count <= 4
    expect_within_a_minute(resident, "Wir ziehen um.")


def test_text_from_the_public_page(sign_in, resident, click):
    page = sign_in(MANAGER, PRACTICE)
    click(link(page, "Text ändern"))
    page.get_by_role("textbox", name="Erster Satz").fill("Neu gesagt von der Seite aus.")
    click(page.get_by_role("button", name="Veröffentlichen"))
    page.wait_for_load_state("networkidle")
    assert click.count <= 4
    expect_within_a_minute(resident, "Neu gesagt von der Seite aus.")


# From the page tree -------------------------------------------------------------------------------


def open_in_tree(page: Page, click: Clicks) -> None:
    click(menu(page, "Seiten"))
    click(page.locator("main").get_by_role("link", name="Hausarztpraxis im RVZ Leinebergland"))


def test_phone_from_the_page_tree(sign_in, resident, click):
    page = sign_in(MANAGER, "/verwaltung/")
    open_in_tree(page, click)
    click(link(page, "Kontakt ändern"))
    fill_phone(page, "030 23125 492")
    click(save(page))
    expect(
        page.get_by_role("textbox", name="Erster Satz")
    ).to_be_visible()  # back on the page's form
    assert click.count <= 4
    expect_within_a_minute(resident, "030 23125 492")


def test_closure_from_the_page_tree(sign_in, resident, click):
    page = sign_in(MANAGER, "/verwaltung/")
    open_in_tree(page, click)
    click(link(page, "Urlaub oder Schließung eintragen"))
    fill_closure(page, "Wir streichen die Wände.", days=6)
    click(save(page))
    assert click.count <= 4
    expect_within_a_minute(resident, "Wir streichen die Wände.")


def test_text_from_the_page_tree(sign_in, resident, click):
    page = sign_in(MANAGER, "/verwaltung/")
    open_in_tree(page, click)
    page.get_by_role("textbox", name="Erster Satz").fill("Neu gesagt vom Baum aus.")
    click(page.get_by_role("button", name="Veröffentlichen"))
    page.wait_for_load_state("networkidle")
    assert click.count <= 4
    expect_within_a_minute(resident, "Neu gesagt vom Baum aus.")


# From the menu ------------------------------------------------------------------------------------


def test_phone_from_the_menu(sign_in, resident, click):
    page = sign_in(MANAGER, "/verwaltung/")
    click(menu(page, "Adresse & Anfahrt"))
    click(
        page.locator("main").get_by_role("link", name=re.compile("^Kontakt ändern.*Hausarztpraxis"))
    )
    fill_phone(page, "030 23125 493")
    click(save(page))
    assert click.count <= 4
    expect_within_a_minute(resident, "030 23125 493")


def test_closure_from_the_menu(sign_in, resident, click):
    page = sign_in(MANAGER, "/verwaltung/")
    click(menu(page, "Öffnungszeiten"))
    click(page.locator("main").get_by_role("link", name="Urlaub oder Schließung eintragen"))
    fill_closure(page, "Wir bilden uns fort.", days=7)
    click(save(page))
    assert click.count <= 4
    expect_within_a_minute(resident, "Wir bilden uns fort.")


def test_a_notice_with_many_closures_still_fits_on_one_sheet(sign_in, open_page):
    page = sign_in(MANAGER, "/alfeld/apotheke/")
    for number in range(6):
        page.goto(page.url)
        link(page, "Urlaub oder Schließung eintragen").first.click()
        fill_closure(page, f"Wir machen zum {number + 1}. Mal Inventur.", days=10 + 3 * number)
        save(page).click()
    notice = open_page("/oeffnungszeiten/alfeld/apotheke/aushang/")
    for number in range(6):
        expect(notice.locator("main")).to_contain_text(f"zum {number + 1}. Mal")
    assert printed_pages(notice) == 1


def test_hours_from_the_menu(sign_in, resident, click):
    page = sign_in(MANAGER, "/verwaltung/")
    click(menu(page, "Öffnungszeiten"))
    click(page.locator("main").get_by_role("link", name="Zeiten ändern"))
    page.get_by_role("textbox", name="Samstag").first.fill("9.15 bis 10.45 Uhr")
    click(save(page))
    assert click.count <= 4
    expect_within_a_minute(resident, "9:15–10:45")


# The practice assistant ---------------------------------------------------------------------------


def test_the_practice_assistant_reaches_the_hours_of_her_practice_and_no_page(sign_in):
    page = sign_in(ASSISTANT, PRACTICE)
    expect(link(page, "Zeiten ändern")).to_be_visible()
    expect(link(page, "Text ändern")).to_have_count(0)
    page.goto(page.url.replace("hausarztpraxis", "apotheke"))
    expect(link(page, "Zeiten ändern")).to_have_count(0)


def test_the_assistant_closes_with_a_substitute_by_six_fields_and_four_clicks(
    sign_in, resident, click
):
    page = sign_in(ASSISTANT, "/verwaltung/")
    click(page.locator("main").get_by_role("link", name="Urlaub oder Schließung eintragen"))
    first = dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=8)  # noqa: TID251
    fields = {
        "Erster Tag": first.isoformat(),
        "Letzter Tag": (first + dt.timedelta(days=2)).isoformat(),
        "Vertretung (Praxis oder Stelle)": "Praxis Beispiel",
        "Telefon der Vertretung": "030 23125 488",
    }
    assert len(fields) <= 6  # the reason is “Urlaub” already
    for label, value in fields.items():
        page.get_by_label(label, exact=True).fill(value)
    click(save(page))
    assert click.count <= 4
    expect(page.locator("main")).to_contain_text("Urlaub: geschlossen vom")
    expect_within_a_minute(resident, "030 23125 488")


def open_hours(page: Page) -> None:
    page.goto(page.url.split("/verwaltung")[0] + "/verwaltung/oeffnungszeiten/")
    page.locator("main").get_by_role("link", name="Zeiten ändern").first.click()


def test_the_assistant_reads_while_typing_what_was_understood(sign_in):
    page = sign_in(ASSISTANT, "/verwaltung/")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    open_hours(page)
    sunday = page.get_by_role("textbox", name="Sonntag").first
    words = page.locator("#id_open_6_words")
    sunday.fill("10-12 (1. Sonntag im Monat)")
    expect(words).to_contain_text("10:00–12:00 Uhr (1. Sonntag im Monat)")
    sunday.fill("10-")
    expect(words).to_contain_text("fehlt der Beginn oder das Ende")
    page.get_by_role("button", name="wie Montag: Sonntag").first.click()
    expect(sunday).to_have_value(page.locator("#id_open_0").input_value())
    expect(sunday).to_be_focused()
    expect(words).to_contain_text("Uhr")
    assert complaints == []


def test_the_assistant_does_all_of_it_without_script(sign_in, open_page, sessions, resident):
    sign_in(ASSISTANT, "/verwaltung/")
    page = open_page(
        "/verwaltung/", width="phone", storage_state=sessions[ASSISTANT], java_script_enabled=False
    )
    open_hours(page)
    sunday = page.get_by_role("textbox", name="Sonntag").first
    page.get_by_role("textbox", name="Montag").first.fill("8-11.11, 15-18")
    page.get_by_role("button", name="wie Montag: Sonntag").first.click()
    expect(sunday).to_have_value("8-11.11, 15-18")
    page.get_by_role("button", name="Vorschau").click()
    expect(page.get_by_role("heading", name="Vorschau")).to_be_visible()
    expect(page.locator("#vorschau")).to_contain_text("8:00–11:11 Uhr")
    sunday.press("Enter")  # saves: “wie Montag” is not what Enter presses
    expect(page.locator(".messages")).to_contain_text("gelten sofort")
    expect_within_a_minute(resident, "8:00–11:11")
    page.get_by_text("Verlauf: wer was geändert hat").click()
    page.get_by_role("button", name="Rückgängig").first.click()
    expect(page.locator(".messages")).to_contain_text("Rückgängig gemacht")
    expect(sunday).to_have_value("")


def test_the_admin_works_under_its_content_security_policy(sign_in):
    page = sign_in(MANAGER, "/verwaltung/")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    menu(page, "Seiten").click()
    page.locator("main").get_by_role("link", name="Hausarztpraxis im RVZ").first.click()
    page.wait_for_load_state("networkidle")
    assert [text for text in complaints if "Content Security Policy" in text] == []
