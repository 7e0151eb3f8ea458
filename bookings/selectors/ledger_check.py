"""Proof that the ledger says what was decided: no row too few, none too many, none elsewhere.

Occupancy = spaces × dates that stand (set-up and clearing up as booked), what open wishes to change
hold beyond that, and spaces × closures.
Each question is one statement, so it sees one moment, and only differences leave the database.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bookings.rules.states import HOLDING, PROMISED, DateState
from bookings.selectors.statements import rows_of
from cms.models import Centre

CONSTRAINT = "occupancy_no_overlap"


class Kind(StrEnum):
    ROW_MISSING = "row missing"
    ROW_TOO_MANY = "row too many: nothing stands"
    ROW_TWICE = "row twice"
    WRONG_PERIOD = "wrong period"
    WRONG_SPACE = "wrong space: not a part of the room"
    NO_CAUSE = "row that is not of one date, wish to change or closure"
    GIVEN_TWICE = "space given away twice"
    NO_TIMES = "date without an occurrence that ends after it starts"
    HOLD_WITHOUT_STATE = "hold in a state that cannot hold"
    OFFER_WITHOUT_END = "offer that never runs out"
    NO_CONSTRAINT = f"the constraint {CONSTRAINT} is missing or not valid"


@dataclass(frozen=True)
class Difference:
    """What is wrong, with keys only: no person and no purpose belongs into a log."""

    kind: Kind
    date: int | None = None
    closure: int | None = None
    space: int | None = None
    row: int | None = None
    change: int | None = None

    def __str__(self) -> str:
        keys = {
            "date": self.date,
            "change": self.change,
            "closure": self.closure,
            "space": self.space,
            "row": self.row,
        }
        named = ", ".join(f"{name} {key}" for name, key in keys.items() if key is not None)
        return f"{self.kind}: {named}" if named else str(self.kind)


def differences(*, now: datetime, centre: Centre | None = None) -> list[Difference]:
    """Return what the ledger says and nobody decided, or the other way round; by kind and key.

    What was over before `now` lies where the room was then: its parts may have changed since.
    """
    values: dict[str, Any] = {
        "now": now,
        "centre": centre.pk if centre else None,
        "promised": [state.value for state in PROMISED],
        "holding": [state.value for state in HOLDING],
        "may_hold": [state.value for state in (*HOLDING, DateState.OFFERED)],
        "offered": DateState.OFFERED.value,
        "constraint": CONSTRAINT,
    }
    found = [
        difference
        for question in (_CONSTRAINT, _DATES, _CHANGES, _CLOSURES, _ROWS)
        for difference in _answers(question, values)
    ]
    return sorted(
        found,
        key=lambda it: (it.kind, it.date or 0, it.change or 0, it.closure or 0, it.space or 0),
    )


def _answers(question: str, values: dict[str, Any]) -> Iterator[Difference]:
    for kind, *keys in rows_of(question, values):
        yield Difference(Kind[kind], *keys)


# Each gives rows of: kind, date, closure, space, row of the ledger, and maybe wish to change.

_CONSTRAINT = """
SELECT 'NO_CONSTRAINT', NULL, NULL, NULL, NULL
WHERE NOT EXISTS (
    SELECT FROM pg_constraint
    WHERE conname = %(constraint)s AND conrelid = 'bookings_occupancy'::regclass
        AND contype = 'x' AND convalidated
)
"""

_DATES = """
WITH asked AS (
    SELECT date.id, date.room_id,
        date.state = ANY(%(promised)s)
            OR (date.state = ANY(%(holding)s) AND date.holds_until IS NOT NULL) AS stands,
        date.holds_until IS NOT NULL AND date.state <> ALL(%(may_hold)s) AS holds_wrongly,
        date.holds_until IS NULL AND date.state = %(offered)s AS never_ends,
        coalesce(occurrence."end" > occurrence.start, false) AS has_times,
        occurrence.start - make_interval(mins => date.setup_minutes) AS starts,
        occurrence."end" + make_interval(mins => date.turnover_minutes) AS ends
    FROM bookings_bookingdate AS date
    JOIN bookings_booking AS booking ON booking.id = date.booking_id
    LEFT JOIN schedule_occurrence AS occurrence ON occurrence.id = date.occurrence_id
    WHERE %(centre)s::bigint IS NULL OR booking.centre_id = %(centre)s
)
SELECT 'NO_TIMES', id, NULL::bigint, NULL::bigint, NULL::bigint FROM asked WHERE NOT has_times
UNION ALL
SELECT 'HOLD_WITHOUT_STATE', id, NULL, NULL, NULL FROM asked WHERE holds_wrongly
UNION ALL
SELECT 'OFFER_WITHOUT_END', id, NULL, NULL, NULL FROM asked WHERE never_ends
UNION ALL
SELECT 'ROW_MISSING', asked.id, NULL, part.space_id, NULL
FROM asked LEFT JOIN bookings_room_spaces AS part USING (room_id)
WHERE stands AND has_times AND NOT EXISTS (
    SELECT FROM bookings_occupancy AS taken
    WHERE taken.booking_date_id = asked.id
        AND (taken.space_id = part.space_id OR asked.ends <= %(now)s)
)
UNION ALL
SELECT
    CASE
        WHEN NOT stands THEN 'ROW_TOO_MANY'
        WHEN taken.period <> tstzrange(starts, greatest(starts, ends)) THEN 'WRONG_PERIOD'
        ELSE 'WRONG_SPACE'
    END,
    asked.id, NULL, taken.space_id, taken.id
