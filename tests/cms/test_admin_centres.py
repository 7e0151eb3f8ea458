"""What makes a centre somebody's: group, collection, permissions, address."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from cms.models import Centre, CentrePage, StaffRole, StandardPage
from cms.services.centres import ensure_assistant_group, rename_slug, set_up_centre
from cms.services.staff import sync_assistant
from tests.factories.cms import OperatorFactory, UserFactory
from tests.factories.staff import assistant_of, manager_of


def counts():
    return [
        model.objects.count()
        for model in (Group, Collection, GroupPagePermission, GroupCollectionPermission)
    ]


def test_setting_up_twice_changes_nothing(alfeld):
    set_up_centre(centre=alfeld.centre, pages=[alfeld])
    before = counts(), set(alfeld.centre.group.permissions.all())
    set_up_centre(centre=Centre.objects.get(pk=alfeld.centre.pk), pages=[alfeld])
    assert (counts(), set(alfeld.centre.group.permissions.all())) == before


def test_what_was_lost_is_repaired(alfeld):
    set_up_centre(centre=alfeld.centre, pages=[alfeld])
    before = counts(), alfeld.centre.group.permissions.count()
    GroupPagePermission.objects.filter(group=alfeld.centre.group).delete()
    GroupCollectionPermission.objects.filter(group=alfeld.centre.group).delete()
    alfeld.centre.group.permissions.clear()
    set_up_centre(centre=alfeld.centre, pages=[alfeld])
    assert (counts(), alfeld.centre.group.permissions.count()) == before


def test_a_renamed_centre_takes_its_group_and_collection_along(alfeld):
    set_up_centre(centre=alfeld.centre, pages=[alfeld])
    group, collection = alfeld.centre.group.pk, alfeld.centre.collection.pk
    alfeld.centre.name = "RVZ Neuer Name"
    set_up_centre(centre=alfeld.centre, pages=[alfeld])
    assert Group.objects.get(pk=group).name.endswith("RVZ Neuer Name")
    assert Collection.objects.get(pk=collection).name == "RVZ Neuer Name"


def test_the_group_of_the_assistants_opens_the_admin_and_nothing_else(alfeld):
    group = ensure_assistant_group()
    assert [permission.codename for permission in group.permissions.all()] == ["access_admin"]
    assert not GroupPagePermission.objects.filter(group=group).exists()
    assert ensure_assistant_group() == group


def test_who_loses_the_last_role_leaves_the_group(alfeld):
    assistant = assistant_of(alfeld.centre.services.get())
    StaffRole.objects.filter(user=assistant).delete()
    sync_assistant(user=assistant)
    assert not assistant.groups.exists()


def test_the_address_follows_the_short_name_with_all_pages_below(alfeld):
    alfeld.centre.slug = "leinetal"
    alfeld.centre.save()
    rename_slug(centre=alfeld.centre)
    page = CentrePage.objects.get(pk=alfeld.pk)
    assert page.slug == "leinetal"
    assert page.get_children().get().url_path.startswith(page.url_path)


def test_a_draft_of_the_centres_page_survives_a_new_address(alfeld):
    alfeld.title = "Entwurf des Titels"
    alfeld.save_revision()
    alfeld.centre.slug = "leinetal"
    alfeld.centre.save()
    rename_slug(centre=alfeld.centre)
    page = CentrePage.objects.get(pk=alfeld.pk)
    assert page.title != "Entwurf des Titels"
    assert page.get_latest_revision_as_object().title == "Entwurf des Titels"


def test_an_address_that_a_page_beside_has_is_refused(tree, alfeld):
    tree.home.add_child(instance=StandardPage(title="Über RVZ", slug="ueber-rvz"))
    alfeld.centre.slug = "ueber-rvz"
    with pytest.raises(ValidationError):
        rename_slug(centre=alfeld.centre)


def centre_values(centre: Centre, **changes) -> dict:
    fields = ("name", "place", "slug", "status", "phone", "email")
    values = {name: getattr(centre, name) for name in fields}
    return {
        **values,
        "operator": centre.operator_id,
        "status_date": "2026-11-01",
        **changes,
    }


def test_the_administration_renames_a_centre_and_everything_follows(client, administrator, alfeld):
    manager_of(alfeld)
    client.force_login(administrator)
    url = reverse("cms_centres:edit", args=[alfeld.centre.pk])
    values = centre_values(alfeld.centre, name="RVZ Leinetal", slug="leinetal")
    assert client.post(url, values).status_code == 302
    page = CentrePage.objects.get(pk=alfeld.pk)
    assert page.slug == "leinetal"
    assert page.centre.group.name == "Zentrumsleitung RVZ Leinetal"


def test_a_taken_address_is_an_error_at_the_field(client, administrator, tree, alfeld):
    tree.home.add_child(instance=StandardPage(title="Über RVZ", slug="ueber-rvz"))
    client.force_login(administrator)
    url = reverse("cms_centres:edit", args=[alfeld.centre.pk])
    response = client.post(url, centre_values(alfeld.centre, slug="ueber-rvz"))
    assert "hat schon die Adresse" in response.content.decode()
    assert Centre.objects.get(pk=alfeld.centre.pk).slug == "alfeld"


@pytest.mark.parametrize("slug", ["suche", "verwaltung"])
def test_a_reserved_address_is_an_error_at_the_field(client, administrator, alfeld, slug):
    client.force_login(administrator)
    url = reverse("cms_centres:edit", args=[alfeld.centre.pk])
    response = client.post(url, centre_values(alfeld.centre, slug=slug))
    assert "von der Website selbst" in response.content.decode() or response.status_code == 200
    assert Centre.objects.get(pk=alfeld.centre.pk).slug == "alfeld"


def test_no_name_turns_the_direction_of_writing(client, administrator, alfeld):
    client.force_login(administrator)
    url = reverse("cms_centres:edit", args=[alfeld.centre.pk])
    response = client.post(url, centre_values(alfeld.centre, name="RVZ \u202e"))
    assert "unsichtbares Zeichen" in response.text
    assert Centre.objects.filter(name="RVZ \u202e").count() == 0


def test_a_new_centre_has_its_group_and_collection_at_once(client, administrator, tree):
    client.force_login(administrator)
    centre = Centre(name="RVZ Neu", place="Neustadt", slug="neustadt", status="planned")
    centre.operator = OperatorFactory.create()
    values = centre_values(centre, phone="", email="")
    assert client.post(reverse("cms_centres:add"), values).status_code == 302
    centre = Centre.objects.get(slug="neustadt")
    assert centre.group is not None
    assert centre.collection is not None


def test_giving_a_role_opens_the_admin_and_taking_it_closes_it(client, administrator, alfeld):
    client.force_login(administrator)
    user = UserFactory.create()
    practice = alfeld.centre.services.get()
    values = {
        "user": user.pk,
        "centre": alfeld.centre.pk,
        "role": "practice_assistant",
        "services": [practice.pk],
    }
    assert client.post(reverse("cms_staff_roles:add"), values).status_code == 302
    assert user.groups.filter(name="Praxisassistenz").exists()
    role = user.staff_roles.get()
    client.post(reverse("cms_staff_roles:delete", args=[role.pk]))
    assert not user.groups.exists()


def test_a_role_takes_services_of_its_own_centre_only(client, administrator, alfeld, nordholz):
    client.force_login(administrator)
    values = {
        "user": UserFactory.create().pk,
        "centre": alfeld.centre.pk,
        "role": "practice_assistant",
        "services": [nordholz.centre.services.get().pk],
    }
    response = client.post(reverse("cms_staff_roles:add"), values)
    assert "gehören zu einem anderen Zentrum" in response.content.decode()
    assert not StaffRole.objects.exists()
