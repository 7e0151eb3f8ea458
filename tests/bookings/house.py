"""What tests of the housekeeping share."""

import datetime as dt

from bookings.models import Room
from bookings.services.forgetting import forget_contacts, forget_guests
from bookings.services.housekeeping import (
    complete_past,
    end_holds,
    expire_offers,
    expire_unverified,
    prune_drafts,
    warn_of_ends,
)
from bookings.services.own_dates import give_up
from bookings.services.year_plans import note_all_decided
from cms.opening_hours import BERLIN
from tests.factories.bookings import (
    NOW,
    add_room,
    date_of,
    promised,
    requested,
    requested_too,
    span,
)

IN_A_MONTH = span(day=dt.date(2026, 12, 22))
AFTER_THE_HOLD = dt.datetime(2026, 12, 9, tzinfo=BERLIN)
JOBS = (
    *(end_holds, expire_offers, warn_of_ends, expire_unverified, forget_guests),
    *(forget_contacts, complete_past, prune_drafts, note_all_decided),
)
# How much each of them does when `something_due` is there.
DUE = [1, 1, 1, 0, 0, 0, 1, 0, 0]


def something_due(room: Room) -> None:
    """Leave something to do after the hold: end it and an offer, remind, complete a past date."""
    other = add_room(room.centre, "Küche")
    promised(room)
    requested(room, IN_A_MONTH)
    asked = NOW + dt.timedelta(days=3)
    requested(other, span(day=dt.date(2027, 1, 5)), now=asked)
    first = promised(other, IN_A_MONTH)
    requested_too(other, IN_A_MONTH)
    give_up(date=date_of(first), actor=first.requester, now=NOW)
