"""Pages in the admin: choices, limits, deletions, the panel with the facts."""

import json
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from cms.models import CentrePage, LegalNoticePage, PracticePage, ServiceKind, StandardPage
from home.models import HomePage
from tests.factories.cms import ServiceFactory


@pytest.fixture
def practice_page(alfeld) -> PracticePage:
    return PracticePage.objects.child_of(alfeld).get()


def page_values(page: Page, **changes) -> dict:
    values = {"title": page.title, "slug": page.slug, "lead": "", "body": streamfield([])}
    if isinstance(page, PracticePage) and page.service_id:
        values["service"] = page.service_id
    return nested_form_data({**values, **changes})


def edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


# What a page may speak of ------------------------------------------------------------------------


def test_a_page_offers_services_of_its_centre_and_kind_only(desk, alfeld, nordholz):
    ServiceFactory.create(centre=alfeld.centre, name="Café Linde", kind=ServiceKind.CAFE)
    ServiceFactory.create(centre=alfeld.centre, name="Zweite Praxis", kind=ServiceKind.GP)
    ServiceFactory.create(centre=nordholz.centre, name="Praxis am Meer", kind=ServiceKind.GP)
    url = reverse("wagtailadmin_pages:add", args=["cms", "practicepage", alfeld.pk])
    choices = desk.get(url).context["form"].fields["service"].queryset
    assert {service.name for service in choices} == {"Hausarztpraxis (MVZ)", "Zweite Praxis"}


def test_a_forged_service_of_another_centre_is_refused(desk, practice_page, nordholz):
    foreign = nordholz.centre.services.get()
    response = desk.post(edit_url(practice_page), page_values(practice_page, service=foreign.pk))
    assert response.context["form"].errors["service"]
    practice_page.refresh_from_db()
    assert practice_page.service.centre.slug == "alfeld"


def test_a_legal_notice_names_an_operator_of_its_own_centre(desk, alfeld, nordholz):
    url = reverse("wagtailadmin_pages:add", args=["cms", "legalnoticepage", alfeld.pk])
    own, foreign = alfeld.centre.operator, nordholz.centre.operator
    assert list(desk.get(url).context["form"].fields["operator"].queryset) == [own]
    page = LegalNoticePage(title="Impressum", slug="impressum")
    response = desk.post(url, page_values(page, operator=foreign.pk))
    assert response.context["form"].errors["operator"]
    assert not LegalNoticePage.objects.exists()


def test_a_manager_has_no_field_for_the_centre_or_its_address(desk, alfeld, nordholz):
    form = desk.get(edit_url(alfeld)).context["form"]
    assert not {"centre", "slug"} & set(form.fields)
    values = page_values(alfeld, centre=nordholz.centre.pk, slug="anders")
    desk.post(edit_url(alfeld), {**values, "action-publish": "1"})
    page = CentrePage.objects.get(pk=alfeld.pk)
    assert (page.slug, page.centre) == ("alfeld", alfeld.centre)


def test_a_manager_publishes_a_text(desk, practice_page):
    body = streamfield([("text", rich_text("<p>Bitte bringen Sie Ihre Karte mit.</p>"))])
    values = {**page_values(practice_page, body=body), "action-publish": "1"}
    assert desk.post(edit_url(practice_page), values).status_code == 302
    practice_page.refresh_from_db()
    assert "Ihre Karte" in str(practice_page.body)


@pytest.mark.parametrize("slug", ["suche", "verwaltung"])
def test_a_reserved_address_is_an_error_at_the_field(client, administrator, tree, slug):
    client.force_login(administrator)
    url = reverse("wagtailadmin_pages:add", args=["cms", "standardpage", tree.home.pk])
    page = StandardPage(title="Seite", slug=slug)
    response = client.post(url, page_values(page, purpose="text"))
    assert response.context["form"].errors["slug"]


