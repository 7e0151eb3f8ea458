"""The one statement that asks the ledger about many rooms and many times at once.

Its form is measured (`bench/ledger.py`): the times are a materialised list, the index on periods is
probed once for each of them, and rooms come in only afterwards. `NOT EXISTS` over a join of rooms
and rows says the same, but leaves the order to the planner, who is off by a factor of a thousand.

Rooms need different times around a date, so the probe is as wide as the widest room needs it; what
is found then is compared with what each room needs.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import (
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from bookings.models import Room, UseBuffer
from bookings.rules.refusals import Code
from bookings.rules.spans import Span

MINUTE = Value(timedelta(minutes=1), output_field=DurationField())

_STATEMENT = """
WITH room AS MATERIALIZED ({rooms}),
asked AS MATERIALIZED (
  SELECT number - 1 AS number, starts, ends, tstzrange(starts - before, ends + after) AS around
  FROM unnest(%s::timestamptz[], %s::timestamptz[]) WITH ORDINALITY AS asked (starts, ends, number),
    (SELECT coalesce(max(time_before), '0') AS before, coalesce(max(time_after), '0') AS after
     FROM room) AS widest
),
near AS (
  SELECT number, starts, ends, space_id, period, is_closure
  FROM asked CROSS JOIN LATERAL (
    SELECT space_id, period, closure_id IS NOT NULL AS is_closure
    FROM bookings_occupancy WHERE period && around OFFSET 0
  ) AS taken
),
refused AS (
  SELECT room.id, array_agg(CASE WHEN is_closure THEN ~number ELSE number END) AS numbers
  FROM near
    JOIN bookings_room_spaces AS parts ON parts.space_id = near.space_id
    JOIN room ON room.id = parts.room_id
  WHERE period && tstzrange(starts - time_before, ends + time_after)
  GROUP BY room.id
),
week AS (
  SELECT room_id AS id, json_agg(
    json_build_object('weekday', weekday, 'opens', opens, 'closes', closes)
    ORDER BY weekday, opens
  )::text AS openings
  FROM bookings_roomhours WHERE room_id IN (SELECT id FROM room) GROUP BY room_id
)
SELECT room.*, coalesce(numbers, '{{}}') AS refused, coalesce(openings, '[]') AS openings
FROM room
  LEFT JOIN refused ON refused.id = room.id
  LEFT JOIN week ON week.id = room.id
"""


def with_buffers(rooms: QuerySet[Room], use: str = "") -> QuerySet[Room]:
    """Annotate what a new date of this use needs before and after it; see `Room.buffers_for`."""
    found: QuerySet[Room] = rooms.annotate(
        time_before=_minutes("setup_minutes", use), time_after=_minutes("turnover_minutes", use)
    )
    return found


def _minutes(name: str, use: str) -> Any:
    own = UseBuffer.objects.filter(room=OuterRef("pk"), use=use).values(name)
    minutes = Coalesce(Subquery(own), F(name)) if use else F(name)
    return ExpressionWrapper(minutes * MINUTE, output_field=DurationField())


def statement(rooms: QuerySet[Room], spans: Sequence[Span]) -> tuple[str, tuple[object, ...]]:
    """Return SQL and parameters: a row for each room, with what `refused_of` and a reader of JSON need.

    `rooms` are annotated `with_buffers`. `openings` is the week of the room as JSON.
    """
    inner, values = rooms.order_by().query.sql_with_params()
    starts, ends = [span.start for span in spans], [span.end for span in spans]
    return _STATEMENT.format(rooms=inner), (*values, starts, ends)


def refused_of(room: Any) -> dict[int, Code]:
    """Return the positions of spans that a room is not free on, and why.

    The bits of the position are turned over where it is a closure. A position may come twice.
    """
    codes = {number: Code.TAKEN for number in room.refused if number >= 0}
    return codes | {~number: Code.CLOSED for number in room.refused if number < 0}
