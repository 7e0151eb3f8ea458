"""What two calendar programs read in a file: ical.js in the browser, recurring-ical-events here.

ical.js is what Thunderbird and Nextcloud show; the file comes with the front-end assets.
"""

import datetime as dt
from functools import cache
from typing import NamedTuple

import icalendar
import recurring_ical_events
from playwright.sync_api import Page

from cms.environment import BASE_DIR

ICAL = BASE_DIR / "var" / "assets-node" / "node_modules" / "ical.js" / "dist" / "ical.es5.min.cjs"
YEARS = dt.timedelta(days=3 * 366)
READ = """text => {
    const calendar = new ICAL.Component(ICAL.parse(text));
    calendar.getAllSubcomponents("vtimezone").forEach(zone => ICAL.TimezoneService.register(zone));
    const entry = (start, end, event) => [
        start.toUnixTime(), end.toUnixTime(), event.summary,
        event.component.getFirstPropertyValue("status"),
    ];
    const entries = calendar.getAllSubcomponents("vevent");
    const changed = entries.filter(one => one.hasProperty("recurrence-id"));
    return entries.filter(one => !changed.includes(one)).flatMap(one => {
        const uid = one.getFirstPropertyValue("uid");
        const exceptions = changed.filter(other => other.getFirstPropertyValue("uid") === uid);
        const event = new ICAL.Event(one, { exceptions, strictExceptions: true });
        if (!event.isRecurring()) return [entry(event.startDate, event.endDate, event)];
        const found = [], days = event.iterator();
        for (let day = days.next(); day; day = days.next()) {
            const { startDate, endDate, item } = event.getOccurrenceDetails(day);
            found.push(entry(startDate, endDate, item));
        }
        return found;
    });
}"""


class Entry(NamedTuple):
    """What a calendar shows: seconds since 1970, words, CONFIRMED or TENTATIVE."""

    start: int
    end: int
    summary: str
    status: str

    @property
    def day(self) -> dt.date:
        return dt.datetime.fromtimestamp(self.start, tz=dt.UTC).date()


def read_calendar(page: Page, address: str) -> list[Entry]:
    """Fetch a file as this browser does; return what both programs read in it, which is the same."""
    response = page.request.get(address)
    assert response.ok, response.status
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    text = response.text()
    in_browser = read_in_browser(page, text)
    assert in_browser == read_here(text)
    return in_browser


def read_in_browser(page: Page, text: str) -> list[Entry]:
    if not page.evaluate("'ICAL' in window"):
        page.evaluate(ical_js())
    return sorted(Entry(*values) for values in page.evaluate(READ, text))


def read_here(text: str) -> list[Entry]:
    today = dt.date.today()  # noqa: DTZ011 - the demo lives today
    calendar = icalendar.Calendar.from_ical(text)
    found = recurring_ical_events.of(calendar).between(today - YEARS, today + YEARS)
    return sorted(
        Entry(
            int(event["DTSTART"].dt.timestamp()),
            int(event["DTEND"].dt.timestamp()),
            str(event["SUMMARY"]),
            str(event["STATUS"]),
        )
        for event in found
    )


@cache
def ical_js() -> str:
    return ICAL.read_text(encoding="utf-8")
