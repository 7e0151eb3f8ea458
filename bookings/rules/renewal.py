"""A plan for a year: what is refused of it, and how a series goes on in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from bookings.rules.recurrence import LONGEST_YEARS, Recurrence, days_of, longest_until
from bookings.rules.wall_clock import ONE_DAY, monday_of

LONGEST_NAME = 60
WEEK = timedelta(weeks=1)


class PlanCode(StrEnum):
    """Why a step is refused; behind it which `values` a fault has for its sentence."""

    # Opening a plan:
    NAME_MISSING = "name_missing"
    NAME_TOO_LONG = "name_too_long"  # limit
    NAME_TAKEN = "name_taken"  # name
    ENDS_TOO_EARLY = "ends_too_early"  # first
    PLAN_TOO_LONG = "plan_too_long"  # count, last
    COLLECTS_TOO_LONG = "collects_too_long"  # first
    COLLECTS_PAST = "collects_past"  # today
    PLANS_OVERLAP = "plans_overlap"  # name, first, last
    # Renewing:
    COLLECTED = "collected"  # until
    DECIDED = "decided"  # name
    NOTHING_TO_RENEW = "nothing_to_renew"  # group
    # Of one series, with `about`:
    NOT_THEIR_SERIES = "not_their_series"
    ROOM_ELSEWHERE = "room_elsewhere"  # room
    ROOM_TOO_SMALL = "room_too_small"  # room, capacity, persons
    UNTIL_OUTSIDE = "until_outside"  # first, last
    SERIES = "series"  # refusal: of the rules of series
    NO_DATE_LEFT = "no_date_left"
    # Deciding:
    STILL_COLLECTING = "still_collecting"  # until
    NOTHING_CHOSEN = "nothing_chosen"  # count
    NOT_IN_PLAN = "not_in_plan"  # key
    BOTH_WAYS = "both_ways"
    REASON_MISSING = "reason_missing"
    DECIDED_ALREADY = "decided_already"
    OVER = "over"  # span: too late to promise it
    RIVALS = "rivals"  # span, others: groups that would be promised the same time
    TAKEN = "taken"  # span, others
    HELD = "held"  # span, others
    CLOSED = "closed"  # span, reason


@dataclass(frozen=True)
class PlanFault:
    """`about`: the series or request that it concerns, in words; "" for the whole step."""

    code: PlanCode
    about: str = ""
    values: dict[str, Any] = field(default_factory=dict)


class PlanRefusedError(Exception):
    """The step is refused, with everything that is wrong with it; nothing was changed."""

    def __init__(self, faults: Sequence[PlanFault]) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = list(faults)


def faults_of_plan(
    name: str, first: date, last: date, collects_until: date, *, today: date
) -> list[PlanFault]:
    """Return everything that is wrong with a new plan, leaving other plans aside."""
    found = []
    if not name:
        found.append(PlanFault(PlanCode.NAME_MISSING))
    if len(name) > LONGEST_NAME:
        found.append(PlanFault(PlanCode.NAME_TOO_LONG, values={"limit": LONGEST_NAME}))
    longest = longest_until(first)
    if last <= first:
        found.append(PlanFault(PlanCode.ENDS_TOO_EARLY, values={"first": first}))
    elif last > longest:
        values = {"count": LONGEST_YEARS, "last": longest}
        found.append(PlanFault(PlanCode.PLAN_TOO_LONG, values=values))
    if collects_until < today:
        found.append(PlanFault(PlanCode.COLLECTS_PAST, values={"today": today}))
    elif collects_until >= first:
        found.append(PlanFault(PlanCode.COLLECTS_TOO_LONG, values={"first": first}))
    return found


def first_in_rhythm(recurrence: Recurrence, anchor: date, first: date) -> date:
    """Return from which day on a series has to start so that its weeks stay the same.

    `anchor`: a date of the series until now. Every second Tuesday goes on with the Tuesday that
    would have come, and not with the first one of the new year.
    """
    for week in range(recurrence.interval + 1):
        begins = first if not week else monday_of(first) + week * WEEK
        if (monday_of(begins) - monday_of(anchor)) // WEEK % recurrence.interval:
            continue
        if recurrence.interval == 1 or _has_date_in_week(recurrence, begins):
            return begins
    return first


def _has_date_in_week(recurrence: Recurrence, first: date) -> bool:
    """Tell whether the rule makes a date from this day until Sunday."""
    return bool(days_of(recurrence, first, monday_of(first) + WEEK - ONE_DAY))
