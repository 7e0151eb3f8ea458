"""What a person has chosen about reminders; whose calendar a secret address is."""

from bookings.models import PersonalChoices
from cms.models import User


def wants_reminders(user: User) -> bool:
    return not PersonalChoices.objects.filter(user=user, wants_reminders=False).exists()


def owner_of_feed(token: str) -> User | None:
    """Return whose calendar it is, None for an address that nobody has or has any more."""
    rows = PersonalChoices.objects.filter(feed_token=token, user__is_active=True)
    found = rows.select_related("user").first()
    return found.user if found else None
