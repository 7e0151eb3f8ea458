"""The addresses of the API about rooms. The clock is read here."""

from collections.abc import Collection

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router
from ninja.errors import HttpError

from bookings.api import schemas
from bookings.api.answers import (
    free_answer,
    name_answer,
    nearest_answer,
    room_answer,
    times_answer,
)
from bookings.api.parameters import BusyQuery, FreeQuery, RoomQuery
from bookings.models import Room
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.exchange import busy_times, equipment_of, rooms_of, seatings_of
from bookings.selectors.find import Wanted, find_rooms, nearest_times
from bookings.selectors.rooms import bookable_rooms, space_ids_of
from cms.api.centres import centre_page
from cms.api.schemas import Refusal
from cms.models import Centre
from cms.selectors.exchange import centre_pages_by_id

NOT_FOUND, UNPROCESSABLE = 404, 422
REFUSALS = {NOT_FOUND: Refusal, UNPROCESSABLE: Refusal}

router = Router(tags=["rooms"])


@router.get(
    "/rooms",
    response={200: schemas.RoomList, **REFUSALS},
    summary="Rooms that can be booked online",
)
def room_list(request: HttpRequest, query: Query[RoomQuery]) -> schemas.RoomList:
    """Return rooms with what they offer; by place of the centre, within it as on the pages."""
    rooms = rooms_of(_centres(query.centre, request))
    return schemas.RoomList(rooms=[room_answer(room, request) for room in rooms])


@router.get(
    "/rooms/free",
    response={200: schemas.FreeRooms, **REFUSALS},
    summary="Rooms that are free at a time, or on the dates of a weekly series",
)
def free_rooms(request: HttpRequest, query: Query[FreeQuery]) -> schemas.FreeRooms:
    """Return the rooms that are free; of a series also those that are free on some of its dates.

    Free is what could be asked for right now: within the room's hours, not taken, not closed, with
    the time that the room needs before and after. It may be gone a moment later.
    """
    now = timezone.now()
    spans = query.spans(now)
    centres = _centres(query.centre, request)
    wanted = Wanted(
        persons=query.persons,
        layout=_seating(query.seating, centres),
        equipment=_equipment(query.equipment, centres),
        step_free=query.step_free,
        hearing_loop=query.hearing_loop,
    )
    found = find_rooms(centres, wanted, spans, now=now)
    free = [one for one in found if one.free]
    nearest = [] if free or len(spans) > 1 else nearest_times(found, spans[0], now=now)
    return schemas.FreeRooms(
        dates=times_answer(spans),
        rooms=[free_answer(one, spans, request) for one in free],
        nearest=[nearest_answer(one, request) for one in nearest],
    )


@router.get(
    "/rooms/{centre}/{room}/busy",
    response={200: schemas.Busy, **REFUSALS},
    summary="When a room is taken",
    url_name="room_busy",
)
def room_busy(
    request: HttpRequest, centre: str, room: str, query: Query[BusyQuery]
) -> schemas.Busy:
    """Return the times at which nobody can have the room, without saying who has it or why."""
    days = query.days(berlin_day(timezone.now()))
    found = _room(centre, room, request)
    busy = busy_times(space_ids_of(found), days[0], days[-1])
    return schemas.Busy(
        **name_answer(found, request).dict(),
        first=days[0],
        last=days[-1],
        busy=times_answer(busy),
    )


def _centres(slug: str, request: HttpRequest) -> list[Centre]:
    """Return the centre of that name, or all that this host serves, by place."""
    if slug:
        return [centre_page(slug, request).centre]
    return [page.centre for page in centre_pages_by_id(request).values()]


def _room(centre: str, slug: str, request: HttpRequest) -> Room:
    page = centre_page(centre, request)
    room: Room | None = bookable_rooms().filter(centre=page.centre_id, slug=slug).first()
    if room is None:
        raise HttpError(NOT_FOUND, _("There is no room with this short name here."))
    room.centre = page.centre
    return room


def _equipment(names: Collection[str], centres: Collection[Centre]) -> frozenset[int]:
    """Return the keys of what is asked for. Raises HttpError for what no room here has."""
    if not names:
        return frozenset()
    known = equipment_of(centres)
    for name in names:
        _require_known(name, known)
    return frozenset(known[name] for name in names)


def _seating(name: str, centres: Collection[Centre]) -> str:
    """Return the seating asked for. Raises HttpError for one that no room here has."""
    if name:
        _require_known(name, seatings_of(centres))
    return name


def _require_known(name: str, known: Collection[str]) -> None:
    if name not in known:
        message = _("No room here has “%(name)s”. Possible are: %(names)s.")
        values = {"name": name[:60], "names": ", ".join(sorted(known)) or "–"}
        raise HttpError(UNPROCESSABLE, message % values)
