"""Every date of a series before it is sent, with its verdict and ways out. Nothing is promised."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from bookings.models import Association, Room
from bookings.rules.obstacles import Obstacles
from bookings.rules.proposal import (
    Choice,
    HolidayChoice,
    Verdict,
    left_out_state,
    possible_choices,
)
from bookings.rules.quiet_days import quiet_day
from bookings.rules.recurrence import (
    Recurrence,
    days_of,
    longest_until,
    refusals_of_series,
    spans_of,
)
from bookings.rules.refusals import (
    OF_THE_DAY,
    Asker,
    Code,
    Refusal,
    RefusedError,
    Wish,
    refusals_of,
    refusals_of_asker,
)
from bookings.rules.spans import Span, bookable, merged
from bookings.rules.states import DateState
from bookings.rules.wall_clock import berlin_day, clock_length, whole_day
from bookings.rules.week import nearest
from bookings.selectors.asking import asker_of
from bookings.selectors.hours import hours_on
from bookings.selectors.many_dates import Look, SeenDate
from bookings.selectors.obstacles import obstacles_in
from bookings.selectors.occupancy import spaces_around
from bookings.selectors.policies import read_policies
from bookings.wording import why_left_out
from cms.selectors.schedules import holiday_calendar

Spaces = Mapping[int, Sequence[int]]  # room → its spaces


@dataclass(frozen=True, kw_only=True)
class SeriesWish:
    """What a group wants regularly. Times are Berlin's; an end at 0:00 is 24:00."""

    room: Room
    recurrence: Recurrence
    first: date
    until: date | None
    start: time
    end: time
    persons: int
    use: str = ""
    association: Association | None = None
    holidays: HolidayChoice = field(default_factory=HolidayChoice)
    replaced: frozenset[int] = frozenset()  # keys of dates in whose place it comes


@dataclass(frozen=True)
class ProposedDate:
    """One date as the rule makes it.

    as_planned: the verdict if nobody minded the holiday. reason: the holiday's name or why the room
    is closed. quiet_day: a hint. choices: what one can do, the preset first; other_room and
    other_time are what two of them mean.
    """

    original: Span
    verdict: Verdict
    as_planned: Verdict
    reason: str
    quiet_day: str
    choices: tuple[Choice, ...]
    other_room: Room | None = None
    other_time: Span | None = None

    @property
    def day(self) -> date:
        return berlin_day(self.original.start)

    @property
    def works(self) -> bool:
        return self.verdict is Verdict.FREE

    @property
    def preset(self) -> Choice:
        return self.choices[0]


@dataclass(frozen=True)
class Proposal:
    wish: SeriesWish
    dates: list[ProposedDate]

    @property
    def problems(self) -> list[ProposedDate]:
        """Return the dates that need a choice; each has a preset one."""
        return [one for one in self.dates if not one.works]

    @property
    def free(self) -> int:
        return len(self.dates) - len(self.problems)


@dataclass(frozen=True, kw_only=True)
class WantedDate:
    """A date as it shall be sent. `left_out`: the state it is stored with when it is left out.

    waits: it may be taken; the group waits behind the others then.
    """

    original: Span
    span: Span
    room: Room
    left_out: DateState | None = None
    reason: str = ""
    waits: bool = False


def propose(wish: SeriesWish, *, now: datetime) -> Proposal:
    """Return all dates of a series with their verdicts.

    Eight queries at most, and one for each quota that another room has.
    Raises RefusedError with everything that concerns the series as a whole: rule, end, length, times,
    persons.
    """
    refusals = refusals_of_wish(wish, now=now)
    if refusals or wish.until is None:
        raise RefusedError(refusals)
    originals = spans_of(wish.recurrence, wish.first, wish.until, wish.start, wish.end)
    look = _look(wish, originals)
    group = wish.association.pk if wish.association else None
    first_look = []
    for span in originals:
        planned = look.as_planned(span, wish.room, group=group, use=wish.use)
        holiday = look.holiday_on(berlin_day(span.start), wish.holidays)
        first_look.append((SeenDate(span, *holiday) if holiday else planned, planned.verdict))
    ways = _ways_out(
        [seen.span for seen, planned in first_look if planned is not Verdict.FREE], wish, now
    )
    dates = [_proposed(seen, planned, ways) for seen, planned in _side_by_side(first_look, wish)]
    return Proposal(wish, dates)


