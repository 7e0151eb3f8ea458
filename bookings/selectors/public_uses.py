"""What takes a room, as everybody may see it: no purpose, no person, no name that is not public."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import OuterRef, Subquery

from bookings.models import BookingLog
from bookings.rules.policy import Policy, PublicDetail
from bookings.rules.spans import Span
from bookings.rules.states import PROMISED
from bookings.rules.week import Taken, Use
from bookings.selectors.occupancy import points_of, rows_given, rows_within
from cms.prepared import Prepared

_COLUMNS = (
    "period",
    "closure__reason",
    "booking_date__state",
    "booking_date__occurrence__start",
    "booking_date__occurrence__end",
    "booking_date__booking__association__name",
    "booking_date__booking__association__name_is_public",
    "booking_date__booking__association__checked_at",
)
_KEYS = ("closure_id", "booking_date_id", "change_request_id")
_VERSION = (
    "closure__created_at",
    "booking_date__booking__sent_at",
    "last_step",
    "booking_date__booking__sequence",
    "change_request__requested_at",
)


@dataclass(frozen=True)
class PublicEntry:
    """Something that takes a room, for calendars. `key`: its own for good."""

    key: str
    taken: Taken
    changed_at: datetime
    version: int


def public_uses(space_ids: Iterable[int], span: Span, policy: Policy) -> list[Taken]:
    """Return what takes these spaces; a date on several of them is one. One query."""
    rows = _USES(points=points_of(space_ids), period=DateTimeTZRange(*span))
    with_names = policy.public_detail is PublicDetail.NAME
    return list(dict.fromkeys(_taken_by(row, with_names=with_names) for row in rows))


_USES = Prepared(lambda: rows_given().values_list(*_COLUMNS))


def public_entries(space_ids: Iterable[int], span: Span, policy: Policy) -> list[PublicEntry]:
    """Return the same with what a calendar needs to know it again, by time. One query."""
    steps = BookingLog.objects.filter(date=OuterRef("booking_date")).order_by("-at")
    found = rows_within(space_ids, span).annotate(last_step=Subquery(steps.values("at")[:1]))
    rows = found.values_list(*_COLUMNS, *_KEYS, *_VERSION)
    with_names = policy.public_detail is PublicDetail.NAME
    entries = {entry.key: entry for entry in (_entry(row, with_names=with_names) for row in rows)}
    return sorted(entries.values(), key=lambda entry: (entry.taken.span, entry.key))


def _taken_by(row: tuple[object, ...], *, with_names: bool) -> Taken:
    period, reason, state, start, end, name, is_public, checked_at = row
    whole = Span(period.lower, period.upper)  # type: ignore[attr-defined]
    if reason is not None:
        return Taken(whole, whole, Use.CLOSED, str(reason))
    if state is None:  # a wish to change: what it holds beyond its old date
        return Taken(whole, whole, Use.REQUESTED, "")
    is_promised = state in PROMISED
    may_be_named = with_names and is_promised and is_public and checked_at is not None
    return Taken(
        Span(start, end),  # type: ignore[arg-type]
        whole,
        Use.PROMISED if is_promised else Use.REQUESTED,
        str(name) if may_be_named else "",
    )


def _entry(row: tuple[object, ...], *, with_names: bool) -> PublicEntry:
    taken = _taken_by(row[: len(_COLUMNS)], with_names=with_names)
    closure, date, change, *version = row[len(_COLUMNS) :]
    closed_at, sent_at, last_step, sequence, wished_at = version
    if closure is not None:
        return PublicEntry(f"closure-{closure}", taken, closed_at, 0)  # type: ignore[arg-type]
    if date is None:  # what a wish holds may be several pieces of time
        key = f"change-{change}-{taken.span.start:%Y%m%dT%H%M}"
        return PublicEntry(key, taken, wished_at, 0)  # type: ignore[arg-type]
    return PublicEntry(f"date-{date}", taken, last_step or sent_at, sequence)  # type: ignore[arg-type]
