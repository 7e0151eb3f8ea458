"""Rules that the database and the models hold, whoever writes."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cms.models import CentrePage, Contact, PracticePage, StandardPage, WeeklyRule
from tests.factories.cms import CentreFactory, ServiceFactory, closed, weekly


def test_an_end_before_the_start_is_refused_by_form_and_database(alfeld):
    service = alfeld.centre.services.get()
    rule = WeeklyRule(service=service, weekday=0, start=dt.time(12), end=dt.time(8))
    with pytest.raises(ValidationError) as error:
        rule.full_clean()
    assert "end" in error.value.message_dict
    with pytest.raises(IntegrityError), transaction.atomic():
        rule.save()


def test_midnight_as_an_end_means_the_end_of_the_day(alfeld):
    weekly(alfeld.centre.services.get(), 4, "19:00", "00:00").full_clean()


def test_only_an_appointment_rule_may_stand_without_times(alfeld):
    service = alfeld.centre.services.get()
    WeeklyRule(service=service, weekday=0, kind="appointment").full_clean()
    with pytest.raises(ValidationError):
        WeeklyRule(service=service, weekday=0, kind="open").full_clean()


def test_a_validity_that_ends_before_it_begins_is_refused(alfeld):
    rule = WeeklyRule(
        service=alfeld.centre.services.get(),
        weekday=0,
        start=dt.time(8),
        end=dt.time(9),
        valid_from=dt.date(2026, 2, 1),
        valid_to=dt.date(2026, 1, 31),
    )
    with pytest.raises(ValidationError):
        rule.full_clean()


def test_a_closure_that_ends_before_it_begins_is_refused(alfeld):
    with pytest.raises(IntegrityError), transaction.atomic():
        closed(alfeld.centre.services.get(), "2026-12-24", "2026-12-23")


@pytest.mark.parametrize("phone", ["030 23125 410", "+49 5181 12345", "116117", "112"])
def test_german_phone_numbers_are_accepted_as_people_write_them(alfeld, phone):
    Contact(service=alfeld.centre.services.get(), phone=phone).full_clean()


@pytest.mark.parametrize("phone", ["anrufen", "12", "<b>030 23125 410</b>"])
def test_what_is_no_phone_number_is_refused(alfeld, phone):
    with pytest.raises(ValidationError):
        Contact(service=alfeld.centre.services.get(), phone=phone).full_clean()


def test_a_contact_says_something(alfeld):
    with pytest.raises(ValidationError):
        Contact(service=alfeld.centre.services.get(), label="Rezepte").full_clean()


def test_changing_a_fact_moves_the_date_of_the_services_facts(alfeld):
    service = alfeld.centre.services.get()
    before = service.facts_changed_at
    weekly(service, 5, "09:00", "11:00")
    service.refresh_from_db()
    assert service.facts_changed_at > before


@pytest.mark.parametrize("slug", ["suche", "verwaltung", "raeume", "de-simple"])
def test_a_page_below_the_start_page_cannot_take_a_reserved_word(tree, slug):
    with pytest.raises(ValidationError):
        tree.home.add_child(instance=StandardPage(title="Seite", slug=slug))


def test_a_page_below_a_centre_cannot_take_one_either_because_a_site_may_start_there(alfeld):
    with pytest.raises(ValidationError):
        alfeld.add_child(instance=StandardPage(title="Suche", slug="suche"))


def test_a_reserved_word_is_free_deeper_in_the_tree(alfeld):
    page = alfeld.add_child(instance=StandardPage(title="Haus", slug="haus"))
    page.add_child(instance=StandardPage(title="Suche", slug="suche"))


@pytest.mark.parametrize("slug", ["suche", "media"])
def test_a_centre_cannot_take_a_reserved_word(db, slug):
    with pytest.raises(ValidationError):
        CentreFactory.build(operator=None, slug=slug).clean_fields()


def test_a_centre_pages_address_is_its_centres_short_name(tree):
    centre = CentreFactory.create(slug="auetal")
    page = tree.home.add_child(
        instance=CentrePage(title="RVZ Auetal", slug="anders", centre=centre)
    )
    assert page.slug == "auetal"


def test_a_centre_has_one_page_in_a_language(tree, alfeld):
    with pytest.raises(ValidationError):
        tree.home.add_child(instance=CentrePage(title="Noch eine", centre=alfeld.centre))


def test_a_service_page_speaks_of_a_service_of_its_own_centre(alfeld, nordholz):
    foreign = ServiceFactory.create(centre=nordholz.centre, kind="gp", slug="fremd")
    with pytest.raises(ValidationError):
        alfeld.add_child(instance=PracticePage(title="Fremd", service=foreign))


def test_a_page_type_refuses_a_service_of_another_kind(alfeld):
    cafe = ServiceFactory.create(centre=alfeld.centre, kind="cafe")
    with pytest.raises(ValidationError):
        alfeld.add_child(instance=PracticePage(title="Café", service=cafe))