def _side_by_side(
    looks: Sequence[tuple[SeenDate, Verdict]], wish: SeriesWish
) -> Iterator[tuple[SeenDate, Verdict]]:
    """Let a date be the group's own already where the free one before it is still in the room.

    With long set-up and clearing up a series can stand in its own way; sending refuses that.
    """
    before, after = wish.room.buffers_for(wish.use)
    taken: Span | None = None
    for seen, planned in looks:
        period = seen.span.widened(before, after)
        if seen.verdict is not Verdict.FREE:
            yield seen, planned
        elif taken is not None and taken.overlaps(period):
            yield SeenDate(seen.span, Verdict.OWN), Verdict.OWN
        else:
            taken = period
            yield seen, planned


def _look(wish: SeriesWish, spans: Sequence[Span]) -> Look:
    """Read what is in the way of these dates only: a room has much else in a year."""
    spaces = spaces_around([wish.room.pk])
    before, after = wish.room.buffers_for(wish.use)
    periods = [span.widened(before, after) for span in spans]
    obstacles = obstacles_in(spaces.get(wish.room.pk, ()), periods, except_dates=wish.replaced)
    return Look(spaces, obstacles, holiday_calendar())


def refusals_of_wish(wish: SeriesWish, *, now: datetime) -> list[Refusal]:
    """Return what is wrong with a series as a whole, whatever its single dates are like."""
    found = refusals_of_series(wish.recurrence, wish.first, wish.until, wish.start, wish.end)
    first = Wish(_first_day(wish), wish.start, wish.end, wish.persons)
    of_first = [one for one in _of_rules(wish.room, first, now) if one.code not in OF_THE_DAY]
    if Code.TOO_FAR not in {one.code for one in of_first}:
        found = within_horizon(found, wish.until, wish.room, now=now)
    return found + [one for one in of_first if one.code not in {known.code for known in found}]


def within_horizon(
    refusals: Sequence[Refusal], until: date | None, room: Room, *, now: datetime
) -> list[Refusal]:
    """Return the refusals of a series; those of its end name the earliest last day of all limits."""
    last = berlin_day(now) + timedelta(days=room.policy.horizon_days)
    too_far = Refusal(Code.TOO_FAR, "until", {"last": last})
    found = []
    for one in refusals:
        if one.values.get("last", last) <= last:
            found.append(one)
        elif one.code is Code.NO_END:
            found.append(replace(one, values={"last": last}))
        else:
            found.append(too_far)
    if until is not None and until > last and all(one.about != "until" for one in found):
        found.append(too_far)
    return found


def _first_day(wish: SeriesWish) -> date:
    """Return the first day of the rule; as long as there is none, the one that was asked for."""
    if not wish.recurrence.is_known:
        return wish.first
    until = wish.until or longest_until(wish.first)
    return next(iter(days_of(wish.recurrence, wish.first, until)), wish.first)


def _of_rules(room: Room, wish: Wish, now: datetime) -> list[Refusal]:
    """Return what the rules of a room say, leaving aside its hours."""
    return refusals_of(
        wish, capacity=room.capacity, hours=[whole_day(wish.day)], policy=room.policy, now=now
    )


def _proposed(seen: SeenDate, planned: Verdict, ways: "Ways") -> ProposedDate:
    room, time_ = ways.get(seen.span, (None, None))
    choices = possible_choices(
        seen.verdict, other_room=room is not None, other_time=time_ is not None, as_planned=planned
    )
    hint = quiet_day(berlin_day(seen.span.start))
    return ProposedDate(seen.span, seen.verdict, planned, seen.reason, hint, choices, room, time_)


# Ways out ----------------------------------------------------------------------------------------

Ways = dict[Span, tuple[Room | None, Span | None]]


def _ways_out(problems: Sequence[Span], wish: SeriesWish, now: datetime) -> Ways:
    """Return another free room and another free time for each date that does not work."""
    if not problems:
        return {}
    rooms = _rooms(wish)
    spaces = spaces_around([room.pk for room in rooms])
    days = merged(whole_day(berlin_day(span.start)) for span in problems)
    widest = max(max(room.buffers_for(wish.use)) for room in rooms)
    obstacles = obstacles_in(
        {space for room in rooms for space in spaces.get(room.pk, ())},
        (day.widened(widest, widest) for day in days),
        except_dates=wish.replaced,
    )
    askers = _askers(rooms[1:], problems, wish, now)
    earliest = now + timedelta(hours=wish.room.policy.lead_hours)
    ways: Ways = {}
    for span in problems:
        others = (room for room in rooms if room.pk != wish.room.pk)
        allowed = (room for room in others if _is_allowed(room, span, askers))
        free_rooms = (room for room in allowed if _fits(room, span, wish, spaces, obstacles))
        other = next((room for room in free_rooms if not _is_refused(room, span, wish, now)), None)
        own = _free(wish.room, span, wish, spaces, obstacles)
        time_ = nearest(own, span, wish.room.policy, earliest)
        if time_ is not None and _is_refused(wish.room, time_, wish, now):
            time_ = None
        ways[span] = (other, time_)
    return ways


