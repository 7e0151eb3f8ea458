"""Closures to subscribe to, read back by another library than the one that wrote them."""

import datetime as dt

import pytest
import time_machine
import vobject
from django.test import Client
from wagtail.models import Site

from cms.models import HoursException, Service, ServiceKind
from tests.factories.cms import ServiceFactory, closed, other_hours, weekly

TUESDAY = dt.datetime(2026, 11, 24, 9, 14, tzinfo=dt.UTC)
FEED = "/oeffnungszeiten/alfeld/hausarztpraxis/schliessungen.ics"


@pytest.fixture(autouse=True)
def _tuesday():
    with time_machine.travel(TUESDAY, tick=False):
        yield


def fetch(client: Client, path: str = FEED, host: str = "localhost"):
    response = client.get(path, headers={"host": host})
    assert response.status_code == 200
    return response


def calendar(client: Client, path: str = FEED, host: str = "localhost"):
    return vobject.readOne(fetch(client, path, host).text)


def events(client: Client, path: str = FEED) -> list:
    return getattr(calendar(client, path), "vevent_list", [])


@pytest.fixture
def holiday_leave(practice) -> HoursException:
    return closed(
        practice,
        "2026-12-23",
        "2027-01-02",
        substitute="Praxis Nebenan",
        substitute_phone="05181 99",
    )


def test_closure_is_an_event_of_whole_days(client, holiday_leave):
    (event,) = events(client)
    assert event.dtstart.value == dt.date(2026, 12, 23)
    assert event.dtend.value == dt.date(2027, 1, 3)  # not included
    assert event.summary.value == (
        "Hausarztpraxis (MVZ) – Urlaub: geschlossen vom 23. Dezember 2026 bis 2. Januar 2027"
    )
    assert event.description.value == (
        "Urlaub: geschlossen vom 23. Dezember 2026 bis 2. Januar 2027. Ab Montag, 4. Januar, sind "
        "wir wieder da. Vertretung: Praxis Nebenan, Telefon 05181 99."
    )
    assert event.location.value == "RVZ Alfeld"
    assert event.url.value == "http://localhost/alfeld/hausarztpraxis/"
    assert event.transp.value == "TRANSPARENT"


def test_other_hours_are_an_event_of_their_day(client, practice):
    other_hours(practice, "2026-11-27", "08:00", "11:00")
    (event,) = events(client)
    assert (event.dtstart.value, event.dtend.value) == (
        dt.date(2026, 11, 27),
        dt.date(2026, 11, 28),
    )
    assert event.summary.value == (
        "Hausarztpraxis (MVZ) – Urlaub: am Freitag, 27. November, nur bis 11:00 Uhr"
    )


def test_calendar_has_a_name_and_is_asked_for_every_hour(client, holiday_leave):
    response = fetch(client)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'inline; filename="alfeld-hausarztpraxis.ics"'
    lines = response.text.replace("\r\n ", "").split("\r\n")
    assert "NAME:Schließungen: Hausarztpraxis (MVZ)\\, RVZ Alfeld" in lines
    assert "X-WR-CALNAME:Schließungen: Hausarztpraxis (MVZ)\\, RVZ Alfeld" in lines
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in lines


def test_event_keeps_its_id_and_counts_its_changes(client, holiday_leave):
    (before,) = events(client)
    with time_machine.travel(TUESDAY + dt.timedelta(minutes=5), tick=False):
        holiday_leave.last_day = dt.date(2027, 1, 5)
        holiday_leave.save()
        (after,) = events(client)
    assert after.uid.value == before.uid.value == f"closure-{holiday_leave.pk}@localhost"
    assert int(after.sequence.value) > int(before.sequence.value)
    assert after.last_modified.value > before.last_modified.value
    assert after.dtend.value == dt.date(2027, 1, 6)


def test_same_facts_are_the_same_file(client, holiday_leave):
    """Nothing in it moves with the clock, so programs see no change where there is none."""
    first = fetch(client)
    with time_machine.travel(TUESDAY + dt.timedelta(days=3), tick=False):
        assert fetch(client).content == first.content
        again = client.get(
            FEED, headers={"host": "localhost", "if-none-match": first.headers["ETag"]}
        )
    assert (again.status_code, again.content) == (304, b"")


def test_only_what_is_not_over_and_may_be_told(client, practice):
    closed(practice, "2026-11-02", "2026-11-06")
    closed(practice, "2026-12-01", "2026-12-02", shown_from=dt.date(2026, 11, 25))
    current = closed(practice, "2026-11-20", "2026-11-24")
    assert [event.uid.value for event in events(client)] == [f"closure-{current.pk}@localhost"]
    with time_machine.travel(TUESDAY + dt.timedelta(days=1), tick=False):
        (event,) = events(client)
    assert event.dtstart.value == dt.date(2026, 12, 1)


def test_calendar_without_closures_can_be_subscribed_to(client, practice):
    found = calendar(client)
    assert not hasattr(found, "vevent")
    assert found.vtimezone.tzid.value == "Europe/Berlin"


def test_service_without_a_page_has_one_too(client, alfeld):
    cafe = ServiceFactory.create(
        centre=alfeld.centre, name="Café", slug="cafe", kind=ServiceKind.CAFE
    )
    weekly(cafe, 1, "14:00", "17:00")
    closed(cafe, "2026-12-01", "2026-12-01")
    (event,) = events(client, "/oeffnungszeiten/alfeld/cafe/schliessungen.ics")
    assert event.summary.value == "Café – Urlaub: am 1. Dezember 2026 geschlossen"
    assert not hasattr(event, "url")


def test_text_cannot_break_out_of_its_line(client, practice):
    text = "Ende\r\nEND:VEVENT\r\nBEGIN:VEVENT; a,b <b>"
    closed(practice, "2026-12-01", "2026-12-01", note=text)
    Service.objects.update(name="A\r\nX-EVIL:1")
    (event,) = events(client)
    assert "BEGIN:VEVENT; a,b <b>" in event.description.value
    assert "\r\nX-EVIL" not in fetch(client).text


def test_closure_without_end_ends_with_the_calendar(client, practice):
    closed(practice, "2026-12-01", "9999-12-31")
    (event,) = events(client)
    assert event.dtend.value == dt.date(9999, 12, 31)


def test_other_hosts_and_unknown_services(client, alfeld, nordholz):
    Site.objects.create(hostname="alfeld.localhost", port=80, root_page=alfeld)
    assert fetch(client, host="alfeld.localhost").content
    for path, host in (
        ("/oeffnungszeiten/nordholz/hausarztpraxis/schliessungen.ics", "alfeld.localhost"),
        ("/oeffnungszeiten/alfeld/nichts/schliessungen.ics", "localhost"),
        ("/oeffnungszeiten/nichts/hausarztpraxis/schliessungen.ics", "localhost"),
        (f"/oeffnungszeiten/alfeld/{'x' * 3000}/schliessungen.ics", "localhost"),
        (f"/en{FEED}", "localhost"),  # no pages in this language
    ):
        assert client.get(path, headers={"host": host}).status_code == 404, path
    assert client.get(
        FEED.replace("alfeld", "a%00"), headers={"host": "localhost"}
    ).status_code in {
        400,
        404,
    }


def test_draft_of_a_centre_is_not_told(client, alfeld):
    alfeld.unpublish()
    assert client.get(FEED, headers={"host": "localhost"}).status_code == 404


def test_it_is_for_reading_only(client, practice):
    assert client.head(FEED, headers={"host": "localhost"}).status_code == 200
    assert client.post(FEED, headers={"host": "localhost"}).status_code == 405
