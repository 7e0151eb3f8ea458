"""The screen for holidays, the check, and the notice on the admin's start."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cms import checks
from cms.models import HolidayOverride
from cms.opening_hours import BERLIN
from tests.cms.desk import menu, text
from tests.factories.staff import assistant_of

LATE = dt.datetime(2029, 3, 1, 10, tzinfo=BERLIN)  # the list of school holidays ends that summer
NOTICE = "Die Schulferien sind nur bis"


@pytest.fixture
def office(client: Client, administrator) -> Client:
    client.force_login(administrator)
    return client


def enter(client, **values: str):
    data = {
        "kind": "school",
        "name": "Herbstferien",
        "first_day": "2029-10-15",
        "last_day": "2029-10-27",
        "is_holiday": "on",
        **values,
    }
    return client.post(reverse("cms_holidays:add"), {key: data[key] for key in data if data[key]})


# The screen ---------------------------------------------------------------------------------------


def test_the_office_finds_the_screen_and_reads_what_is_known(office, tuesday_morning):
    assert menu(office)["Feiertage und Ferien"] == reverse("cms_holidays:index")
    body = text(office.get(reverse("cms_holidays:index")))
    for words in ("Weihnachtsferien", "Reformationstag", "31. Oktober 2027", "23. Dezember 2026"):
        assert words in body


def test_school_holidays_are_entered_and_counted(office):
    assert enter(office).status_code == 302
    override = HolidayOverride.objects.get()
    assert (override.name, override.last_day) == ("Herbstferien", dt.date(2029, 10, 27))
    assert "Herbstferien" in text(office.get(reverse("cms_holidays:index")))


def test_a_day_that_is_no_holiday_needs_no_name(office, tuesday_morning):
    values = {"kind": "public", "name": "", "first_day": "25.12.2026", "last_day": ""}
    assert enter(office, **values, is_holiday="").status_code == 302
    override = HolidayOverride.objects.get()
    assert override.last_day == dt.date(2026, 12, 25)
    known = office.get(reverse("cms_holidays:index")).context["public_holidays"]
    assert dt.date(2026, 12, 25) not in [span.first for span in known]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"last_day": "2029-10-14"}, "Der letzte Tag darf nicht vor dem ersten Tag liegen"),
        ({"first_day": ""}, "Bitte geben Sie den ersten Tag an"),
        ({"first_day": "gestern"}, "Bitte geben Sie einen Tag an"),
        ({"last_day": "0001-01-01"}, "Bitte prüfen Sie das Jahr"),
        ({"last_day": "2030-10-27"}, "höchstens 100 Tage"),
        ({"name": ""}, "Bitte tragen Sie den Namen des Feiertags oder der Ferien ein."),
        ({"name": "x" * 81}, "höchstens 80 Zeichen"),
        ({"name": "a\0b"}, "Nullzeichen"),
        ({"kind": "islands"}, "islands ist keine gültige Auswahl"),
    ],
)
def test_wrong_days_get_a_sentence_and_nothing_is_stored(office, values, sentence):
    response = enter(office, **values)
    assert response.status_code == 200
    assert sentence in text(response)
    assert not HolidayOverride.objects.exists()


def test_the_screen_is_for_the_administration_alone(client, desk, practice):
    override = HolidayOverride.objects.create(
        kind="school", name="Ferien", first_day="2029-10-15", last_day="2029-10-27"
    )
    addresses = [
        reverse("cms_holidays:index"),
        reverse("cms_holidays:add"),
        reverse("cms_holidays:edit", args=[override.pk]),
        reverse("cms_holidays:delete", args=[override.pk]),
    ]
    assert "Feiertage und Ferien" not in menu(desk)
    assert {desk.get(address).status_code for address in addresses} <= {302, 404}
    client.force_login(assistant_of(practice))
    assert {client.post(address).status_code for address in addresses} <= {302, 404}
    assert HolidayOverride.objects.exists()


# When few are known -------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", [LATE])
def test_the_start_tells_the_office_and_the_manager(moment, client, alfeld, manager, administrator):
    with time_machine.travel(moment, tick=False):
        client.force_login(administrator)
        body = text(client.get("/verwaltung/"))
        assert NOTICE in body
        assert reverse("cms_holidays:index") in body
        client.force_login(manager)
        body = text(client.get("/verwaltung/"))
        assert NOTICE in body
        assert "Bitte sagen Sie der Verwaltung Bescheid." in body
        assert reverse("cms_holidays:index") not in body
        client.force_login(assistant_of(alfeld.centre.services.get()))
        assert NOTICE not in text(client.get("/verwaltung/"))
        HolidayOverride.objects.create(
            kind="school", name="Osterferien", first_day="2030-04-01", last_day="2030-04-13"
        )
        client.force_login(administrator)
        assert NOTICE not in text(client.get("/verwaltung/"))


def test_nothing_is_said_while_enough_is_known(desk, tuesday_morning):
    assert NOTICE not in text(desk.get("/verwaltung/"))


def ids(**options) -> list[str]:
    return [message.id for message in checks.check_holidays(None, **options)]


def test_the_check_warns_of_school_holidays_and_counts_what_is_entered(db):
    with time_machine.travel(LATE, tick=False):
        assert ids() == ids(databases=["default"]) == ["cms.W003"]
        HolidayOverride.objects.create(
            kind="school", name="Osterferien", first_day="2030-04-01", last_day="2030-04-13"
        )
        assert ids(databases=["default"]) == []
        assert ids() == ["cms.W003"]
    with time_machine.travel("2026-11-24", tick=False):
        assert ids() == []
