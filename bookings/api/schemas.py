"""What the API answers about rooms. Nothing here is about who booked, or what for."""

import datetime as dt
from typing import Literal

from ninja import Field, Schema

from cms.models import Answer

Reason = Literal[
    "taken",
    "closed",
    "not_open",
    "outside_hours",
    "off_raster",
    "too_short",
    "too_long",
    "too_soon",
    "too_far",
]


class OpeningOut(Schema):
    weekday: int = Field(description="1 is Monday, 7 is Sunday.")
    opens: str
    closes: str = Field(description="24:00 is the end of the day.")


class SeatingOut(Schema):
    name: str
    capacity: int = Field(description="How many persons it holds.")


class RoomName(Schema):
    centre: str = Field(description="Slug of its centre.")
    slug: str = Field(description="Short name of the room in its centre.")
    name: str
    url: str = Field(description="Its page for people, with its week.")


class RoomOut(RoomName):
    lead: str = Field(description="What it is, in one sentence.")
    capacity: int = Field(description="How many persons are allowed in it.")
    seatings: list[SeatingOut]
    equipment: list[str]
    floor: str
    step_free: Answer
    hearing_loop: Answer
    access: str = Field(description="How one gets in.")
    costs: str
    hours: list[OpeningOut] = Field(
        description="When it may be used, by weekday, on the clock in Berlin."
    )
    busy_url: str = Field(description="When it is taken, in this API.")


class RoomList(Schema):
    rooms: list[RoomOut]


class TimeOut(Schema):
    start: dt.datetime
    end: dt.datetime


class NotFree(Schema):
    date: dt.date
    reason: Reason = Field(
        description="taken; closed; not_open: not on this weekday; outside_hours; too_short, "
        "too_long; off_raster: starts and ends on other minutes; too_soon: the team needs notice; "
        "too_far: nobody may ask for that day yet."
    )


class FreeRoomOut(RoomName):
    capacity: int = Field(description="How many persons it holds, in the seating asked for.")
    free_dates: int = Field(description="On how many of the dates it is free.")
    sentence: str = Field(description="The same for people, in German.")
    not_free: list[NotFree]
    request_url: str = Field(description="Where people ask for the room.")


class NearestOut(RoomName, TimeOut):
    request_url: str = Field(description="Where people ask for this time.")


class FreeRooms(Schema):
    dates: list[TimeOut] = Field(description="The dates that were asked for.")
    rooms: list[FreeRoomOut] = Field(
        description="Rooms that are free on at least one date, best first: those free on most "
        "dates lead, then the smallest that is large enough."
    )
    nearest: list[NearestOut] = Field(
        description="If no room is free at the only date: for each room that fits the free time "
        "of the same day and length that starts nearest."
    )


class Busy(RoomName):
    first: dt.date
    last: dt.date
    busy: list[TimeOut] = Field(
        description="When the room is taken, set-up, clearing up and closures included, in order; "
        "the times neither overlap nor touch, and end with the days asked for. What somebody "
        "only asked for counts while it is kept free for them."
    )
