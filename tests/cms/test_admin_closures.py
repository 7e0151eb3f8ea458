"""Leave, closures and other hours on some days, entered in the admin."""

import datetime as dt

import pytest
from django.urls import reverse

from cms.models import HoursException, Service
from tests.cms.desk import text
from tests.factories.cms import ServiceFactory, closed, other_hours
from tests.factories.staff import assistant_of

pytestmark = pytest.mark.usefixtures("tuesday_morning")


def add_url(service: Service) -> str:
    return reverse("hours_exception_add", args=[service.pk])


def closure(**values: str) -> dict[str, str]:
    return {
        "first_day": "2026-12-23",
        "last_day": "2027-01-02",
        "what": "closed",
        "reason": "leave",
        **values,
    }


def test_leave_with_a_substitute_is_entered_in_one_form(desk, practice):
    values = closure(substitute="Praxis Beispiel", substitute_phone="030 23125 500")
    body = text(desk.post(add_url(practice), values, follow=True))
    exception = HoursException.objects.get()
    assert exception.closed
    assert exception.last_day == dt.date(2027, 1, 2)
    assert "Urlaub: geschlossen vom 23. Dezember 2026 bis 2. Januar 2027" in body


def test_without_a_last_day_it_is_one_day(desk, practice):
    desk.post(add_url(practice), closure(last_day=""))
    assert HoursException.objects.get().last_day == dt.date(2026, 12, 23)


def test_days_are_understood_as_germans_write_them(desk, practice):
    desk.post(add_url(practice), closure(first_day="23.12.2026", last_day="24.12.26"))
    assert HoursException.objects.get().last_day == dt.date(2026, 12, 24)


def test_other_hours_on_a_day(desk, practice):
    values = closure(what="other", last_day="", start_0="8", end_0="10", kind_0="open")
    desk.post(add_url(practice), values)
    exception = HoursException.objects.get()
    assert not exception.closed
    assert [str(time) for time in exception.times.all()] == ["08:00–10:00"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"last_day": "2026-12-22"}, "Der letzte Tag darf nicht vor dem ersten Tag liegen"),
        ({"first_day": ""}, "Bitte geben Sie den ersten Tag an"),
        ({"first_day": "2026-11-23", "last_day": ""}, "Dieser Tag ist schon vorbei"),
        ({"first_day": "2026-11-20", "last_day": "2026-11-23"}, "Dieser Tag ist schon vorbei"),
        ({"first_day": "Heiligabend"}, "Bitte geben Sie einen Tag an"),
        ({"what": "other"}, "Bitte geben Sie die Zeiten an"),
        ({"what": "other", "start_0": "10", "end_0": "8"}, "nach 10:00 Uhr"),
        ({"what": "other", "start_0": "10"}, "beide Uhrzeiten"),
        ({"substitute_phone": "anrufen"}, "Telefonnummer"),
        ({"note": "x" * 10_000}, "höchstens 250"),
    ],
)
def test_a_wrong_closure_gets_a_sentence_and_nothing_is_stored(desk, practice, values, sentence):
    response = desk.post(add_url(practice), closure(**values))
    assert response.status_code == 422
    assert sentence in text(response)
    assert not HoursException.objects.exists()


def test_illness_since_yesterday_can_still_be_entered(desk, practice):
    values = closure(first_day="2026-11-23", last_day="2026-11-27", reason="illness")
    assert desk.post(add_url(practice), values).status_code == 302


def test_html_in_a_note_is_shown_as_text(desk, practice):
    desk.post(add_url(practice), closure(note="<script>alert(1)</script>"))
    url = reverse("hours_exception_edit", args=[practice.pk, HoursException.objects.get().pk])
    assert "<script>alert(1)" not in desk.get(url).content.decode()


def test_a_closure_is_changed_to_other_hours_and_back(desk, practice):
    exception = other_hours(practice, "2026-12-23", "08:00", "10:00")
    url = reverse("hours_exception_edit", args=[practice.pk, exception.pk])
    assert 'value="8:00"' in text(desk.get(url))
    desk.post(url, closure())
    exception.refresh_from_db()
    assert exception.closed
    assert not exception.times.exists()


def test_deleting_asks_first(desk, practice):
    exception = closed(practice, "2026-12-23", "2027-01-02")
    url = reverse("hours_exception_delete", args=[practice.pk, exception.pk])
    assert "Diesen Eintrag löschen?" in text(desk.get(url))
    assert HoursException.objects.exists()
    desk.post(url)
    assert not HoursException.objects.exists()


def test_a_closure_of_another_service_has_no_address_here(desk, practice, alfeld):
    other = ServiceFactory.create(centre=alfeld.centre)
    exception = closed(other, "2026-12-23", "2027-01-02")
    url = reverse("hours_exception_edit", args=[practice.pk, exception.pk])
    assert desk.get(url).status_code == 404


def test_an_assistant_closes_her_own_service_only(client, practice, nordholz):
    client.force_login(assistant_of(practice))
    foreign = nordholz.centre.services.get()
    assert client.post(add_url(foreign), closure()).status_code == 404
    assert client.post(add_url(practice), closure()).status_code == 302
    assert HoursException.objects.get().service == practice
