"""Who changed what, before → after, and taking it back."""

import datetime as dt

import pytest
from django.urls import reverse
from wagtail.log_actions import registry

from cms.models import HoursException, Service, WeeklyRule
from cms.selectors.hours_snapshots import closure_snapshot, week_snapshot
from tests.cms.desk import text
from tests.cms.test_admin_closures import add_url, closure
from tests.cms.test_admin_hours import address, stored, week
from tests.factories.cms import ServiceFactory, other_hours, weekly
from tests.factories.staff import assistant_of

pytestmark = pytest.mark.usefixtures("tuesday_morning")

REFUSED = "Das lässt sich nicht mehr rückgängig machen"


def entries(service: Service) -> list:
    return list(registry.get_logs_for_instance(service).order_by("pk"))


def undo(client, service: Service, entry=None):
    entry = entry or entries(service)[-1]
    url = reverse("hours_undo", args=[service.pk, entry.pk])
    return client.post(url, follow=True)


def lines(client, service: Service) -> list[str]:
    changes = client.get(address(service)).context["changes"]
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in changes[0].lines]


# In words -----------------------------------------------------------------------------------------


def test_a_change_is_told_before_and_after_with_the_person(desk, practice):
    desk.post(
        address(practice),
        week(
            open_0="8-12", open_1="9-12", open_2="9-12", phone_0="7-8", holiday_policy="as_sunday"
        ),
    )
    assert lines(desk, practice) == [
        "Montag, Sprechzeit: 8:00–12:00 Uhr und 15:00–18:00 Uhr → 8:00–12:00 Uhr",
        "Dienstag, Sprechzeit: 8:00–12:00 Uhr und 15:00–18:00 Uhr → 9:00–12:00 Uhr",
        "Mittwoch, Sprechzeit: 8:00–12:00 Uhr → 9:00–12:00 Uhr",
        "Donnerstag, Sprechzeit: 8:00–12:00 Uhr und 15:00–18:00 Uhr → keine Zeiten",
        "Freitag, Sprechzeit: 8:00–12:00 Uhr → keine Zeiten",
        "Montag, Telefonzeit: keine Zeiten → 7:00–8:00 Uhr",
        "An Feiertagen: geschlossen → wie sonntags",
    ]
    assert "Mara Leitung" in text(desk.get(address(practice)))


def test_days_that_change_alike_are_told_together(desk, practice):
    WeeklyRule.objects.filter(start="15:00").delete()
    desk.post(address(practice), week(**{f"open_{day}": "9-12" for day in range(5)}))
    assert lines(desk, practice) == [
        "Montag bis Freitag, Sprechzeit: 8:00–12:00 Uhr → 9:00–12:00 Uhr"
    ]


def test_new_times_from_a_day_on_are_told_with_the_day(desk, practice):
    WeeklyRule.objects.exclude(weekday=0, start="08:00").delete()
    desk.post(address(practice), week(open_0="9-12", woche="neu", valid_from="2027-02-01"))
    assert lines(desk, practice) == [
        "Zeiten bis auf Weiteres → bis 31. Januar 2027",
        "Ab 1. Februar 2027: Montag, Sprechzeit: keine Zeiten → 9:00–12:00 Uhr",
    ]


def test_a_closure_is_told_when_entered_changed_and_deleted(desk, practice):
    desk.post(add_url(practice), closure(substitute="Praxis Beispiel"))
    (line,) = lines(desk, practice)
    assert line.startswith("Jetzt: Urlaub: geschlossen vom 23. Dezember 2026 bis 2. Januar 2027.")
    assert line.endswith("Vertretung: Praxis Beispiel.")
    pk = HoursException.objects.get().pk
    edit = reverse("hours_exception_edit", args=[practice.pk, pk])
    desk.post(edit, closure(last_day="", what="other", start_0="8", end_0="9"))
    assert lines(desk, practice)[1].startswith("Jetzt: Urlaub: am Mittwoch, 23. Dezember")
    desk.post(reverse("hours_exception_delete", args=[practice.pk, pk]))
    assert lines(desk, practice)[1] == "Jetzt: kein Eintrag"


def test_saving_without_a_change_offers_no_undo(desk, practice):
    values = week(
        **{f"open_{day}": "8-12, 15-18" for day in (0, 1, 3)}, open_2="8-12", open_4="8-12"
    )
    desk.post(address(practice), values)
    assert lines(desk, practice) == ["Gespeichert ohne Änderung."]
    assert not desk.get(address(practice)).context["changes"][0].may_undo


