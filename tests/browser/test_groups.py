"""A group is handed over to somebody who has no account yet; on a phone, without JavaScript.

Who handed it over sees nothing of it any more; who took it over sees all that was.
"""

import datetime as dt
import re

from playwright.sync_api import Page, expect

from tests.browser.accounts import register
from tests.browser.hands import Hand

GROUP, PURPOSE = "Förderverein am Bahnhof", "Kassenprüfung"
SUCCESSOR = "nachfolge@example.org"
TODAY = dt.date.today()  # noqa: DTZ011 - the demo lives today
SATURDAY = TODAY + dt.timedelta(days=(5 - TODAY.weekday()) % 7 + 14)
FORM = f"/raeume/alfeld/besprechung/anfrage/?tag={SATURDAY}&von=09:00&bis=10:30&personen=4"


def test_a_group_is_handed_over_with_its_history(sign_in, open_page, open_mail, demo):
    page = sign_in("mitglied@chor", "/buchungen/", width="phone")
    group = start_a_group(page)
    page.goto(demo + FORM)
    request = send_a_request(page)
    page.goto(group)
    page.get_by_role("link", name="Verein übergeben").click()
    page.get_by_label("E-Mail-Adresse").fill(SUCCESSOR)
    page.get_by_role("button", name="Um Übernahme bitten").click()
    expect(page.get_by_role("main")).to_contain_text("soll von Jens Wolter übernehmen")
    withdraw = page.get_by_role("button", name="Zurückziehen")
    assert withdraw.evaluate("it => it.scrollWidth <= it.clientWidth"), "label cut off"

    invitation = open_mail(SUCCESSOR, "Sie sollen eine Gruppe übernehmen").inner_text()
    link = re.search(r"https?://\S+/einladung/[\w.-]+/", invitation)
    assert link
    successor = open_page(link[0], java_script_enabled=False)
    successor.get_by_role("link", name="Registrieren").click()
    register(Hand(), successor, "Nele Neu", SUCCESSOR, open_mail)
    expect(successor.get_by_role("heading", level=1)).to_have_text(f"{GROUP} übernehmen?")
    successor.get_by_role("button", name="Einladung annehmen").click()
    expect(successor.get_by_role("main")).to_contain_text("Sie handeln jetzt für")
    people = successor.get_by_role("listitem").filter(has_text="Hauptkontakt")
    expect(people).to_contain_text("Nele Neu")

    successor.goto(f"{demo}/buchungen/")
    successor.get_by_role("link", name=re.compile(PURPOSE)).click()
    assert successor.url == request
    expect(successor.get_by_role("main")).to_contain_text("Nele Neu")  # whom to ring on the day
    for address in (group, request):
        answer = page.goto(address)
        assert answer
        assert answer.status == 404
    page.goto(f"{demo}/buchungen/")
    expect(page.get_by_role("main")).not_to_contain_text(PURPOSE)


def start_a_group(page: Page) -> str:
    """Return the address of its page."""
    page.get_by_role("link", name="Ihre Vereine").click()
    page.get_by_role("link", name="Weiteren Verein anlegen").click()
    page.get_by_label("Name des Vereins").fill(GROUP)
    page.get_by_label("Gruppe ohne e. V.").check()
    page.get_by_label("Zentrum").select_option(label="RVZ Leinebergland")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(GROUP)
    return page.url


def send_a_request(page: Page) -> str:
    """Return the address of the request."""
    page.get_by_label("Wofür?").fill(PURPOSE)
    page.get_by_label("Verein oder Gruppe").select_option(label=GROUP)
    page.get_by_label("Ansprechperson am Tag").fill("Jens Wolter")
    page.get_by_label("Telefon am Tag").fill("040 66969 124")
    page.get_by_role("button", name="Weiter").click()
    page.get_by_label("Wir haben die Nutzungsordnung gelesen").check()
    page.get_by_role("button", name="Anfrage senden").click()
    expect(page.get_by_role("main")).to_contain_text("Ihre Anfrage ist da.")
    return page.url.removesuffix("gesendet/")
