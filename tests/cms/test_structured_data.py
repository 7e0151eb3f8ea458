"""What machines read of a page: schema.org's types, and hours that hold on the day they name."""

import datetime as dt
import json
import re

import pytest
import time_machine
from django.test import Client
from wagtail.models import Site

from cms.models import (
    Centre,
    HolidayOverride,
    Location,
    Provider,
    Service,
    ServiceKind,
    ServicePage,
    WeekPattern,
)
from cms.opening_hours.schema_org import WEEKDAYS
from tests.factories.cms import ServiceFactory, closed, other_hours, weekly

TUESDAY = dt.datetime(2026, 11, 24, 9, 14, tzinfo=dt.UTC)
PRACTICE = "/alfeld/hausarztpraxis/"
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
MARKUP = "</script><script>alert(1)</script><!-- & \N{LINE SEPARATOR}"


@pytest.fixture(autouse=True)
def _tuesday():
    with time_machine.travel(TUESDAY, tick=False):
        yield


def data(client: Client, path: str = PRACTICE, **headers) -> dict:
    response = client.get(path, headers={"host": "localhost", **headers})
    assert response.status_code == 200
    (block,) = BLOCK.findall(response.text)
    return json.loads(block)


def special(client: Client, path: str = PRACTICE) -> dict[str, list[str]]:
    """Return "8:00–12:00" by "first/last"."""
    found: dict[str, list[str]] = {}
    for entry in data(client, path).get("specialOpeningHoursSpecification", []):
        days = "/".join(dict.fromkeys([entry["validFrom"], entry["validThrough"]]))
        found.setdefault(days, []).append(f"{entry['opens']}–{entry['closes']}")
    return found


# Who and where ------------------------------------------------------------------------------------


def test_practice_says_who_and_where_it_is(client, practice):
    Location.objects.filter(pk=practice.location_id).update(
        postcode="31061", latitude="51.98810", longitude="9.82660"
    )
    practice.new_patients = Service.NewPatients.NO
    practice.provider = Provider.objects.create(name="Gesundheit gGmbH")
    practice.save()
    found = data(client)
    assert found["@context"] == "https://schema.org"
    assert found["@type"] == "MedicalClinic"
    assert found["name"] == "Hausarztpraxis (MVZ)"
    assert found["telephone"] == "+493023125410"
    assert found["url"] == found["@id"] == "http://localhost/alfeld/hausarztpraxis/"
    assert found["address"] == {
        "@type": "PostalAddress",
        "streetAddress": "Hauptstraße 1",
        "postalCode": "31061",
        "addressLocality": "Alfeld",
        "addressCountry": "DE",
    }
    assert found["geo"] == {"@type": "GeoCoordinates", "latitude": 51.9881, "longitude": 9.8266}
    assert found["isAcceptingNewPatients"] is False
    assert found["medicalSpecialty"] == "https://schema.org/PrimaryCare"
    assert found["parentOrganization"] == {"@type": "Organization", "name": "Gesundheit gGmbH"}
    assert found["containedInPlace"]["name"] == "RVZ Alfeld"
    assert found["containedInPlace"]["url"] == "http://localhost/alfeld/"


def test_what_is_not_known_is_left_out(client, practice):
    practice.contacts.all().delete()
    practice.weekly_rules.all().delete()
    Location.objects.all().update(street="", house_number="", city="Alfeld")
    found = data(client)
    assert set(found) == {
        *("@context", "@type", "@id", "name", "url", "medicalSpecialty", "address"),
        "containedInPlace",
    }
    assert set(found["address"]) == {"@type", "addressLocality", "addressCountry"}


@pytest.mark.parametrize(
    ("kind", "schema_type"),
    [
        (ServiceKind.PHARMACY, "Pharmacy"),
        (ServiceKind.MIDWIFE, "Midwifery"),
        (ServiceKind.HOUSE, "LocalBusiness"),
        (ServiceKind.OTHER, "LocalBusiness"),
    ],
)
def test_kind_of_service_has_its_type(client, alfeld, kind, schema_type):
    service = ServiceFactory.create(centre=alfeld.centre, name="Angebot", slug="x", kind=kind)
    alfeld.add_child(instance=ServicePage(title="Angebot", slug="angebot", service=service))
    assert data(client, "/alfeld/angebot/")["@type"] == schema_type


def test_centre_is_a_place_with_departments(client, alfeld):
    ServiceFactory.create(
        centre=alfeld.centre, name="Café Dreh", slug="cafe", kind=ServiceKind.CAFE
    )
    ServiceFactory.create(centre=alfeld.centre, name="Amt", slug="amt", kind=ServiceKind.OFFICE)
    found = data(client, "/alfeld/")
    assert found["@type"] == "LocalBusiness"
    assert found["name"] == "RVZ Alfeld"
    assert found["address"]["addressLocality"] == "Alfeld"
    assert found["telephone"].startswith("+4930")
    practice, *others = found["department"]
    assert practice == {
        "@type": "MedicalClinic",
        "@id": "http://localhost/alfeld/hausarztpraxis/",
        "name": "Hausarztpraxis (MVZ)",
        "url": "http://localhost/alfeld/hausarztpraxis/",
        "telephone": "+493023125410",
    }
    assert {(one["@type"], one["name"]) for one in others} == {
        ("CafeOrCoffeeShop", "Café Dreh"),
        ("GovernmentOffice", "Amt"),
    }
    assert practice["@id"] == data(client)["@id"]


