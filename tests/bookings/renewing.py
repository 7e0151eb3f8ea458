"""What tests of plans for a year share."""

import datetime as dt
from dataclasses import replace

import pytest

from bookings.models import Association, Booking, RenewalRound, Room
from bookings.rules.recurrence import Frequency, Recurrence, spans_of
from bookings.rules.renewal import PlanCode, PlanRefusedError
from bookings.rules.states import DateState
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.ledger_check import differences
from bookings.selectors.series_check import series_differences
from bookings.services.decisions import approve
from bookings.services.renewals import open_round, renew_series
from bookings.services.requests import send_request
from bookings.services.series_edits import end_series
from bookings.wording.renewals import plan_sentence
from cms.models import User
from cms.opening_hours import BERLIN
from tests.factories.bookings import NOW, new_request

FIRST, LAST = dt.date(2027, 8, 19), dt.date(2027, 11, 30)  # over the clock change in October
COLLECTS = dt.date(2027, 6, 15)
MAY = dt.datetime(2027, 5, 3, 12, tzinfo=BERLIN)
JULY = dt.datetime(2027, 7, 1, 12, tzinfo=BERLIN)
TUESDAY, UNTIL = dt.date(2027, 4, 13), dt.date(2027, 6, 1)


def weekly(weekday: int, interval: int = 1) -> Recurrence:
    return Recurrence(Frequency.WEEKLY, (weekday,), interval=interval)


def series(
    room: Room,
    association: Association,
    manager,
    *,
    start: str = "19:00",
    end: str = "21:00",
    recurrence: Recurrence | None = None,
    until: dt.date = UNTIL,
    **values,
) -> Booking:
    """Send and promise a series, every Tuesday in spring unless said otherwise."""
    recurrence = recurrence or weekly(1)
    times = dt.time.fromisoformat(start), dt.time.fromisoformat(end)
    spans = spans_of(recurrence, TUESDAY, until, *times)
    asked = new_request(room, association=association, recurrence=recurrence, **values)
    booking = send_request(request=replace(asked, spans=spans), now=NOW)
    dates = booking.dates.filter(state=DateState.REQUESTED)
    approve(booking=booking, date_ids=dates.values_list("pk", flat=True), actor=manager, now=NOW)
    return booking


def withdraw(booking: Booking, actor: User, now: dt.datetime) -> None:
    """Give up a whole series, as its group does it: it ends before its first date."""
    end_series(booking=booking, after=berlin_day(now), actor=actor, now=now)


def opened(centre, manager, **values) -> RenewalRound:
    usual = {"name": "2027/28", "first": FIRST, "last": LAST, "collects_until": COLLECTS}
    return open_round(centre=centre, actor=manager, **{"now": NOW, **usual, **values})


def renewed(plan, association, actor, now=MAY, **options) -> list[Booking]:
    return renew_series(plan=plan, association=association, actor=actor, now=now, **options).new


def refused(operation, *args, **options) -> list:
    with pytest.raises(PlanRefusedError) as error:
        operation(*args, **options)
    assert all(plan_sentence(fault) for fault in error.value.faults)
    return error.value.faults


def codes(operation, *args, **options) -> list[PlanCode]:
    return [fault.code for fault in refused(operation, *args, **options)]


def states(booking: Booking) -> set[str]:
    return set(booking.dates.values_list("state", flat=True))


def all_is_right(now=JULY) -> bool:
    return not differences(now=now) and not list(series_differences())
