"""Once a year a group is asked whether its data are still right; old invitations are forgotten."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from bookings.models import Association, Invitation, Membership
from bookings.notifications.associations import notify_to_confirm
from bookings.rules.associations import CONFIRM_EVERY, KEEP_INVITATIONS
from bookings.selectors.associations import active_main_contacts

A_RUN = 100  # groups; the others follow a minute later


def ask_to_confirm(*, now: datetime) -> int:
    """Write to the main contacts of groups that confirmed nothing for a year; return how many."""
    keys = list(_due(now).order_by("pk").values_list("pk", flat=True)[:A_RUN])
    return sum(_ask(key, now) for key in keys)


def _due(now: datetime) -> QuerySet[Association]:
    """Return the groups to be asked; not those where nobody could answer."""
    a_year_ago = now - CONFIRM_EVERY
    answering = Membership.objects.filter(role=Membership.Role.MAIN_CONTACT, user__is_active=True)
    return (
        Association.objects.alias(looked_at=Coalesce("confirmed_at", "created_at"))
        .filter(looked_at__lte=a_year_ago, pk__in=answering.values("association"))
        .filter(Q(confirmation_asked_at=None) | Q(confirmation_asked_at__lte=a_year_ago))
    )


@transaction.atomic
def _ask(key: int, now: datetime) -> bool:
    """Ask one group, unless somebody else did or works on it right now."""
    rows = _due(now).filter(pk=key).select_for_update(of=["self"], no_key=True, skip_locked=True)
    association = rows.select_related("home_centre").first()
    if association is None:
        return False
    association.confirmation_asked_at = now
    association.save(update_fields=["confirmation_asked_at"])
    notify_to_confirm(association, active_main_contacts(association), now=now)
    return True


def prune_invitations(*, now: datetime) -> int:
    """Delete invitations that were accepted, withdrawn or over long ago."""
    return Invitation.objects.filter(expires_at__lt=now - KEEP_INVITATIONS).delete()[0]
