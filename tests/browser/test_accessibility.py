"""axe (WCAG 2.2 AA), reflow, own host only, no cookie, no CSP violation – on every page type."""

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import PASSWORD, WIDTHS

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# The same page in other colours: nothing else can be different.
COLOUR_RULES = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
RUN_AXE = """async (rules) => {
    const { violations } = await axe.run({ ...rules, resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}"""

TODAY = dt.date.today()  # noqa: DTZ011 - the demo lives today
SOON = TODAY + dt.timedelta(days=(3 - TODAY.weekday()) % 7 + 14)  # a Thursday: open at noon
WEEK = "{}-W{:02}".format(*SOON.isocalendar())

PAGES = {
    "start": "/",
    "centres": "/zentren/",
    "centre": "/alfeld/",
    "planned centre": "/suedheide/",
    "practice": "/alfeld/hausarztpraxis/",
    "day care": "/nordholz/tagespflege/",
    "therapy": "/nordholz/physiotherapie/",
    "café": "/nordholz/cafe-solferino/",
    "advice": "/nordenham/pflegestuetzpunkt/",
    "other service": "/alfeld/apotheke/",
    "programme": "/ueber-rvz/",
    "municipalities": "/fuer-kommunen/",
    "legal notice": "/impressum/",
    "privacy": "/datenschutz/",
    "accessibility": "/barrierefreiheit/",
    "rooms": "/raeume/",
    "free rooms": f"/raeume/?tag={SOON}&von=19:00&bis=21:00&personen=20&zugang=stufenlos",
    "free rooms of a series": f"/raeume/?tag={SOON}&von=19:00&bis=21:00&endet={SOON + dt.timedelta(weeks=20)}",
    "free rooms with slips": f"/raeume/?tag={SOON}&von=21:00&bis=19:00&personen=viele&zugang=schwebend",
    "room": f"/raeume/alfeld/saal/?woche={WEEK}",
    "room in the evening": "/raeume/alfeld/saal/?abends=1",
    "month of a room": f"/raeume/alfeld/saal/?monat={SOON:%Y-%m}",
    "list of days of a room": "/raeume/alfeld/saal/?ansicht=liste",
    "request": f"/raeume/alfeld/saal/anfrage/?tag={SOON}&von=10:00&wiederholung=woechentlich",
    "all opening hours": "/oeffnungszeiten/",
    "opening hours of a centre": "/oeffnungszeiten/?zentrum=nordenham",
    "open at a time": f"/oeffnungszeiten/?tag={SOON}&uhrzeit=10:00",
    "opening hours with slips": "/oeffnungszeiten/?wann=gestern&zentrum=atlantis&tag=2020-01-01&uhrzeit=25",
    "times of a service": "/oeffnungszeiten/alfeld/hausarztpraxis-freden/",
    "notice": "/oeffnungszeiten/alfeld/hausarztpraxis/aushang/",
    "search": "/suche/?q=Beratung",
    "search without a hit": "/suche/?q=Zahnradbahn",
    "not found": "/gibt-es-nicht/",
    "sign in": "/konto/login/",
    "register": "/konto/signup/",
    "register with a passkey": "/konto/signup/passkey/",
    "forgotten password": "/konto/password/reset/",
    "link that is over": "/konto/erinnerung/x/absagen/",
    "draft that is over": f"/raeume/alfeld/saal/anfrage/{uuid.UUID(int=1)}/termine/",
    "link of a guest": "/buchungen/gast/neuer-link/",
}
MAY_SET_A_COOKIE = ("/konto/", "/anfrage/", "/buchungen/gast/")
SCHEMES: dict[Literal["light", "dark"], object] = {"light": RULES, "dark": COLOUR_RULES}
COLOURS_HAVE_CHANGED = "() => Promise.allSettled(document.getAnimations().map(one => one.finished))"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
NARROW: ViewportSize = {"width": 320, "height": 640}


def findings(page: Page, rules: object = RULES) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(RUN_AXE, rules)
    return found


