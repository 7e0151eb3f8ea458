"""Thousands of promised dates in one statement, as the services would have stored them."""

from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:  # the benchmarks load this before Django is set up
    from bookings.models import Association, Room

_SQL = """
WITH slots AS (
  SELECT number, from_day + number * interval '8 hours' AS starts
  FROM generate_series(1, %(count)s) AS number, (SELECT %(from_day)s::timestamptz AS from_day) AS f
), events AS (
  INSERT INTO schedule_event
    (start, "end", title, description, created_on, updated_on, calendar_id, color_event)
  SELECT starts, starts + interval '2 hours', 'B' || extract(epoch FROM starts)::bigint, '', starts, starts, %(calendar)s, ''
  FROM slots RETURNING id, title, start, "end"
), occurrences AS (
  INSERT INTO schedule_occurrence
    (event_id, title, description, start, "end", cancelled, original_start, original_end,
     created_on, updated_on)
  SELECT id, title, '', start, "end", false, start, "end", start, start
  FROM events RETURNING id, event_id, start, "end"
), bookings AS (
  INSERT INTO bookings_booking
    (number, uid, sequence, status, purpose, persons, contact_name, contact_phone, wishes,
     is_public_event, has_music, has_food, sent_at, answer_due, question, association_id,
     centre_id, event_id, use, on_public_holidays, on_school_holidays, origin_kind)
  SELECT title, gen_random_uuid(), 0, 'sent', 'Probe', 10, '', '', '', false, false, false,
    start, start::date, '', %(association)s, %(centre)s, id, '', 'keep', 'keep', ''
  FROM events RETURNING id, event_id
), dates AS (
  INSERT INTO bookings_bookingdate
    (state, reason, suggestion, setup_minutes, turnover_minutes, booking_id, occurrence_id, room_id)
  SELECT 'approved', '', '', 0, 0, bookings.id, occurrences.id, %(room)s
  FROM bookings JOIN occurrences USING (event_id) RETURNING id, occurrence_id
)
INSERT INTO bookings_occupancy (period, booking_date_id, space_id)
SELECT tstzrange(occurrences.start, occurrences."end"), dates.id, spaces.space_id
FROM dates JOIN occurrences ON occurrences.id = dates.occurrence_id,
  (SELECT space_id FROM bookings_room_spaces WHERE room_id = %(room)s) AS spaces
"""

_TABLES = (
    "schedule_event",
    "schedule_occurrence",
    "bookings_booking",
    "bookings_bookingdate",
    "bookings_occupancy",
)


def add_bookings(room: "Room", association: "Association", count: int, *, from_day: str) -> None:
    """Give a room this many promised dates of two hours, three a day from that day on."""
    values = {
        "room": room.pk,
        "calendar": room.calendar_id,
        "centre": room.centre_id,
        "association": association.pk,
        "count": count,
        "from_day": from_day,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, values)
        # Where the tables were empty before, each foreign key would be looked up row by row.
        cursor.execute(f"ANALYZE {', '.join(_TABLES)}")
