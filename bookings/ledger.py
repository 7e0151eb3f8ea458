"""The only writer of Occupancy: locks first, then writes.

The exclusion constraint is the proof that no space is given away twice; the row locks make it
pleasant: without them most of many simultaneous bookers die in deadlocks. Lock order: groups whose
hours are counted, spaces by key, then the Booking, then read again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bookings.models import (
    Association,
    BookingDate,
    ChangeRequest,
    Closure,
    Occupancy,
)
from bookings.rules.policy import Policy
from bookings.rules.spans import Span, merged, without
from bookings.selectors.occupancy import ROOMS_AROUND, spaces_around
from bookings.selectors.statements import rows_of
from cms.page_cache import content_changed

LOCK_TIMEOUT = "3s"
ATTEMPTS = 2
DEADLOCK, LOCK_NOT_AVAILABLE, EXCLUSION, FOREIGN_KEY = "40P01", "55P03", "23P01", "23503"

Result = TypeVar("Result")


class BusyError(Exception):
    """Too many people want the same at once; nothing was changed. Worth another try."""


class RoomsChangedError(Exception):
    """The parts of a room changed before we held them."""


class ConflictError(Exception):
    """The time is taken; found by the constraint, after all checks."""


def in_one_go(operation: Callable[[], Result]) -> Result:
    """Run a change in one transaction, and once more if it met a deadlock or a lock timeout.

    Raises BusyError when that did not help, ConflictError when the constraint said no.
    """
    for _attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return operation()
        except IntegrityError as error:
            if _code(error) == EXCLUSION:
                raise ConflictError from error
            if _code(error) != FOREIGN_KEY:  # a room or a seating was deleted a moment ago
                raise
        except OperationalError as error:
            if _code(error) not in {DEADLOCK, LOCK_NOT_AVAILABLE}:
                raise
        except RoomsChangedError:
            pass
    raise BusyError


def _code(error: DatabaseError) -> str:
    return str(getattr(error.__cause__, "sqlstate", ""))


# Locks -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Locked:
    """The parts of rooms whose spaces this transaction holds."""

    spaces: dict[int, tuple[int, ...]]  # room → its spaces

    def of(self, room_id: int) -> tuple[int, ...]:
        return self.spaces[room_id]

    def neighbours(self, room_id: int) -> list[int]:
        """Return the rooms that share a space with this one, itself included."""
        own = set(self.spaces[room_id])
        return [room for room, spaces in self.spaces.items() if own & set(spaces)]


def lock_rooms(room_ids: Iterable[int]) -> Locked:
    """Lock the spaces of these rooms, and of all rooms that share one of them, in key order.

    The neighbours come along because freeing a half can let somebody in who waits for the whole.
    Raises RoomsChangedError if the rooms got other parts meanwhile, or have none.
    """
    wanted = set(room_ids)
    held = lock_spaces(around=wanted)
    spaces = spaces_around(wanted)
    needed = {space for keys in spaces.values() for space in keys}
    if not needed <= held or not wanted <= spaces.keys():
        raise RoomsChangedError
    return Locked(spaces)


def lock_spaces(space_ids: Iterable[int] = (), *, around: Iterable[int] = ()) -> set[int]:
    """Lock these spaces against every other writer until the end of the transaction.

    `around`: also those of these rooms and of all that share a space with them.
    """
    _wait_no_longer()
    values = {"spaces": list(space_ids), "rooms": list(around)}
    return {key for (key,) in rows_of(LOCK, values)}


LOCK = f"""
SELECT id FROM bookings_space
WHERE id = ANY(%(spaces)s)
    OR id IN (SELECT space_id FROM bookings_room_spaces WHERE room_id IN ({ROOMS_AROUND}))
