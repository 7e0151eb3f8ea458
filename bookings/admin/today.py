"""The panel of the bookings on the start of the admin."""

from collections.abc import Mapping
from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.ui.components import Component

from bookings.admin.base import undoable
from bookings.admin.request_list import shown_rows
from bookings.admin.wish_rows import wish_rows
from bookings.models import BookingDate
from bookings.permissions import bookings_to_decide, changes_to_decide
from bookings.selectors.desk import Pile, dates_today, pile_sizes, requests_in, rows_of
from bookings.selectors.desk_wishes import open_wishes, with_both_sides
from bookings.selectors.undelivered import undelivered
from bookings.wording import times
from cms.models import Centre, User
from cms.permissions import centres_of

SHOWN = 5  # requests; the others are one click away


class DecidePanel(Component):
    """What is to be decided, and what takes place in the house today."""

    order = 50
    template_name = "bookings/admin/today.html"

    def __init__(self, centres: list[Centre]) -> None:
        self.centres = centres

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        request: HttpRequest = parent_context["request"]
        now = timezone.now()
        centres = Centre.objects.filter(pk__in=[centre.pk for centre in self.centres])
        bookings = bookings_to_decide(request.user)
        first = requests_in(bookings, Pile.OPEN, now=now)[:SHOWN]
        wishes = open_wishes(changes_to_decide(request.user))
        several = len(self.centres) > 1
        return {
            "rows": shown_rows(rows_of(first, Pile.OPEN, now=now), now),
            "count": pile_sizes(bookings, now=now)[Pile.OPEN],
            "shown": SHOWN,
            "wishes": wish_rows(with_both_sides(wishes)[:SHOWN], now),
            "wish_count": wishes.count(),
            "dates": [_shown(date, several=several) for date in dates_today(centres, now=now)],
            "undelivered": undelivered(centres, now=now),
            "undoable": undoable(cast(User, request.user), now),
            "here": request.path,
            "csrf_token": parent_context.get("csrf_token"),
        }


def _shown(date: BookingDate, *, several: bool) -> dict[str, Any]:
    room = f"{date.booking.centre.place}: {date.room.name}" if several else date.room.name
    return {"date": date, "booking": date.booking, "times": times(date.span), "room": room}


def add_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Put the panel before the others, for those who look after a centre."""
    centres = list(centres_of(request.user))
    if centres:
        panels.insert(0, DecidePanel(centres))