FROM bookings_occupancy AS taken
JOIN asked ON asked.id = taken.booking_date_id
LEFT JOIN bookings_room_spaces AS part
    ON part.room_id = asked.room_id AND part.space_id = taken.space_id
WHERE NOT stands
    OR (has_times AND taken.period <> tstzrange(starts, greatest(starts, ends)))
    OR (part.id IS NULL AND has_times AND ends > %(now)s)
"""

# A wish holds its spaces and times without what the dates that it would replace take now.
_CHANGES = """
WITH wish AS (
    SELECT change.id, change.kind, change.booking_id, first.original_start AS since
    FROM bookings_changerequest AS change
    JOIN bookings_booking AS booking ON booking.id = change.booking_id
    JOIN bookings_bookingdate AS first_date ON first_date.id = change.first_date_id
    JOIN schedule_occurrence AS first ON first.id = first_date.occurrence_id
    WHERE change.status = 'open' AND change.holds_until IS NOT NULL
        AND (%(centre)s::bigint IS NULL OR booking.centre_id = %(centre)s)
), needed AS (
    SELECT wish.id, part.space_id, range_agg(tstzrange(
        wished.start - make_interval(mins => wished.setup_minutes),
        wished."end" + make_interval(mins => wished.turnover_minutes)
    )) AS periods
    FROM wish
    JOIN bookings_changeddate AS wished ON wished.change_id = wish.id AND wished.left_out = ''
    JOIN bookings_room_spaces AS part ON part.room_id = wished.room_id
    GROUP BY wish.id, part.space_id
), own AS (
    SELECT wish.id, part.space_id, range_agg(tstzrange(
        occurrence.start - make_interval(mins => date.setup_minutes),
        occurrence."end" + make_interval(mins => date.turnover_minutes)
    )) AS periods
    FROM wish
    JOIN bookings_bookingdate AS date ON date.booking_id = wish.booking_id
    JOIN schedule_occurrence AS occurrence ON occurrence.id = date.occurrence_id
    JOIN bookings_room_spaces AS part ON part.room_id = date.room_id
    WHERE occurrence."end" > occurrence.start
        AND (
            date.state = ANY(%(promised)s)
            OR (date.state = ANY(%(holding)s) AND date.holds_until IS NOT NULL)
        )
        AND CASE wish.kind
            WHEN 'following' THEN occurrence.original_start >= wish.since
            ELSE EXISTS (
                SELECT FROM bookings_changeddate AS wished
                WHERE wished.change_id = wish.id AND wished.date_id = date.id
            )
        END
    GROUP BY wish.id, part.space_id
), held AS (
    SELECT needed.id, needed.space_id,
        unnest(needed.periods - coalesce(own.periods, '{}'::tstzmultirange)) AS period
    FROM needed LEFT JOIN own USING (id, space_id)
)
SELECT 'ROW_MISSING', NULL::bigint, NULL::bigint, held.space_id, NULL::bigint, held.id
FROM held
WHERE NOT EXISTS (
    SELECT FROM bookings_occupancy AS taken
    WHERE taken.change_request_id = held.id AND taken.space_id = held.space_id
        AND taken.period && held.period
)
UNION ALL
SELECT
    CASE
        WHEN wish.id IS NULL THEN 'ROW_TOO_MANY'
        WHEN EXISTS (
            SELECT FROM needed WHERE needed.id = wish.id AND needed.space_id = taken.space_id
        ) THEN 'WRONG_PERIOD'
        ELSE 'WRONG_SPACE'
    END,
    NULL, NULL, taken.space_id, taken.id, taken.change_request_id
