"""The menu in task words, by role; every change in at most four clicks."""

import pytest
from django.urls import reverse

from cms.models import HoursException, PracticePage
from tests.cms.desk import follow, form_values, menu, text
from tests.factories.staff import assistant_of

pytestmark = pytest.mark.usefixtures("tuesday_morning")


def test_a_manager_reads_task_words_and_nothing_else(desk, alfeld):
    entries = menu(desk)
    assert list(entries)[:10] == [
        "Heute",
        "Anfragen",
        "Öffnungszeiten",
        "Seiten",
        "Bilder & Dokumente",
        "Bilder",
        "Dokumente",
        "Vereine",
        "Räume",
        "Adresse & Anfahrt",
    ]
    assert not {"Weiteres", "Berichte", "Einstellungen", "Hilfe", "Snippets"} & set(entries)
    assert entries["Seiten"] == reverse("wagtailadmin_explore", args=[alfeld.pk])


def test_an_assistant_reads_two_entries(client, practice):
    client.force_login(assistant_of(practice))
    entries = [label for label, url in menu(client).items() if "/account/" not in url]
    assert entries[:2] == ["Heute", "Öffnungszeiten"]
    assert not {"Seiten", "Bilder", "Adresse & Anfahrt", "Weiteres"} & set(entries)


def test_the_administration_finds_everything_else_under_more(client, administrator, tree):
    client.force_login(administrator)
    entries = menu(client)
    assert {"Heute", "Seiten", "Weiteres", "Zentren", "Träger", "Einstellungen"} <= set(entries)
    assert entries["Seiten"] == reverse("wagtailadmin_explore", args=[tree.home.pk])


# Four clicks ---------------------------------------------------------------------------------------


def test_from_the_page_tree_the_phone_is_three_clicks_away(desk, alfeld, practice):
    pages = menu(desk)["Seiten"]  # 1
    edit = follow(desk, pages, "Hausarztpraxis im RVZ Alfeld")  # 2
    contact = follow(desk, edit, "Kontakt ändern")  # 3
    response = desk.post(
        contact, {**form_values(desk, contact), "phone": "05181 84 71 71", "zurueck": edit}
    )  # 4: save
    assert response.url == edit
    assert practice.contacts.first().phone == "05181 84 71 71"


def test_from_the_menu_the_phone_is_two_clicks_away(desk, practice):
    contact = follow(desk, menu(desk)["Adresse & Anfahrt"], "Kontakt ändern")  # 1, 2
    desk.post(contact, {**form_values(desk, contact), "phone": "05181 84 71 71"})  # 3: save
    assert practice.contacts.first().phone == "05181 84 71 71"


def test_from_the_public_page_each_change_is_two_clicks_away(desk, alfeld, practice):
    page = PracticePage.objects.child_of(alfeld).get()
    contact = follow(desk, page.url, "Kontakt ändern")  # 1
    values = {**form_values(desk, contact), "phone": "05181 84 71 71", "zurueck": page.url}
    assert desk.post(contact, values).url == page.url  # 2: save
    assert "05181 84 71 71" in text(desk.get(page.url))
    closure = follow(desk, page.url, "Urlaub oder Schließung eintragen")  # 1
    values = {"first_day": "2026-11-24", "what": "closed", "reason": "leave", "zurueck": page.url}
    assert desk.post(closure, values).url == page.url  # 2: save
    assert "Urlaub: am 24. November 2026 geschlossen" in text(desk.get(page.url))
    edit = follow(desk, page.url, "Text ändern")  # 1
    assert edit == reverse("wagtailadmin_pages:edit", args=[page.pk])


@pytest.mark.parametrize("start", ["menu", "tree", "today"])
def test_a_closure_is_at_most_three_clicks_away(desk, alfeld, start):
    page = {
        "menu": lambda: menu(desk)["Öffnungszeiten"],
        "tree": lambda: follow(desk, menu(desk)["Seiten"], "Hausarztpraxis im RVZ Alfeld"),
        "today": lambda: "/verwaltung/",
    }[start]()
    closure = follow(desk, page, "Urlaub oder Schließung eintragen")
    values = {"first_day": "2026-12-23", "what": "closed", "reason": "leave"}
    assert desk.post(closure, values).status_code == 302
    assert HoursException.objects.get().closed


def test_a_text_is_three_clicks_away_from_the_menu(desk):
    edit = follow(desk, menu(desk)["Seiten"], "Hausarztpraxis im RVZ Alfeld")
    response = desk.get(edit)
    assert response.context["action_menu"].default_item.name == "action-publish"