def test_saving_by_itself_does_not_trip_over_our_rules(desk, practice_page, nordholz):
    """Wagtail saves drafts in the background and asks for JSON."""
    headers = {"accept": "application/json"}
    answer = desk.post(edit_url(practice_page), page_values(practice_page), headers=headers)
    assert answer.json()["success"]
    for broken in (
        {"title": "Seite", "service": ""},
        {"service": nordholz.centre.services.get().pk},
    ):
        answer = desk.post(
            edit_url(practice_page), page_values(practice_page, **broken), headers=headers
        )
        assert answer.status_code in {200, 400}
        assert not json.loads(answer.content)["success"]


def test_saving_a_new_page_by_itself_waits_for_what_it_needs(desk, alfeld):
    url = reverse("wagtailadmin_pages:add", args=["cms", "practicepage", alfeld.pk])
    headers = {"accept": "application/json"}
    answer = desk.post(url, page_values(PracticePage(title="Neu", slug="neu")), headers=headers)
    assert answer.status_code == 400
    assert not answer.json()["success"]


# Where pages may go ------------------------------------------------------------------------------


def test_a_page_cannot_be_moved_or_copied_to_another_centre(desk, alfeld, nordholz):
    page = alfeld.add_child(instance=StandardPage(title="Über uns", slug="ueber-uns"))
    url = reverse("wagtailadmin_pages:move_confirm", args=[page.pk, nordholz.pk])
    assert desk.post(url).status_code in {302, 403, 404}
    copy = {
        "new_title": "Kopie",
        "new_slug": "kopie",
        "new_parent_page": nordholz.pk,
        "publish_copies": "on",
    }
    desk.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), copy)
    assert not Page.objects.child_of(nordholz).filter(title__in=["Über uns", "Kopie"]).exists()
    assert page.get_parent().pk == alfeld.pk


def test_a_manager_adds_pages_below_her_centre_and_nowhere_else(desk, alfeld, nordholz, tree):
    values = page_values(StandardPage(title="Neu", slug="neu"), purpose="text")
    for parent in (nordholz, tree.home):
        url = reverse("wagtailadmin_pages:add", args=["cms", "standardpage", parent.pk])
        desk.post(url, {**values, "action-publish": "1"})
    assert not StandardPage.objects.filter(slug="neu").exists()
    url = reverse("wagtailadmin_pages:add", args=["cms", "standardpage", alfeld.pk])
    desk.post(url, {**values, "action-publish": "1"})
    assert StandardPage.objects.child_of(alfeld).filter(slug="neu").exists()


def test_a_new_centre_page_gives_its_managers_their_rights(client, administrator, tree):
    tree.add_centre("Alfeld")
    centre = CentrePage.objects.get().centre
    CentrePage.objects.get().delete()
    client.force_login(administrator)
    url = reverse("wagtailadmin_pages:add", args=["cms", "centrepage", tree.home.pk])
    values = page_values(CentrePage(title="RVZ Alfeld", slug="alfeld"), centre=centre.pk)
    assert client.post(url, {**values, "action-publish": "1"}).status_code == 302
    centre.refresh_from_db()
    page = CentrePage.objects.get()
    assert page.group_permissions.filter(group=centre.group).count() == 3


# Deleting ----------------------------------------------------------------------------------------


def test_a_manager_deletes_her_pages_but_not_the_centres(desk, alfeld, practice_page):
    desk.post(reverse("wagtailadmin_pages:delete", args=[practice_page.pk]))
    assert not PracticePage.objects.filter(pk=practice_page.pk).exists()
    url = reverse("wagtailadmin_pages:delete", args=[alfeld.pk])
    assert "nur die Verwaltung" in desk.get(url, follow=True).content.decode()
    desk.post(url)
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    desk.post(f"{bulk}?id={alfeld.pk}&next=/")
    assert CentrePage.objects.filter(pk=alfeld.pk).exists()


def test_deleting_a_page_above_protected_ones_is_no_server_error(
    client, administrator, alfeld, monkeypatch
):
    """A protecting reference from below stops the deletion of every page above it."""
    client.force_login(administrator)
    practice = alfeld.centre.services.get()
    home = HomePage.objects.get()

    def protected(objects):
        return [practice] if any(page.pk == alfeld.pk for page in objects) else []

    monkeypatch.setattr("cms.admin.guards.obstacles_to_deleting", protected)
    for page in (alfeld, home):
        url = reverse("wagtailadmin_pages:delete", args=[page.pk])
        response = client.post(url, follow=True)
        assert "kann nicht gelöscht werden" in response.content.decode()
    assert CentrePage.objects.filter(pk=alfeld.pk).exists()