def findings_in_every_look(page: Page) -> dict[str, list[str]]:
    """Return what axe finds on this page at each width, light and dark, loaded only once."""
    found = {}
    for scheme, rules in SCHEMES.items():
        page.emulate_media(color_scheme=scheme)
        for width, (wide, high) in WIDTHS.items():
            page.set_viewport_size({"width": wide, "height": high})
            page.evaluate(COLOURS_HAVE_CHANGED)
            found[f"{width}, {scheme}"] = findings(page, rules)
    return {look: complaints for look, complaints in found.items() if complaints}


@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_use_the_page_and_it_keeps_to_itself(
    open_page, foreign_requests, complaints, name
):
    page = open_page(PAGES[name])
    assert findings_in_every_look(page) == {}
    assert foreign_requests == []
    if not any(part in PAGES[name] for part in MAY_SET_A_COOKIE):
        assert page.context.cookies() == []
    assert [text for text in complaints if not re.search("404|400|410", text)] == []
    assert too_wide(page) == {}


def test_description_of_the_api_loads_from_here_only(open_page, foreign_requests, complaints):
    page = open_page("/api/v1/docs", width="desktop")
    expect(page.get_by_text("/api/v1/services/{service_id}/hours")).to_be_visible()
    assert (foreign_requests, complaints, page.context.cookies()) == ([], [], [])


def too_wide(page: Page) -> dict[str, int]:
    """Return by how many pixels the page is wider than 320 px, at normal and at double text."""
    page.set_viewport_size(NARROW)
    wider = {"100%": page.evaluate(TOO_WIDE)}
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 32}})
    page.reload()
    wider["200%"] = page.evaluate(TOO_WIDE)
    return {factor: pixels for factor, pixels in wider.items() if pixels > 0}


