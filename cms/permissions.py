"""Who may what, in plain words.

Administration: superusers. Managers: the members of a centre's group. Practice assistants: the
people with a StaffRole; their services come from the role.
"""

from collections.abc import Collection
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Model, Q, QuerySet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from cms.models import (
    Centre,
    Contact,
    Entrance,
    HolidayOverride,
    HoursException,
    HoursExceptionTime,
    Location,
    Operator,
    Person,
    Provider,
    Service,
    StaffRole,
    Stop,
    TransportOffer,
    User,
    WeeklyRule,
)

Visitor = User | AnonymousUser
AnyModel = TypeVar("AnyModel", bound=Model)


# Questions ---------------------------------------------------------------------------------------


def is_administration(user: Visitor) -> bool:
    return user.is_active and user.is_superuser


def is_manager(user: Visitor) -> bool:
    """Tell whether the user looks after a centre without being the administration."""
    return not is_administration(user) and centres_of(user).exists()


def centres_of(user: Visitor) -> QuerySet[Centre]:
    """Return the centres whose facts, pages and files the user looks after."""
    if is_administration(user):
        return Centre.objects.all()
    if not user.is_active or not user.is_authenticated:
        return Centre.objects.none()
    return Centre.objects.filter(group__in=user.groups.all())


def services_of(user: Visitor) -> QuerySet[Service]:
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


def may_edit_centre(user: Visitor, centre: Centre) -> bool:
    """Tell who changes address, contact and opening: managers."""
    return centres_of(user).filter(pk=centre.pk).exists()


def may_edit_hours(user: Visitor, service: Service) -> bool:
    """Tell who changes times and closures: managers and the service's assistants."""
    return services_of(user).filter(pk=service.pk).exists()


def may_edit_contact(user: Visitor, service: Service) -> bool:
    """Tell who changes a service's numbers, door and people: managers, not assistants."""
    return centres_of(user).filter(pk=service.centre_id).exists()


# Objects of a centre -----------------------------------------------------------------------------

# How one gets from a model to its centre; the admin shows and takes only rows of own centres.
_centre_lookups: dict[type[Model], str] = {
    Centre: "pk",
    Contact: "service__centre",
    Entrance: "location__centre",
    HoursException: "service__centre",
    HoursExceptionTime: "exception__service__centre",
    Location: "centre",
    Person: "service__centre",
    Service: "centre",
    StaffRole: "centre",
    Stop: "location__centre",
    TransportOffer: "centre",
    WeeklyRule: "service__centre",
}
# Models of ours without a centre; they belong to the administration alone.
_WITHOUT_CENTRE: tuple[type[Model], ...] = (Operator, Provider, HolidayOverride)


def register_centre_lookup(model: type[Model], lookup: str) -> None:
    """Say how one gets from a model of an upper app to its centre: "room__centre"."""
    _centre_lookups[model] = lookup
    register_permission_policy(model, CentrePolicy(model))


def restrict_to_centres(user: Visitor, rows: QuerySet[AnyModel]) -> QuerySet[AnyModel]:
    """Keep the rows of the user's centres.

    A model that nobody named a lookup for belongs to the administration alone.
    """
    if is_administration(user):
        return rows
    lookup = _centre_lookups.get(rows.model)
    return rows.filter(**{f"{lookup}__in": centres_of(user)}) if lookup else rows.none()


class CentrePolicy(ModelPermissionPolicy):
    """The model's permission, and only for objects of one's own centres."""

    def user_has_permission_for_instance(self, user: Visitor, action: str, instance: Model) -> bool:
        return (
            self.user_has_permission(user, action)
            and restrict_to_centres(user, self.model.objects.filter(pk=instance.pk)).exists()
        )

    def instances_user_has_any_permission_for(
        self, user: Visitor, actions: Collection[str]
    ) -> QuerySet[Any]:
        return restrict_to_centres(
            user, super().instances_user_has_any_permission_for(user, actions)
        )


def register_policies() -> None:
    """Give every fact its policy, before Wagtail falls back to those that know no centres."""
    for model in (*_centre_lookups, *_WITHOUT_CENTRE):
        register_permission_policy(model, CentrePolicy(model))
