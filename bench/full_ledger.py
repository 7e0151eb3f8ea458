"""A ledger with a million rows: 60 rooms in ten centres, seven dates a day for years.

The real schema with all its constraints. A series is a room, a weekday, a time and a year; it has
its event, its booking and a row for each of its dates and spaces. Its dates share one BookingDate,
because no measured statement reads it and a million of them would only take time. Times are made
on Berlin's clock, and leave the half hour between dates that some rooms need.
"""

import datetime as dt
from typing import Any

from django.apps import apps
from django.db import connection

ROWS = 1_000_000  # of bookings; closures come on top
CENTRES = 10
ROOMS_OF_A_CENTRE = 6
HALL_SPACES = 3
DAYS_AHEAD = 420
# Set-up and clearing up, in turn. The rooms are used from early to midnight.
BUFFERS = ((0, 0), (15, 15), (0, 30), (30, 0))
OPENS, CLOSES = dt.time(8), dt.time()
SLOTS = ("08:00", "10:00", "12:00", "14:00", "16:00", "18:00", "20:00")

# Every second room has no first slot. The stage is not booked on its own: its hall is.
_SLOTS = """
CREATE TEMPORARY TABLE slot AS
SELECT room.id AS room_id, day, slot, extract(isodow FROM day) AS weekday,
  extract(year FROM day) AS year,
  (day + slot) AT TIME ZONE 'Europe/Berlin' AS starts,
  (day + slot + interval '90 minutes') AT TIME ZONE 'Europe/Berlin' AS ends
FROM bookings_room AS room,
  generate_series(%(first)s::date, %(last)s::date, interval '1 day') AS moment,
  CAST(moment AS date) AS day,
  unnest(%(slots)s::time[]) AS slot
WHERE room.slug <> 'buehne' AND (slot > '09:00' OR room.sort_order %% 2 = 0)
"""
_SERIES = """
CREATE TEMPORARY TABLE series AS
SELECT room_id, slot, weekday, year, min(starts) AS starts, min(ends) AS ends, max(starts) AS last,
  'L' || row_number() OVER (ORDER BY room_id, slot, weekday, year) AS number
FROM slot GROUP BY room_id, slot, weekday, year
"""
_BOOKINGS = """
WITH rule AS (
  INSERT INTO schedule_rule (name, description, frequency, params)
  VALUES ('weekly', 'weekly', 'WEEKLY', '') RETURNING id
), events AS (
  INSERT INTO schedule_event (start, "end", title, description, created_on, updated_on,
    calendar_id, color_event, rule_id, end_recurring_period)
  SELECT starts, ends, series.number, '', starts, starts, calendar_id, '', rule.id,
    last + interval '1 second'
  FROM rule, series JOIN bookings_room AS room ON room.id = room_id
  RETURNING id, title, start, "end"
), occurrences AS (
  INSERT INTO schedule_occurrence (event_id, title, description, start, "end", cancelled,
    original_start, original_end, created_on, updated_on)
  SELECT id, title, '', start, "end", false, start, "end", start, start
  FROM events RETURNING id, event_id
), bookings AS (
  INSERT INTO bookings_booking (number, uid, sequence, status, purpose, persons, contact_name,
    contact_phone, wishes, is_public_event, has_music, has_food, sent_at, answer_due, question,
    association_id, centre_id, event_id, use, on_public_holidays, on_school_holidays, origin_kind)
  SELECT title, gen_random_uuid(), 0, 'sent', 'Probe', 10, '', '', '', false, false, false, start,
    start::date, '', %(association)s, room.centre_id, events.id, '', 'keep', 'keep', ''
  FROM events JOIN series ON number = title JOIN bookings_room AS room ON room.id = room_id
  RETURNING id, event_id, number
)
INSERT INTO bookings_bookingdate (state, reason, suggestion, setup_minutes, turnover_minutes,
  booking_id, occurrence_id, room_id)
SELECT 'approved', '', '', 0, 0, bookings.id, occurrences.id, room_id
FROM bookings JOIN occurrences USING (event_id) JOIN series USING (number)
"""
_OCCUPANCY = """
INSERT INTO bookings_occupancy (period, booking_date_id, space_id)
SELECT tstzrange(slot.starts, slot.ends), date.id, space_id
FROM slot JOIN series USING (room_id, slot, weekday, year)
JOIN bookings_booking AS booking USING (number)
JOIN bookings_bookingdate AS date ON date.booking_id = booking.id
JOIN bookings_room_spaces AS spaces ON spaces.room_id = slot.room_id
ORDER BY slot.starts DESC
LIMIT %(rows)s
"""
# Every room is closed for an hour each Sunday morning, before anybody may use it.
_CLOSED = """
WITH closures AS (
  INSERT INTO bookings_closure (centre_id, reason, starts_at, ends_at, created_at)
  SELECT centre.id, 'Reinigung', starts, starts + interval '1 hour', starts
  FROM cms_centre AS centre,
    generate_series(%(first)s::date, %(last)s::date, interval '1 day') AS moment,
    CAST((CAST(moment AS date) + time '06:00') AT TIME ZONE 'Europe/Berlin' AS timestamptz) AS starts
  WHERE extract(isodow FROM moment) = 7
  RETURNING id, centre_id, starts_at, ends_at
)
INSERT INTO bookings_occupancy (period, closure_id, space_id)
SELECT tstzrange(starts_at, ends_at), closures.id, space.id
FROM closures JOIN bookings_space AS space USING (centre_id)
"""


START = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def fill(today: dt.date, *, rows: int = ROWS) -> None:
    """Create the centres, the rooms and the rows: those farthest ahead first, then back in time."""
    operator = apps.get_model("cms", "Operator").objects.create(name="Träger")
    for number in range(CENTRES):
        add_centre(operator, number)
    association = apps.get_model("bookings", "Association").objects.create(
        name="Chor", home_centre=apps.get_model("cms", "Centre").objects.all()[0], created_at=START
    )
    a_day = apps.get_model("bookings", "Space").objects.count() * (len(SLOTS) - 0.5)
    last = today + dt.timedelta(days=DAYS_AHEAD)
    values: dict[str, Any] = {
        "first": last - dt.timedelta(days=rows // a_day + 30),
        "last": last,
        "slots": list(SLOTS),
        "rows": rows,
        "association": association.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")  # nothing here has to survive a power cut
        cursor.execute("SET work_mem = '256MB'")
        for statement in (_SLOTS, _SERIES, _BOOKINGS, "ANALYZE", _OCCUPANCY, _CLOSED):
            cursor.execute(statement, values if "%(" in statement else None)
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET work_mem")


def add_centre(operator: Any, number: int) -> None:
    """Create a centre; every second one has a hall of three spaces, one of them a stage."""
    centre = apps.get_model("cms", "Centre").objects.create(
        place=f"Ort {number}",
        name=f"RVZ Ort {number}",
        slug=f"ort-{number}",
        operator=operator,
        status="open",
        status_date=START.date(),
        phone="030 23125 000",
        email="ort@example.org",
    )
    hall: list[Any] = []
    for place in range(ROOMS_OF_A_CENTRE):
        if number % 2 and place == 0:
            hall = add_room(centre, number, place, "saal", HALL_SPACES)
        elif number % 2 and place == 1:
            add_room(centre, number, 0, "buehne", 0, hall[:1])
        else:
            add_room(centre, number, place, f"raum-{place}", 1)


def add_room(
    centre: Any, number: int, place: int, slug: str, count: int, spaces: list[Any] | None = None
) -> list[Any]:
    """Create a room with so many spaces of its own, or of these; return them."""
    from bookings.services.rooms import give_calendar  # noqa: PLC0415 - after django.setup()

    before, after = BUFFERS[(number + place) % len(BUFFERS)]
    room = apps.get_model("bookings", "Room")(
        centre=centre,
        name=slug,
        slug=slug,
        capacity=10 * (place + 1),
        sort_order=place,
        setup_minutes=before,
        turnover_minutes=after,
    )
    give_calendar(room)
    room.save()
    space = apps.get_model("bookings", "Space").objects
    spaces = spaces or [space.create(centre=centre, name=f"{slug} {part}") for part in range(count)]
    room.spaces.set(spaces)
    hours = apps.get_model("bookings", "RoomHours").objects
    for weekday in range(7):
        hours.create(room=room, weekday=weekday, opens=OPENS, closes=CLOSES)
    return spaces