# The panel ---------------------------------------------------------------------------------------


def test_the_first_panel_shows_the_facts_and_the_ways_to_change_them(desk, practice_page):
    body = desk.get(edit_url(practice_page)).content.decode()
    service = practice_page.service_id
    for fact in ("030 23125 410", "Rezepte", "030 23125 411", "8:00–12:00"):
        assert fact in body
    back = urlencode({"zurueck": f"/verwaltung/pages/{practice_page.pk}/edit/"})
    for name in ("service_hours", "service_contact", "hours_exception_add"):
        assert f"{reverse(name, args=[service])}?{back}" in body


def test_the_centres_page_shows_phone_and_address(desk, alfeld):
    body = desk.get(edit_url(alfeld)).content.decode()
    assert alfeld.centre.phone in body
    assert "Hauptstraße 1, Alfeld" in body
    assert reverse("centre_contact", args=[alfeld.centre.pk]) in body


def test_drafts_of_other_centres_are_not_in_the_page_chooser(desk, alfeld, nordholz):
    for parent, title in ((nordholz, "Fremder Entwurf"), (alfeld, "Eigener Entwurf")):
        parent.add_child(instance=StandardPage(title=title, slug="entwurf", live=False))
    listing = desk.get(reverse("wagtailadmin_choose_page_child", args=[alfeld.pk])).json()["html"]
    assert "Eigener Entwurf" in listing
    url = reverse("wagtailadmin_choose_page_child", args=[nordholz.pk])
    assert "Fremder Entwurf" not in desk.get(url).content.decode()
    search = reverse("wagtailadmin_choose_page_search")
    assert "Fremder Entwurf" not in desk.get(f"{search}?q=Entwurf").content.decode()


def test_publishing_is_the_button_that_stands_there(desk, practice_page):
    menu = desk.get(edit_url(practice_page)).context["action_menu"]
    assert menu.default_item.name == "action-publish"


# What no browser sends ---------------------------------------------------------------------------


@pytest.mark.parametrize("sent", ["", "{", "<script>", "\x00"])
def test_broken_rich_text_is_refused_and_changes_nothing(desk, practice_page, sent):
    values = page_values(practice_page, body=streamfield([("text", sent)]))
    response = desk.post(edit_url(practice_page), {**values, "action-publish": "1"})
    assert response.status_code == 400
    practice_page.refresh_from_db()
    assert len(practice_page.body) == 0


def test_a_number_too_large_for_the_database_is_refused(desk, practice_page):
    response = desk.get(f"/verwaltung/api/main/pages/?offset={'9' * 20}")
    assert response.status_code == 400


def sent_by_the_editor(text: str) -> str:
    block = {"key": "a", "text": text, "type": "unstyled", "depth": 0}
    ranges: dict[str, list[str]] = {"inlineStyleRanges": [], "entityRanges": []}
    return json.dumps({"blocks": [{**block, **ranges}], "entityMap": {}})


def test_half_an_emoji_is_dropped(desk, practice_page):
    """Draft.js leaves one when somebody deletes into the middle of an emoji."""
    text = sent_by_the_editor("Willkommen \ud83d und \U0001f600")
    values = page_values(practice_page, body=streamfield([("text", text)]))
    response = desk.post(edit_url(practice_page), {**values, "action-publish": "1"})
    assert response.status_code == 302
    practice_page.refresh_from_db()
    assert "Willkommen  und \U0001f600" in practice_page.body[0].value.source


def test_nul_in_a_text_is_refused_at_the_block(desk, practice_page):
    text = sent_by_the_editor("Vor\x00her")
    values = page_values(practice_page, body=streamfield([("text", text)]))
    response = desk.post(edit_url(practice_page), {**values, "action-publish": "1"})
    assert "Nullzeichen sind nicht erlaubt" in response.text
    practice_page.refresh_from_db()
    assert len(practice_page.body) == 0
