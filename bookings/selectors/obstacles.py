"""What the ledger has in the way of many periods, in one query."""

import itertools
from collections.abc import Iterable
from datetime import datetime

from bookings.rules.obstacles import Cause, Obstacle, Obstacles
from bookings.rules.spans import Span, merged
from bookings.rules.states import PROMISED
from bookings.selectors.occupancy import points_of, times_of
from bookings.selectors.statements import rows_of


def obstacles_in(
    space_ids: Iterable[int],
    periods: Iterable[Span],
    *,
    except_dates: Iterable[int] = (),
    except_changes: Iterable[int] = (),
) -> Obstacles:
    """Return what takes these spaces in these periods, set-up and clearing up included."""
    times = merged(periods)
    spaces = set(space_ids)
    if not times or not spaces:
        return Obstacles([])
    values = {
        "spaces": points_of(spaces),
        "times": times_of(times),
        "dates": list(except_dates),
        "changes": list(except_changes),
    }
    return Obstacles(itertools.starmap(_obstacle, rows_of(_IN_THE_WAY, values)))


# The first three conditions are those of `occupancy.rows_within`.
_IN_THE_WAY = """
SELECT taken.space_id, lower(taken.period), upper(taken.period), closure.reason, date.state,
       coalesce(booking.association_id, changing.association_id)
FROM bookings_occupancy AS taken
LEFT JOIN bookings_closure AS closure ON closure.id = taken.closure_id
LEFT JOIN bookings_bookingdate AS date ON date.id = taken.booking_date_id
LEFT JOIN bookings_booking AS booking ON booking.id = date.booking_id
LEFT JOIN bookings_changerequest AS change ON change.id = taken.change_request_id
LEFT JOIN bookings_booking AS changing ON changing.id = change.booking_id
WHERE taken.period && %(times)s::tstzmultirange
  AND int8range(taken.space_id, taken.space_id, '[]') && %(spaces)s::int8multirange
  AND (taken.closure_id IS NULL OR taken.closure_id IS NOT NULL)
  AND (taken.booking_date_id = ANY(%(dates)s)) IS NOT TRUE
  AND (taken.change_request_id = ANY(%(changes)s)) IS NOT TRUE
"""


def _obstacle(
    space_id: int,
    start: datetime,
    end: datetime,
    reason: str | None,
    state: str | None,
    group: int | None,
) -> Obstacle:
    span = Span(start, end)
    if reason is not None:
        return Obstacle(space_id, span, Cause.CLOSURE, reason=reason)
    cause = Cause.PROMISE if state in PROMISED else Cause.REQUEST
    return Obstacle(space_id, span, cause, group)
