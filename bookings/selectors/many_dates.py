"""Verdicts on the dates of many series at once, for lists and plans of a whole year."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bookings.models import Association, Room
from bookings.rules.obstacles import Obstacle, Obstacles, code_of, reason_of
from bookings.rules.policy import OutsideHours
from bookings.rules.proposal import VERDICT_OF_CODE, HolidayChoice, Verdict, holiday_verdict
from bookings.rules.refusals import is_within
from bookings.rules.spans import Span
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.hours import hours_on
from bookings.selectors.obstacles import obstacles_in
from cms.holiday_calendar import HolidayCalendar
from cms.selectors.schedules import holiday_calendar

Spaces = Mapping[int, Sequence[int]]  # room → its spaces
HOLIDAYS = frozenset({Verdict.PUBLIC_HOLIDAY, Verdict.SCHOOL_HOLIDAYS})


@dataclass(frozen=True)
class SeenDate:
    """reason: the holiday, or why the room is closed. group: who has the time or asked for it."""

    span: Span
    verdict: Verdict
    reason: str = ""
    group: str = ""

    @property
    def works(self) -> bool:
        return self.verdict is Verdict.FREE

    @property
    def is_conflict(self) -> bool:
        """Tell whether somebody has to decide about it; holidays are left out as agreed."""
        return not self.works and self.verdict not in HOLIDAYS


@dataclass(frozen=True)
class Look:
    """What the ledger, the holidays and the hours say of dates in these rooms; asks no query."""

    spaces: Spaces
    obstacles: Obstacles
    calendar: HolidayCalendar
    names: Mapping[int, str] = field(default_factory=dict)  # of groups; "" for others

    def at(
        self,
        span: Span,
        room: Room,
        *,
        holidays: HolidayChoice,
        group: int | None = None,
        use: str = "",
    ) -> SeenDate:
        """Return the verdict on one date of a series; `group`: the association that wants it."""
        holiday = self.holiday_on(berlin_day(span.start), holidays)
        if holiday:
            return SeenDate(span, *holiday)
        return self.as_planned(span, room, group=group, use=use)

    def holiday_on(self, day: date, holidays: HolidayChoice) -> tuple[Verdict, str] | None:
        """Return the verdict on a holiday that the series leaves out, with its name."""
        return holiday_verdict(
            self.calendar.public_name(day), self.calendar.school_name(day), holidays
        )

    def as_planned(
        self, span: Span, room: Room, *, group: int | None = None, use: str = ""
    ) -> SeenDate:
        """Return the verdict if nobody minded the holidays."""
        rows = self.obstacles.of(self.spaces.get(room.pk, ()), span.widened(*room.buffers_for(use)))
        code = code_of(rows, group)
        if code is not None:
            return SeenDate(span, VERDICT_OF_CODE[code], reason_of(rows), self.who(rows))
        refuses = room.policy.outside_hours is OutsideHours.REFUSE
        if refuses and not is_within(span, hours_on(room, berlin_day(span.start))):
            return SeenDate(span, Verdict.OUTSIDE_HOURS)
        return SeenDate(span, Verdict.FREE)

    def who(self, rows: Iterable[Obstacle]) -> str:
        """Return the name of the group that is in the way, "" if there is none."""
        return next((self.names.get(row.group, "") for row in rows if row.group is not None), "")


def look_at(spaces: Spaces, rooms: Iterable[int], periods: Iterable[Span]) -> Look:
    """Read what a `Look` at these rooms needs, from the first period until the last, in three queries.

    One long span: the dates of many series would be as many conditions.
    """
    times = list(periods)
    obstacles = Obstacles([])
    if times:
        whole = Span(min(span.start for span in times), max(span.end for span in times))
        keys = {space for room in rooms for space in spaces.get(room, ())}
        obstacles = obstacles_in(keys, [whole])
    return Look(spaces, obstacles, holiday_calendar(), _names(obstacles))


def _names(obstacles: Obstacles) -> dict[int, str]:
    rows = [row for found in obstacles.by_day.values() for row in found]
    keys = {row.group for row in rows if row.group is not None}
    return dict(Association.objects.filter(pk__in=keys).values_list("pk", "name"))
