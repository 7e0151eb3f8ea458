"""The start of the admin: what is the case today, what to check."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from cms.admin.today import today_of
from cms.models import Centre, Location, PracticePage, Service, TransportOffer
from cms.services.centres import ensure_assistant_group
from tests.cms.desk import TODAY, text
from tests.factories.cms import ServiceFactory, UserFactory, closed
from tests.factories.staff import assistant_of

pytestmark = pytest.mark.usefixtures("tuesday_morning")


def test_the_start_says_what_is_the_case_today(desk, practice):
    closed(practice, "2026-12-23", "2027-01-02")
    body = text(desk.get("/verwaltung/"))
    assert "Jetzt geöffnet" in body
    assert "bis 12:00 Uhr, dann wieder ab 15:00 Uhr" in body
    assert "Urlaub: geschlossen vom 23. Dezember 2026 bis 2. Januar 2027" in body
    assert reverse("service_hours", args=[practice.pk]) in body
    for wagtails in ("Übersicht", "Ihre letzten Bearbeitungen", "Armaturenbrett"):
        assert wagtails not in body


@pytest.fixture
def checked(alfeld) -> Centre:
    """Return Alfeld with everything up to date."""
    Location.objects.update(checked_on=TODAY)
    return alfeld.centre


def reviews(user) -> list[str]:
    return [item.text for entry in today_of(user, timezone.now()) for item in entry.reviews]


def test_nothing_to_check_is_said_in_words(desk, checked):
    assert "Nichts zu prüfen" in text(desk.get("/verwaltung/"))


def test_what_to_check_is_listed(manager, checked, practice):
    assert reviews(manager) == []
    ServiceFactory.create(centre=checked, name="Café")
    closed(practice, "2026-11-16", "2026-11-20")
    TransportOffer.objects.create(
        centre=checked, name="Rufbus", checked_on=TODAY - dt.timedelta(days=400)
    )
    TransportOffer.objects.create(
        centre=checked, name="Bürgerbus", checked_on=TODAY, valid_to=TODAY - dt.timedelta(days=1)
    )
    Centre.objects.update(
        status="building", expected_opening="Sommer 2026", expected_by=dt.date(2026, 9, 30)
    )
    Service.objects.filter(pk=practice.pk).update(
        new_patients="yes", new_patients_checked_on=dt.date(2025, 1, 1)
    )
    found = "\n".join(reviews(manager)).replace("\N{NO-BREAK SPACE}", " ")
    for words in (
        "Café: Es sind keine Zeiten eingetragen",
        "Urlaub“ ist seit dem 20. November 2026 vorbei",
        "Rufbus: zuletzt geprüft am",
        "Bürgerbus: galt bis 23. November 2026",
        "Die Eröffnung war für Sommer 2026 geplant",
        "Neue Patientinnen und Patienten“ wurde zuletzt am 1. Januar 2025 geprüft",
    ):
        assert words in found


def test_an_expired_page_is_listed_at_its_centre(manager, alfeld, nordholz, checked):
    page = PracticePage.objects.child_of(alfeld).get()
    PracticePage.objects.update(expired=True, live=False)
    found = [text for text in reviews(manager) if "abgelaufen" in text]
    assert found == [f"Die Seite „{page.title}“ ist abgelaufen und wird nicht mehr gezeigt."]


def test_an_assistant_reads_of_her_services_only(client, alfeld, practice):
    ServiceFactory.create(centre=alfeld.centre, name="Café")
    Location.objects.update(checked_on=None)
    assistant = assistant_of(practice)
    client.force_login(assistant)
    body = text(client.get("/verwaltung/"))
    assert "Jetzt geöffnet" in body
    assert "Café" not in body
    assert reviews(assistant) == []
    assert reverse("centre_overview") not in body


def test_who_looks_after_nothing_reads_so(client, db):
    user = UserFactory.create()
    user.groups.add(ensure_assistant_group())
    client.force_login(user)
    assert "Sie betreuen noch nichts" in text(client.get("/verwaltung/"))


def test_the_start_asks_the_database_as_often_for_many_centres_as_for_one(
    administrator, tree, django_assert_max_num_queries
):
    def count() -> int:
        with django_assert_max_num_queries(20) as queries:
            today_of(administrator, timezone.now())
        return len(queries)

    tree.add_centre("Alfeld")
    before = count()
    for place in ("Auetal", "Nordholz", "Südheide"):
        tree.add_centre(place)
    assert count() == before
