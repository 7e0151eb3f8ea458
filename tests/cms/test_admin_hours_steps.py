"""Before saving: what was understood, the preview, “wie Montag”, times of another service."""

import datetime as dt

import pytest
from django.urls import reverse

from cms.models import HolidayOverride, HoursKind, Service, WeeklyRule
from tests.cms.desk import text
from tests.cms.test_admin_hours import address, stored, week
from tests.factories.cms import ServiceFactory, closed, other_hours, weekly
from tests.factories.staff import assistant_of

pytestmark = pytest.mark.usefixtures("tuesday_morning")


def preview(response, name: str = "preview") -> dict[str, tuple[str, str]]:
    """Return day → times and remark of a preview."""
    return {
        day.label.replace("\N{NO-BREAK SPACE}", " "): (
            ", ".join(day.times).replace("\N{NO-BREAK SPACE}", " "),
            day.remark,
        )
        for part in response.context[name]
        for day in part.days
    }


# What was understood ------------------------------------------------------------------------------


def words(client, service: Service, **fields: str) -> dict:
    url = reverse("hours_words", args=[service.pk])
    return client.post(url, week(**fields)).json()


def test_while_typing_one_is_told_what_was_understood(desk, practice):
    before = stored(practice)
    said = words(
        desk, practice, open_0="8-12, 15-18", open_1="12-8", walk_in_0="9-10 (Labor)", open_7=""
    )
    plain = {
        name: answer["words"].replace("\N{NO-BREAK SPACE}", " ") for name, answer in said.items()
    }
    assert plain["open_0"] == "8:00–12:00 Uhr und 15:00–18:00 Uhr"
    assert said["open_0"]["understood"]
    assert "Das Ende muss nach dem Beginn liegen" in plain["open_1"]
    assert not said["open_1"]["understood"]
    assert plain["walk_in_0"] == "9:00–10:00 Uhr (Labor)"
    assert (plain["open_7"], plain["phone_0"]) == ("–", "–")
    assert stored(practice) == before


def test_an_empty_field_of_a_typed_week_is_closed_whatever_is_stored(desk, practice):
    assert words(desk, practice, open_0="")["open_0"]["words"] == "geschlossen"


def test_words_are_only_asked_with_a_form(desk, practice):
    assert desk.get(reverse("hours_words", args=[practice.pk])).status_code == 405


# Preview ------------------------------------------------------------------------------------------


def test_the_preview_shows_what_is_typed_and_saves_nothing(desk, practice):
    closed(practice, "2026-12-09", "2026-12-10")
    other_hours(practice, "2026-12-11", "08:00", "10:00", reason="other")
    before = stored(practice)
    typed = week(open_1="7-9", open_2="7-9", open_4="7-9", appointment_3="n. V.", vorschau="1")
    response = desk.post(address(practice), typed)
    days = preview(response)
    assert len(days) == 28
    assert days["Dienstag, 24. November"] == ("7:00–9:00 Uhr", "")
    assert days["Donnerstag, 26. November"] == ("nach Vereinbarung", "")
    assert days["Mittwoch, 9. Dezember"] == ("geschlossen", "Urlaub")
    assert days["Donnerstag, 10. Dezember"] == ("geschlossen", "Urlaub")
    assert days["Freitag, 11. Dezember"] == ("8:00–10:00 Uhr", "andere Zeiten als sonst")
    assert days["Samstag, 12. Dezember"] == ("geschlossen", "")
    assert 'name="open_1" value="7-9"' in text(response)
    assert stored(practice) == before


def test_the_preview_names_public_holidays(desk, practice):
    HolidayOverride.objects.create(
        kind="public", name="Tag des Dorfes", first_day="2026-12-01", last_day="2026-12-01"
    )
    days = preview(desk.get(address(practice)), "stored_preview")
    assert days["Dienstag, 1. Dezember"] == ("geschlossen", "Tag des Dorfes")


def test_the_preview_of_new_times_begins_with_them(desk, practice):
    typed = week(open_0="7-9", woche="neu", valid_from="2027-02-01", vorschau="1")
    days = preview(desk.post(address(practice), typed))
    assert next(iter(days)).startswith("Montag, 1. Februar")
    assert {times for times, _ in days.values()} == {"7:00–9:00 Uhr", "geschlossen"}


def test_a_preview_of_faults_names_them(desk, practice):
    response = desk.post(address(practice), week(open_0="12-8", vorschau="1"))
    assert response.status_code == 422
    assert "Das Ende muss nach dem Beginn liegen" in text(response)
    assert "preview" not in response.context


