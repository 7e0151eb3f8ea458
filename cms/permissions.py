"""Who may what, in plain words.

Administration: superusers. Managers: the members of a centre's group. Practice assistants: the
people with a StaffRole; their services come from the role.
"""

from collections.abc import Collection
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Model, Q, QuerySet
from wagtail.permission_policies import ModelPermissionPolicy

from cms.models import Centre, Service, StaffRole, User

Person = User | AnonymousUser
AnyModel = TypeVar("AnyModel", bound=Model)


# Questions ---------------------------------------------------------------------------------------


def is_administration(user: Person) -> bool:
    return user.is_active and user.is_superuser


def is_manager(user: Person) -> bool:
    return not is_administration(user) and centres_of(user).exists()


def centres_of(user: Person) -> QuerySet[Centre]:
    """Return the centres whose facts, pages and files the user looks after."""
    if is_administration(user):
        return Centre.objects.all()
    if not user.is_active or not user.is_authenticated:
        return Centre.objects.none()
    return Centre.objects.filter(group__in=user.groups.all())


def services_of(user: Person) -> QuerySet[Service]:
    """Return the services whose hours the user keeps."""
    if is_administration(user):
        return Service.objects.all()
    if not user.is_active or not user.is_authenticated:
        return Service.objects.none()
    return Service.objects.filter(
        Q(centre__in=centres_of(user))
        # A role counts at its own centre only, whatever services were ticked.
        | Q(
            pk__in=StaffRole.services.through.objects.filter(
                staffrole__user=user,
                staffrole__role=StaffRole.Role.PRACTICE_ASSISTANT,
                service__centre=F("staffrole__centre"),
            ).values("service")
        )
    )


def may_edit_centre(user: Person, centre: Centre) -> bool:
    return centres_of(user).filter(pk=centre.pk).exists()


def may_edit_hours(user: Person, service: Service) -> bool:
    return services_of(user).filter(pk=service.pk).exists()


def may_edit_contact(user: Person, service: Service) -> bool:
    return centres_of(user).filter(pk=service.centre_id).exists()


# Objects of a centre -----------------------------------------------------------------------------

# How one gets from a model to its centre; the admin shows and takes only rows of own centres.
_centre_lookups: dict[type[Model], str] = {Centre: "pk"}


def register_centre_lookup(model: type[Model], lookup: str) -> None:
    """Say how one gets from a model to its centre, for example "location__centre"."""
    _centre_lookups[model] = lookup


def restrict_to_centres(user: Person, rows: QuerySet[AnyModel]) -> QuerySet[AnyModel]:
    """Keep the rows of the user's centres.

    A model without a centre (operators, providers) belongs to the administration alone.
    """
    if is_administration(user):
        return rows
    lookup = _centre_lookups.get(rows.model)
    return rows.filter(**{f"{lookup}__in": centres_of(user)}) if lookup else rows.none()


class CentrePolicy(ModelPermissionPolicy):
    """The model's permission, and only for objects of one's own centres."""

    def user_has_permission_for_instance(self, user: Person, action: str, instance: Model) -> bool:
        return (
            self.user_has_permission(user, action)
            and restrict_to_centres(user, self.model.objects.filter(pk=instance.pk)).exists()
        )

    def instances_user_has_any_permission_for(
        self, user: Person, actions: Collection[str]
    ) -> QuerySet[Any]:
        return restrict_to_centres(
            user, super().instances_user_has_any_permission_for(user, actions)
        )
