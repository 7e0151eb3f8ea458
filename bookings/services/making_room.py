"""Who is promised a time gets it: everybody else who asked for it goes to the waiting list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from bookings import ledger
from bookings.ledger import Locked
from bookings.models import BookingDate, ChangeRequest, Occupancy
from bookings.notifications import Notice, notify
from bookings.rules.spans import Span, merged
from bookings.rules.states import HOLDING, Action, Role
from bookings.selectors.occupancy import rows_against
from bookings.selectors.waiting import takes_place_in, undecided_dates
from bookings.services.locked_request import close_question
from bookings.services.transitions import apply_all


class TimeTakenError(Exception):
    """The time of a date is not to be had; nothing of the decision is stored.

    It is promised to somebody else, the room is closed (`reason`), or another group's wish to
    change holds it (`change`) and has to be decided on first.
    """

    def __init__(
        self, date: BookingDate, reason: str = "", change: ChangeRequest | None = None
    ) -> None:
        super().__init__(str(date))
        self.date = date
        self.reason = reason
        self.change = change


@dataclass(frozen=True)
class Place:
    """Where a date shall stand. `period`: with set-up and clearing up."""

    date: BookingDate
    room_id: int
    span: Span
    period: Span

    @classmethod
    def of(cls, date: BookingDate) -> "Place":
        """Return where a date is now."""
        return cls(date, date.room_id, date.span, date.period)


def make_room(
    places: Sequence[Place],
    locked: Locked,
    *,
    own: Iterable[int],
    now: datetime,
    except_changes: Iterable[int] = (),
) -> list[Span]:
    """Send everybody else who asked for these times to the waiting list, and tell them.

    `own`: keys of the dates that are promised or replaced; they are in nobody's way. The neighbours
    of the rooms are locked, too. Return the time that was held and may be free for others when the
    caller has taken the places. Raises TimeTakenError.
    """
    if not places:
        return []
    own = set(own)
    rows = rows_against(
        [(locked.of(place.room_id), place.period) for place in places],
        except_dates=own,
        except_changes=except_changes,
    )
    standing = set()
    for place, in_the_way in zip(places, rows, strict=True):
        for row in in_the_way:
            standing.add(_who_may_go(place.date, row))
    rivals = [
        rival
        for rival in _holding(places, locked, standing).exclude(pk__in=own)
        if rival.pk in standing or _is_rival(rival, places, locked)
    ]
    displace(rivals, now=now)
    return merged(rival.period for rival in rivals)


def displace_waiting(places: Iterable[Place], locked: Locked, *, now: datetime) -> None:
    """Send everybody who still waited for times that are promised now to the waiting list.

    These times were free, or held by who has them now: nobody else holds them. One query if nobody
    waits.
    """
    if places := list(places):
        rivals = [one for one in _holding(places, locked, ()) if _is_rival(one, places, locked)]
        displace(rivals, now=now)


def displace(rivals: Sequence[BookingDate], *, now: datetime) -> None:
    """Put dates on the waiting list, each group with one mail."""
    standing = [rival for rival in rivals if rival.stands]
    by_booking: dict[int, list[BookingDate]] = {}
    entries = apply_all(rivals, Action.DISPLACE, role=Role.SYSTEM, now=now) if rivals else []
    if standing:
        ledger.release(standing)
    for rival in rivals:
        by_booking.setdefault(rival.booking_id, []).append(rival)
    for entry in entries:
        if dates := by_booking.pop(entry.booking_id, None):
            close_question(entry.booking)
            notify(Notice(entry=entry, dates=dates), now=now)


def _who_may_go(date: BookingDate, row: Occupancy) -> int:
    """Return the key of an undecided date in the way. Raises TimeTakenError for all else."""
    if row.closure is not None:
        raise TimeTakenError(date, row.closure.reason)
    if row.change_request is not None:
        raise TimeTakenError(date, change=row.change_request)
    if row.booking_date is None or row.booking_date.state not in HOLDING:
        raise TimeTakenError(date)
    return row.booking_date.pk


def _holding(
    places: Sequence[Place], locked: Locked, standing: Iterable[int]
) -> QuerySet[BookingDate]:
    rooms = {key for place in places for key in locked.neighbours(place.room_id)}
    overlapping = takes_place_in(*merged(place.span for place in places)) & Q(room__in=rooms)
    return undecided_dates().filter(overlapping | Q(pk__in=list(standing)), state__in=HOLDING)


def _is_rival(rival: BookingDate, places: Sequence[Place], locked: Locked) -> bool:
    """Tell whether somebody asked for one of these times, held or not; set-up not counted."""
    return any(
        rival.span.overlaps(place.span) and rival.room_id in locked.neighbours(place.room_id)
        for place in places
    )
