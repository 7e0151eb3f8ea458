"""A room's week as everybody may see it: no purpose, no person, no name that is not public."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bookings.models import Room
from bookings.models.rooms import WIDEST_BUFFER
from bookings.rules.policy import Policy, PublicDetail
from bookings.rules.spans import Span, merged
from bookings.rules.states import PROMISED
from bookings.rules.wall_clock import MIDNIGHT, berlin_day, in_berlin, monday_of, span_on, whole_day
from bookings.rules.week import (
    DAYS,
    Block,
    Scale,
    Taken,
    Use,
    asks_from,
    day_blocks,
    offered,
    shown_days,
    within,
)
from bookings.selectors.hours import Opening, openings_on
from bookings.selectors.occupancy import rows_within
from cms.opening_hours import BERLIN

EVENING = time(17)


@dataclass(frozen=True)
class ShownBlock:
    """A block in Berlin's time, where it stands, and from when one may ask for it."""

    start: datetime
    end: datetime
    use: Use
    labels: tuple[str, ...]
    row: int  # the first one; without meaning on past days
    rows: int
    asks_from: datetime | None


@dataclass(frozen=True)
class Day:
    date: date
    is_today: bool
    is_past: bool
    has_hours: bool
    can_be_asked_for: bool  # False: further ahead than one may ask
    blocks: list[ShownBlock]


@dataclass(frozen=True)
class Week:
    """`previous` and `following`: Mondays; None where no week is shown any more."""

    monday: date
    is_this_week: bool
    previous: date | None
    following: date | None
    last_day: date  # for which one may ask
    scale: Scale
    days: list[Day]

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=DAYS - 1)

    @property
    def has_hours(self) -> bool:
        return any(day.has_hours for day in self.days)

    @property
    def is_over(self) -> bool:
        return all(day.is_past for day in self.days)

    @property
    def has_offers(self) -> bool:
        """Tell whether there is anything to ask for."""
        return any(
            block.asks_from for day in self.days if day.can_be_asked_for for block in day.blocks
        )


def room_week(
    room: Room,
    space_ids: Collection[int],
    monday: date,
    *,
    now: datetime,
    evenings: bool = False,
) -> Week:
    """Return the week of a room, in one query if its hours were prefetched."""
    today, policy = berlin_day(now), room.policy
    dates = [monday + timedelta(days=number) for number in range(DAYS)]
    openings = list(room.hours.all())
    hours = {day: utc_hours(openings, day, evenings=evenings) for day in dates}
    whole = Span(whole_day(dates[0]).start, whole_day(dates[-1]).end)
    taken = _taken(space_ids, whole.widened(WIDEST_BUFFER, WIDEST_BUFFER), policy)
    # Past days are folded, so they need no rows.
    ahead = [span for day, spans in hours.items() if day >= today for span in spans]
    scale = Scale.of(ahead, policy)
    last_day = today + timedelta(days=policy.horizon_days)
    first_shown, last_shown = shown_days(today, policy)
    week = timedelta(days=DAYS)
    return Week(
        monday=monday,
        is_this_week=monday == monday_of(today),
        previous=monday - week if monday - week >= first_shown else None,
        following=monday + week if monday + week <= last_shown else None,
        last_day=last_day,
        scale=scale,
        days=[
            Day(
                date=day,
                is_today=day == today,
                is_past=day < today,
                has_hours=bool(hours[day]),
                can_be_asked_for=day <= last_day,
                blocks=_shown(_blocks(room, hours[day], taken, now), scale, policy, now),
            )
            for day in dates
        ],
    )


def utc_hours(openings: Iterable[Opening], day: date, *, evenings: bool = False) -> list[Span]:
    """Return when a room may be used on that day, in UTC: spans are compared with the ledger's."""
    spans = [_in(UTC, span) for span in openings_on(openings, day)]
    return within(spans, _in(UTC, span_on(day, EVENING, MIDNIGHT))) if evenings else merged(spans)


def _in(zone: object, span: Span) -> Span:
    return Span(*(edge.astimezone(zone) for edge in span))  # type: ignore[arg-type]


def _blocks(room: Room, hours: list[Span], taken: list[Taken], now: datetime) -> list[Block]:
    if not hours:
        return []
    before, after = room.buffers
    blocks = day_blocks(hours, taken, before=before, after=after, policy=room.policy)
    is_today = berlin_day(hours[0].start) == berlin_day(now)
    return offered(blocks, now=now, policy=room.policy) if is_today else blocks


def _shown(blocks: list[Block], scale: Scale, policy: Policy, now: datetime) -> list[ShownBlock]:
    places = scale.places(block.span for block in blocks)
    return [
        _shown_block(block, place, policy, now) for block, place in zip(blocks, places, strict=True)
    ]


def _shown_block(block: Block, place: tuple[int, int], policy: Policy, now: datetime) -> ShownBlock:
    start, end = in_berlin(block.span)
    asked = asks_from(block, now=now, policy=policy)
    return ShownBlock(
        start=start,
        end=end,
        use=block.use,
        labels=block.labels,
        row=place[0],
        rows=place[1],
        asks_from=asked and asked.astimezone(BERLIN),
    )


# The ledger ------------------------------------------------------------------------------------

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


def _taken(space_ids: Iterable[int], span: Span, policy: Policy) -> list[Taken]:
    """Return what takes these spaces; a date on several of them is one."""
    rows = rows_within(space_ids, span).values_list(*_COLUMNS)
    with_names = policy.public_detail is PublicDetail.NAME
    return list(dict.fromkeys(_taken_by(row, with_names=with_names) for row in rows))


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
