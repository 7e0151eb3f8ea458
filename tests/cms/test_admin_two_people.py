"""Two people at once, forms sent twice, the Back button: nothing is lost without a word."""

import pytest
from django.urls import reverse

from cms.models import Contact, HoursException
from tests.cms.desk import form_values, text
from tests.cms.test_admin_closures import add_url, closure
from tests.cms.test_admin_hours import address, stored, week
from tests.factories.cms import closed, weekly

pytestmark = pytest.mark.usefixtures("tuesday_morning")

CHANGED = "Jemand hat diese Angaben geändert"


def seen(client, url: str) -> str:
    return client.get(url).context["seen"]


def test_hours_that_somebody_else_changed_are_not_overwritten_without_a_word(desk, practice):
    state = seen(desk, address(practice))
    desk.post(address(practice), week(open_0="7:00-11:00"))
    mine = week(open_4="13:00-15:00", stand=state)

    refused = desk.post(address(practice), mine)
    assert refused.status_code == 422
    assert CHANGED in text(refused)
    assert 'name="open_4" value="13:00-15:00"' in text(refused)
    assert stored(practice) == [("open", 0, "07:00–11:00")]

    desk.post(address(practice), {**mine, "stand": refused.context["seen"]})
    assert stored(practice) == [("open", 4, "13:00–15:00")]


def test_sending_the_same_hours_twice_is_no_conflict(desk, practice):
    values = week(open_4="13:00-15:00", stand=seen(desk, address(practice)))
    assert desk.post(address(practice), values).status_code == 302
    assert desk.post(address(practice), values).status_code == 302


def test_a_closure_entered_meanwhile_does_not_disturb_the_hours_form(desk, practice):
    values = week(open_4="13:00-15:00", stand=seen(desk, address(practice)))
    desk.post(add_url(practice), closure())
    assert desk.post(address(practice), values).status_code == 302


def test_a_week_that_is_gone_does_not_overwrite_todays(desk, practice):
    before = stored(practice)
    gone = week(open_4="13:00-15:00", woche="2026-01-01_2026-02-01")
    response = desk.post(address(practice), gone)
    assert response.status_code == 422
    assert "Diese Zeiten gibt es nicht mehr" in text(response)
    assert 'name="woche" value="2026-01-01_2026-02-01"' in text(response)
    assert stored(practice) == before


def test_notes_survive_when_somebody_saved_the_same_week_before(desk, practice):
    practice.weekly_rules.all().delete()
    weekly(practice, 0, "08:00", "12:00", note="Nur Labor")
    values = form_values(desk, address(practice))
    desk.post(address(practice), values)
    desk.post(address(practice), values)
    assert practice.weekly_rules.get().note == "Nur Labor"


def test_a_closure_sent_twice_is_entered_once(desk, practice):
    desk.post(add_url(practice), closure())
    response = desk.post(add_url(practice), closure())
    assert response.status_code == 422
    assert "Für genau diese Tage gibt es schon einen Eintrag" in text(response)
    assert HoursException.objects.count() == 1


def test_a_closure_that_somebody_else_changed_is_not_overwritten(desk, practice):
    entry = closed(practice, "2026-12-23", "2026-12-30")
    url = reverse("hours_exception_edit", args=[practice.pk, entry.pk])
    state = seen(desk, url)
    HoursException.objects.update(substitute="Praxis Beispiel")
    response = desk.post(url, closure(note="Frohe Feiertage", stand=state))
    assert CHANGED in text(response)
    assert HoursException.objects.get().substitute == "Praxis Beispiel"


def test_a_contact_form_sent_twice_leaves_one_more_number(desk, practice):
    url = reverse("service_contact", args=[practice.pk])
    values = {
        **form_values(desk, url),
        "phone": "030 23125 500",
        "contacts-1-label": "Labor",
        "contacts-1-phone": "030 23125 501",
        "stand": seen(desk, url),
    }
    assert desk.post(url, values).status_code == 302
    response = desk.post(url, values)
    assert CHANGED in text(response)
    assert Contact.objects.filter(service=practice, label="Labor").count() == 1


def test_the_contact_of_a_centre_that_changed_meanwhile_is_kept(desk, alfeld):
    url = reverse("centre_contact", args=[alfeld.centre.pk])
    values = {**form_values(desk, url), "stand": seen(desk, url), "email": "neu@example.org"}
    alfeld.centre.phone = "030 23125 777"
    alfeld.centre.save()
    assert CHANGED in text(desk.post(url, values))
    alfeld.centre.refresh_from_db()
    assert (alfeld.centre.phone, alfeld.centre.email) == ("030 23125 777", "alfeld@example.org")
