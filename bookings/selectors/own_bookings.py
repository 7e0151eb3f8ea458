"""What a group sees of its own requests: what needs an answer, what comes, what fell through."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.postgres.fields import DateTimeRangeField
from django.db.models import (
    BooleanField,
    Case,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from bookings.models import Booking, BookingDate, BookingLog, ChangedDate, ChangeRequest, Occupancy
from bookings.rules.states import SKIPPED, UNDECIDED, Action, DateState, Role, allowed_actions
from bookings.selectors.waiting import places_of

# How far back "past dates" reach.
LOOK_BACK = timedelta(days=366)
COMING = UNDECIDED | {DateState.UNVERIFIED, DateState.OFFERED, DateState.APPROVED}


@dataclass(frozen=True)
class OwnDate:
    """One date as its group sees it.

    place: on the waiting list, None if it does not wait there.
    was_left_open: it is over, and nobody ever decided on it.
    give_up: what the group may do with it, None if nothing. can_take: it is offered. has_wish:
    there is an open wish to change it. can_add_back: it was left out, and its time is free now.
    """

    date: BookingDate
    place: int | None
    was_left_open: bool
    give_up: Action | None
    can_take: bool = False
    has_wish: bool = False
    can_add_back: bool = False

    @property
    def can_change(self) -> bool:
        """Tell whether the group may wish for another time or room; an offer is taken first."""
        return self.give_up is not None and self.state != DateState.OFFERED

    @property
    def state(self) -> DateState:
        return DateState(self.date.state)


@dataclass(frozen=True)
class OwnRow:
    """Dates of one request that are shown as one row: the first one, and the others folded.

    left_out: dates ahead that the series leaves out.
    """

    first: OwnDate
    others: Sequence[OwnDate]
    left_out: Sequence[OwnDate] = ()

    @property
    def booking(self) -> Booking:
        return self.first.date.booking

    @property
    def asked(self) -> list[OwnDate]:
        """Return the dates that the centre's question is about."""
        return [one for one in (self.first, *self.others) if one.state == DateState.NEEDS_INFO]

    @property
    def asked_stand(self) -> bool:
        return all(one.date.stands for one in self.asked)

    @property
    def last(self) -> OwnDate:
        return self.others[-1] if self.others else self.first


@dataclass(frozen=True)
class OwnBookings:
    """offers: dates to take or leave. questions: requests whose group is asked something.

    fell_through: what would have come.
    """

    offers: Sequence[OwnDate]
    questions: Sequence[OwnRow]
    coming: Sequence[OwnRow]
    fell_through: Sequence[OwnRow]
    past: Sequence[OwnDate]

    @property
    def has_open(self) -> bool:
        """Tell whether something waits for an answer."""
        return bool(self.offers or self.questions)

    @property
    def rows(self) -> list[OwnRow]:
        return [*self.coming, *self.fell_through]

    @property
    def bookings(self) -> list[Booking]:
        return [row.booking for row in self.rows] + [own.date.booking for own in self.past]

    @property
    def only_centre(self) -> int | None:
        """Return the centre of all requests, None if there are several or none."""
        centres = {booking.centre_id for booking in self.bookings}
        return centres.pop() if len(centres) == 1 else None

    @property
    def groups(self) -> list[str]:
        """Return the names of the groups that asked."""
        return sorted({booking.asker for booking in self.bookings})

    @property
    def names_groups(self) -> bool:
        """Tell whether each date has to say whose it is."""
        return len(self.groups) > 1


def coming_dates(*, now: datetime) -> QuerySet[BookingDate]:
    """Return the dates that are not over and may take place."""
    return BookingDate.objects.filter(
        state__in=[state.value for state in COMING], occurrence__end__gt=now
    )


def own_bookings(bookings: QuerySet[Booking], *, now: datetime) -> OwnBookings:
    """Return what these requests look like to their group, in two queries at most."""
    dates = (
        with_chances(BookingDate.objects.filter(booking__in=bookings), now=now)
        .filter(occurrence__end__gt=now - LOOK_BACK)
        .select_related("booking__association", "room", "occurrence")
        .order_by("occurrence__start", "pk")
    )
    own = as_own(dates, now=now)
    ahead = [one for one in own if one.date.span.end > now]
    left_out = [one for one in ahead if one.state in SKIPPED]
    coming = _rows((one for one in ahead if one.state in COMING), left_out)
    gone = [one for one in ahead if one.state not in COMING | SKIPPED]
    shown = {row.booking.pk for row in coming}
    others = [one for one in left_out if one.date.booking_id not in shown]
    return OwnBookings(
        offers=[one for one in ahead if one.can_take],
        questions=[row for row in coming if _is_asked(row)],
        coming=coming,
        fell_through=_rows(gone, others),
        past=[
            one for one in reversed(own) if one.date.span.end <= now and one.state not in SKIPPED
        ],
    )


