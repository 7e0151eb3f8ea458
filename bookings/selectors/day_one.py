"""A centre's list of weekly groups before it is taken over: what is there, what is in the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Exists, OuterRef, Q

from bookings.models import Association, Booking, BookingDate, Room
from bookings.rules.proposal import HolidayChoice
from bookings.rules.recurrence import spans_of
from bookings.rules.spans import Span
from bookings.rules.states import PROMISED
from bookings.rules.wall_clock import berlin_day, in_berlin
from bookings.rules.weekly_list import ListRoom, WeeklyRow
from bookings.selectors.many_dates import HOLIDAYS, SeenDate, Spaces, look_at
from bookings.selectors.occupancy import spaces_around
from bookings.selectors.policies import read_rooms
from bookings.selectors.recurrences import recurrence_of_event
from cms.models import Centre


@dataclass(frozen=True)
class RowPreview:
    """What would become of a row. association: None for a group that nobody knows yet.

    is_there: the group has exactly this series already; nothing is done then.
    """

    row: WeeklyRow
    room: Room
    association: Association | None
    is_there: bool
    dates: list[SeenDate]

    @property
    def taking_place(self) -> list[SeenDate]:
        return [one for one in self.dates if one.works]

    @property
    def holidays(self) -> list[SeenDate]:
        return [one for one in self.dates if one.verdict in HOLIDAYS]

    @property
    def conflicts(self) -> list[SeenDate]:
        return [one for one in self.dates if one.is_conflict]


@dataclass(frozen=True)
class Preview:
    rows: list[RowPreview]

    @property
    def new(self) -> list[RowPreview]:
        return [one for one in self.rows if not one.is_there]

    @property
    def in_the_way(self) -> list[RowPreview]:
        """Return the rows with dates that somebody has to decide about."""
        return [one for one in self.new if one.conflicts]

    @property
    def empty(self) -> list[RowPreview]:
        """Return the rows of which no date would be left."""
        return [one for one in self.new if not one.taking_place]


def rooms_of_list(centre: Centre) -> list[ListRoom]:
    """Return the rooms of a centre as its list may name them, also those not booked online."""
    rooms = Room.objects.filter(centre=centre).prefetch_related("spaces")
    return [
        ListRoom(
            room.pk,
            room.name,
            room.slug,
            frozenset(space.pk for space in room.spaces.all()),
            *room.buffers,
        )
        for room in rooms
        if room.spaces.all()  # without a part of the house nobody can book it
    ]


def preview_import(
    *,
    centre: Centre,
    rows: Sequence[WeeklyRow],
    now: datetime,
    first: date | None = None,
    spaces: Spaces | None = None,
) -> Preview:
    """Return what would become of each row; the number of queries does not depend on them.

    `first`: the day from which dates count, today unless given. `spaces`: those the caller holds.
    """
    if not rows:
        return Preview([])
    rooms = read_rooms(row.room.key for row in rows)
    groups = _groups(centre)
    there = _stored(centre)
    begins = max(first or berlin_day(now), berlin_day(now))
    planned = [(row, _spans(row, begins, now)) for row in rows]
    spaces = spaces or spaces_around(rooms)
    look = look_at(
        spaces,
        rooms,
        (
            span.widened(*rooms[row.room.key].buffers)
            for row, spans in planned
            for span in (*spans[:1], *spans[-1:])
        ),
    )
    previews = []
    for row, spans in planned:
        group = groups.get(row.group.casefold())
        room = rooms[row.room.key]
        is_there = group is not None and _series_key(group.pk, row, spans) in there
        holidays = HolidayChoice(room.policy.public_holidays, room.policy.school_holidays)
        key = group.pk if group else None
        dates = (
            []
            if is_there
            else [look.at(span, room, holidays=holidays, group=key) for span in spans]
        )
        previews.append(RowPreview(row, room, group, is_there, dates))
    return Preview(previews)


def _spans(row: WeeklyRow, first: date, now: datetime) -> list[Span]:
    begins = row.first_day(first, now=now)
    return spans_of(row.recurrence, begins, row.until, row.start, row.end)


def _groups(centre: Centre) -> dict[str, Association]:
    """Return the groups by name that are at home or have dates here.

    Of several with one name the one at home, the one that is checked, the older one.
    """
    here = Q(home_centre=centre) | Q(
        pk__in=Booking.objects.filter(centre=centre).values("association")
    )
    found = sorted(
        Association.objects.filter(here),
        key=lambda group: (group.home_centre_id != centre.pk, not group.is_checked, group.pk),
        reverse=True,
    )
    return {" ".join(group.name.split()).casefold(): group for group in found}


# What is there -----------------------------------------------------------------------------------

SeriesKey = tuple[int, int, int, time, time, date]


def _stored(centre: Centre) -> set[SeriesKey]:
    """Return the weekly series of this centre that still have a promised date, in one query."""
    promised = BookingDate.objects.filter(booking=OuterRef("pk"), state__in=PROMISED)
    found = Booking.objects.filter(
        Exists(promised), centre=centre, event__rule__frequency="WEEKLY"
    ).select_related("event__rule", "event__calendar__room")
    return {key for booking in found if (key := _stored_key(booking))}


def _stored_key(booking: Any) -> SeriesKey | None:
    event = booking.event
    recurrence = recurrence_of_event(event)
    if recurrence is None or recurrence.interval != 1 or len(recurrence.weekdays) != 1:
        return None
    start, end = in_berlin(Span(event.start, event.end))
    last = berlin_day(event.end_recurring_period)
    room = event.calendar.room.pk
    return booking.association_id, room, recurrence.weekdays[0], start.time(), end.time(), last


def _series_key(group: int, row: WeeklyRow, spans: Sequence[Span]) -> SeriesKey:
    last = berlin_day(spans[-1].start) if spans else row.until
    return group, row.room.key, row.weekday, row.start, row.end, last
