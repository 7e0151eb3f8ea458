"""That dates are not as somebody saw them a moment ago."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from bookings.wording.dates import days_text
from cms.wording import date_long


def changed_sentence(days: Sequence[date]) -> str:
    """Say that a proposal is not as it was seen; nothing was chosen or sent with it."""
    return _(
        "Something has changed meanwhile on: %(days)s. Please look at these dates again. Nothing was "
        "sent yet."
    ) % {"days": days_text([date_long(day) for day in days])}
