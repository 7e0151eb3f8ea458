"""What the ledger has in the way of many periods, in one query."""

from collections.abc import Iterable

from django.db.models import F
from django.db.models.functions import Coalesce

from bookings.rules.obstacles import Cause, Obstacle, Obstacles
from bookings.rules.spans import Span, merged
from bookings.rules.states import PROMISED
from bookings.selectors.occupancy import rows_within

_GROUP = Coalesce(
    F("booking_date__booking__association"), F("change_request__booking__association")
)


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
    rows = rows_within(spaces, *times).values_list(
        "space_id",
        "period",
        "closure__reason",
        "booking_date__state",
        _GROUP,
        "booking_date_id",
        "change_request_id",
    )
    dates, changes = set(except_dates), set(except_changes)
    return Obstacles(
        _obstacle(*row[:5]) for row in rows if row[5] not in dates and row[6] not in changes
    )


def _obstacle(
    space_id: int, period: object, reason: str | None, state: str | None, group: int | None
) -> Obstacle:
    span = Span(period.lower, period.upper)  # type: ignore[attr-defined]
    if reason is not None:
        return Obstacle(space_id, span, Cause.CLOSURE, reason=reason)
    cause = Cause.PROMISE if state in PROMISED else Cause.REQUEST
    return Obstacle(space_id, span, cause, group)