def test_what_a_finger_must_hit_is_large_enough(open_page):
    page = open_page("/alfeld/")
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, summary, input")]
            .filter(element => element.offsetParent && !element.closest("p, dd, li li"))
            .map(element => [element.textContent.trim(), element.getBoundingClientRect()])
            .filter(([, box]) => box.height < 24)
            .map(([text, box]) => `${text}: ${box.width}×${box.height}`)"""
    )
    assert small == []


@pytest.mark.parametrize("path", ["", "oeffnungszeiten/", "zentrum/"])
def test_axe_finds_nothing_at_the_managers_desk(sign_in, path):
    page = sign_in("leitung.alfeld", f"/verwaltung/{path}")
    page.wait_for_load_state("networkidle")
    for wide, high in WIDTHS.values():
        page.set_viewport_size({"width": wide, "height": high})
        assert findings(page) == [], wide


# Signed in ----------------------------------------------------------------------------------------


def my_bookings(page: Page) -> None:
    for fold in page.locator("main details").all():
        fold.evaluate("fold => fold.open = true")


def check(page: Page) -> None:
    page.goto(
        page.url.replace(
            "/buchungen/", f"/raeume/alfeld/besprechung/anfrage/?tag={SOON}&wiederholung=einmal"
        )
    )
    page.get_by_label("von", exact=True).fill("12:00")
    page.get_by_label("bis", exact=True).fill("13:00")
    page.get_by_label("Wofür?").fill("Notenwarte")
    page.get_by_label("Personen").fill("8")
    page.get_by_label("Telefon am Tag").fill("040 66969 120")
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Schritt 2 von 2")


def dates(page: Page) -> None:
    """Ask for a series of half a year, which has holidays at any time."""
    until = SOON + dt.timedelta(days=220)
    query = f"?tag={SOON}&von=12:00&bis=13:00&personen=8&wiederholung=woechentlich&endet={until}"
    page.goto(page.url.replace("/buchungen/", f"/raeume/alfeld/besprechung/anfrage/{query}"))
    page.get_by_label("Wofür?").fill("Notenwarte")
    page.get_by_label("Telefon am Tag").fill("040 66969 120")
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Schritt 2 von 3")
    for fold in page.locator("main details").all():
        fold.evaluate("fold => fold.open = true")


def check_of_series(page: Page) -> None:
    """Send it without agreeing to the terms: the page says so."""
    dates(page)
    page.get_by_role("button", name="Weiter").click()
    page.get_by_role("button", name="Anfrage senden").click()
    expect(page.get_by_role("alert")).to_contain_text("Bitte prüfen Sie 1 Angabe.")


def sent(page: Page) -> None:
    """Open what a request showed after it was sent; of one that still waits for an answer."""
    page.goto(f"{waiting(page)}gesendet/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ihre Anfrage ist da")


def booking(page: Page) -> None:
    page.goto(waiting(page))


def give_up(page: Page) -> None:
    page.get_by_role("link", name=re.compile("Fällt aus")).first.click()


def change(page: Page) -> None:
    """Ask for an end before the start: the form says so."""
    series_page(page)
    page.get_by_role("link", name=re.compile("^Ändern")).first.click()
    page.get_by_label("bis", exact=True).fill("06:00")
    page.get_by_label("von", exact=True).fill("07:00")
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("alert")).to_contain_text("Bitte prüfen Sie 1 Angabe.")


def end_of_series(page: Page) -> None:
    series_page(page)
    page.get_by_role("link", name="Früher beenden").click()
    page.get_by_label("Letzter Tag der Terminreihe").fill(TODAY.isoformat())
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("button", name="Ja, Terminreihe beenden")).to_be_visible()


def change_of_series(page: Page) -> None:
    """See the new dates of a series, with what is in their way."""
    series_page(page)
    page.get_by_role("link", name="Ab einem Termin ändern").click()
    page.get_by_label("von", exact=True).fill("09:00")
    page.get_by_label("bis", exact=True).fill("10:00")
    page.get_by_role("button", name="Termine ansehen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Terminreihe so ändern?")
    for fold in page.locator("main details").all():
        fold.evaluate("fold => fold.open = true")


def series_page(page: Page) -> None:
    """Open the request of the first series in the list."""
    row = page.locator(".rvz-row", has=page.locator("summary", has_text="weitere Termine")).first
    row.locator(".rvz-act").first.click()


def own_group(page: Page) -> None:
    page.goto(page.url.replace("/buchungen/", "/konto/vereine/"))
    page.get_by_role("link", name="Gemischter Chor").click()


def changing_a_group(page: Page) -> None:
    """Save a slip: the page says so."""
    own_group(page)
    page.get_by_role("link", name="Angaben ändern").click()
    page.get_by_label("Registernummer").fill("keine")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("alert")).to_contain_text("Bitte prüfen Sie 1 Angabe.")


def inviting(page: Page) -> None:
    own_group(page)
    page.get_by_role("link", name="Jemanden einladen").click()
    page.get_by_role("button", name="Einladung senden").click()
    expect(page.get_by_role("alert")).to_contain_text("Bitte prüfen Sie 1 Angabe.")


def confirming(page: Page) -> None:
    own_group(page)
    page.goto(f"{page.url}bestaetigen/")


def own_calendar(page: Page) -> None:
    page.get_by_role("link", name="Kalender abonnieren").click()
    expect(page.get_by_role("button", name="Neue Adresse")).to_be_visible()


def waiting(page: Page) -> str:
    """Return the address of the request with a question, which nobody here answers."""
    answer = page.get_by_role("link", name=re.compile("^Antworten")).first.get_attribute("href")
    assert answer
    return page.url.replace("/buchungen/", answer.removesuffix("antworten/"))


def account(page: Page) -> None:
    page.goto(page.url.replace("/buchungen/", "/konto/"))


def devices(page: Page) -> None:
    page.goto(page.url.replace("/buchungen/", "/konto/sessions/"))


def name_with_slips(page: Page) -> None:
    page.goto(page.url.replace("/buchungen/", "/konto/name/"))
    page.get_by_label("Vorname").fill("")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("alert")).to_contain_text("Bitte prüfen Sie 1 Angabe.")


def confirmed(page: Page, path: str) -> None:
    """Open it, with the password where that was not given a moment ago."""
    page.goto(page.url.replace("/buchungen/", path))
    if "/reauthenticate/" in page.url:
        page.locator("input[type=password]").fill(PASSWORD)
        page.get_by_role("button", name="Bestätigen").click()
        page.wait_for_url(f"**{path}")


def leaving(page: Page) -> None:
    """Open the page that says why the only main contact cannot leave yet."""
    confirmed(page, "/konto/loeschen/")
    expect(page.get_by_role("alert")).to_contain_text("Das geht noch nicht.")


def own_data(page: Page) -> None:
    """Leave of each chapter what is enough to look at: all entries are built alike."""
    confirmed(page, "/konto/daten/ansehen/")
    page.evaluate(
        "document.querySelectorAll('main section > :nth-child(n+6)').forEach(one => one.remove())"
    )


GROUP_PAGES = (
    *(my_bookings, check, dates, check_of_series, sent, booking, give_up),
    *(change, end_of_series, change_of_series),
    *(account, devices, name_with_slips, leaving, own_data),
    *(own_group, changing_a_group, inviting, confirming, own_calendar),
)


@pytest.mark.parametrize("go", GROUP_PAGES)
def test_everybody_can_use_the_pages_of_a_group(sign_in, go: Callable[[Page], None]):
    page = sign_in("vorstand@chor", "/buchungen/")
    go(page)
    page.wait_for_load_state()
    assert findings_in_every_look(page) == {}
    assert too_wide(page) == {}


def requests(page: Page) -> None:
    for fold in page.locator("main details").all():
        fold.evaluate("fold => fold.open = true")


def decision(page: Page) -> None:
    page.locator("main .rvz-request__group").first.click()


def refusal(page: Page) -> None:
    decision(page)
    page.get_by_role("main").get_by_role("button", name="Ablehnen", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("Diese Mail geht hinaus")


def wish_to_change(page: Page) -> None:
    at("anfragen/aenderungswuensche/")(page)
    page.locator("main .rvz-request__group").first.click()
    expect(page.get_by_role("main")).to_contain_text("Bisher")


def refusing_a_wish(page: Page) -> None:
    """Refuse it without a reason: the form says so."""
    wish_to_change(page)
    page.get_by_role("link", name="Ablehnen", exact=True).click()
    page.get_by_role("button", name="Jetzt ablehnen").click()
    expect(page.get_by_role("main")).to_contain_text("Bitte wählen oder schreiben Sie einen Grund.")


def noting_a_no_show(page: Page) -> None:
    """Open it from a request with dates that are over, whatever other tests have sent."""
    at("anfragen/?q=Chorprobe")(page)
    own = page.get_by_role("link", name="Gemischter Chor", exact=True)
    for address in own.evaluate_all("links => links.map(link => link.href)"):
        page.goto(address)
        unused = page.get_by_role("link", name="Als nicht genutzt vermerken", include_hidden=True)
        if unused.count():
            break
    page.locator("main details").evaluate_all("folds => folds.forEach(fold => fold.open = true)")
    unused.first.click()
    expect(page.get_by_role("main")).to_contain_text("War niemand da?")


def naming_a_main_contact(page: Page) -> None:
    page.goto(page.url.replace("anfragen/", "vereine/"))
    page.get_by_role("link", name="Gemischter Chor").click()
    page.get_by_role("link", name="Niemand mehr da?").click()
    page.get_by_role("button", name="Einladung senden").click()
    expect(page.get_by_role("main")).to_contain_text("Bitte vergewissern Sie sich zuerst")


def at(path: str) -> Callable[[Page], None]:
    def go(page: Page) -> None:
        page.goto(page.url.replace("anfragen/", path))

    return go


DESK_PAGES = {
    "requests": requests,
    "decision": decision,
    "refusal": refusal,
    "wishes to change": at("anfragen/aenderungswuensche/"),
    "wish to change": wish_to_change,
    "refusing a wish": refusing_a_wish,
    "noting a no-show": noting_a_no_show,
    "rooms": at("raeume/"),
    "closing a room": at("raeume/schliessen/"),
    "associations": at("vereine/"),
    "naming a main contact": naming_a_main_contact,
}


@pytest.mark.parametrize("name", DESK_PAGES)
def test_axe_finds_nothing_where_requests_are_decided(sign_in, name):
    page = sign_in("leitung.alfeld", "/verwaltung/anfragen/")
    DESK_PAGES[name](page)
    page.wait_for_load_state("networkidle")
    assert findings_in_every_look(page) == {}
