"""Practice assistants: the one group follows from the roles."""

from django.db import transaction

from cms.models import StaffRole, User
from cms.services.centres import ensure_assistant_group


@transaction.atomic
def sync_assistant(*, user: User) -> None:
    """Put somebody into the group of the assistants, or take him out, as his roles say."""
    group = ensure_assistant_group()
    if user.staff_roles.filter(role=StaffRole.Role.PRACTICE_ASSISTANT).exists():
        user.groups.add(group)
    else:
        user.groups.remove(group)