FROM bookings_occupancy AS taken
JOIN bookings_space AS space ON space.id = taken.space_id
LEFT JOIN wish ON wish.id = taken.change_request_id
WHERE taken.change_request_id IS NOT NULL
    AND (%(centre)s::bigint IS NULL OR space.centre_id = %(centre)s)
    AND NOT EXISTS (
        SELECT FROM held
        WHERE held.id = wish.id AND held.space_id = taken.space_id AND held.period = taken.period
    )
"""

_CLOSURES = """
WITH closure AS (
    SELECT id, starts_at, ends_at FROM bookings_closure
    WHERE %(centre)s::bigint IS NULL OR centre_id = %(centre)s
), closed AS (
    SELECT DISTINCT closure.id, closure.starts_at, closure.ends_at, part.space_id
    FROM closure
    LEFT JOIN bookings_closure_rooms AS chosen ON chosen.closure_id = closure.id
    LEFT JOIN bookings_room_spaces AS part ON part.room_id = chosen.room_id
)
SELECT 'ROW_MISSING', NULL::bigint, closed.id, closed.space_id, NULL::bigint
FROM closed
WHERE NOT EXISTS (
    SELECT FROM bookings_occupancy AS taken
    WHERE taken.closure_id = closed.id
        AND (taken.space_id = closed.space_id OR closed.ends_at <= %(now)s)
) AND (
    closed.space_id IS NOT NULL
    OR NOT EXISTS (SELECT FROM closed AS other WHERE other.id = closed.id AND other.space_id > 0)
)
UNION ALL
SELECT
    CASE
        WHEN taken.period <> tstzrange(closure.starts_at, greatest(closure.starts_at, closure.ends_at))
            THEN 'WRONG_PERIOD'
        ELSE 'WRONG_SPACE'
    END,
    NULL, closure.id, taken.space_id, taken.id
FROM bookings_occupancy AS taken
JOIN closure ON closure.id = taken.closure_id
LEFT JOIN closed ON closed.id = closure.id AND closed.space_id = taken.space_id
WHERE taken.period <> tstzrange(closure.starts_at, greatest(closure.starts_at, closure.ends_at))
    OR (closed.id IS NULL AND closure.ends_at > %(now)s)
UNION ALL
SELECT 'ROW_TWICE', NULL, closure.id, taken.space_id, max(taken.id)
FROM bookings_occupancy AS taken
JOIN closure ON closure.id = taken.closure_id
GROUP BY closure.id, taken.space_id
HAVING count(*) > 1
"""

# By sorting, not through the constraint's index: this must not believe what it checks.
_ROWS = """
SELECT 'NO_CAUSE', taken.booking_date_id, taken.closure_id, taken.space_id, taken.id,
    taken.change_request_id
FROM bookings_occupancy AS taken
JOIN bookings_space AS space ON space.id = taken.space_id
WHERE num_nonnulls(taken.booking_date_id, taken.change_request_id, taken.closure_id) <> 1
    AND (%(centre)s::bigint IS NULL OR space.centre_id = %(centre)s)
UNION ALL
SELECT 'GIVEN_TWICE', booking_date_id, NULL, space_id, id, change_request_id
FROM (
    SELECT taken.id, taken.booking_date_id, taken.change_request_id, taken.space_id, taken.period,
        max(upper(taken.period)) OVER (
            PARTITION BY taken.space_id ORDER BY lower(taken.period), taken.id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS taken_until
    FROM bookings_occupancy AS taken
    JOIN bookings_space AS space ON space.id = taken.space_id
    WHERE taken.closure_id IS NULL
        AND (%(centre)s::bigint IS NULL OR space.centre_id = %(centre)s)
) AS in_order
WHERE lower(period) < taken_until
"""
