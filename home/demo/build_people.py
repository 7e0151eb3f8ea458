"""Writes the logins of the demo; `make demo` prints them."""

from allauth.account.models import EmailAddress
from wagtail.users.models import UserProfile

from cms.models import Centre, Service, StaffRole, User
from cms.services.centres import ensure_assistant_group

PASSWORD = "rvz-demo-2026"  # noqa: S105 - public, and load_demo refuses to run in production
ADMINISTRATOR = "verwaltung@example.org"
MANAGERS = {"alfeld": "leitung.alfeld@example.org", "nordholz": "leitung.nordholz@example.org"}
ASSISTANT = "praxis.alfeld@example.org"


def ensure_people() -> int:
    """Create the logins that are missing; return how many."""
    return ensure_administrator() + ensure_managers() + ensure_assistant()


def ensure_administrator() -> bool:
    return create_person(ADMINISTRATOR, "Verwaltung", administrator=True) is not None


def ensure_managers() -> int:
    created = 0
    for slug, email in MANAGERS.items():
        centre = Centre.objects.filter(slug=slug).select_related("group").first()
        if centre is None or centre.group is None:
            continue
        manager = create_person(email, "Leitung", centre.place)
        if manager:
            manager.groups.add(centre.group)
            created += 1
    return created


def ensure_assistant() -> bool:
    practice = Service.objects.filter(centre__slug="alfeld", slug="hausarztpraxis").first()
    assistant = create_person(ASSISTANT, "Praxisteam", "Alfeld") if practice else None
    if not practice or not assistant:
        return False
    assistant.groups.add(ensure_assistant_group())
    role = StaffRole.objects.create(
        user=assistant, centre=practice.centre, role=StaffRole.Role.PRACTICE_ASSISTANT
    )
    role.services.set([practice])
    return True


def create_person(
    email: str, first_name: str, last_name: str = "", *, administrator: bool = False
) -> User | None:
    """Create somebody who can sign in at once; None if the address is taken."""
    if User.objects.filter(email=email).exists():
        return None
    create = User.objects.create_superuser if administrator else User.objects.create_user
    person = create(email, PASSWORD, first_name=first_name, last_name=last_name)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    UserProfile.objects.update_or_create(user=person, defaults={"preferred_language": "de"})
    return person
