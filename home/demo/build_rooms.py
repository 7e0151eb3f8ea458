"""Writes rooms with their spaces, seating, equipment and hours."""

from io import BytesIO
from types import ModuleType

from django.core.files.images import ImageFile
from django.db.models import Q

from bookings.models import Equipment, Layout, Room, RoomHours, Space
from bookings.services.rooms import give_calendar
from cms.models import Centre, CustomImage
from home.demo import floor_plan, room_drawing
from home.demo.build_facts import WEEKDAYS, spans
from home.demo.rooms import ROOMS, RoomData


def ensure_rooms() -> int:
    """Create the rooms that are missing; return how many. What exists stays as it is."""
    centres = {centre.slug: centre for centre in Centre.objects.all()}
    created = 0
    for order, data in enumerate(ROOMS):
        centre = centres.get(data.centre)
        if centre is None or exists(centre, data):
            continue
        create_room(centre, data, order)
        created += 1
    return created


def exists(centre: Centre, data: RoomData) -> bool:
    return centre.rooms.filter(Q(slug=data.slug) | Q(name=data.name)).exists()


def create_room(centre: Centre, data: RoomData, order: int) -> None:
    room = Room(
        centre=centre,
        name=data.name,
        slug=data.slug,
        lead=data.lead,
        capacity=data.capacity,
        floor=data.floor,
        step_free=data.step_free,
        hearing_loop=data.hearing_loop,
        access_text=data.access_text,
        costs=data.costs,
        costs_text=data.costs_text,
        key_text=data.key_text,
        house_rules=data.house_rules,
        picture=ensure_picture(centre, room_drawing) if data.has_pictures else None,
        floor_plan=ensure_picture(centre, floor_plan) if data.has_pictures else None,
        turnover_minutes=data.turnover_minutes,
        sort_order=10 * (order + 1),
    )
    give_calendar(room)
    room.save()
    room.spaces.set(
        Space.objects.get_or_create(centre=centre, name=name)[0] for name in data.spaces
    )
    room.equipment.set(Equipment.objects.get_or_create(name=name)[0] for name in data.equipment)
    Layout.objects.bulk_create(
        Layout(room=room, name=name, capacity=capacity, sort_order=position)
        for position, (name, capacity) in enumerate(data.layouts)
    )
    RoomHours.objects.bulk_create(
        RoomHours(room=room, weekday=WEEKDAYS.index(day), opens=opens, closes=closes)
        for days, times in data.hours
        for day in days.split()
        for opens, closes in spans(times)
    )


def ensure_picture(centre: Centre, drawn: ModuleType) -> CustomImage:
    """Return the picture that a module of the demo draws."""
    picture: CustomImage | None = CustomImage.objects.filter(title=drawn.TITLE).first()
    if picture is None:
        picture = CustomImage(
            title=drawn.TITLE,
            alt_text=drawn.ALT_TEXT,
            file=ImageFile(BytesIO(drawn.png()), name=drawn.FILE_NAME),
        )
        if centre.collection is not None:
            picture.collection = centre.collection
        picture.save()
    return picture
