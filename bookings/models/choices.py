"""What one person has chosen about reminders, and where that person's calendar is."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

TOKEN_BYTES = 32


def new_feed_token() -> str:
    """Return a secret nobody guesses, fit for an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


class PersonalChoices(models.Model):
    """At most one row a person; without one everything is as it begins.

    feed_token: whoever knows it reads the person's dates in a calendar, until it is renewed. It is
    stored as it is, because the page has to show the address again.
    """

    user = models.OneToOneField(
        "cms.User",
        on_delete=models.CASCADE,
        related_name="booking_choices",
        verbose_name=_("person"),
    )
    wants_reminders = models.BooleanField(_("Send reminders"), default=True)
    feed_token = models.CharField(
        max_length=64, unique=True, default=new_feed_token, editable=False
    )

    class Meta:
        verbose_name = _("personal choices")
        verbose_name_plural = _("personal choices")

    def __str__(self) -> str:
        return str(self.user_id)
