"""Busy times to subscribe to, read back by other libraries than the one that wrote them."""

import datetime as dt

import icalendar
import pytest
import recurring_ical_events
import time_machine
import vobject
from wagtail.models import Site

from bookings.models import BookingPolicy
from cms.opening_hours import BERLIN
from tests.bookings.week_pages import WEEK, closed
from tests.factories.bookings import (
    FRIDAY,
    NOW,
    AssociationFactory,
    add_room,
    promised,
    requested,
    span,
)
from tests.reading import read

pytestmark = pytest.mark.usefixtures("tuesday_morning")

FEED = f"{WEEK}belegung.ics"


def fetch(client, path: str = FEED, **headers):
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return response


def said(client, path: str = FEED, day: dt.date = FRIDAY) -> list[tuple[str, str, str]]:
    """Return start, end and words of what a calendar shows on a day."""
    calendar = icalendar.Calendar.from_ical(fetch(client, path).content)
    events = recurring_ical_events.of(calendar).at(day)
    return sorted(
        (
            f"{event['DTSTART'].dt.astimezone(BERLIN):%H:%M}",
            f"{event['DTEND'].dt.astimezone(BERLIN):%H:%M}",
            str(event["SUMMARY"]),
        )
        for event in events
    )


def test_feed_says_what_the_week_says(client, room, manager):
    public = AssociationFactory.create(
        name="Gemischter Chor", home_centre=room.centre, name_is_public=True
    )
    promised(room, association=public)
    promised(room, span("15:00", "16:00"), purpose="Geheim", contact_name="Erika Muster")
    requested(room, span("17:00", "18:00"))
    closed(room, span("08:00", "09:00"), manager)
    assert said(client) == [
        ("08:00", "09:00", "Kursraum: geschlossen – Reinigung"),
        ("15:00", "16:00", "Kursraum: belegt"),
        ("17:00", "18:00", "Kursraum: angefragt"),
        ("19:00", "21:00", "Kursraum: belegt – Gemischter Chor"),
    ]
    text = fetch(client).text
    assert "Geheim" not in text
    assert "Muster" not in text
    assert "ATTENDEE" not in text
    BookingPolicy.objects.create(centre=room.centre, public_detail="taken")
    assert "Gemischter Chor" not in fetch(client).text


def test_set_up_is_not_told_and_both_halves_are_one(client, centre, hall):
    whole, north, _south = hall
    type(whole).objects.update(setup_minutes=30, turnover_minutes=30)
    whole.refresh_from_db()
    promised(whole)
    for slug in ("saal", "saal-nord"):
        assert len(said(client, f"/raeume/alfeld/{slug}/belegung.ics")) == 1
    assert said(client, "/raeume/alfeld/saal-nord/belegung.ics")[0][:2] == ("19:00", "21:00")
    assert north.name == "Saal Nord"


def test_evenings_keep_their_time_across_the_clock_change(client, room):
    for day in (dt.date(2027, 3, 26), dt.date(2027, 4, 2)):
        promised(room, span(day=day))
        assert said(client, day=day) == [("19:00", "21:00", "Kursraum: belegt")]


def test_calendar_has_a_name_a_zone_and_is_asked_for_every_hour(client, room):
    response = fetch(client, host="localhost")
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'inline; filename="alfeld-kursraum.ics"'
    assert not response.cookies
    lines = response.text.replace("\r\n ", "").split("\r\n")
    assert "NAME:Belegung: Kursraum\\, RVZ Alfeld" in lines
    assert "X-WR-CALNAME:Belegung: Kursraum\\, RVZ Alfeld" in lines
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in lines
    found = vobject.readOne(response.text)  # without an event, too
    assert found.vtimezone.tzid.value == "Europe/Berlin"


def test_entry_keeps_its_id_and_the_same_facts_are_the_same_file(client, room):
    requested(room)
    before = vobject.readOne(fetch(client, host="localhost").text).vevent
    first = fetch(client, host="localhost")
    with time_machine.travel(NOW + dt.timedelta(days=2), tick=False):
        assert fetch(client, host="localhost").content == first.content
        again = client.get(
            FEED, headers={"host": "localhost", "if-none-match": first.headers["ETag"]}
        )
    assert (again.status_code, again.content) == (304, b"")
    promised(room, span("10:00", "11:00"))
    events = vobject.readOne(fetch(client, host="localhost").text).vevent_list
    assert before.uid.value in {event.uid.value for event in events}
    assert before.status.value == "TENTATIVE"
    assert before.url.value == f"http://localhost{WEEK}?woche=2026-W48"
    assert len({event.uid.value for event in events}) == 2


def test_text_cannot_break_out_of_its_line(client, room, manager):
    closed(room, span(), manager, reason="Ende\r\nEND:VEVENT; a,b <b>")
    (entry,) = said(client)
    assert entry[2] == "Kursraum: geschlossen – Ende\r\nEND:VEVENT; a,b <b>".replace("\r\n", "\n")
    assert fetch(client).text.count("\r\nEND:VEVENT") == 1


def test_rooms_that_this_host_does_not_serve_have_none(client, room, alfeld, nordholz):
    add_room(nordholz.centre, "Saal")
    Site.objects.create(hostname="alfeld.localhost", root_page=alfeld, port=80)
    assert fetch(client, host="alfeld.localhost")
    other = "/raeume/nordholz/saal/belegung.ics"
    assert client.get(other, headers={"host": "alfeld.localhost"}).status_code == 404
    assert client.get("/raeume/alfeld/nichts/belegung.ics").status_code == 404
    assert client.post(FEED).status_code == 405
    type(room).objects.update(is_public=False)
    assert client.get(FEED).status_code == 404


def test_room_tells_how_to_subscribe(client, room):
    html = read(client, WEEK)
    assert f'href="webcal://testserver{FEED}"' in html
    assert f'href="http://testserver{FEED}"' in html
    assert "Kalender abonnieren" in html
