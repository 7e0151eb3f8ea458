"""Calendars to subscribe to, read in the browser by ical.js and by another program beside it."""

from tests.browser.calendars import read_calendar


def test_busy_times_of_a_room(open_page, demo):
    page = open_page("/raeume/alfeld/saal/")
    link = page.locator("a[href$='belegung.ics'][href^='http']")
    entries = read_calendar(page, link.get_attribute("href"))
    words = {one.summary for one in entries}
    assert {"Saal: belegt – Gemischter Chor", "Saal: geschlossen – Reinigung"} <= words
    assert "TENTATIVE" in {one.status for one in entries}


def test_series_of_a_group(sign_in):
    """The choir has called off a Tuesday, and is asked about a concert."""
    page = sign_in("vorstand@chor", "/konto/kalender/")
    link = page.locator("a[href$='.ics'][href^='http']")
    entries = read_calendar(page, link.get_attribute("href"))
    rehearsals = [one for one in entries if one.summary == "Chorprobe – Saal"]
    assert len(rehearsals) >= 6
    assert {one.status for one in rehearsals} == {"CONFIRMED"}
    assert {one.day.weekday() for one in rehearsals} == {1}
    assert ("Konzert mit Kaffee und Kuchen – Saal", "TENTATIVE") in {one[2:] for one in entries}
