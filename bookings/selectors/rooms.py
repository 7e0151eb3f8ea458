"""The rooms everybody may book, and their next free evening."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import DateTimeRangeField
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import (
    BigIntegerField,
    CharField,
    Exists,
    OuterRef,
    QuerySet,
    prefetch_related_objects,
)
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest
from django.urls import reverse

from bookings.models import Equipment, Layout, Room, RoomHours
from bookings.models.rooms import WIDEST_BUFFER
from bookings.rules.spans import Span, bookable
from bookings.rules.wall_clock import MIDNIGHT, berlin_day, whole_day
from bookings.rules.week import next_step, on_raster
from bookings.selectors.find import Wanted, rooms_offering
from bookings.selectors.hours import Opening, read_openings
from bookings.selectors.occupancy import rows_during
from bookings.selectors.policies import read_policies
from bookings.selectors.week import EVENING, utc_hours
from cms.models import Centre, CentrePage
from cms.opening_hours import BERLIN
from cms.prepared import Given, Prepared
from cms.selectors.frame import centre_page_at, centre_pages_here

EVENING_DAYS = 28
SHORTEST_EVENING = timedelta(hours=1)


@dataclass(frozen=True)
class RoomRow:
    """A room in a list. `evening`: when the next free one starts; None: none in four weeks."""

    room: Room
    evening: datetime | None
    has_evenings: bool


@dataclass(frozen=True)
class CentreRooms:
    page: CentrePage
    rows: list[RoomRow]


def rooms_exist(centre: Given | None) -> Exists:
    """Return the condition that a centre, or any for None, has rooms that can be booked online."""
    rooms = Room.objects.filter(is_public=True)
    return Exists(rooms if centre is None else rooms.filter(centre=centre))


def bookable_rooms() -> QuerySet[Room]:
    """Return the rooms that can be booked online, with `space_ids_of` each."""
    spaces = Room.spaces.through.objects.filter(room=OuterRef("pk")).order_by("space_id")
    rooms: QuerySet[Room] = Room.objects.filter(is_public=True).annotate(
        space_ids=ArraySubquery(spaces.values("space_id"))
    )
    return rooms


def space_ids_of(room: Room) -> list[int]:
    """Return the spaces of one of the `bookable_rooms`."""
    space_ids: list[int] = room.space_ids
    return space_ids


# One room ------------------------------------------------------------------------------------


def room_here(request: HttpRequest, centre: str, room: str) -> tuple[CentrePage, Room]:
    """Return a room and the page of its centre. Raises Http404 for what this host does not serve."""
    page = centre_page_at(request, centre)
    if page is None:
        raise Http404
    found = _AT_SLUG.first(centre=page.centre_id, slug=room)
    if found is None:
        raise Http404
    found.centre = page.centre
    return page, found


def _at_slug() -> QuerySet[Room]:
    centre, slug = Given("centre", BigIntegerField()), Given("slug", CharField())
    rooms: QuerySet[Room] = bookable_rooms().filter(centre=centre, slug=slug)
    rooms = rooms.annotate(equipment_names=_equipment_names(), seatings=_seatings())
    return rooms.select_related("picture", "floor_plan").prefetch_related("hours")


_AT_SLUG = Prepared(_at_slug)


def read_pictures(room: Room) -> None:
    """Read all sizes of the room's pictures at once; Wagtail would ask for each picture."""
    pictures = [picture for picture in (room.picture, room.floor_plan) if picture]
    prefetch_related_objects(pictures, "renditions")


def _equipment_names() -> ArraySubquery:
    equipment = Equipment.objects.filter(rooms=OuterRef("pk")).order_by("name")
    return ArraySubquery(equipment.values("name"))


def _seatings() -> ArraySubquery:
    layouts = Layout.objects.filter(room=OuterRef("pk")).order_by("sort_order", "pk")
    return ArraySubquery(layouts.values(row=JSONObject(name="name", capacity="capacity")))


# Lists ---------------------------------------------------------------------------------------


