"""From "we need a room" to a free time filled into the request: on a phone, with and without script."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

TODAY = dt.date.today()  # noqa: DTZ011 - the demo lives today
TUESDAY = TODAY + dt.timedelta(days=(1 - TODAY.weekday()) % 7 + 21)


def find(page: Page) -> None:
    """Ask for eight persons on a Tuesday evening, every week for two months."""
    page.get_by_label("Zentrum").select_option("alfeld")
    page.get_by_label("Datum").fill(TUESDAY.isoformat())
    page.get_by_label("von", exact=True).fill("18:00")
    page.get_by_label("bis", exact=True).fill("20:00")
    page.get_by_label(re.compile("jede Woche bis")).fill(
        (TUESDAY + dt.timedelta(weeks=8)).isoformat()
    )
    page.get_by_label(re.compile("^Personen")).fill("8")
    page.get_by_role("button", name="Freie Räume finden").click()


@pytest.mark.parametrize("with_script", [True, False], ids=["script", "no script"])
def test_from_a_question_to_a_room_and_a_free_time(open_page, complaints, with_script):
    page = open_page("/raeume/", java_script_enabled=with_script)
    find(page)
    expect(page.get_by_role("heading", level=2, name=re.compile("^Jeden Dienstag"))).to_be_visible()
    row = page.get_by_role("listitem").filter(has_text="Besprechungsraum")
    expect(row).to_contain_text(re.compile("Terminen frei"))
    asks = row.get_by_role("link", name=re.compile("^Weiter")).get_attribute("href")
    assert asks
    for part in (f"tag={TUESDAY}", "von=18:00", "bis=20:00", "personen=8", "endet="):
        assert part in asks

    row.get_by_role("link", name="Besprechungsraum", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Besprechungsraum")
    if with_script:
        page.evaluate("window.stays = true")
    page.get_by_role("link", name="Monat", exact=True).click()
    heading = page.locator("#woche-titel")
    expect(heading).not_to_contain_text("–")  # no week any more
    before = heading.inner_text().strip()
    page.get_by_role("link", name="Nächster Monat").click()
    expect(heading).not_to_have_text(before)
    month = heading.inner_text().strip()
    if with_script:  # nothing else was loaded, and one stands where one was
        assert page.evaluate("window.stays")
        expect(page.locator("#kalender-nachher")).to_be_focused()
        expect(page.locator("#ansage")).to_have_text(month)
        expect(page).to_have_title(re.compile(re.escape(month)))
    page.get_by_role("link", name="Voriger Monat").click()
    expect(heading).not_to_have_text(month)
    page.go_back()
    expect(heading).to_have_text(month)
    page.get_by_role("link", name="Liste", exact=True).click()
    expect(page).to_have_url(re.compile("ansicht=liste"))
    page.get_by_role("main").get_by_role("link", name=re.compile(" frei")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Raum anfragen")
    assert page.get_by_label("von", exact=True).input_value()
    assert [text for text in complaints if "404" not in text] == []
