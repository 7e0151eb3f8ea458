"""Associations and groups."""

from datetime import datetime

from django.db import transaction

from bookings.models import Association, Membership
from cms.models import Centre, User


@transaction.atomic
def register_association(
    *,
    name: str,
    legal_form: str,
    home_centre: Centre,
    user: User,
    now: datetime,
    name_is_public: bool = False,
) -> Association:
    """Register an association with its first person as main contact; the team checks it later."""
    association = Association.objects.create(
        name=name,
        legal_form=legal_form,
        home_centre=home_centre,
        name_is_public=name_is_public,
        created_at=now,
    )
    Membership.objects.create(association=association, user=user, role=Membership.Role.MAIN_CONTACT)
    return association


def check_association(*, association: Association, actor: User, now: datetime) -> None:
    """Note that the team has checked an association; a second click changes nothing."""
    Association.objects.filter(pk=association.pk, checked_at__isnull=True).update(
        checked_at=now, checked_by=actor
    )
