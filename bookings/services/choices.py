"""What a person chooses: reminders or none, a new address of the own calendar."""

from bookings.models import PersonalChoices
from bookings.models.choices import new_feed_token
from cms.models import User


def choices_of(user: User) -> PersonalChoices:
    """Return what somebody has chosen; the secret address comes into being with the first look."""
    return PersonalChoices.objects.get_or_create(user=user)[0]


def choose_reminders(*, user: User, wanted: bool) -> None:
    PersonalChoices.objects.update_or_create(user=user, defaults={"wants_reminders": wanted})


def renew_feed(*, user: User) -> None:
    """Give the calendar another address; nobody reads it at the old one any more."""
    PersonalChoices.objects.update_or_create(user=user, defaults={"feed_token": new_feed_token()})
