"""A centre's list of weekly groups before it is taken over: what is there, what is in the way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Exists, OuterRef

from bookings.models import Association, Booking, BookingDate, Room
from bookings.rules.obstacles import Obstacle, Obstacles, code_of, reason_of
from bookings.rules.policy import OutsideHours
from bookings.rules.proposal import (
    VERDICT_OF_CODE,
    HolidayChoice,
    Verdict,
    holiday_verdict,
)
from bookings.rules.recurrence import spans_of
from bookings.rules.refusals import is_within
from bookings.rules.spans import Span
from bookings.rules.states import PROMISED
from bookings.rules.wall_clock import berlin_day, in_berlin
from bookings.rules.weekly_list import ListRoom, WeeklyRow
from bookings.selectors.hours import hours_on
from bookings.selectors.obstacles import obstacles_in
from bookings.selectors.occupancy import spaces_around
from bookings.selectors.policies import read_policies
from bookings.selectors.recurrences import recurrence_of_event
from cms.holiday_calendar import HolidayCalendar
from cms.models import Centre
from cms.selectors.schedules import holiday_calendar

Spaces = Mapping[int, Sequence[int]]  # room → its spaces
HOLIDAYS = frozenset({Verdict.PUBLIC_HOLIDAY, Verdict.SCHOOL_HOLIDAYS})


@dataclass(frozen=True)
class ImportDate:
    """One date of a row. reason: the holiday, or why the room is closed; group: who has the time."""

    span: Span
    verdict: Verdict
    reason: str = ""
    group: str = ""

    @property
    def works(self) -> bool:
        return self.verdict is Verdict.FREE

    @property
    def is_conflict(self) -> bool:
        """Tell whether somebody has to decide about it; holidays are left out as the rules say."""
        return not self.works and self.verdict not in HOLIDAYS


@dataclass(frozen=True)
class RowPreview:
    """What would become of a row. association: None for a group that nobody knows yet.

    is_there: the group has exactly this series already; nothing is done then.
    """

    row: WeeklyRow
    room: Room
    association: Association | None
    is_there: bool
    dates: list[ImportDate]

    @property
    def taking_place(self) -> list[ImportDate]:
        return [one for one in self.dates if one.works]

    @property
    def holidays(self) -> list[ImportDate]:
        return [one for one in self.dates if one.verdict in HOLIDAYS]

    @property
    def conflicts(self) -> list[ImportDate]:
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
    rooms = _rooms(rows)
    groups = _groups(centre)
    there = _stored(centre)
    begins = max(first or berlin_day(now), berlin_day(now))
    planned = [(row, _spans(row, begins, now)) for row in rows]
    spaces = spaces or spaces_around(rooms)
    obstacles = _obstacles(planned, rooms, spaces)
    look = _Look(rooms, spaces, obstacles, _names(obstacles), holiday_calendar())
    previews = []
    for row, spans in planned:
        group = groups.get(row.group.casefold())
        is_there = group is not None and _series_key(group.pk, row, spans) in there
        dates = [] if is_there else [look.date(row, span, group) for span in spans]
        previews.append(RowPreview(row, rooms[row.room.key], group, is_there, dates))
    return Preview(previews)


def _spans(row: WeeklyRow, first: date, now: datetime) -> list[Span]:
    begins = row.first_day(first, now=now)
    return spans_of(row.recurrence, begins, row.until, row.start, row.end)


def _rooms(rows: Iterable[WeeklyRow]) -> dict[int, Room]:
    keys = {row.room.key for row in rows}
    found = Room.objects.select_related("centre").prefetch_related("hours", "use_buffers")
    rooms: dict[int, Room] = found.in_bulk(keys)
    read_policies(rooms.values())
    return rooms


def _groups(centre: Centre) -> dict[str, Association]:
    """Return the groups at home here by name; of two with one name the one that is checked, or older."""
    found = sorted(
        Association.objects.filter(home_centre=centre),
        key=lambda group: (not group.is_checked, group.pk),
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


# What is in the way ------------------------------------------------------------------------------


def _obstacles(
    planned: Iterable[tuple[WeeklyRow, list[Span]]], rooms: Mapping[int, Room], spaces: Spaces
) -> Obstacles:
    """Return what the ledger has in these rooms from the first date until the last one.

    One long span: the dates of many rows would be as many conditions.
    """
    spans = [
        span.widened(*rooms[row.room.key].buffers)
        for row, found in planned
        for span in (*found[:1], *found[-1:])
    ]
    if not spans:
        return Obstacles([])
    whole = Span(min(span.start for span in spans), max(span.end for span in spans))
    return obstacles_in({space for room in rooms for space in spaces.get(room, ())}, [whole])


def _names(obstacles: Obstacles) -> dict[int, str]:
    """Return the names of the groups that have something in the way."""
    rows = [row for found in obstacles.by_day.values() for row in found]
    keys = {row.group for row in rows if row.group is not None}
    return dict(Association.objects.filter(pk__in=keys).values_list("pk", "name"))


@dataclass(frozen=True)
class _Look:
    rooms: Mapping[int, Room]
    spaces: Spaces
    obstacles: Obstacles
    names: Mapping[int, str]  # of groups
    calendar: HolidayCalendar

    def date(self, row: WeeklyRow, span: Span, group: Association | None) -> ImportDate:
        room, day = self.rooms[row.room.key], berlin_day(span.start)
        policy = room.policy
        holiday = holiday_verdict(
            self.calendar.public_name(day),
            self.calendar.school_name(day),
            HolidayChoice(policy.public_holidays, policy.school_holidays),
        )
        if holiday:
            return ImportDate(span, *holiday)
        rows = self.obstacles.of(self.spaces.get(room.pk, ()), span.widened(*room.buffers))
        code = code_of(rows, group.pk if group else None)
        if code is not None:
            return ImportDate(span, VERDICT_OF_CODE[code], reason_of(rows), self._who(rows))
        if policy.outside_hours is OutsideHours.REFUSE and not is_within(span, hours_on(room, day)):
            return ImportDate(span, Verdict.OUTSIDE_HOURS)
        return ImportDate(span, Verdict.FREE)

    def _who(self, rows: Iterable[Obstacle]) -> str:
        return next((self.names[row.group] for row in rows if row.group is not None), "")
