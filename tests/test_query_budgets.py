"""Pages ask the same number of questions with 6 and with 60 centres; public ones 15 at most."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.many_bookings import add_bookings
from bookings.models import BookingDate
from bookings.rules.spans import Span
from bookings.selectors.occupancy import rows_within
from cms.models import (
    AccessibilityStatementPage,
    CentrePage,
    Entrance,
    LegalNoticePage,
    Person,
    StandardPage,
    Stop,
    TransportOffer,
)
from tests.factories.bookings import AssociationFactory, add_room
from tests.factories.cms import Tree, closed, other_hours
from tests.planting import Garden

# One of the 15 is Wagtail's look-up of the addresses of the sites: a query where the cache is a table.
BUDGET = 14
WEEK_BUDGET = 9  # of 10: with the cache in the database the roots of the sites are another look-up
FEW, MANY = 6, 60
PATHS = (
    "/",
    "/zentren/",
    "/ort-0/",
    "/ort-0/hausarztpraxis/",
    "/fuer-kommunen/",
    "/impressum/",
    "/barrierefreiheit/",
    "/suche/?q=Arzt",
    "/raeume/",
    "/raeume/ort-0/saal/",
    "/oeffnungszeiten/",
    "/oeffnungszeiten/?zentrum=ort-0",
    "/oeffnungszeiten/?wann=jetzt",
    "/oeffnungszeiten/ort-0/hausarztpraxis/",
    "/oeffnungszeiten/ort-0/hausarztpraxis/aushang/",
)
API_PATHS = (
    "/api/v1/centres",
    "/api/v1/centres/ort-0",
    "/api/v1/services",
    "/api/v1/services?centre=ort-0",
    "/api/v1/services?open_at=2026-11-24T10:00",
    "/api/v1/rooms",
    "/api/v1/rooms/ort-0/saal/busy?from=2026-01-01&to=2026-12-31",
    "/oeffnungszeiten/ort-0/hausarztpraxis/schliessungen.ics",
)
API_BUDGET = 10
DESK_PATHS = ("/verwaltung/", "/verwaltung/oeffnungszeiten/", "/verwaltung/zentrum/")


def furnish(page: CentrePage) -> None:
    """Give a centre some of everything that its pages show."""
    location = page.centre.locations.get()
    Entrance.objects.create(location=location, name="Haupteingang")
    Stop.objects.create(location=location, name="Rathaus")
    TransportOffer.objects.create(centre=page.centre, phone="030 23125 470")
    practice = page.centre.services.get()
    Person.objects.create(service=practice, role="Hausärztin")
    closed(practice, "2026-12-23", "2027-01-02")
    other_hours(practice, "2026-11-27", "08:00", "11:00")
    add_room(page.centre, "Saal")
    add_room(page.centre, "Kursraum")


def add_centres(tree: Tree, numbers: range) -> None:
    for number in numbers:
        furnish(tree.add_centre(f"Ort {number}"))


def queries_of(client, path: str) -> int:
    client.get(path)  # the first one fills the caches of Wagtail and of content types
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200, path
    return len(queries)


@pytest.fixture
def pages(tree: Tree, garden: Garden) -> Tree:
    garden.plant("few", lambda: add_centres(tree, range(FEW)), at_once=True)
    for page in CentrePage.objects.all():
        tree.know(page)
    operator = tree.centre_pages["ort-0"].centre.operator
    date = dt.date(2026, 11, 1)
    for page in (
        StandardPage(title="Für Kommunen", slug="fuer-kommunen", purpose="municipalities"),
        StandardPage(title="Datenschutz", slug="datenschutz", purpose="privacy"),
        LegalNoticePage(title="Impressum", slug="impressum", operator=operator),
        AccessibilityStatementPage(
            title="Barrierefreiheit",
            slug="barrierefreiheit",
            conformity="partial",
            assessment="self",
            made_on=date,
            reviewed_on=date,
            feedback_email="post@example.org",
            enforcement="<p>Schlichtung</p>",
            enforcement_url="https://www.example.org/",
        ),
    ):
        tree.home.add_child(instance=page)
    return tree


def test_number_of_queries_does_not_grow_with_the_centres(pages, garden, client):
    few = {path: queries_of(client, path) for path in PATHS}
    garden.plant("many", lambda: add_centres(pages, range(FEW, MANY)), at_once=True)
    assert {path: queries_of(client, path) for path in PATHS} == few
    assert {path: count for path, count in few.items() if count > BUDGET} == {}


def test_number_of_queries_of_the_api_does_not_grow_with_the_centres(pages, garden, client):
    practice = pages.centre_pages["ort-0"].centre.services.get()
    day = timezone.localdate() + dt.timedelta(days=7)
    evening = f"/api/v1/rooms/free?date={day}&from=19:00&to=21:00"
    paths = (
        *API_PATHS,
        f"/api/v1/services/{practice.pk}/hours?from=2026-01-01&to=2026-12-31",
        evening,
        f"{evening}&weekly_until={day + dt.timedelta(weeks=51)}",
        f"{evening}&persons=1000",
    )
    few = {path: queries_of(client, path) for path in paths}
    garden.plant("many", lambda: add_centres(pages, range(FEW, MANY)), at_once=True)
    assert {path: queries_of(client, path) for path in paths} == few
    assert {path: count for path, count in few.items() if count > API_BUDGET} == {}


def test_number_of_queries_of_a_calendar_does_not_grow_with_the_bookings(tree, client):
    room = add_room(tree.add_centre("Alfeld").centre, "Saal")
    group = AssociationFactory.create(home_centre=room.centre, name_is_public=True)
    week = "/raeume/alfeld/saal/?woche=2026-W48"
    month, days = "/raeume/alfeld/saal/?monat=2026-12", "/raeume/alfeld/saal/?ansicht=liste"
    paths = (week, month, days, "/raeume/alfeld/saal/belegung.ics")
    with time_machine.travel(dt.datetime(2026, 11, 24, 10, tzinfo=dt.UTC), tick=False):
        add_bookings(room, group, 10, from_day="2026-11-22")
        few = {path: queries_of(client, path) for path in paths}
        add_bookings(room, group, 9_900, from_day="2017-11-05")  # to 21 November 2026
        add_bookings(room, group, 90, from_day="2026-12-01")
        assert BookingDate.objects.count() == 10_000
        assert {path: queries_of(client, path) for path in paths} == few
        assert {path: count for path, count in few.items() if count > WEEK_BUDGET} == {}
        for path in (week, days):
            assert "belegt – " in client.get(path).text.replace("\N{NO-BREAK SPACE}", " ")


def test_week_is_read_from_the_indexes_of_the_ledger(tree):
    """Both are partial: a condition that fits neither would read the whole table."""
    room = add_room(tree.add_centre("Alfeld").centre, "Saal")
    add_bookings(room, AssociationFactory.create(), 10_000, from_day="2018-01-01")
    start = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    rows = rows_within([room.spaces.get().pk], Span(start, start + dt.timedelta(days=7)))
    assert "Seq Scan" not in rows.explain()
    assert rows.count() == 21


def test_number_of_queries_of_the_desk_does_not_grow_with_the_centres(tree, client, administrator):
    client.force_login(administrator)
    add_centres(tree, range(2))
    few = {path: queries_of(client, path) for path in DESK_PATHS}
    add_centres(tree, range(2, 8))
    assert {path: queries_of(client, path) for path in DESK_PATHS} == few
