"""What the history says of dates that go on elsewhere: stored, so in the language of the site."""

from collections.abc import Iterable

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from bookings.models import Booking, BookingDate, Layout, Room
from bookings.rules.states import DateState
from bookings.wording.dates import state_word
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


def given_up(date: BookingDate) -> str:
    """Say why the new series leaves a date out: the group or the centre gave it up."""
    with translation.override(settings.LANGUAGE_CODE):
        reason = date.reason if date.state == DateState.REVOKED else ""
        return ": ".join(filter(None, [state_word(date), reason]))
