"""What the tests of changes share: promised series, wishes, what the ledger holds."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from bookings.models import Booking, BookingDate, ChangeRequest, Occupancy, Room
from bookings.rules.spans import Span, merged
from bookings.selectors.ledger_check import differences
from bookings.selectors.series_check import series_differences
from bookings.services.changes import Move, ask_for_change
from bookings.services.decisions import approve
from bookings.services.requests import send_request
from tests.factories.bookings import EVERY_FRIDAY, FRIDAY, NOW, new_request, span
from tests.factories.cms import UserFactory

WEEK = dt.timedelta(weeks=1)


def fridays(count: int, start: str = "19:00", end: str = "21:00") -> list[Span]:
    return [span(start, end, FRIDAY + number * WEEK) for number in range(count)]


def series(room: Room, count: int = 3, times: tuple[str, str] = ("19:00", "21:00"), **values: Any):
    """Ask for so many Friday evenings."""
    request = new_request(room, **values)
    recurrence = EVERY_FRIDAY if count > 1 else None
    asked = {**vars(request), "spans": fridays(count, *times), "recurrence": recurrence}
    return send_request(request=type(request)(**asked), now=NOW)


def promised_series(room: Room, count: int = 3, times=("19:00", "21:00"), **values: Any) -> Booking:
    booking = series(room, count, times, **values)
    approve(
        booking=booking,
        date_ids=[date.pk for date in dates_of(booking)],
        actor=UserFactory.create(),
        now=NOW,
    )
    return booking


def dates_of(booking: Booking) -> list[BookingDate]:
    """Return the dates of a request as they are stored now, in the order of its rule."""
    dates = BookingDate.objects.filter(booking=booking).select_related("booking", "room")
    return list(dates.select_related("occurrence").order_by("occurrence__original_start"))


def move(date: BookingDate, when: Span | None = None, room: Room | None = None) -> Move:
    return Move(date.pk, room or date.room, when or date.span)


def wish(moves: Sequence[Move], *, now: dt.datetime = NOW, **values: Any) -> ChangeRequest:
    booking = BookingDate.objects.select_related("booking").get(pk=moves[0].date_id).booking
    values = {"actor": booking.requester, **values}
    return ask_for_change(booking=booking, moves=moves, now=now, **values)


def held_by(change: ChangeRequest) -> dict[str, list[Span]]:
    """Return what a wish holds, by the name of the space."""
    held: dict[str, list[Span]] = {}
    for row in Occupancy.objects.filter(change_request=change).select_related("space"):
        held.setdefault(row.space.name, []).append(Span(row.period.lower, row.period.upper))
    return {name: merged(spans) for name, spans in held.items()}


def assert_right(now: dt.datetime = NOW) -> None:
    assert differences(now=now) == []
    assert list(series_differences()) == []
