"""Own dates to subscribe to at a secret address, read back by a library that did not write them."""

import datetime as dt
from dataclasses import replace

import icalendar
import pytest
import recurring_ical_events
import time_machine
import vobject

from bookings.models import PersonalChoices
from bookings.services.decisions import approve
from bookings.services.own_dates import give_up
from bookings.services.requests import send_request
from cms.opening_hours import BERLIN
from tests.factories.bookings import (
    EVERY_FRIDAY,
    FRIDAY,
    NOW,
    AssociationFactory,
    date_of,
    member_of,
    new_request,
    promised,
    requested,
    span,
)
from tests.reading import main

pytestmark = pytest.mark.usefixtures("tuesday_morning")
PAGE = "/konto/kalender/"


@pytest.fixture
def ours(choir, singer):
    return {"association": choir, "requester": singer}


@pytest.fixture
def address(client, singer):
    """Return the address that the page gives; the browser is signed out again."""
    client.force_login(singer)
    page = client.get(PAGE)
    client.logout()
    path = f"/konto/kalender/{PersonalChoices.objects.get(user=singer).feed_token}.ics"
    assert f'href="webcal://testserver{path}"' in page.text
    assert f'href="http://testserver{path}"' in page.text
    return path


def said(client, path: str) -> list[tuple[str, str, str]]:
    """Return start, words and state of what a calendar shows until the end of the year."""
    response = client.get(path)
    assert response.status_code == 200
    calendar = icalendar.Calendar.from_ical(response.content)
    events = recurring_ical_events.of(calendar).between(NOW.date(), dt.date(2027, 1, 1))
    return sorted(
        (
            f"{event['DTSTART'].dt.astimezone(BERLIN):%m-%d %H:%M}",
            str(event["SUMMARY"]),
            str(event["STATUS"]),
        )
        for event in events
    )


def test_calendar_shows_what_the_groups_of_a_person_have(client, room, ours, manager, address):
    fridays = [span(day=FRIDAY + dt.timedelta(weeks=number)) for number in range(3)]
    every_friday = replace(new_request(room, **ours), spans=fridays, recurrence=EVERY_FRIDAY)
    series = send_request(request=every_friday, now=NOW)
    dates = list(series.dates.order_by("occurrence__start"))
    approve(booking=series, date_ids=[one.pk for one in dates], actor=manager, now=NOW)
    give_up(date=dates[1], actor=None, now=NOW)
    requested(room, span("08:00", "09:00"), **ours)
    gone = promised(room, span("10:00", "11:00"), **ours)
    give_up(date=date_of(gone), actor=None, now=NOW)
    promised(room, span("12:00", "13:00"))  # of another group
    assert said(client, address) == [
        ("11-27 08:00", "Chorprobe – Kursraum", "TENTATIVE"),
        ("11-27 19:00", "Chorprobe – Kursraum", "CONFIRMED"),
        ("12-11 19:00", "Chorprobe – Kursraum", "CONFIRMED"),
    ]


def test_calendar_says_whose_date_it_is_for_who_acts_for_several(client, room, ours, address):
    promised(room, **ours)
    second = AssociationFactory.create(name="Turnverein")
    second.memberships.create(user=ours["requester"])
    assert "Gemischter Chor" not in client.get(address).text
    promised(room, span("10:00", "11:00"), association=second, requester=ours["requester"])
    calendar = icalendar.Calendar.from_ical(client.get(address).content)
    said = sorted(str(event["DESCRIPTION"]).splitlines()[0] for event in calendar.events)
    assert said == ["Gemischter Chor", "Turnverein"]


def test_calendar_can_be_asked_for_again_and_again(client, room, ours, address):
    booking = promised(room, **ours)
    first = client.get(address)
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert first.headers["X-Robots-Tag"] == "noindex"
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert not first.cookies
    lines = first.text.replace("\r\n ", "").split("\r\n")
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in lines
    found = vobject.readOne(first.text)
    assert found.vtimezone.tzid.value == "Europe/Berlin"
    assert found.vevent.uid.value == str(booking.uid)
    with time_machine.travel(NOW + dt.timedelta(hours=1), tick=False):
        again = client.get(address, headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_new_address_makes_the_old_one_worthless(client, singer, address):
    assert client.get(address).status_code == 200
    client.force_login(singer)
    assert client.get("/konto/kalender/neue-adresse/").status_code == 405
    page = client.post("/konto/kalender/neue-adresse/", follow=True)
    assert "eine neue Adresse" in main(page.text)
    assert address not in page.text
    assert client.get(address).status_code == 404
    assert client.get(f"/konto/kalender/{PersonalChoices.objects.get().feed_token}.ics").content


def test_address_of_nobody_and_of_who_has_left_is_not_found(client, singer, choir, address):
    assert client.get("/konto/kalender/nichts.ics").status_code == 404
    assert client.get("/konto/kalender/%00.ics").status_code in {400, 404}
    assert client.post(address).status_code == 405
    singer.is_active = False
    singer.save()
    assert client.get(address).status_code == 404


def test_who_acts_for_a_group_no_more_sees_nothing_of_it(client, room, choir, singer, address):
    promised(room, association=choir, requester=member_of(choir))
    assert len(said(client, address)) == 1
    choir.members.remove(singer)
    assert said(client, address) == []


def test_queries_are_as_many_for_many_dates(
    client, room, ours, address, django_assert_max_num_queries
):
    for hour in range(8, 16):
        promised(room, span(f"{hour:02}:00", f"{hour + 1:02}:00"), **ours)
    other = AssociationFactory.create(home_centre=room.centre)
    other.members.add(ours["requester"])
    promised(room, association=other)
    with django_assert_max_num_queries(8):
        assert len(said(client, address)) == 9


def test_my_bookings_lead_to_the_calendar(client, singer):
    client.force_login(singer)
    assert f'href="{PAGE}"' in client.get("/buchungen/").text
    assert f'href="{PAGE}"' in client.get("/konto/").text
    client.logout()
    assert client.get(PAGE).status_code == 302