def _rooms(wish: SeriesWish) -> list[Room]:
    """Return the room and the others of its centre that hold the group, the smallest first."""
    rooms = list(
        Room.objects.filter(centre=wish.room.centre_id, is_public=True, capacity__gte=wish.persons)
        .exclude(pk=wish.room.pk)
        .prefetch_related("hours", "use_buffers")
        .order_by("capacity", "pk")
    )
    read_policies(rooms)
    return [wish.room, *rooms]


def _askers(
    rooms: Iterable[Room], problems: Sequence[Span], wish: SeriesWish, now: datetime
) -> dict[int, Asker]:
    """Return room → who asks, as its rules see it; nothing as long as nobody knows who asks."""
    if wish.association is None:
        return {}
    return {
        room.pk: asker_of(wish.association, room, problems, now=now, replaced=wish.replaced)
        for room in rooms
    }


def _is_allowed(room: Room, span: Span, askers: Mapping[int, Asker]) -> bool:
    """Tell whether the rules of another room let this group have a date there."""
    asker = askers.get(room.pk)
    return asker is None or not refusals_of_asker(asker, [span], room.policy)


def _is_refused(room: Room, span: Span, wish: SeriesWish, now: datetime) -> bool:
    """Tell whether the rules of a room refuse a date whoever asks; sending asks the same."""
    return bool(_of_rules(room, Wish.of(span, wish.persons), now))


def _fits(room: Room, span: Span, wish: SeriesWish, spaces: Spaces, obstacles: Obstacles) -> bool:
    """Tell whether another room is free at the same time."""
    return any(free.contains(span) for free in _free(room, span, wish, spaces, obstacles))


def _free(
    room: Room, span: Span, wish: SeriesWish, spaces: Spaces, obstacles: Obstacles
) -> list[Span]:
    """Return when the room is free on that day for as long as the date takes."""
    day = berlin_day(span.start)
    before, after = room.buffers_for(wish.use)
    rows = obstacles.of(spaces.get(room.pk, ()), whole_day(day).widened(before, after))
    taken = [row.period for row in rows]
    gaps = bookable(hours_on(room, day), taken, before=before, after=after)
    return [gap for gap in gaps if clock_length(gap) >= clock_length(span)]


# Choosing ----------------------------------------------------------------------------------------


def wanted_dates(
    proposal: Proposal, choices: Mapping[date, Choice] | None = None
) -> list[WantedDate]:
    """Return the dates as they shall be sent; what nobody chose is as preset.

    Raises RefusedError for a choice that this date does not have (any more).
    """
    chosen = choices or {}
    gone = [
        one for one in proposal.dates if one.day in chosen and chosen[one.day] not in one.choices
    ]
    if gone:
        days = tuple(one.day for one in gone)
        raise RefusedError([Refusal(Code.CHOICE_GONE, "dates", {"days": days})])
    return [
        _wanted(one, chosen.get(one.day, one.preset), proposal.wish.room) for one in proposal.dates
    ]


def _wanted(one: ProposedDate, choice: Choice, room: Room) -> WantedDate:
    original = one.original
    match choice:
        case Choice.LEAVE_OUT:
            return WantedDate(
                original=original,
                span=original,
                room=room,
                left_out=left_out_state(one.verdict),
                reason=why_left_out(one.verdict, one.reason),
            )
        case Choice.OTHER_ROOM if one.other_room is not None:
            return WantedDate(original=original, span=original, room=one.other_room)
        case Choice.OTHER_TIME if one.other_time is not None:
            return WantedDate(original=original, span=one.other_time, room=room)
    return WantedDate(original=original, span=original, room=room, waits=choice is Choice.WAIT)


def rooms_of(dates: Iterable[WantedDate]) -> dict[int, Room]:
    """Return the rooms in which dates shall take place, by key."""
    return {one.room.pk: one.room for one in dates if one.left_out is None}