def with_chances(dates: QuerySet[BookingDate], *, now: datetime) -> QuerySet[BookingDate]:
    """Read with the dates what `as_own` says of them: open wishes, and left-out times that are free.

    Within the query: many dates cost no further one. The rules are looked at when somebody asks.
    """
    minute = Value(timedelta(minutes=1))
    before = ExpressionWrapper(F("setup_minutes") * minute, output_field=DurationField())
    after = ExpressionWrapper(F("turnover_minutes") * minute, output_field=DurationField())
    period = Func(
        F("occurrence__start") - before,
        F("occurrence__end") + after,
        function="tstzrange",
        output_field=DateTimeRangeField(),
    )
    taken = Occupancy.objects.filter(
        space__rooms=OuterRef("room"), period__overlap=OuterRef("wanted_period")
    )
    moves = ChangedDate.objects.filter(
        date=OuterRef("pk"), change__status=ChangeRequest.Status.OPEN
    )
    is_left_out = Q(state__in=SKIPPED, occurrence__start__gt=now)
    return dates.annotate(
        wanted_period=period,
        is_free_again=Case(
            When(is_left_out, then=~Exists(taken)),
            default=Value(False),  # noqa: FBT003
            output_field=BooleanField(),
        ),
        is_wished_elsewhere=Exists(moves),
    )


def as_own(dates: Iterable[BookingDate], *, now: datetime) -> list[OwnDate]:
    """Return dates as their group sees them."""
    dates = list(dates)
    places = places_of(date for date in dates if date.span.start > now)
    return [
        OwnDate(
            date,
            place=places.get(date.pk),
            was_left_open=date.span.end <= now and date.state in UNDECIDED,
            give_up=way_to_give_up(date, now=now),
            can_take=can_be_taken(date, now=now),
            has_wish=getattr(date, "is_wished_elsewhere", False),
            can_add_back=getattr(date, "is_free_again", False),
        )
        for date in dates
    ]


def substitutes_of(dates: Sequence[BookingDate]) -> list[BookingDate]:
    """Return what the centre offered in place of dates of one request that it took back."""
    if not any(date.state == DateState.REVOKED for date in dates):
        return []
    found = BookingDate.objects.filter(
        booking__origin=dates[0].booking_id,
        booking__origin_kind=Booking.OriginKind.SUBSTITUTE,
    )
    return list(found.select_related("booking", "room", "occurrence").order_by("pk"))


def way_to_give_up(date: BookingDate, *, now: datetime) -> Action | None:
    """Return whether the group may cancel or withdraw a date: until it begins."""
    possible = allowed_actions(DateState(date.state), Role.BOOKER)
    if date.span.start <= now:
        return None
    return next((way for way in (Action.CANCEL, Action.WITHDRAW) if way in possible), None)


def can_be_taken(date: BookingDate, *, now: datetime) -> bool:
    """Tell whether a date is offered to its group and the offer has not run out."""
    until = date.holds_until
    return date.state == DateState.OFFERED and until is not None and until > now


@dataclass
class Step:
    """One step of the history; the same step of several dates is one.

    only_date: the one it is about, if the request has others.
    """

    entry: BookingLog
    dates: list[BookingDate]
    text: str = ""
    only_date: BookingDate | None = None


def history_for_group(booking: Booking) -> list[Step]:
    """Return the steps of a request that its group reads, oldest first, in one query.

    A promise that was taken back before its mail went out is nobody's business.
    """
    entries = booking.log.select_related("date__occurrence").order_by("at", "pk")
    steps = together(told_to_group(entries))
    if len({date.pk for step in steps for date in step.dates}) > 1:
        for step in steps:
            step.only_date = step.dates[0] if len(step.dates) == 1 else None
    return steps


def together(entries: Iterable[BookingLog]) -> list[Step]:
    """Make one step of what happened to several dates of a request at once."""
    steps: dict[tuple[object, ...], Step] = {}
    for entry in entries:
        text = _text_for_group(entry)
        same = (entry.booking_id, entry.action, entry.at, text)
        step = steps.setdefault(same, Step(entry, [], text))
        if entry.date is not None:
            step.dates.append(entry.date)
    return list(steps.values())


def told_to_group(entries: Iterable[BookingLog]) -> list[BookingLog]:
    """Keep the steps of one request, oldest first, that its group reads."""
    told: list[BookingLog] = []
    for entry in entries:
        if entry.action == Action.UNDO_APPROVAL:
            undone = [one for one in told if _is_promise_of(one, entry)]
            told.remove(undone[-1])
        elif entry.action not in {Action.HOLD, Action.WARN}:
            told.append(entry)
    return told


def _text_for_group(entry: BookingLog) -> str:
    """Return what the group reads beside the step; what the team notes of a no-show is its own."""
    return "" if entry.action == Action.MARK_NO_SHOW else entry.text


def _is_promise_of(entry: BookingLog, undo: BookingLog) -> bool:
    return entry.action == Action.APPROVE and entry.date_id == undo.date_id


def _rows(dates: Iterable[OwnDate], left_out: Iterable[OwnDate] = ()) -> list[OwnRow]:
    """Put dates of one request into one row; those that fell through only with their like.

    What a series leaves out comes with the first row of its request.
    """
    without: dict[int, list[OwnDate]] = {}
    for one in left_out:
        without.setdefault(one.date.booking_id, []).append(one)
    groups: dict[tuple[object, ...], list[OwnDate]] = {}
    for one in dates:
        like = () if one.state in COMING else (one.state, one.date.reason)
        groups.setdefault((one.date.booking_id, *like), []).append(one)
    return [
        OwnRow(first, others, without.pop(first.date.booking_id, ()))
        for first, *others in groups.values()
    ]


def _is_asked(row: OwnRow) -> bool:
    return bool(row.booking.question and row.asked)