def test_a_week_without_any_times_is_not_specified_in_the_preview(desk, practice):
    days = preview(desk.post(address(practice), week(vorschau="1")))
    assert set(days.values()) == {("keine Angabe", "")}


# As Monday ----------------------------------------------------------------------------------------


def test_as_monday_copies_the_typed_monday_and_saves_nothing(desk, practice):
    before = stored(practice)
    typed = week(open_0="7-9 (Labor)", open_1="x y", phone_0="7-8", wie_montag="open_3")
    response = desk.post(address(practice), typed)
    body = text(response)
    assert response.status_code == 200
    assert 'name="open_3" value="7-9 (Labor)"' in body
    assert 'name="open_1" value="x y"' in body
    assert "„x y“ wurde nicht verstanden" in body
    assert 'name="phone_3"' in body
    assert 'name="phone_3" value' not in body
    assert stored(practice) == before


@pytest.mark.parametrize("name", ["", "open_7", "open_99", "valid_from", "stand", "\0", "open_x"])
def test_as_monday_of_nothing_changes_nothing(desk, practice, name):
    response = desk.post(address(practice), week(open_0="7-9", wie_montag=name))
    assert response.status_code == 200
    assert 'name="open_0" value="7-9"' in text(response)


def test_monday_and_holidays_have_no_button(desk, practice):
    body = text(desk.get(address(practice)))
    assert 'value="open_1"' in body
    assert 'name="wie_montag" value="open_0"' not in body
    rows = desk.get(address(practice)).context["form"].holiday_rows
    assert not any(row.can_be_as_monday for row in rows)


# From another service -----------------------------------------------------------------------------


@pytest.fixture
def physio(alfeld) -> Service:
    service = ServiceFactory.create(centre=alfeld.centre, name="Physio", holiday_policy="as_sunday")
    weekly(service, 2, "07:00", "19:00", valid_to=dt.date(2026, 12, 31))
    weekly(service, 2, "06:00", "19:00", valid_from=dt.date(2027, 1, 1))
    weekly(service, 4, "07:00", "09:00", kind=HoursKind.PHONE)
    return service


def test_times_of_another_service_fill_the_form_and_nothing_is_saved(desk, practice, physio):
    WeeklyRule.objects.filter(service=physio, kind=HoursKind.PHONE).delete()
    before = stored(practice)
    typed = week(open_0="7-8", uebernehmen="1", vorlage=str(physio.pk), valid_from="2027-03-01")
    body = text(desk.post(address(practice), typed))
    assert 'name="open_2" value="7–19"' in body
    assert 'name="open_0" value' not in body
    assert 'value="2027-03-01"' in body
    assert '<option value="as_sunday" selected>' in body
    assert "Die Zeiten von „Physio“ stehen jetzt im Formular." in body
    assert stored(practice) == before


@pytest.mark.parametrize("key", ["", "x", "\0", "9" * 30, "-1", "0"])
def test_a_service_that_does_not_exist_is_asked_for_again(desk, practice, physio, key):
    response = desk.post(address(practice), week(open_0="7-8", uebernehmen="1", vorlage=key))
    assert response.status_code == 422
    sentence = "Nullzeichen" if key == "\0" else "Bitte wählen Sie ein Angebot aus der Liste."
    assert sentence in text(response)
    assert 'name="open_0" value="7-8"' in text(response)


def test_only_services_one_may_edit_can_be_copied(client, practice, physio, nordholz):
    foreign = nordholz.centre.services.get()
    client.force_login(assistant_of(practice))
    assert "übernehmen" not in text(client.get(address(practice)))
    for service in (physio, foreign):
        typed = week(uebernehmen="1", vorlage=str(service.pk))
        response = client.post(address(practice), typed)
        assert response.status_code == 422
        assert "7–19" not in text(response)


# Queries ------------------------------------------------------------------------------------------


def test_the_page_asks_as_often_for_a_long_history_as_for_a_short_one(
    desk, practice, django_assert_max_num_queries
):
    def count() -> int:
        with django_assert_max_num_queries(60) as queries:
            desk.get(address(practice))
        return len(queries)

    desk.post(address(practice), week(open_0="8-12"))
    closed(practice, "2026-12-09", "2026-12-10")
    count()
    before = count()
    for hour in (9, 10, 11):
        desk.post(address(practice), week(open_0=f"{hour}-12", phone_1=f"{hour}-12"))
        closed(practice, f"2026-12-{hour + 5}", f"2026-12-{hour + 5}")
    assert count() == before
