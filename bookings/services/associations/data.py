"""What is known of an association: entered by its people, checked by the centre's team."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from bookings.models import Association, Membership
from bookings.notifications.associations import notify_check_again
from bookings.rules.associations import (
    GROUPS_UNCHECKED,
    SECOND_CLICK,
    NotDone,
    NotDoneError,
)
from bookings.services.associations.locked import (
    lock_association,
    lock_person,
    require_main_contact,
)
from cms.models import Centre, User


@dataclass(frozen=True, kw_only=True)
class AssociationData:
    """`notice_on`, `notice_until`: of the non-profit notice; both or none."""

    name: str
    legal_form: str
    register_number: str = ""
    home_municipality: str = ""
    notice_on: date | None = None
    notice_until: date | None = None
    responsible_name: str = ""
    responsible_phone: str = ""
    responsible_email: str = ""
    name_is_public: bool = False


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
    """Register an association with its first person as main contact; the team checks it later.

    The same once more, a moment later, is a second click: it finds what the first one made. Raises
    NotDoneError as long as too many groups of this person are waiting to be checked.
    """
    lock_person(user)
    own = Association.objects.filter(
        memberships__user=user, memberships__role=Membership.Role.MAIN_CONTACT
    )
    same = own.filter(name=name, legal_form=legal_form, home_centre=home_centre)
    if made := same.filter(created_at__gt=now - SECOND_CLICK).first():
        return made
    if own.filter(checked_at__isnull=True).count() >= GROUPS_UNCHECKED:
        raise NotDoneError(NotDone.TOO_MANY_GROUPS)
    association = Association.objects.create(
        name=name,
        legal_form=legal_form,
        home_centre=home_centre,
        name_is_public=name_is_public,
        created_at=now,
    )
    Membership.objects.create(association=association, user=user, role=Membership.Role.MAIN_CONTACT)
    return association


@transaction.atomic
def check_association(*, association: Association, seen: str, actor: User, now: datetime) -> None:
    """Note that the team has checked an association; a second click changes nothing.

    `seen`: its `words_to_check` as the team saw them. Raises NotDoneError if they are others now.
    """
    current = lock_association(association)
    if current.is_checked:
        return
    if current.words_to_check != seen:
        raise NotDoneError(NotDone.CHANGED)
    current.checked_at, current.checked_by = now, actor
    current.save(update_fields=["checked_at", "checked_by"])


@transaction.atomic
def edit_association(
    *, association: Association, data: AssociationData, actor: User, now: datetime
) -> bool:
    """Store what a main contact says; return whether the team has to check it anew.

    Who saves has read the data, so this confirms them for a year. Raises NotDoneError.
    """
    current = lock_association(association)
    require_main_contact(current, actor)
    before, before_name = current.words_to_check, current.name
    for name, value in asdict(data).items():
        setattr(current, name, value)
    checks_again = current.is_checked and before != current.words_to_check
    if checks_again:
        current.checked_at = current.checked_by = None
    current.confirmed_at = now
    current.save()
    if checks_again:
        notify_check_again(current, before_name=before_name, now=now)
    return checks_again


@transaction.atomic
def confirm_data(*, association: Association, actor: User, now: datetime) -> None:
    """Note that a main contact finds everything still right. Raises NotDoneError."""
    current = lock_association(association)
    require_main_contact(current, actor)
    current.confirmed_at = now
    current.save(update_fields=["confirmed_at"])
