"""axe (WCAG 2.2 AA), reflow, own host only, no cookie, no CSP violation – on every page type."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

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
    "search": "/suche/?q=Beratung",
    "search without a hit": "/suche/?q=Zahnradbahn",
    "not found": "/gibt-es-nicht/",
    "sign in": "/konto/login/",
    "forgotten password": "/konto/password/reset/",
}


def watch(page: Page) -> list[str]:
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    return messages


def findings(page: Page) -> list[str]:
    results = Axe().run(page, options=RULES)
    return [
        f"{violation['id']}: {node['html'][:160]}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", ["phone", "desktop"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(open_page, name, width, scheme):
    page = open_page(PAGES[name], width=width, color_scheme=scheme)
    assert findings(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_nobody_else_and_sets_no_cookie(open_page, foreign_requests, name):
    page = open_page("/", width="desktop")
    complaints = watch(page)
    page.goto(page.url.rstrip("/") + PAGES[name])
    page.wait_for_load_state("networkidle")
    assert foreign_requests == []
    if not PAGES[name].startswith("/konto/"):
        assert page.context.cookies() == []
    assert [text for text in complaints if "404" not in text] == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_off_at_320_px_and_twice_the_text(open_page, name):
    page = open_page(PAGES[name], viewport={"width": 320, "height": 640})
    for factor in ("100%", "200%"):
        page.context.new_cdp_session(page).send(
            "Page.setFontSizes",
            {"fontSizes": {"standard": 16 if factor == "100%" else 32}},
        )
        page.reload()
        wider = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wider <= 0, f"{name} at {factor}: {wider} px too wide"


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


@pytest.mark.parametrize("width", ["phone", "desktop"])
@pytest.mark.parametrize("path", ["", "oeffnungszeiten/", "zentrum/"])
def test_axe_finds_nothing_at_the_managers_desk(sign_in, path, width):
    page = sign_in("leitung.alfeld", f"/verwaltung/{path}", width=width)
    page.wait_for_load_state("networkidle")
    assert findings(page) == []
