"""What the manager's desk lists: requests with a verdict, promises to undo, today's dates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import (
    Count,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from bookings.models import Association, Booking, BookingDate, BookingLog, Closure
from bookings.rules.states import UNDECIDED, Action, DateState
from bookings.rules.wall_clock import berlin_day, whole_day
from bookings.selectors.judging import Verdict, verdicts_of
from cms.models import Centre, User


class Pile(StrEnum):
    """The lists that requests lie in; the values stand in addresses."""

    OPEN = "offen"
    ASKED = "nachfragen"
    WAITING = "warteliste"
    PROMISED = "zugesagt"
    ALL = "alle"


# How a date comes to be decided.
ASKED = (Action.SEND, Action.JOIN_WAITLIST, Action.VERIFY, Action.ADD_BACK)
_STATES = {
    Pile.OPEN: [DateState.REQUESTED],
    Pile.ASKED: [DateState.NEEDS_INFO],
    Pile.WAITING: [DateState.WAITLISTED, DateState.OFFERED],
    Pile.PROMISED: [DateState.APPROVED],
}
NOT_DECIDED = {Pile.OPEN, Pile.ASKED}


@dataclass
class RequestRow:
    """One request in a list, with its dates of that list."""

    booking: Booking
    dates: list[BookingDate]
    verdicts: dict[int, Verdict]
    waiting_days: int
    is_overdue: bool  # nobody decided before its dates; now it can only be refused

    @property
    def is_plain(self) -> bool:
        """Whether nothing speaks against a promise: held, nothing in the way, group checked."""
        return (
            not self.is_overdue
            and self.booking.is_checked
            and all(
                date.state == DateState.REQUESTED and date.stands and self.verdicts[date.pk].is_free
                for date in self.dates
            )
        )


def pile_sizes(bookings: QuerySet[Booking], *, now: datetime) -> dict[Pile, int]:
    """Return how many requests lie in each list, in one query."""
    counts = bookings.order_by().aggregate(
        **{
            pile.value: Count("pk", filter=_in(pile, now, "dates__"), distinct=True)
            for pile in _STATES
        }
    )
    return {pile: counts[pile.value] for pile in _STATES}


def requests_in(bookings: QuerySet[Booking], pile: Pile, *, now: datetime) -> QuerySet[Booking]:
    """Return the requests of a list in its order: what is to be decided by age, oldest first."""
    rows = bookings.select_related("association", "centre", "requester", "layout")
    if pile is Pile.ALL:
        return rows.order_by("-sent_at", "-pk")
    found = rows.filter(Exists(BookingDate.objects.filter(_in(pile, now), booking=OuterRef("pk"))))
    if pile is Pile.PROMISED:
        ahead = Q(dates__occurrence__end__gt=now)
        return found.annotate(first=Min("dates__occurrence__start", filter=ahead)).order_by("first")
    return found.annotate(asked_at=_asked_at(pile, now)).order_by("asked_at", "pk")


def _asked_at(pile: Pile, now: datetime) -> Coalesce:
    """Since when the first date of a list waits, as `asked_since` says."""
    steps = BookingLog.objects.filter(date=OuterRef("pk"), action__in=ASKED).order_by("-at")
    dates = BookingDate.objects.filter(_in(pile, now), booking=OuterRef("pk"))
    first = dates.annotate(asked=Subquery(steps.values("at")[:1])).order_by("asked")
    return Coalesce(Subquery(first.values("asked")[:1]), F("sent_at"))


def asked_since(dates: Iterable[BookingDate]) -> dict[int, datetime]:
    """Return since when each request has waited for the first of its dates among these.

    A series can be extended, and a date added back, long after the request was sent. One query.
    """
    steps = BookingLog.objects.filter(date__in=dates, action__in=ASKED).order_by()
    since: dict[int, datetime] = {}
    for booking_id, _date_id, at in steps.values_list("booking", "date").annotate(Max("at")):
        since[booking_id] = min(at, since.get(booking_id, at))
    return since


def search_requests(bookings: QuerySet[Booking], words: str) -> QuerySet[Booking]:
    """Return the requests with this number, of this group or for this purpose."""
    return bookings.filter(
        Q(number__iexact=words.replace(" ", ""))
        | Q(association__name__icontains=words)
        | Q(guest_name__icontains=words)
        | Q(purpose__icontains=words)
        | Q(contact_name__icontains=words)
    )


def rows_of(bookings: Iterable[Booking], pile: Pile, *, now: datetime) -> list[RequestRow]:
    """Return the rows of a list; the number of queries does not depend on how many there are."""
    bookings = list(bookings)
    # The preview of a promise asks how many dates there are.
    prefetch_related_objects(bookings, "dates")
    dates: dict[int, list[BookingDate]] = {}
    found = BookingDate.objects.filter(booking__in=bookings)
    if pile is not Pile.ALL:
        found = found.filter(_in(pile, now))
    known = {booking.pk: booking for booking in bookings}
    for date in found.select_related("room", "occurrence").order_by("occurrence__start", "pk"):
        date.booking = known[date.booking_id]
        dates.setdefault(date.booking_id, []).append(date)
    if pile in NOT_DECIDED:  # what is over counts only where nothing else is left
        dates = {
            key: [date for date in group if date.span.start > now] or group
            for key, group in dates.items()
        }
    undecided = [
        date
        for group in dates.values()
        for date in group
        if date.state in UNDECIDED and date.span.start > now
    ]
    verdicts = verdicts_of(undecided)
    since = asked_since(undecided)
    today = berlin_day(now)
    return [
        RequestRow(
            booking=booking,
            dates=dates[booking.pk],
            verdicts={date.pk: verdicts.get(date.pk, Verdict()) for date in dates[booking.pk]},
            waiting_days=(today - berlin_day(since.get(booking.pk, booking.sent_at))).days,
            is_overdue=pile in NOT_DECIDED and dates[booking.pk][0].span.start <= now,
        )
        for booking in bookings
        if booking.pk in dates
    ]


def _in(pile: Pile, now: datetime, prefix: str = "") -> Q:
    """Name the dates of a list by their `prefix`.

    Promised ones stay until they end, waiting ones until they begin, and those that somebody has to
    decide on until it is done.
    """
    found = Q(**{f"{prefix}state__in": _STATES[pile]})
    if pile is Pile.PROMISED:
        return found & Q(**{f"{prefix}occurrence__end__gt": now})
    if pile is Pile.WAITING:
        return found & Q(**{f"{prefix}occurrence__start__gt": now})
    return found


# One request ----------------------------------------------------------------------------------


def dates_of(booking: Booking) -> list[BookingDate]:
    """Return all dates of a request in order, each with its request."""
    dates = list(
        booking.dates.select_related("room", "occurrence", "decided_by").order_by(
            "occurrence__start", "pk"
        )
    )
    for date in dates:
        date.booking = booking
    return dates


def history_of(booking: Booking) -> QuerySet[BookingLog]:
    return booking.log.select_related("actor", "date__occurrence").order_by("at", "pk")


def undoable_promises(user: User, *, since: datetime) -> list[BookingDate]:
    """Return the dates that somebody has just promised, displacing and refusing nothing."""
    told_at_once = BookingLog.objects.filter(
        Q(action=Action.DISPLACE) | Q(action=Action.REJECT, booking=OuterRef("booking")),
        at=OuterRef("decided_at"),
    )
    return list(
        BookingDate.objects.filter(
            ~Exists(told_at_once),
            state=DateState.APPROVED,
            decided_by=user,
            decided_at__gt=since,
        )
        .select_related("booking__association", "room", "occurrence")
        .order_by("booking", "occurrence__start")
    )


def who_has(date: BookingDate) -> BookingDate | None:
    """Return the promised date that stands where this one wants to be."""
    promised = verdicts_of([date])[date.pk].promised
    return promised[0] if promised else None


# The house ------------------------------------------------------------------------------------


def dates_today(centres: QuerySet[Centre], *, now: datetime) -> list[BookingDate]:
    """Return the promised dates of today in these centres, by time."""
    today = whole_day(berlin_day(now))
    return list(
        BookingDate.objects.filter(
            booking__centre__in=centres,
            state__in=[DateState.APPROVED, DateState.COMPLETED, DateState.NO_SHOW],
            occurrence__start__lt=today.end,
            occurrence__end__gt=today.start,
        )
        .select_related("booking__association", "booking__centre", "room", "occurrence")
        .order_by("occurrence__start", "room__sort_order", "pk")
    )


def closures_from(centres: QuerySet[Centre], *, now: datetime) -> QuerySet[Closure]:
    """Return the closed times of these centres that are not over, by their begin."""
    closures = Closure.objects.filter(centre__in=centres, ends_at__gt=now)
    return closures.select_related("centre").prefetch_related("rooms").order_by("starts_at", "pk")


def associations_at(centres: QuerySet[Centre]) -> QuerySet[Association]:
    """Return the associations at home in these centres; those to be checked come first."""
    return (
        Association.objects.filter(home_centre__in=centres)
        .select_related("home_centre", "checked_by")
        .annotate(
            asked=Count("bookings", distinct=True),
            people=Count("memberships", distinct=True),
        )
        .order_by(IsNull(F("checked_at"), False), "name")  # noqa: FBT003 - Django's
    )


def last_requests_of(
    association: Association, bookings: QuerySet[Booking], *, limit: int = 10
) -> list[Booking]:
    """Return the latest requests of a group among these."""
    first_dates = BookingDate.objects.select_related("room", "occurrence")
    own = bookings.filter(association=association).order_by("-sent_at", "-pk")
    return list(own.prefetch_related(Prefetch("dates", queryset=first_dates))[:limit])
