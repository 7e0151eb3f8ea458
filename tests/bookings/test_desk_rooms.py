"""Rooms, parts of the house and closed times at the manager's desk."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.db.models.signals import post_migrate
from django.urls import reverse

from bookings.models import Booking, Equipment, Room, Space
from bookings.services.changes import refuse_change
from bookings.services.closures import create_closure
from cms.models import Centre
from tests.bookings.changing import move, wish
from tests.bookings.test_desk_requests import words
from tests.cms.desk import text
from tests.factories.bookings import (
    NOW,
    SpaceFactory,
    add_room,
    date_of,
    promised,
    requested,
    span,
)

pytestmark = pytest.mark.usefixtures("tuesday_morning")

OVERVIEW = "/verwaltung/raeume/"
ADD = "/verwaltung/raeume/raum/new/"


NAMES = {
    "hours": ("weekday", "opens", "closes"),
    "layouts": ("name", "capacity"),
    "use_buffers": ("use", "setup_minutes", "turnover_minutes"),
}


def room_values(centre: Centre, **values: object) -> dict[str, object]:
    """Return what the form of a room sends: two times of use, one seating."""
    rows: dict[str, Any] = {
        "hours": [(0, "8", "12"), (0, "14:00", "22 Uhr")],
        "layouts": [("Reihen", 20)],
        "use_buffers": [],
        **{name: values.pop(name) for name in NAMES if name in values},
    }
    sent: dict[str, object] = {
        "centre": centre.pk, "name": "Übungsraum Süd", "capacity": "25", "step_free": "yes",
        "hearing_loop": "unknown", "setup_minutes": "0", "turnover_minutes": "0",
        "sort_order": "0", "is_public": "on", "slug": "", **values,
    }  # fmt: skip
    for prefix, lines in rows.items():
        sent |= {f"{prefix}-TOTAL_FORMS": len(lines), f"{prefix}-INITIAL_FORMS": 0}
        sent |= {f"{prefix}-MIN_NUM_FORMS": 0, f"{prefix}-MAX_NUM_FORMS": 1000}
        for number, line in enumerate(lines):
            sent |= {
                f"{prefix}-{number}-{name}": value
                for name, value in zip(NAMES[prefix], line, strict=True)
            }
            sent[f"{prefix}-{number}-id"] = ""
    return sent


NO_ROWS: dict[str, list] = {name: [] for name in NAMES}  # leaves the stored ones alone


def edit_url(room: Room) -> str:
    return reverse("bookings_rooms:edit", args=[room.pk])


# Rooms ------------------------------------------------------------------------------------------


def test_a_new_room_gets_address_calendar_and_a_part_of_its_own(desk, centre):
    piano = Equipment.objects.create(name="Klavier")
    response = desk.post(ADD, room_values(centre, equipment=[piano.pk]))
    assert response.status_code == 302, response.context["form"].errors
    room = Room.objects.get()
    assert (room.slug, room.calendar.name) == ("uebungsraum-sued", "RVZ Alfeld – Übungsraum Süd")
    assert [space.name for space in room.spaces.all()] == ["Übungsraum Süd"]
    assert [(hours.opens, hours.closes) for hours in room.hours.all()] == [
        (dt.time(8), dt.time(12)),
        (dt.time(14), dt.time(22)),
    ]
    assert list(room.equipment.all()) == [piano]
    booking = requested(room, span("20:00", "21:00", day=dt.date(2026, 11, 30)))
    assert booking.event.calendar_id == room.calendar_id
    assert "Übungsraum Süd" in words(desk.get(OVERVIEW))


def test_the_form_of_a_new_room_starts_with_a_usual_week(desk, centre):
    body = text(desk.get(ADD))
    assert body.count('value="8:00"') == 7
    rows = [(day, "8:00", "22:00") for day in range(7)]
    values = {**room_values(centre, hours=rows), "hours-INITIAL_FORMS": 7}
    assert desk.post(ADD, values).status_code == 302
    assert Room.objects.get().hours.count() == 7


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {"hours": [(0, "8", "12"), (0, "11", "13")]},
            "Das überschneidet sich mit 8:00–12:00 Uhr",
        ),
        ({"hours": [(0, "12", "8")]}, "Das Ende muss nach dem Beginn liegen"),
        ({"hours": [(0, "acht", "12")]}, "Bitte geben Sie eine Uhrzeit an, zum Beispiel 8:00"),
        ({"layouts": [("Reihen", 26)]}, "höchstens 25"),
        ({"capacity": "0"}, "größer oder gleich 1"),
        ({"capacity": "99999999999"}, "kleiner oder gleich 32767"),
        ({"setup_minutes": "721"}, "höchstens 720 Minuten"),
        ({"picture": "abc"}, "gültige Auswahl"),
        ({"name": "x" * 10_000}, "höchstens 80 Zeichen"),
        ({"name": "Saal \u202e"}, "unsichtbares Zeichen"),
        ({"layouts": [("Reihen \u2067", 20)]}, "unsichtbares Zeichen"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(desk, centre, values, sentence):
    response = desk.post(ADD, room_values(centre, **values))
    assert response.status_code == 200
    assert sentence in words(response)
    assert not Room.objects.exists()
    assert not Space.objects.exists()


def test_times_until_midnight_may_touch_but_not_overlap(desk, centre):
    late = [(0, "18", "0:00"), (0, "8", "18")]
    assert desk.post(ADD, room_values(centre, hours=late)).status_code == 302
    late = [(0, "18", "24:00"), (0, "23", "23:30")]
    response = desk.post(ADD, room_values(centre, hours=late, name="Anderer"))
    assert "Das überschneidet sich mit 18:00–24:00 Uhr" in words(response)


def test_a_second_room_of_the_name_is_refused_and_one_after_a_deletion_is_not(desk, centre):
    desk.post(ADD, room_values(centre))
    assert desk.post(ADD, room_values(centre)).status_code == 200
    room = Room.objects.get()
    desk.post(reverse("bookings_rooms:delete", args=[room.pk]))
    assert not Room.objects.exists()
    assert desk.post(ADD, room_values(centre)).status_code == 302


def test_a_room_that_somebody_begins_to_use_while_it_is_deleted_stays(desk, room, monkeypatch):
    def delete(view) -> None:  # as the database sees it: the rows that came meanwhile are unknown
        Room.spaces.through.objects.filter(room=view.object)._raw_delete("default")
        Room.objects.filter(pk=view.object.pk)._raw_delete("default")

    monkeypatch.setattr("wagtail.admin.views.generic.DeleteView.delete_action", delete)
    response = desk.post(reverse("bookings_rooms:delete", args=[room.pk]), follow=True)
    assert response.status_code == 200
    assert "Das wird gerade von jemandem benutzt." in words(response)
    assert Room.objects.filter(pk=room.pk).exists()


def test_parts_of_another_centre_are_no_choice(desk, centre, nordholz):
    space = SpaceFactory.create(centre=nordholz.centre)
    response = desk.post(ADD, room_values(centre, spaces=[space.pk]))
    assert response.status_code == 200
    assert desk.post(ADD, room_values(nordholz.centre)).status_code == 200
    assert not Room.objects.exists()


def test_the_administration_cannot_mix_parts_of_two_centres(
    client, administrator, centre, nordholz
):
    client.force_login(administrator)
    space = SpaceFactory.create(centre=nordholz.centre, name="Fremder Teil")
    response = client.post(ADD, room_values(centre, spaces=[space.pk]))
    assert "Diese Teile gehören zu einem anderen Zentrum: Fremder Teil." in words(response)


def test_parts_change_only_while_no_date_is_ahead(desk, room, centre):
    other = SpaceFactory.create(centre=centre)
    requested(room)
    values = room_values(centre, spaces=[other.pk], name="Umbenannt", **NO_ROWS)
    response = desk.post(edit_url(room), values)
    assert "Für diesen Raum stehen noch Termine oder Schließungen an." in words(response)
    room.refresh_from_db()
    assert room.name == "Kursraum"
    assert other not in room.spaces.all()
    Booking.objects.get()
    free = add_room(centre, "Küche")
    assert (
        desk.post(edit_url(free), room_values(centre, spaces=[other.pk], **NO_ROWS)).status_code
        == 302
    )
    assert list(free.spaces.all()) == [other]


def as_it_stands(client, url: str) -> dict[str, object]:
    """Return what the form on this page would send."""
    form = client.get(url).context["form"]
    values: dict[str, object] = {}
    for formset in form.formsets.values():
        for part in (formset.management_form, *formset):
            values |= {field.html_name: field.value() for field in part}
    values |= {field.html_name: field.value() for field in form}
    values["spaces"] = [space.pk for space in form.instance.spaces.all()]
    return {
        name: value for name, value in values.items() if value not in (None, False) or value == 0
    }


def test_a_room_is_saved_as_it_stands_and_changed_in_one_place(desk, room):
    requested(room)
    values = as_it_stands(desk, edit_url(room))
    before = list(room.hours.values()), list(room.layouts.values())
    response = desk.post(edit_url(room), values)
    assert response.status_code == 302, response.context["form"].errors
    assert (list(room.hours.values()), list(room.layouts.values())) == before
    desk.post(edit_url(room), {**values, "hours-0-opens": "9", "costs": "5 € je Stunde"})
    room.refresh_from_db()
    assert room.costs == "5 € je Stunde"
    assert room.hours.first().opens == dt.time(9)
    assert room.hours.count() == 7


def test_less_room_than_a_seating_holds_is_refused(desk, room):
    values = {**as_it_stands(desk, edit_url(room)), "capacity": "24"}
    assert "höchstens 24" in words(desk.post(edit_url(room), values))


def test_a_seating_stays_while_dates_ahead_need_it(desk, room, clock):
    layout = room.layouts.get()
    booking = promised(room, layout=layout)
    values = {**as_it_stands(desk, edit_url(room)), "layouts-0-DELETE": "on", "costs": "frei"}
    response = desk.post(edit_url(room), values)
    assert "„Reihen“ wird für kommende Termine gebraucht." in words(response)
    (row,) = response.context["form"].formsets["layouts"]
    assert not row["DELETE"].value()  # it is shown again
    booking.refresh_from_db()
    assert booking.layout == layout
    clock.shift(dt.timedelta(days=7))
    assert desk.post(edit_url(room), values).status_code == 302
    assert not room.layouts.exists()


@pytest.mark.parametrize("key", ["abc", "9" * 5000, "½"])
def test_rows_with_keys_that_are_none_are_no_crash(desk, room, centre, key):
    values = {**room_values(centre), "hours-INITIAL_FORMS": 1, "hours-0-id": key}
    assert desk.post(edit_url(room), values).status_code == 400


def test_thousands_of_rows_are_not_even_made(desk, room, centre):
    values = {**room_values(centre), "layouts-TOTAL_FORMS": "9" * 400}
    assert desk.post(edit_url(room), values).status_code == 400


def test_rows_that_were_never_shown_are_no_crash(desk, room, centre):
    values = {**room_values(centre), "hours-INITIAL_FORMS": 2, "hours-0-id": "99999"}
    del values["hours-1-id"]
    assert desk.post(edit_url(room), values).status_code == 400


def test_rows_that_somebody_else_stored_meanwhile_are_told(desk, room, centre):
    response = desk.post(edit_url(room), room_values(centre, hours=[(0, "8:00", "12:00")]))
    assert "Jemand hat diese Angaben geändert" in words(response)
    assert room.hours.count() == 7


def test_what_has_a_history_stays_with_a_sentence(desk, room, centre):
    requested(room)
    space = room.spaces.get()
    for name, thing, sentence in (
        ("bookings_rooms", room, "Für „Kursraum“ gibt es Anfragen oder Termine"),
        ("bookings_spaces", space, "„Kursraum (Teil)“ gehört zu Kursraum"),
    ):
        url = reverse(f"{name}:delete", args=[thing.pk])
        for send in (desk.get, desk.post):
            response = send(url)
            assert response.status_code == 302
            assert sentence in words(desk.get(response.url))
    room.refresh_from_db()
    assert room.spaces.get() == space


def test_what_only_the_history_knows_stays_with_a_true_sentence(desk, room, centre, manager, clock):
    kitchen, cellar = add_room(centre, "Küche"), add_room(centre, "Keller")
    change = wish([move(date_of(promised(room)), room=kitchen)])
    refuse_change(change=change, actor=manager, reason="belegt", now=NOW)
    create_closure(
        centre=centre, rooms=[cellar], span=span(), reason="Reinigung", actor=manager, now=NOW
    )
    clock.shift(dt.timedelta(days=7))
    part = cellar.spaces.get()
    desk.post(reverse("bookings_rooms:delete", args=[cellar.pk]))
    assert not Room.objects.filter(pk=cellar.pk).exists()
    for name, thing, sentence in (
        ("bookings_rooms", kitchen, "Ein Änderungswunsch nennt „Küche“"),
        ("bookings_spaces", part, "„Keller (Teil)“ war schon einmal belegt oder geschlossen"),
    ):
        response = desk.post(reverse(f"{name}:delete", args=[thing.pk]), follow=True)
        assert sentence in words(response)
        assert type(thing).objects.filter(pk=thing.pk).exists()


def test_a_part_alone_is_added_and_deleted(desk, centre):
    desk.post("/verwaltung/raeume/teil/new/", {"centre": centre.pk, "name": "Foyer"})
    space = Space.objects.get()
    assert "Foyer" in words(desk.get(OVERVIEW))
    desk.post(reverse("bookings_spaces:delete", args=[space.pk]))
    assert not Space.objects.exists()


def test_managers_of_older_centres_get_what_they_need(desk, centre, room):
    centre.group.permissions.filter(content_type__app_label="bookings").delete()
    centre.group.permissions.clear()
    post_migrate.send(sender=_bookings(), app_config=_bookings(), verbosity=0, using="default")
    held = centre.group.permissions.values_list("codename", flat=True)
    assert {"add_room", "change_room", "delete_room", "add_space"} <= set(held)
    assert connection.is_usable()


def _bookings():
    from django.apps import apps  # noqa: PLC0415

    return apps.get_app_config("bookings")


# Set-up by kind of use ----------------------------------------------------------------------------


def test_a_kind_of_use_has_its_own_set_up(desk, centre):
    rows = [("sport", 0, 30), ("party", 60, 90)]
    response = desk.post(ADD, room_values(centre, setup_minutes="10", use_buffers=rows))
    assert response.status_code == 302, response.context["form"].errors
    room = Room.objects.get()
    minutes = {
        use: [part.seconds // 60 for part in room.buffers_for(use)]
        for use in ("sport", "party", "music", "")
    }
    assert minutes == {"sport": [0, 30], "party": [60, 90], "music": [10, 0], "": [10, 0]}
    assert "Auf- und Abbau je nach Nutzung" in words(desk.get(edit_url(room)))


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([("sport", 0, 721)], "kleiner oder gleich 720"),
        ([("sport", 0, 10), ("sport", 0, 20)], "doppelte"),
        ([("schach", 0, 10)], "gültige Auswahl"),
    ],
)
def test_a_wrong_set_up_is_said_and_nothing_is_stored(desk, centre, rows, sentence):
    response = desk.post(ADD, room_values(centre, use_buffers=rows))
    assert response.status_code == 200
    assert sentence in words(response)
    assert not Room.objects.exists()
