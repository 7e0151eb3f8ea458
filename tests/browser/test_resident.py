"""A resident, old and on a phone, finds whether the practice is open and whom to ring."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import printed_pages

STATE = re.compile(r"Jetzt|Noch geöffnet|Geschlossen|Heute geschlossen|Urlaub|keine Angabe|Termine")


def no_sideways_scrolling(page: Page) -> None:
    wider = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wider <= 0, f"{page.url} is {wider} px too wide"


def double_text(page: Page) -> None:
    """Do what a browser's default font size of 200 % does (32 px instead of 16 px)."""
    page.context.new_cdp_session(page).send(
        "Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}}
    )
    page.reload()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("text", ["normal", "200-percent"])
def test_state_and_phone_of_the_practice_are_two_taps_from_the_start_page(open_page, script, text):
    page = open_page("/", java_script_enabled=script)
    if text == "200-percent":
        double_text(page)
    if script:
        no_sideways_scrolling(page)
    page.get_by_role("link", name="Alfeld", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Leinebergland")
    page.get_by_role("link", name=re.compile("^Hausarztpraxis")).first.click()
    expect(page.locator("main .rvz-state").first).to_have_text(STATE)
    phone = page.locator("main a[href^='tel:']").first
    expect(phone).to_be_visible()
    assert phone.bounding_box()["height"] >= 44
    if script:
        no_sideways_scrolling(page)


@pytest.mark.parametrize("name", ["Friedhofsverwaltung", "Hausarztpraxis, Zweigstelle Freden"])
def test_state_and_phone_of_a_service_without_a_page_are_one_tap_from_the_centre(open_page, name):
    page = open_page("/alfeld/")
    double_text(page)
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.locator("main .rvz-state").first).to_have_text(STATE)
    expect(page.locator("main a[href^='tel:']").first).to_be_visible()
    no_sideways_scrolling(page)


def test_all_opening_hours_of_the_centre_are_in_its_menu_and_can_be_filtered(open_page):
    page = open_page("/alfeld/", java_script_enabled=False)
    page.get_by_text("Menü", exact=True).click()
    page.get_by_role("link", name="Öffnungszeiten", exact=True).click()
    expect(page.locator("main .rvz-row")).to_have_count(6)
    page.get_by_text("Zentrum, Art oder Zeit wählen").click()
    page.get_by_label("Art", exact=True).select_option(label="Apotheke")
    page.get_by_role("button", name="Zeigen").click()
    expect(page.locator("main .rvz-row")).to_have_count(1)
    expect(page.get_by_role("main")).to_contain_text("Apotheke")


PAPER = {"width": 680, "height": 1009}  # A4 without its margins of 15 mm


@pytest.mark.parametrize(
    "path",
    [
        "/oeffnungszeiten/alfeld/hausarztpraxis/aushang/",
        "/oeffnungszeiten/alfeld/hausarztpraxis-freden/aushang/",
        "/oeffnungszeiten/nordholz/cafe-solferino/aushang/",
        "/oeffnungszeiten/nordenham/blinden-und-sehbehindertenverband/aushang/",
        "/oeffnungszeiten/?zentrum=nordholz",
        "/oeffnungszeiten/?zentrum=nordenham",
    ],
)
def test_what_hangs_at_the_door_fits_on_one_sheet(open_page, path):
    page = open_page(path, viewport=PAPER)
    assert printed_pages(page) == 1
    page.emulate_media(media="print")
    for unprinted in ("header.rvz-header", ".rvz-help", ".rvz-footer", ".rvz-print"):
        expect(page.locator(unprinted)).to_be_hidden()
    expect(page.get_by_text("Gedruckt am")).to_be_visible()


def test_the_whole_way_works_with_the_keyboard_alone(open_page):
    page = open_page("/", width="desktop")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Zum Inhalt")
    page.keyboard.press("Enter")
    tab_to(page, "Alfeld")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Leinebergland")
    tab_to(page, "Hausarztpraxis")
    page.keyboard.press("Enter")
    expect(page.locator("main .rvz-state").first).to_have_text(STATE)
    tab_to(page, "030 23125")


def tab_to(page: Page, text: str, steps: int = 60) -> None:
    for _ in range(steps):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if text in (focused.text_content() or ""):
            outline = focused.evaluate("element => getComputedStyle(element).outlineStyle")
            assert outline != "none", f"{text!r} has the focus, but nobody sees it"
            return
    pytest.fail(f"{text!r} was not reached with the Tab key")


def test_the_search_finds_the_practice_by_place(open_page):
    page = open_page("/")
    page.get_by_label("Ort, Angebot oder Name").fill("Arzt Alfeld")
    page.get_by_role("button", name="Suchen").click()
    expect(page.get_by_role("main")).to_contain_text("Hausarztpraxis")
    expect(page.locator("main a[href^='tel:']").first).to_be_visible()


def test_the_menu_opens_without_script_on_a_phone(open_page):
    page = open_page("/alfeld/", java_script_enabled=False)
    page.get_by_text("Menü", exact=True).click()
    expect(page.get_by_role("link", name="Anfahrt & Kontakt")).to_be_visible()


def test_light_and_dark_can_be_chosen_and_stay_chosen(open_page):
    page = open_page("/", color_scheme="light")
    page.get_by_role("button", name="Hell oder dunkel").click()
    expect(page.locator("html")).to_have_attribute("data-kern-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-kern-theme", "dark")


def test_a_centre_on_its_own_host_speaks_of_itself_alone(open_page, demo):
    page = open_page(demo.replace("localhost", "alfeld.localhost"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Leinebergland")
    for place in ("Nordholz", "Nordenham", "Auetal", "Baddeckenstedt", "Südheide"):
        expect(page.locator("body")).not_to_contain_text(place)
