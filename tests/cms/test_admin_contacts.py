"""Phones, e-mail addresses, people, status: what the manager changes outside the pages."""

import pytest
from django.urls import reverse
from wagtail.log_actions import registry

from cms.models import Centre, Contact, Location, Person, Service, TransportOffer
from tests.factories.cms import ServiceFactory

pytestmark = pytest.mark.usefixtures("tuesday_morning")


def address(service: Service) -> str:
    return reverse("service_contact", args=[service.pk])


def rows(prefix: str, *entries: dict) -> dict[str, object]:
    """Return what a formset sends for these rows."""
    stored = [entry for entry in entries if "id" in entry]
    values: dict[str, object] = {
        f"{prefix}-TOTAL_FORMS": len(entries),
        f"{prefix}-INITIAL_FORMS": len(stored),
        f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 1000,
    }
    for number, entry in enumerate(entries):
        values |= {f"{prefix}-{number}-{name}": value for name, value in entry.items()}
    return values


def contact_values(service: Service, *contacts: dict, people: tuple = (), **main) -> dict:
    return {
        "phone": "030 23125 410",
        "floor": "Erdgeschoss",
        "new_patients": "unknown",
        **rows("contacts", *contacts),
        **rows("people", *people),
        **main,
    }


def prescriptions(service: Service, **changes) -> dict:
    contact = service.contacts.get(label="Rezepte")
    return {"id": contact.pk, "label": contact.label, "phone": contact.phone, **changes}


# A service ---------------------------------------------------------------------------------------


def test_the_main_number_is_changed_and_the_others_stay(desk, practice):
    values = contact_values(practice, prescriptions(practice), phone="05181 84 71 71")
    response = desk.post(address(practice), values, follow=True)
    phones = list(practice.contacts.values_list("label", "phone"))
    assert phones == [("", "05181 84 71 71"), ("Rezepte", "030 23125 411")]
    assert "sofort zu sehen" in response.content.decode()


def test_numbers_are_added_changed_and_removed_in_one_go(desk, practice):
    values = contact_values(
        practice,
        prescriptions(practice, DELETE="on"),
        {"label": "Labor", "phone": "030 23125 412"},
        {"label": "", "phone": "", "email": ""},
    )
    desk.post(address(practice), values)
    assert list(practice.contacts.values_list("label", flat=True)) == ["", "Labor"]


def test_a_number_for_a_service_that_had_none(desk, alfeld):
    service = ServiceFactory.create(centre=alfeld.centre)
    desk.post(address(service), contact_values(service))
    assert service.contacts.get().phone == "030 23125 410"


def test_an_emptied_contact_is_gone(desk, practice):
    practice.contacts.filter(label="Rezepte").delete()
    desk.post(address(practice), contact_values(practice, phone=""))
    assert not practice.contacts.exists()


def test_a_second_number_does_not_become_the_main_one_unnoticed(desk, practice):
    values = contact_values(practice, prescriptions(practice), phone="")
    response = desk.post(address(practice), values)
    assert "Hauptnummer" in response.content.decode()
    assert practice.contacts.count() == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"phone": "anrufen"}, "Telefonnummer mit Vorwahl"),
        ({"email": "keine-adresse"}, "E-Mail-Adresse"),
        ({"website": "nicht so"}, "gültige Adresse"),
        ({"new_patients_checked_on": "2026-11-25"}, "liegt in der Zukunft"),
        ({"floor": "x" * 10_000}, "60"),
        ({"contacts-0-phone": "abc"}, "Telefonnummer mit Vorwahl"),
        (
            {"contacts-0-phone": "", "contacts-0-label": "Nur Text"},
            "Telefonnummer oder eine E-Mail",
        ),
        ({"people-0-name": "Niemand"}, "muss ausgefüllt werden"),
        (
            {
                "people-0-role": "Arzt",
                "people-0-valid_from": "2026-02-01",
                "people-0-valid_to": "2026-01-31",
            },
            "Der letzte Tag darf nicht vor dem ersten Tag liegen",
        ),
    ],
)
def test_wrong_input_gets_a_sentence_and_nothing_is_stored(desk, practice, changes, sentence):
    before = list(practice.contacts.values()), list(practice.people.values())
    values = contact_values(practice, prescriptions(practice), people=({"role": ""},), **changes)
    response = desk.post(address(practice), values)
    assert response.status_code == 422
    body = response.content.decode()
    assert sentence in body
    assert all(str(value) in body for value in changes.values())
    assert (list(practice.contacts.values()), list(practice.people.values())) == before


def test_people_are_entered_by_role_with_or_without_a_name(desk, practice):
    people = ({"role": "Hausärztin", "name": "Dr. Beispiel"}, {"role": "Fachangestellte"})
    desk.post(address(practice), contact_values(practice, people=people))
    assert list(Person.objects.values_list("role", "name")) == [
        ("Hausärztin", "Dr. Beispiel"),
        ("Fachangestellte", ""),
    ]


def test_name_kind_and_provider_are_not_for_the_manager(desk, practice):
    values = contact_values(practice, name="Umbenannt", kind="cafe", provider="1")
    desk.post(address(practice), values)
    practice.refresh_from_db()
    assert (practice.name, practice.kind, practice.provider) == ("Hausarztpraxis (MVZ)", "gp", None)
    assert "Das ändert die Verwaltung" in desk.get(address(practice)).content.decode()


def test_a_row_of_another_centres_service_cannot_be_taken_over(desk, practice, nordholz):
    foreign = nordholz.centre.services.get().contacts.first()
    values = contact_values(practice, {"id": foreign.pk, "label": "Meins", "phone": "112"})
    before = list(Contact.objects.order_by("pk").values())
    desk.post(address(practice), values)
    assert list(Contact.objects.order_by("pk").values()) == before


