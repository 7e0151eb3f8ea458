"""People who work in the admin."""

from cms.models import CentrePage, Service, StaffRole, User
from cms.services.centres import set_up_centre
from cms.services.staff import sync_assistant
from tests.factories.cms import UserFactory


def manager_of(page: CentrePage, **kwargs) -> User:
    """Create a manager of the centre of this page, with everything a centre's group has."""
    set_up_centre(centre=page.centre, pages=[page])
    user = UserFactory.create(**{"first_name": "Mara", "last_name": "Leitung", **kwargs})
    user.groups.add(page.centre.group)
    return user


def assistant_of(*services: Service, **kwargs) -> User:
    """Create somebody who keeps the hours of these services of one centre."""
    user = UserFactory.create(**{"first_name": "Pia", "last_name": "Praxis", **kwargs})
    role = StaffRole.objects.create(user=user, centre=services[0].centre)
    role.services.set(services)
    sync_assistant(user=user)
    return user