ORDER BY id
FOR NO KEY UPDATE
"""  # noqa: S608 - a constant


def lock_quotas(association_ids: Iterable[int | None], policies: Iterable[Policy]) -> None:
    """Let requests and changes of a group count one after the other, where a room counts them.

    `policies`: those of the rooms that are wanted. To be called before any space is locked.
    """
    if any(policy.quota_open or policy.quota_week_hours for policy in policies):
        _wait_no_longer()
        known = [key for key in association_ids if key is not None]  # guests have no quota
        groups = Association.objects.select_for_update(no_key=True).filter(pk__in=known)
        list(groups.order_by("pk").values_list("pk", flat=True))


def _wait_no_longer() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")


# Writing -----------------------------------------------------------------------------------------


def take(dates: Sequence[BookingDate], locked: Locked) -> None:
    """Write the rows of standing dates, set-up and clearing up as booked included.

    Raises IntegrityError (23P01) if something is in the way; the transaction is lost then.
    """
    if not dates:
        return
    rows = sorted(
        (space_id, *date.period, date.pk) for date in dates for space_id in locked.of(date.room_id)
    )
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [list(column) for column in zip(*rows, strict=True)])
    content_changed()


_TAKE = """
INSERT INTO bookings_occupancy (space_id, period, booking_date_id)
SELECT space_id, tstzrange(start, until), date_id
FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::bigint[])
    AS taken (space_id, start, until, date_id)
"""


def release(dates: Iterable[BookingDate]) -> None:
    """Delete the rows of dates that do not stand any more."""
    Occupancy.objects.filter(booking_date__in=[date.pk for date in dates]).delete()
    content_changed()


@dataclass(frozen=True)
class Use:
    """A room in a time, set-up and clearing up included."""

    room_id: int
    period: Span


def beyond(wanted: Iterable[Use], own: Iterable[Use], locked: Locked) -> list[tuple[int, Span]]:
    """Return what of the spaces is wanted and not taken by one's own: space and period, in order.

    The rooms of one's own need not be locked: of their spaces only those count that are wanted.
    """
    own = list(own)
    needed = _by_space(wanted, locked.spaces)
    has = _by_space(own, spaces_around({use.room_id for use in own}))
    return [
        (space_id, span)
        for space_id in sorted(needed)
        for whole in merged(needed[space_id])
        for span in without(whole, has.get(space_id, ()))
    ]


def _by_space(uses: Iterable[Use], spaces: Mapping[int, Sequence[int]]) -> dict[int, list[Span]]:
    spans: dict[int, list[Span]] = {}
    for use in uses:
        for space_id in spaces[use.room_id]:
            spans.setdefault(space_id, []).append(use.period)
    return spans


def hold_change(change: ChangeRequest, parts: Iterable[tuple[int, Span]]) -> None:
    """Write the rows of a wish to change: what it needs beyond what its old dates take.

    Raises IntegrityError (23P01) if something is in the way; the transaction is lost then.
    """
    Occupancy.objects.bulk_create(
        Occupancy(space_id=space_id, period=DateTimeTZRange(*span), change_request=change)
        for space_id, span in parts
    )
    content_changed()


def release_change(change: ChangeRequest) -> list[Span]:
    """Delete the rows of a wish to change; return the time that they took."""
    rows = Occupancy.objects.filter(change_request=change)
    periods = list(rows.values_list("period", flat=True))
    if periods:
        rows.delete()
        content_changed()
    return merged(Span(period.lower, period.upper) for period in periods)


def close_all(closures: Iterable[Closure], space_ids: Iterable[int]) -> None:
    """Write the rows of closures that all close the same spaces.

    What is in the way was looked at under the same lock.
    """
    spaces = sorted(set(space_ids))
    Occupancy.objects.bulk_create(
        Occupancy(
            space_id=space_id,
            period=DateTimeTZRange(closure.starts_at, closure.ends_at),
            closure=closure,
        )
        for closure in closures
        for space_id in spaces
    )
    content_changed()


def reopen(closure: Closure) -> None:
    reopen_all([closure])


def reopen_all(closures: Iterable[Closure]) -> None:
    Occupancy.objects.filter(closure__in=[closure.pk for closure in closures]).delete()
    content_changed()
