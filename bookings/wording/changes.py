"""What the history says of dates that go on elsewhere: stored, so in the language of the site."""

from collections.abc import Iterable

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from bookings.models import Booking, Layout, Room
from cms.wording import join_and


def seating_gone(layout: Layout, rooms: Iterable[Room]) -> str:
    """Say that new rooms do not have the seating that the group asked for."""
    with translation.override(settings.LANGUAGE_CODE):
        return _("The seating “%(seating)s” is not possible in the new room (%(room)s).") % {
            "seating": layout.name,
            "room": join_and([room.name for room in rooms]),
        }


def goes_on(booking: Booking) -> str:
    """Say under which number the dates of another request go on."""
    with translation.override(settings.LANGUAGE_CODE):
        return _("Goes on under the number %(number)s.") % {"number": booking.number}
