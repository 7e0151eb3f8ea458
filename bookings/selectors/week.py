"""A room's week, or other days of it, as everybody may see them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bookings.models import Room
from bookings.models.rooms import WIDEST_BUFFER
from bookings.rules.policy import Policy
from bookings.rules.spans import Span, merged
from bookings.rules.wall_clock import (
    MIDNIGHT,
    ONE_DAY,
    berlin_day,
    in_berlin,
    monday_of,
    span_on,
    whole_day,
)
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
from bookings.selectors.public_uses import public_uses
from cms.opening_hours import BERLIN
from cms.selectors.schedules import holiday_calendar

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
    holiday: str  # the name of a public one
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
    """Return the week of a room, in two queries if its hours were prefetched."""
    today, policy = berlin_day(now), room.policy
    dates = [monday + timedelta(days=number) for number in range(DAYS)]
    shown = days_of_room(room, space_ids, dates, now=now, evenings=evenings)
    first_shown, last_shown = shown_days(today, policy)
    week = timedelta(days=DAYS)
    return Week(
        monday=monday,
        is_this_week=monday == monday_of(today),
        previous=monday - week if monday - week >= first_shown else None,
        following=monday + week if monday + week <= last_shown else None,
        last_day=today + timedelta(days=policy.horizon_days),
        scale=shown.scale,
        days=shown.days,
    )


@dataclass(frozen=True)
class ShownDays:
    """Days of a room, and the rows on which their blocks stand."""

    days: list[Day]
    scale: Scale


def days_of_room(
    room: Room,
    space_ids: Collection[int],
    dates: Sequence[date],
    *,
    now: datetime,
    evenings: bool = False,
) -> ShownDays:
    """Return consecutive days of a room, in two queries if its hours were prefetched."""
    today, policy = berlin_day(now), room.policy
    openings = list(room.hours.all())
    hours = {day: utc_hours(openings, day, evenings=evenings) for day in dates}
    whole = Span(whole_day(dates[0]).start, whole_day(dates[-1]).end)
    around = whole.widened(WIDEST_BUFFER, WIDEST_BUFFER)
    near = _by_day(public_uses(space_ids, around, policy))
    # Past days are folded, so they need no rows.
    ahead = [span for day, spans in hours.items() if day >= today for span in spans]
    scale = Scale.of(ahead, policy)
    last_day = today + timedelta(days=policy.horizon_days)
    holidays = holiday_calendar()
    days = [
        Day(
            date=day,
            is_today=day == today,
            is_past=day < today,
            has_hours=bool(hours[day]),
            can_be_asked_for=day <= last_day,
            holiday=holidays.public_name(day) or "",
            blocks=_shown(_blocks(room, hours[day], near.get(day, []), now), scale, policy, now),
        )
        for day in dates
    ]
    return ShownDays(days, scale)


def _by_day(taken: Iterable[Taken]) -> dict[date, list[Taken]]:
    """Return what is taken by the days on which it may be in the way of something."""
    days: dict[date, list[Taken]] = {}
    for item in taken:
        around = item.period.widened(WIDEST_BUFFER, WIDEST_BUFFER)
        day, last = berlin_day(around.start), berlin_day(around.end)
        while day <= last:
            days.setdefault(day, []).append(item)
            day += ONE_DAY
    return days


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
