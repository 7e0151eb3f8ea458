"""Who may what: administration, managers, practice assistants, everybody else."""

import pytest
from django.contrib.auth.models import AnonymousUser
from wagtail.permissions import policy_registry

from cms import permissions
from cms.models import Centre, Location, Operator, Provider, Service, StaffRole, TransportOffer
from cms.permissions import (
    centres_of,
    is_manager,
    may_edit_centre,
    may_edit_contact,
    may_edit_hours,
    restrict_to_centres,
    services_of,
)
from tests.factories.cms import ProviderFactory, ServiceFactory, UserFactory
from tests.factories.staff import assistant_of


def test_a_manager_looks_after_her_centre_and_its_services(manager, alfeld, nordholz, practice):
    assert list(centres_of(manager)) == [alfeld.centre]
    assert list(services_of(manager)) == [practice]
    assert is_manager(manager)
    assert may_edit_centre(manager, alfeld.centre)
    assert may_edit_hours(manager, practice)
    assert may_edit_contact(manager, practice)


def test_a_manager_may_change_nothing_of_another_centre(manager, nordholz):
    foreign = nordholz.centre.services.get()
    assert not may_edit_centre(manager, nordholz.centre)
    assert not may_edit_hours(manager, foreign)
    assert not may_edit_contact(manager, foreign)


def test_an_assistant_keeps_the_hours_of_her_services_only(alfeld, practice):
    other = ServiceFactory.create(centre=alfeld.centre)
    assistant = assistant_of(practice)
    assert list(services_of(assistant)) == [practice]
    assert may_edit_hours(assistant, practice)
    assert not may_edit_hours(assistant, other)
    assert not may_edit_contact(assistant, practice)
    assert not centres_of(assistant).exists()


def test_a_service_of_another_centre_ticked_in_a_role_counts_for_nothing(
    alfeld, nordholz, practice
):
    assistant = assistant_of(practice)
    assistant.staff_roles.get().services.add(nordholz.centre.services.get())
    assert list(services_of(assistant)) == [practice]


def test_a_role_without_services_gives_nothing(alfeld):
    user = UserFactory.create()
    StaffRole.objects.create(user=user, centre=alfeld.centre)
    assert not services_of(user).exists()


def test_the_administration_may_everything(administrator, alfeld, nordholz):
    assert set(centres_of(administrator)) == set(Centre.objects.all())
    assert set(services_of(administrator)) == set(Service.objects.all())
    assert not is_manager(administrator)


@pytest.mark.parametrize("who", ["nobody", "stranger", "left"])
def test_others_may_nothing(who, manager, alfeld, practice):
    manager.is_active = False
    user = {"nobody": AnonymousUser(), "stranger": UserFactory.create(), "left": manager}[who]
    assert not centres_of(user).exists()
    assert not services_of(user).exists()
    assert not may_edit_hours(user, practice)


def test_a_policy_knows_own_objects_and_no_others(manager, alfeld, nordholz):
    policy = policy_registry.get_by_type(Location)
    own, foreign = alfeld.centre.locations.get(), nordholz.centre.locations.get()
    assert policy.user_has_permission_for_instance(manager, "change", own)
    assert not policy.user_has_permission_for_instance(manager, "change", foreign)
    assert list(policy.instances_user_has_permission_for(manager, "change")) == [own]


def test_without_the_models_permission_an_own_object_does_not_help(manager, practice):
    policy = policy_registry.get_by_type(Service)
    assert not policy.user_has_permission_for_instance(manager, "change", practice)


def test_an_assistant_has_no_permission_on_any_model(practice):
    assistant = assistant_of(practice)
    for model in (Location, TransportOffer, Service, Centre):
        assert not policy_registry.get_by_type(model).user_has_any_permission(
            assistant, ["add", "change", "delete", "view"]
        )
    assert assistant.has_perm("wagtailadmin.access_admin")


def test_models_without_a_centre_are_the_administrations(manager, administrator, alfeld):
    assert not restrict_to_centres(manager, Operator.objects.all()).exists()
    assert restrict_to_centres(administrator, Operator.objects.all()).exists()


def test_an_upper_app_says_how_its_models_belong_to_a_centre(manager, alfeld, monkeypatch):
    monkeypatch.setattr(permissions, "_centre_lookups", dict(permissions._centre_lookups))
    own = ProviderFactory.create()
    foreign = ProviderFactory.create()
    ServiceFactory.create(centre=alfeld.centre, provider=own)
    assert not restrict_to_centres(manager, Provider.objects.all()).exists()
    permissions.register_centre_lookup(Provider, "services__centre")
    assert list(restrict_to_centres(manager, Provider.objects.all())) == [own]
    assert not policy_registry.get_by_type(Provider).user_has_permission_for_instance(
        manager, "change", foreign
    )
