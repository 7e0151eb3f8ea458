"""What stands in addresses at which one asks for a room."""

from datetime import date

from bookings.rules.spans import Span
from bookings.rules.wall_clock import in_berlin

WEEKLY = "woechentlich"


def request_query(span: Span, *, persons: int | None = None, until: date | None = None) -> str:
    """Return the query of the request form for a time; `until`: the last day of a weekly series.

    Nothing in it needs quoting.
    """
    start, end = in_berlin(span)
    parts = [f"tag={start:%Y-%m-%d}", f"von={start:%H:%M}", f"bis={end:%H:%M}"]
    parts += [f"personen={persons}"] if persons else []
    parts += [f"wiederholung={WEEKLY}", f"endet={until.isoformat()}"] if until else []
    return "&".join(parts)
