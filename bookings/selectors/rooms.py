"""The rooms everybody may book, and their next free evening."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import OuterRef, QuerySet
from django.http import Http404, HttpRequest

from bookings.models import Equipment, Occupancy, Room, RoomHours
from bookings.models.occupancy import EITHER_INDEX
from bookings.rules.policy import POLICY
from bookings.rules.spans import Span, bookable
from bookings.rules.wall_clock import MIDNIGHT, berlin_day, whole_day
from bookings.rules.week import next_step, on_raster
from bookings.selectors.week import EVENING, WIDEST_BUFFER, utc_hours
from cms.models import CentrePage
from cms.opening_hours import BERLIN
from cms.selectors.frame import centre_pages_here

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


def bookable_rooms() -> QuerySet[Room]:
    """Return the rooms that can be booked online, with `space_ids`."""
    spaces = Room.spaces.through.objects.filter(room=OuterRef("pk")).order_by("space_id")
    return Room.objects.filter(is_public=True).annotate(
        space_ids=ArraySubquery(spaces.values("space_id"))
    )


def has_rooms(centre_id: int | None) -> bool:
    """Tell whether a centre has rooms that can be booked online; None: whether any centre has."""
    rooms = Room.objects.filter(is_public=True)
    return (rooms if centre_id is None else rooms.filter(centre=centre_id)).exists()


def room_here(request: HttpRequest, centre: str, room: str) -> tuple[CentrePage, Room]:
    """Return a room and the page of its centre. Raises Http404 for what this host does not serve."""
    page = centre_pages_here(request).filter(centre__slug=centre).first()
    if page is None:
        raise Http404
    equipment = Equipment.objects.filter(rooms=OuterRef("pk")).order_by("name")
    found = (
        bookable_rooms()
        .filter(centre=page.centre_id, slug=room)
        .annotate(equipment_names=ArraySubquery(equipment.values("name")))
        .select_related("picture", "floor_plan")
        .prefetch_related("hours", "layouts")
        .first()
    )
    if found is None:
        raise Http404
    found.centre = page.centre
    return page, found


def rooms_here(request: HttpRequest, now: datetime) -> list[CentreRooms]:
    """Return the rooms that this host serves, by centre; centres without rooms are left out."""
    pages = {page.centre_id: page for page in centre_pages_here(request)}
    rows: dict[int, list[RoomRow]] = {key: [] for key in pages}
    for row in room_rows(bookable_rooms().filter(centre__in=pages), now):
        rows[row.room.centre_id].append(row)
    return [CentreRooms(page, rows[key]) for key, page in pages.items() if rows[key]]


def room_rows(rooms: QuerySet[Room], now: datetime) -> list[RoomRow]:
    """Return rooms with their next free evening, in three queries however many rooms there are."""
    found = list(rooms.select_related("centre").prefetch_related("hours"))
    taken = _taken({key for room in found for key in space_ids_of(room)}, now)
    return [
        RoomRow(
            room=room,
            evening=next_evening(
                room, [span for key in space_ids_of(room) for span in taken[key]], now
            ),
            has_evenings=any(_opens_in_the_evening(hours) for hours in room.hours.all()),
        )
        for room in found
    ]


def space_ids_of(room: Room) -> list[int]:
    """Return the spaces of one of the `bookable_rooms`."""
    space_ids: list[int] = room.space_ids  # type: ignore[attr-defined]
    return space_ids


def next_evening(room: Room, taken: Sequence[Span], now: datetime) -> datetime | None:
    """Return when the next free evening of an hour at least starts, in Berlin's time."""
    today, earliest = berlin_day(now), next_step(now.astimezone(UTC), POLICY)
    for ahead in range(EVENING_DAYS):
        hours = utc_hours(room, today + timedelta(days=ahead), evenings=True)
        for gap in bookable(
            hours,
            taken,
            before=timedelta(minutes=room.setup_minutes),
            after=timedelta(minutes=room.turnover_minutes),
        ):
            span = on_raster(gap, POLICY)
            start = max(span.start, earliest)
            if span.end - start >= SHORTEST_EVENING:
                return start.astimezone(BERLIN)
    return None


def _opens_in_the_evening(hours: RoomHours) -> bool:
    return hours.closes == MIDNIGHT or hours.closes > EVENING


def _taken(space_ids: Iterable[int], now: datetime) -> Mapping[int, list[Span]]:
    """Return space → what is taken of it in the next weeks."""
    today = berlin_day(now)
    days = Span(whole_day(today).start, whole_day(today + timedelta(days=EVENING_DAYS)).end)
    rows = Occupancy.objects.filter(
        EITHER_INDEX,
        space__in=list(space_ids),
        period__overlap=DateTimeTZRange(*days.widened(WIDEST_BUFFER, WIDEST_BUFFER)),
    )
    taken: dict[int, list[Span]] = defaultdict(list)
    for space_id, period in rows.values_list("space_id", "period"):
        taken[space_id].append(Span(period.lower, period.upper))
    return taken