def test_an_entry_from_before_has_no_undo(desk, practice, manager):
    registry.log(instance=practice, action="cms.change_hours", user=manager)
    assert not desk.get(address(practice)).context["changes"][0].may_undo
    assert REFUSED in text(undo(desk, practice))


# For OpenStreetMap --------------------------------------------------------------------------------


def test_the_hours_stand_there_for_openstreetmap(desk, practice):
    body = text(desk.get(address(practice)))
    assert "Für OpenStreetMap" in body
    assert "Mo,Tu,Th" in body or "Mo-Fr" in body


# Taking it back -----------------------------------------------------------------------------------


def test_undo_restores_the_week_as_it_was_and_can_itself_be_undone(desk, practice):
    weekly(practice, 4, "14:00", "16:00", note="Labor", pattern="odd")
    before = week_snapshot(practice)
    desk.post(
        address(practice),
        week(open_0="9-12", woche="neu", valid_from="2027-02-01", holiday_policy="as_sunday"),
    )
    practice.refresh_from_db()
    after = week_snapshot(practice)
    assert "Rückgängig gemacht." in text(undo(desk, practice))
    practice.refresh_from_db()
    assert week_snapshot(practice) == before
    undo(desk, practice)
    practice.refresh_from_db()
    assert week_snapshot(practice) == after
    saved, undone, redone = entries(practice)
    assert "undone" not in saved.data
    assert (undone.data["undone"], redone.data["undone"]) == (saved.pk, undone.pk)


def test_undo_is_refused_when_something_else_was_changed_since(desk, practice):
    desk.post(address(practice), week(open_0="9-12"))
    first = entries(practice)[-1]
    desk.post(address(practice), week(open_0="10-12"))
    response = undo(desk, practice, first)
    assert REFUSED in text(response)
    assert stored(practice) == [("open", 0, "10:00–12:00")]
    assert len(entries(practice)) == 2


def test_a_closure_entered_changed_and_deleted_can_be_taken_back(desk, practice):
    desk.post(add_url(practice), closure(substitute="Praxis Beispiel"))
    entered = HoursException.objects.get()
    states = [closure_snapshot(entered)]
    edit = reverse("hours_exception_edit", args=[practice.pk, entered.pk])
    desk.post(edit, closure(what="other", start_0="8", end_0="9", kind_0="open"))
    states.append(closure_snapshot(HoursException.objects.get()))
    desk.post(reverse("hours_exception_delete", args=[practice.pk, entered.pk]))
    added, changed, deleted = entries(practice)

    undo(desk, practice, deleted)
    assert closure_snapshot(HoursException.objects.get()) == states[1]
    undo(desk, practice, changed)
    assert closure_snapshot(HoursException.objects.get()) == states[0]
    undo(desk, practice, added)
    assert not HoursException.objects.exists()


def test_undo_of_a_closure_does_not_mind_changes_of_the_week(desk, practice):
    desk.post(add_url(practice), closure())
    added = entries(practice)[-1]
    desk.post(address(practice), week(open_0="9-12"))
    other_hours(practice, "2026-12-01", "08:00", "10:00")
    assert "Rückgängig gemacht." in text(undo(desk, practice, added))
    assert HoursException.objects.count() == 1


def test_the_date_of_the_facts_follows_an_undo(desk, practice):
    desk.post(address(practice), week(open_0="9-12"))
    Service.objects.update(facts_changed_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    undo(desk, practice)
    practice.refresh_from_db()
    assert practice.facts_changed_at.year == 2026
    assert practice.facts_changed_at.month == 11


# Who may ------------------------------------------------------------------------------------------


def test_undo_needs_a_post(desk, practice):
    desk.post(address(practice), week(open_0="9-12"))
    url = reverse("hours_undo", args=[practice.pk, entries(practice)[-1].pk])
    assert desk.get(url).status_code == 405
    assert stored(practice) == [("open", 0, "09:00–12:00")]


def test_the_entry_must_belong_to_the_service_and_the_service_to_the_person(
    client, desk, alfeld, practice
):
    other = ServiceFactory.create(centre=alfeld.centre, name="Café")
    desk.post(address(practice), week(open_0="9-12"))
    entry = entries(practice)[-1]
    assert undo(desk, other, entry).status_code == 404
    client.force_login(assistant_of(other))
    assert undo(client, practice, entry).status_code == 404
    assert stored(practice) == [("open", 0, "09:00–12:00")]


def test_the_log_holds_no_more_of_a_person_than_the_reference(desk, practice):
    desk.post(address(practice), week(open_0="9-12"))
    data = str(entries(practice)[-1].data)
    assert "Mara" not in data
    assert "example.org" not in data
