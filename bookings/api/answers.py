"""From rooms and what is free to answers."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.http import HttpRequest
from django.urls import reverse

from bookings.api import schemas
from bookings.models import Room, RoomHours
from bookings.rules.addresses import request_query
from bookings.rules.spans import Span
from bookings.rules.wall_clock import MIDNIGHT, in_berlin
from bookings.selectors.find import Found, Suggestion
from bookings.wording import free_dates_text
from cms.models import Answer


def room_answer(room: Room, request: HttpRequest) -> schemas.RoomOut:
    """Return what is told of one of the `rooms_of` centres."""
    busy = reverse("api:room_busy", args=[room.centre.slug, room.slug])
    return schemas.RoomOut(
        **name_answer(room, request).dict(),
        lead=room.lead,
        capacity=room.capacity,
        seatings=[
            schemas.SeatingOut(name=layout.name, capacity=layout.capacity)
            for layout in room.layouts.all()
        ],
        equipment=[equipment.name for equipment in room.equipment.all()],
        floor=room.floor,
        step_free=Answer(room.step_free),
        hearing_loop=Answer(room.hearing_loop),
        access=room.access_text,
        costs=room.costs,
        hours=[_opening_answer(opening) for opening in room.hours.all()],
        busy_url=request.build_absolute_uri(busy),
    )


def name_answer(room: Room, request: HttpRequest) -> schemas.RoomName:
    slugs = [room.centre.slug, room.slug]
    return schemas.RoomName(
        centre=room.centre.slug,
        slug=room.slug,
        name=room.name,
        url=request.build_absolute_uri(reverse("room", args=slugs)),
    )


def times_answer(spans: Iterable[Span]) -> list[schemas.TimeOut]:
    return [schemas.TimeOut(**in_berlin(span)._asdict()) for span in spans]


def free_answer(found: Found, spans: Sequence[Span], request: HttpRequest) -> schemas.FreeRoomOut:
    """Return a room that is free on some of the dates; people ask for the first of them."""
    first = next(span for number, span in enumerate(spans) if number not in found.refused)
    return schemas.FreeRoomOut(
        **name_answer(found.room, request).dict(),
        capacity=found.capacity,
        free_dates=found.free,
        sentence=free_dates_text(found.free, found.asked),
        not_free=[
            schemas.NotFree(date=in_berlin(spans[number]).start.date(), reason=code.value)  # type: ignore[arg-type]
            for number, code in sorted(found.refused.items())
        ],
        request_url=_request_url(found.room, first, request),
    )


def nearest_answer(one: Suggestion, request: HttpRequest) -> schemas.NearestOut:
    (time,) = times_answer([one.span])
    return schemas.NearestOut(
        **name_answer(one.found.room, request).dict(),
        **time.dict(),
        request_url=_request_url(one.found.room, one.span, request),
    )


def _request_url(room: Room, span: Span, request: HttpRequest) -> str:
    address = reverse("room_request", args=[room.centre.slug, room.slug])
    return request.build_absolute_uri(f"{address}?{request_query(span)}")


def _opening_answer(opening: RoomHours) -> schemas.OpeningOut:
    return schemas.OpeningOut(
        weekday=opening.weekday + 1, opens=_clock(opening.opens), closes=_end_clock(opening.closes)
    )


def _clock(at: dt.time) -> str:
    return f"{at:%H:%M}"


def _end_clock(at: dt.time) -> str:
    return "24:00" if at == MIDNIGHT else _clock(at)