def rooms_by_centre(
    centre_pages: Iterable[CentrePage], wanted: Wanted, now: datetime
) -> list[CentreRooms]:
    """Return the rooms that offer what is wanted; centres without any are left out."""
    pages = {page.centre_id: page for page in centre_pages}
    rows: dict[int, list[RoomRow]] = {key: [] for key in pages}
    offering = rooms_offering(pages, wanted).values("pk")
    for row in room_rows(bookable_rooms().filter(pk__in=offering), now):
        rows[row.room.centre_id].append(row)
    return [CentreRooms(page, rows[key]) for key, page in pages.items() if rows[key]]


def room_paths_here(request: HttpRequest) -> list[str]:
    """Return the addresses of all rooms that this host serves, with that of their list."""
    pages = centre_pages_here(request).values("centre")
    rooms = Room.objects.filter(is_public=True, centre__in=pages).order_by("centre", "slug")
    paths = [reverse("room", args=slugs) for slugs in rooms.values_list("centre__slug", "slug")]
    return [reverse("room_list"), *paths] if paths else []


def room_rows(rooms: QuerySet[Room], now: datetime) -> list[RoomRow]:
    """Return rooms with their next free evening, in two queries however many rooms there are."""
    return _room_rows(_with_evenings(rooms, _weeks_from(now)), now)


def rooms_of_centre(centre: Centre, now: datetime) -> list[RoomRow]:
    """Return all rooms of a centre that can be booked online, likewise."""
    return _room_rows(_OF_CENTRE(centre=centre.pk, weeks=_weeks_from(now)), now)


def _of_centre() -> QuerySet[Room]:
    rooms = bookable_rooms().filter(centre=Given("centre", BigIntegerField()))
    return _with_evenings(rooms, Given("weeks", DateTimeRangeField()))


_OF_CENTRE = Prepared(_of_centre)


def _with_evenings(rooms: QuerySet[Room], weeks: DateTimeTZRange | Given) -> QuerySet[Room]:
    taken = rows_during(weeks).filter(space__rooms=OuterRef("pk"))
    found: QuerySet[Room] = rooms.select_related("centre").annotate(
        openings=_openings(), taken=ArraySubquery(taken.values("period"))
    )
    return found


def _weeks_from(now: datetime) -> DateTimeTZRange:
    """Return the time in which evenings are looked for, with what may be needed around it."""
    today = berlin_day(now)
    days = Span(whole_day(today).start, whole_day(today + timedelta(days=EVENING_DAYS)).end)
    return DateTimeTZRange(*days.widened(WIDEST_BUFFER, WIDEST_BUFFER))


def _room_rows(rooms: Iterable[Room], now: datetime) -> list[RoomRow]:
    rooms = list(rooms)
    read_policies(rooms)
    return [_room_row(room, now) for room in rooms]


def _room_row(room: Any, now: datetime) -> RoomRow:
    openings = read_openings(room.openings)
    taken = [Span(period.lower, period.upper) for period in room.taken]
    return RoomRow(
        room=room,
        evening=next_evening(room, openings, taken, now),
        has_evenings=any(row.closes == MIDNIGHT or row.closes > EVENING for row in openings),
    )


def next_evening(
    room: Room, openings: Collection[Opening], taken: Collection[Span], now: datetime
) -> datetime | None:
    """Return when the next free evening of an hour at least starts, in Berlin's time."""
    today, earliest = berlin_day(now), next_step(now.astimezone(UTC), room.policy)
    before, after = room.buffers
    for ahead in range(EVENING_DAYS):
        hours = utc_hours(openings, today + timedelta(days=ahead), evenings=True)
        for gap in bookable(hours, taken, before=before, after=after):
            span = on_raster(gap, room.policy)
            start = max(span.start, earliest)
            if span.end - start >= SHORTEST_EVENING:
                return start.astimezone(BERLIN)
    return None


def _openings() -> ArraySubquery:
    hours = RoomHours.objects.filter(room=OuterRef("pk")).order_by("weekday", "opens")
    return ArraySubquery(
        hours.values(row=JSONObject(weekday="weekday", opens="opens", closes="closes"))
    )