def test_a_changed_contact_is_in_the_history(desk, practice):
    desk.post(address(practice), contact_values(practice, prescriptions(practice)))
    entry = registry.get_logs_for_instance(practice).latest("timestamp")
    assert entry.action == "cms.change_contact"


# A centre ----------------------------------------------------------------------------------------


def centre_values(**changes) -> dict[str, str]:
    return {"status": "open", "status_date": "2026-11-20", "phone": "030 23125 400", **changes}


def test_a_centre_that_is_not_open_yet_has_an_expected_opening(desk, alfeld):
    values = centre_values(
        status="building", expected_opening="Ende 2026", expected_by="2026-12-31"
    )
    assert desk.post(reverse("centre_contact", args=[alfeld.centre.pk]), values).status_code == 302
    centre = Centre.objects.get(pk=alfeld.centre.pk)
    assert (centre.status, centre.expected_opening) == ("building", "Ende 2026")
    assert centre.slug == "alfeld"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"status_date": "2026-11-25"}, "liegt in der Zukunft"),
        ({"status_date": ""}, "muss ausgefüllt werden"),
        ({"status": "planned", "opened": "Juni 2022"}, "kein Eröffnungsdatum"),
        ({"phone": "nein"}, "Telefonnummer mit Vorwahl"),
    ],
)
def test_a_wrong_centre_gets_a_sentence(desk, alfeld, changes, sentence):
    url = reverse("centre_contact", args=[alfeld.centre.pk])
    response = desk.post(url, centre_values(**changes))
    assert response.status_code == 422
    assert sentence in response.content.decode()


# Buildings and transport -------------------------------------------------------------------------


def location_values(location: Location, **changes) -> dict[str, object]:
    return {
        "centre": location.centre_id,
        "street": "Hauptstraße",
        "house_number": "1",
        "city": location.city,
        "lift": "yes",
        "accessible_toilet": "unknown",
        "sort_order": 0,
        **rows("entrances"),
        **rows("stops"),
        **changes,
    }


def test_a_manager_changes_her_building_with_entrances_and_stops(desk, alfeld):
    location = alfeld.centre.locations.get()
    entrance = {"name": "Haupteingang", "step_free": "yes", "automatic_door": "no", "ORDER": 1}
    stop = {"name": "Alfeld Bahnhof", "walking_minutes": 5, "step_free": "unknown", "ORDER": 1}
    values = location_values(location, **rows("entrances", entrance), **rows("stops", stop))
    assert desk.post(reverse("cms_locations:edit", args=[location.pk]), values).status_code == 302
    assert location.entrances.get().step_free == "yes"
    assert location.stops.get().walking_minutes == 5


def test_a_building_cannot_be_given_to_another_centre(desk, alfeld, nordholz):
    location = alfeld.centre.locations.get()
    url = reverse("cms_locations:edit", args=[location.pk])
    response = desk.post(url, location_values(location, centre=nordholz.centre.pk))
    assert response.context["form"].errors["centre"]
    location.refresh_from_db()
    assert location.centre == alfeld.centre
    assert "RVZ Nordholz" not in desk.get(url).content.decode()


def test_half_a_position_on_the_map_is_refused(desk, alfeld):
    location = alfeld.centre.locations.get()
    url = reverse("cms_locations:edit", args=[location.pk])
    response = desk.post(url, location_values(location, latitude="51.98"))
    assert "Bitte geben Sie" in str(response.context["form"].non_field_errors())


def test_a_building_in_use_is_not_deleted_and_the_sentence_says_why(desk, alfeld):
    location = alfeld.centre.locations.get()
    url = reverse("cms_locations:delete", args=[location.pk])
    for response in (desk.get(url, follow=True), desk.post(url, follow=True)):
        assert "kann nicht gelöscht werden" in response.content.decode()
        assert "Hausarztpraxis (MVZ)" in response.content.decode()
    assert Location.objects.filter(pk=location.pk).exists()


def test_a_building_nobody_uses_is_deleted(desk, alfeld):
    location = Location.objects.create(centre=alfeld.centre, city="Freden")
    assert desk.post(reverse("cms_locations:delete", args=[location.pk])).status_code == 302
    assert not Location.objects.filter(pk=location.pk).exists()


def test_a_manager_adds_an_on_demand_bus_for_her_centre_only(desk, alfeld, nordholz):
    values = {"kind": "on_demand_bus", "wheelchair": "yes", "sort_order": 0, "lead_minutes": 60}
    url = reverse("cms_transport_offers:add")
    desk.post(url, {**values, "centre": nordholz.centre.pk})
    assert not TransportOffer.objects.exists()
    desk.post(url, {**values, "centre": alfeld.centre.pk})
    assert TransportOffer.objects.get().centre == alfeld.centre


def test_the_administration_cannot_delete_what_a_page_speaks_of(client, administrator, alfeld):
    client.force_login(administrator)
    practice = alfeld.centre.services.get()
    response = client.post(reverse("cms_services:delete", args=[practice.pk]), follow=True)
    assert "Hausarztpraxis im RVZ Alfeld" in response.content.decode()
    assert Service.objects.filter(pk=practice.pk).exists()
    response = client.post(reverse("cms_centres:delete", args=[alfeld.centre.pk]), follow=True)
    assert "kann nicht gelöscht werden" in response.content.decode()
    operator = alfeld.centre.operator
    response = client.post(reverse("cms_operators:delete", args=[operator.pk]), follow=True)
    assert "RVZ Alfeld" in response.content.decode()
    assert Contact.objects.exists()