def test_centre_that_is_not_open_promises_nothing(client, alfeld):
    Centre.objects.update(status=Centre.Status.BUILDING)
    assert "ld+json" not in client.get("/alfeld/", headers={"host": "localhost"}).text


def test_addresses_are_those_of_the_centres_own_host(client, alfeld):
    """Whichever host is asked: there is one address of a thing, the canonical one."""
    Site.objects.create(hostname="alfeld.localhost", root_page=alfeld)
    own = data(client, "/", host="alfeld.localhost")
    assert own["url"] == "http://alfeld.localhost/"
    assert own["department"][0]["url"] == "http://alfeld.localhost/hausarztpraxis/"
    assert data(client, "/alfeld/") == own
    practice = data(client, "/hausarztpraxis/", host="alfeld.localhost")
    assert practice["containedInPlace"]["url"] == "http://alfeld.localhost/"
    assert data(client) == practice


@pytest.mark.parametrize("path", [PRACTICE, "/alfeld/"])
def test_markup_in_a_name_stays_data(client, practice, path):
    practice.name = MARKUP
    practice.save()
    text = client.get(path, headers={"host": "localhost"}).text
    (block,) = BLOCK.findall(text)
    assert not set("<>&") & set(block)
    assert "<script>alert" not in text
    assert MARKUP in json.dumps(json.loads(block), ensure_ascii=False)


# When ---------------------------------------------------------------------------------------------


def test_usual_week(client, practice):
    assert data(client)["openingHoursSpecification"] == [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": list(WEEKDAYS[:5]),
            "opens": "08:00",
            "closes": "12:00",
        },
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": [WEEKDAYS[0], WEEKDAYS[1], WEEKDAYS[3]],
            "opens": "15:00",
            "closes": "18:00",
        },
    ]


def test_closures_other_hours_and_holidays_stand_by_date(client, practice):
    closed(practice, "2026-12-23", "2027-01-02")
    other_hours(practice, "2026-11-27", "08:00", "11:00")
    HolidayOverride.objects.create(
        kind="public", first_day="2027-09-01", last_day="2027-09-01", name="Landestag"
    )
    assert special(client) == {
        "2026-11-27": ["08:00–11:00"],
        "2026-12-23/2027-01-02": ["00:00–00:00"],
        "2027-03-26/2027-03-29": ["00:00–00:00"],  # Good Friday to Easter Monday
        "2027-05-06": ["00:00–00:00"],
        "2027-05-17": ["00:00–00:00"],
        "2027-09-01": ["00:00–00:00"],
    }


def test_holidays_follow_the_policy_of_the_service(client, practice):
    weekly(practice, 7, "10:00", "11:00")
    practice.holiday_policy = Service.HolidayPolicy.OWN_TIMES
    practice.save()
    found = special(client)
    assert found["2026-12-25/2026-12-26"] == ["10:00–11:00"]
    assert found["2027-10-03"] == ["10:00–11:00"]  # a Sunday


def test_new_week_begins_on_its_day(client, practice):
    practice.weekly_rules.all().delete()
    weekly(practice, 0, "08:00", "12:00", valid_to=dt.date(2026, 12, 31))
    weekly(practice, 0, "09:00", "12:00", valid_from=dt.date(2027, 1, 1))
    assert [
        (entry["opens"], entry.get("validFrom"), entry.get("validThrough"))
        for entry in data(client)["openingHoursSpecification"]
    ] == [("08:00", None, "2026-12-31"), ("09:00", "2027-01-01", None)]


def test_weeks_that_schema_org_does_not_know_become_dates(client, practice):
    practice.weekly_rules.all().delete()
    weekly(practice, 1, "14:00", "16:00", pattern=WeekPattern.FIRST)
    assert "openingHoursSpecification" not in data(client)
    assert special(client) == {
        "2026-12-01": ["14:00–16:00"],
        "2027-01-05": ["14:00–16:00"],
        "2027-02-02": ["14:00–16:00"],
    }


def test_night_closes_before_it_opens(client, practice):
    practice.weekly_rules.all().delete()
    weekly(practice, 5, "20:00", "02:00")
    weekly(practice, 4, "18:00", "00:00")
    entries = data(client)["openingHoursSpecification"]
    assert [(entry["opens"], entry["closes"]) for entry in entries] == [
        ("18:00", "00:00"),
        ("20:00", "02:00"),
    ]


def test_only_open_doors_count(client, practice):
    practice.weekly_rules.all().delete()
    weekly(practice, 0, "08:00", "10:00", "walk_in")
    weekly(practice, 0, "10:00", "12:00", "open")
    weekly(practice, 1, "08:00", "12:00", "appointment")
    weekly(practice, 2, "08:00", "12:00", "phone")
    (entry,) = data(client)["openingHoursSpecification"]
    assert (entry["dayOfWeek"], entry["opens"], entry["closes"]) == (
        [WEEKDAYS[0]],
        "08:00",
        "12:00",
    )
