"""A series before it is sent: the verdict on every date, and what one can do about it."""

from dataclasses import dataclass
from enum import StrEnum

from bookings.rules.policy import HolidayRule
from bookings.rules.refusals import Code
from bookings.rules.states import DateState


class Verdict(StrEnum):
    FREE = "free"
    PUBLIC_HOLIDAY = "public_holiday"
    SCHOOL_HOLIDAYS = "school_holidays"
    CLOSED = "closed"
    TAKEN = "taken"  # promised to another group
    HELD = "held"  # another group asked first; one may ask, too
    OWN = "own"  # the group that asks has it already
    OUTSIDE_HOURS = "outside_hours"
    GIVEN_UP = "given_up"  # of the series that it goes on from, by the group or by the centre


class Choice(StrEnum):
    """What shall be done about a date."""

    KEEP = "keep"  # it takes place as planned
    LEAVE_OUT = "leave_out"
    OTHER_ROOM = "other_room"
    OTHER_TIME = "other_time"
    WAIT = "wait"  # behind the other group


VERDICT_OF_CODE = {
    Code.CLOSED: Verdict.CLOSED,
    Code.TAKEN: Verdict.TAKEN,
    Code.HELD: Verdict.HELD,
    Code.OWN_TAKEN: Verdict.OWN,
    Code.OWN_HELD: Verdict.OWN,
    Code.OUTSIDE_HOURS: Verdict.OUTSIDE_HOURS,
    Code.NOT_OPEN: Verdict.OUTSIDE_HOURS,
}

# How a date is stored that is left out.
LEFT_OUT_AS = {
    Verdict.PUBLIC_HOLIDAY: DateState.SKIPPED_HOLIDAY,
    Verdict.SCHOOL_HOLIDAYS: DateState.SKIPPED_SCHOOL_HOLIDAY,
    Verdict.CLOSED: DateState.CLOSED,
}


@dataclass(frozen=True)
class HolidayChoice:
    """What a series does on holidays, as its group chose."""

    public: HolidayRule = HolidayRule.SKIP
    school: HolidayRule = HolidayRule.SKIP


def left_out_state(verdict: Verdict) -> DateState:
    return LEFT_OUT_AS.get(verdict, DateState.SKIPPED_CONFLICT)


def holiday_verdict(
    public: str | None, school: str | None, choice: HolidayChoice
) -> tuple[Verdict, str] | None:
    """Return the verdict on a holiday that the series leaves out, with its name.

    A public holiday within school holidays counts as the public holiday.
    """
    if public:
        skips = choice.public is HolidayRule.SKIP
        return (Verdict.PUBLIC_HOLIDAY, public) if skips else None
    if school and choice.school is HolidayRule.SKIP:
        return Verdict.SCHOOL_HOLIDAYS, school
    return None


def possible_choices(
    verdict: Verdict, *, other_room: bool, other_time: bool, as_planned: Verdict
) -> tuple[Choice, ...]:
    """Return what one can do about a date, the preset first.

    `as_planned`: the verdict if nobody minded the holiday. A date that works needs no choice but may
    be left out; one that does not is left out unless the group chooses otherwise: nobody finds
    themselves in a room or at a time that they did not ask for.
    """
    if verdict is Verdict.FREE:
        return Choice.KEEP, Choice.LEAVE_OUT
    found = [Choice.LEAVE_OUT]
    if as_planned is Verdict.FREE:
        return Choice.LEAVE_OUT, Choice.KEEP
    if other_room:
        found.append(Choice.OTHER_ROOM)
    if other_time:
        found.append(Choice.OTHER_TIME)
    if as_planned in {Verdict.TAKEN, Verdict.HELD}:
        found.append(Choice.WAIT)
    return tuple(found)
