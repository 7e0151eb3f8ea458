"""What a group wishes to change of its own request, and which steps there are for a series."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import mode

from django.db.models import Q

from bookings.models import Booking, BookingDate, ChangedDate, ChangeRequest, RenewalRound, Room
from bookings.rules.proposal import Choice
from bookings.rules.recurrence import Recurrence
from bookings.rules.spans import Span
from bookings.rules.states import UNDECIDED, DateState
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.own_bookings import OwnDate
from bookings.selectors.proposals import Proposal, wanted_dates
from bookings.selectors.recurrences import UnknownRuleError, recurrence_of_event
from bookings.selectors.renewals import undecided_plan_of

Status = ChangeRequest.Status
# Dates that take place if all goes well.
AHEAD = UNDECIDED | {DateState.OFFERED, DateState.APPROVED}
SHOWN_WISHES = 5


@dataclass(frozen=True)
class OwnWish:
    """A wish as its group sees it. `dates`: where its dates shall go, in order."""

    change: ChangeRequest
    dates: Sequence[ChangedDate]

    @property
    def is_open(self) -> bool:
        return self.change.status == Status.OPEN

    @property
    def first(self) -> ChangedDate | None:
        return self.dates[0] if self.dates else None

    @property
    def is_following(self) -> bool:
        return self.change.kind == ChangeRequest.Kind.FOLLOWING


@dataclass(frozen=True)
class SeriesWays:
    """Which steps there are for a series as a whole.

    end: some dates ahead can be given up. extend: it can go on. change: from a date on. plan: the
    one for a year in which it can be renewed. goes_on: the request under which it does.
    """

    end: bool = False
    extend: bool = False
    change: bool = False
    plan: RenewalRound | None = None
    goes_on: Booking | None = None


def wishes_of_group(booking: Booking) -> list[OwnWish]:
    """Return what the group wished to change and has not got: open or refused, the newest first."""
    found = booking.changes.filter(status__in=[Status.OPEN, Status.REFUSED])
    changes = found.select_related("first_date__occurrence", "first_date__room").prefetch_related(
        "dates__room", "dates__old_room"
    )
    return [_wish(change) for change in changes.order_by("-requested_at", "-pk")[:SHOWN_WISHES]]


def open_wish_of(booking: Booking, date_id: int) -> OwnWish | None:
    """Return the open wish that is about this very date, None if there is none."""
    found = booking.changes.filter(status=Status.OPEN, dates__date=date_id)
    change = found.select_related("first_date__occurrence", "first_date__room").first()
    return _wish(change) if change else None


def open_following_of(booking: Booking) -> ChangeRequest | None:
    """Return the open wish for a date and all that follow; there is one at most."""
    found = booking.changes.filter(status=Status.OPEN, kind=ChangeRequest.Kind.FOLLOWING)
    return found.select_related("first_date__occurrence", "first_date__room").first()


def _wish(change: ChangeRequest) -> OwnWish:
    dates = [one for one in change.dates.all() if not one.left_out]
    return OwnWish(change, dates)


def ways_of_series(booking: Booking, dates: Sequence[OwnDate], *, now: datetime) -> SeriesWays:
    """Return the steps for a series, in two queries, four in a plan; a single date has none."""
    if known_recurrence(booking) is None:
        return SeriesWays()
    ahead = [one for one in dates if one.state in AHEAD and one.date.span.start > now]
    goes_on = booking.successors.filter(origin_kind=Booking.OriginKind.SPLIT).last()
    can_go_on = runs((one.date for one in dates), now=now)
    return SeriesWays(
        end=bool(ahead),
        extend=can_go_on and goes_on is None,
        change=bool(ahead) and undecided_plan_of(booking) is None,
        plan=open_plan(booking, now=now) if can_go_on else None,
        goes_on=goes_on,
    )


def runs(dates: Iterable[BookingDate], *, now: datetime) -> bool:
    """Tell whether a series has a date that takes place or did, so that it can go on."""
    return any(
        date.state in {DateState.APPROVED, DateState.COMPLETED}
        or (date.state in AHEAD and date.span.start > now)
        for date in dates
    )


def known_recurrence(booking: Booking) -> Recurrence | None:
    """Return how a series repeats; None for a single date, and for a rule that is none of ours."""
    try:
        return recurrence_of_event(booking.event)
    except UnknownRuleError:
        return None


def open_plan(booking: Booking, *, now: datetime) -> RenewalRound | None:
    """Return the plan for a year of the centre in which groups can still ask."""
    plans = RenewalRound.objects.filter(
        centre=booking.centre_id, decided_at=None, collects_until__gte=berlin_day(now)
    )
    if booking.round_id is not None:
        plans = plans.exclude(pk=booking.round_id)
    return plans.order_by("first", "pk").first()


def replaced_from(first: BookingDate, dates: Iterable[BookingDate]) -> list[BookingDate]:
    """Return the dates that a change of the series from one of them on replaces."""
    begins = first.occurrence.original_start
    return [date for date in dates if date.occurrence.original_start >= begins]


def changed_singly(
    dates: Sequence[BookingDate], proposal: Proposal, choices: Mapping[date, Choice]
) -> list[BookingDate]:
    """Return the dates that are not as their series has them, and will not stay as they are."""
    usual = mode(date.room_id for date in dates)
    new = {
        (one.room.pk, one.span.in_utc)
        for one in wanted_dates(proposal, choices)
        if not one.left_out
    }
    return [
        date
        for date in dates
        if (date.room_id, date.span) != (usual, _original(date))
        and (date.room_id, date.span) not in new
    ]


def _original(date: BookingDate) -> Span:
    return Span(date.occurrence.original_start, date.occurrence.original_end)


def rooms_to_choose(booking: Booking, own: Room) -> list[Room]:
    """Return the rooms of the centre in which the group can wish to be; its own one is among them."""
    rooms = Room.objects.filter(centre=booking.centre_id)
    return list(rooms.filter(Q(is_public=True) | Q(pk=own.pk)).order_by("name", "pk"))
