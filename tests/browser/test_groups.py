"""A group is handed over to somebody who has no account yet; on a phone, without JavaScript."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD

GROUP = "Förderverein am Bahnhof"
SUCCESSOR = "nachfolge@example.org"


def test_a_group_is_handed_over(sign_in, open_page):
    page = sign_in("mitglied@chor", "/buchungen/", width="phone")
    page.get_by_role("link", name="Ihre Vereine").click()
    page.get_by_role("link", name="Weiteren Verein anlegen").click()
    page.get_by_label("Name des Vereins").fill(GROUP)
    page.get_by_label("Gruppe ohne e. V.").check()
    page.get_by_label("Zentrum").select_option(label="RVZ Leinebergland")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(GROUP)
    group = page.url
    page.get_by_role("link", name="Verein übergeben").click()
    page.get_by_label("E-Mail-Adresse").fill(SUCCESSOR)
    page.get_by_role("button", name="Um Übernahme bitten").click()
    expect(page.get_by_role("main")).to_contain_text("soll von Jens Wolter übernehmen")

    successor = open_page(link_in_mail(page), java_script_enabled=False)
    successor.get_by_role("link", name="Registrieren").click()
    register(successor)
    expect(successor.get_by_role("heading", level=1)).to_have_text(f"{GROUP} übernehmen?")
    successor.get_by_role("button", name="Einladung annehmen").click()
    expect(successor.get_by_role("main")).to_contain_text("Sie handeln jetzt für")
    people = successor.get_by_role("listitem").filter(has_text="Hauptkontakt")
    expect(people).to_contain_text("Nele Neu")

    answer = page.goto(group)
    assert answer
    assert answer.status == 404


def link_in_mail(page: Page) -> str:
    """Return the address in the mail to the successor."""
    text = mail(page, re.compile("Sie sollen eine Gruppe übernehmen"))
    found = re.search(r"https?://\S+/einladung/[\w.-]+/", text)
    assert found, text
    return found[0]


def register(page: Page) -> None:
    """Open an account, with the code from the mail."""
    page.get_by_label("Vorname").fill("Nele")
    page.get_by_label("Nachname").fill("Neu")
    page.get_by_label("E-Mail").fill(SUCCESSOR)
    for field in page.locator("input[type=password]").all():
        field.fill(f"{PASSWORD}-neu")
    page.get_by_role("button", name="Registrieren").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Code eingeben")
    post = page.context.new_page()
    post.goto(page.url)
    code = re.search(r"\d{4}-\d{4}", mail(post, re.compile("^Ihr Code")))
    assert code
    page.get_by_label("Code").fill(code[0])
    page.get_by_role("button", name="Bestätigen").click()


def mail(page: Page, subject: re.Pattern[str]) -> str:
    """Return the text of the newest mail with this subject."""
    origin = re.match(r"https?://[^/]+", page.url)
    assert origin
    page.goto(f"{origin[0]}/demo/post/")
    page.get_by_role("link", name=subject).first.click()
    return page.get_by_role("main").inner_text()
