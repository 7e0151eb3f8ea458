"""Take the pictures in docs/bilder/ from a running demo: 360 and 1280 px, light and dark.

Usage: python -m tools.screenshots [http://localhost:8000]
"""

import os
import re
import shutil
import sys
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Error, Page, sync_playwright

TARGET = Path(__file__).resolve().parent.parent / "docs" / "bilder"
PASSWORD = "rvz-demo-2026"  # noqa: S105 – the demo's, printed by `make demo`
WIDTHS = {360: 740, 1280: 900}
SCHEMES = ("light", "dark")
PUBLIC = {
    "start": "/",
    "zentrum": "/alfeld/",
    "praxis": "/alfeld/hausarztpraxis/",
    "tagespflege": "/nordholz/tagespflege/",
    "programm": "/fuer-kommunen/",
    "oeffnungszeiten": "/oeffnungszeiten/?zentrum=alfeld",
    "aushang": "/oeffnungszeiten/alfeld/hausarztpraxis/aushang/",
}
ADMIN = {"heute": "/verwaltung/", "anfragen": "/verwaltung/anfragen/"}
GROUP, MANAGER = "vorstand@chor.example.org", "leitung.alfeld@example.org"
HALL = "/raeume/alfeld/saal/"
HOURS_LINK = "Zeiten ändern"
REVOKE, EXCHANGE, CHOOSE = "Vom Zentrum absagen", "Tauschen", "Auswählen"
CONTENT_HEIGHT = """() => Math.max(...[...document.querySelectorAll("html, main, .wrapper")]
    .map(element => element.scrollHeight + element.getBoundingClientRect().top))"""


def main(base: str) -> None:
    """Write one PNG per page, width and colour scheme."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM")
            or shutil.which("chromium-headless-shell")
            or shutil.which("chromium"),
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        )
        for width, height in WIDTHS.items():
            for scheme in SCHEMES:
                options: dict[str, Any] = {
                    "viewport": {"width": width, "height": height},
                    "color_scheme": scheme,
                    "locale": "de-DE",
                    "timezone_id": "Europe/Berlin",
                    "reduced_motion": "reduce",
                }
                suffix = f"{width}-{scheme}"
                shoot_public(browser, base, suffix, options)
                shoot_group(browser, base, suffix, options)
                shoot_admin(browser, base, suffix, options)
        browser.close()


def save(page: Page, name: str) -> None:
    """Write the whole page with 64 colours: flat areas need no more, and the files stay small."""
    shot = page.screenshot(full_page=True)
    picture = Image.open(BytesIO(shot)).convert("RGB")
    picture.quantize(64).save(TARGET / name, optimize=True)


def shoot_public(browser: Browser, base: str, suffix: str, options: dict[str, Any]) -> None:
    page = browser.new_context(**options).new_page()
    for name, path in PUBLIC.items():
        page.goto(base + path)
        save(page, f"{name}-{suffix}.png")
    page.goto(f"{base}{HALL}?woche={a_week_ahead()}")
    show_lazy_pictures(page)
    save(page, f"raum-{suffix}.png")
    page.context.close()


def a_week_ahead() -> str:
    """Return the week after next: none of its days is over, and somebody asks for one of them."""
    year, week, _weekday = (date.today() + timedelta(days=14)).isocalendar()  # noqa: DTZ011
    return f"{year}-W{week:02}"


def show_lazy_pictures(page: Page) -> None:
    page.locator("img").evaluate_all("all => all.forEach(one => { one.loading = 'eager' })")
    page.wait_for_load_state("networkidle")


def shoot_group(browser: Browser, base: str, suffix: str, options: dict[str, Any]) -> None:
    """Ask for the hall as the choir, with two slips, up to the check; what it had sent; its dates."""
    page = browser.new_context(**options).new_page()
    sign_in(page, base, GROUP)
    fill_in(page, base, {"end": "09:30", "persons": "80"})
    save(page, f"anfrage-{suffix}.png")
    fill_in(page, base, {"end": "11:30", "persons": "25"})
    save(page, f"pruefen-{suffix}.png")
    page.goto(f"{base}/buchungen/")
    save(page, f"buchungen-{suffix}.png")
    answer = page.locator("main a[href$='/antworten/']").first.get_attribute("href") or ""
    page.goto(base + answer.replace("antworten/", "gesendet/"))
    save(page, f"gesendet-{suffix}.png")
    page.context.close()


def fill_in(page: Page, base: str, values: dict[str, str]) -> None:
    """Ask for the Friday after next; `values` may hold slips."""
    today = date.today()  # noqa: DTZ011
    day = today + timedelta(days=(4 - today.weekday()) % 7 + 14)
    page.goto(f"{base}{HALL}anfrage/?tag={day}&von=10:00")
    values = {"purpose": "Adventssingen", "contact_phone": "040 66969 101", **values}
    for name, value in values.items():
        page.locator(f"main [name={name}]").fill(value)
    page.locator("main form button").last.click()
    page.wait_for_load_state("networkidle")


def sign_in(page: Page, base: str, email: str) -> None:
    page.goto(f"{base}/konto/login/")
    page.locator("input[type=email]").fill(email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/konto/login/" not in url)


def shoot_admin(browser: Browser, base: str, suffix: str, options: dict[str, Any]) -> None:
    """Sign in as the manager of Alfeld: start, requests, decisions, the form for the hours."""
    page = browser.new_context(**options).new_page()
    sign_in(page, base, MANAGER)
    for name, path in ADMIN.items():
        page.goto(base + path)
        shoot_desk(page, name, suffix)
    page.locator("main .rvz-request__group").first.click()
    shoot_desk(page, "entscheidung", suffix)
    shoot_promised(page, base, suffix)
    page.goto(f"{base}/alfeld/hausarztpraxis/")
    page.get_by_role("link", name=HOURS_LINK).first.click()
    shoot_desk(page, "zeiten", suffix)
    page.context.close()


def shoot_promised(page: Page, base: str, suffix: str) -> None:
    """Take a promised date back, and exchange it: both pages as they are before the last button."""
    page.goto(f"{base}/verwaltung/anfragen/?liste=zugesagt")
    page.locator("main .rvz-request__group").first.click()
    request = page.url
    boxes = page.locator("main input[name=termin]")
    boxes.evaluate_all("all => all.forEach(one => { one.checked = false })")
    boxes.locator("visible=true").first.check()
    page.get_by_role("button", name=REVOKE).click()
    shoot_desk(page, "absagen", suffix)
    page.goto(request)
    page.get_by_role("link", name=re.compile(f"^{EXCHANGE}")).first.click()
    page.get_by_role("link", name=re.compile(f"^{CHOOSE}")).first.click()
    shoot_desk(page, "tauschen", suffix)


def shoot_desk(page: Page, name: str, suffix: str) -> None:
    """Take all of a page of the admin: it scrolls in a box of its own, so the window grows."""
    page.wait_for_load_state("networkidle")
    size = page.viewport_size or {"width": 1280, "height": 900}
    height = int(page.evaluate(CONTENT_HEIGHT))
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], height)})
    save(page, f"{name}-{suffix}.png")
    page.set_viewport_size(size)


if __name__ == "__main__":
    try:
        main((sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000").rstrip("/"))
    except Error as error:
        sys.exit(f"No pictures: {error.message.splitlines()[0]} Is the demo running?")
