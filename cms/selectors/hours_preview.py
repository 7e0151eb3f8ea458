"""The days ahead as residents will read them, for a schedule that need not be stored."""

import datetime as dt
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cms.opening_hours import HOLIDAY, HolidayPolicy, Schedule
from cms.opening_hours.wall_clock import ONE_DAY
from cms.wording import named_day, today_times

DAYS = 28


@dataclass(frozen=True, slots=True)
class PreviewDay:
    """One day: its times in words, and what is special about it (a holiday, a closure)."""

    label: str
    times: tuple[str, ...]
    remark: str
    is_today: bool


@dataclass(frozen=True, slots=True)
class PreviewWeek:
    label: str
    days: list[PreviewDay]


def weeks_ahead(schedule: Schedule, first: dt.date, today: dt.date) -> list[PreviewWeek]:
    """Return four weeks from `first` on, by calendar weeks."""
    days = [first + number * ONE_DAY for number in range(DAYS)]
    return [
        PreviewWeek(
            pgettext("calendar week", "Week %(number)s") % {"number": week},
            [_day(schedule, day, today) for day in of_week],
        )
        for week, of_week in groupby(days, lambda day: day.isocalendar().week)
    ]


def _day(schedule: Schedule, day: dt.date, today: dt.date) -> PreviewDay:
    times = today_times(schedule.spans_on(day))
    if _is_arranged_on(schedule, day):
        times.append(pgettext("hours", "by arrangement"))
    if not times:
        times.append(_("not specified") if schedule.is_unknown else _("closed"))
    return PreviewDay(named_day(day, today), tuple(times), _remark(schedule, day), day == today)


def _is_arranged_on(schedule: Schedule, day: dt.date) -> bool:
    if schedule.exception_on(day) is not None:
        return False
    weekday = day.weekday()
    if schedule.holidays(day) is not None:
        weekday = {HolidayPolicy.OWN_TIMES: HOLIDAY, HolidayPolicy.AS_SUNDAY: 6}.get(
            schedule.holiday_policy, -1
        )
    is_school_holiday = schedule.school_holidays(day) is not None
    return any(
        rule.weekday == weekday
        and not rule.is_timed
        and rule.pattern.holds_on(day, is_school_holiday=is_school_holiday)
        for rule in schedule.rules_valid_on(day)
    )


def _remark(schedule: Schedule, day: dt.date) -> str:
    exception = schedule.exception_on(day)
    holiday = schedule.holidays(day) or ""
    if exception is None:
        return holiday
    if exception.reason:
        return exception.reason
    return holiday if exception.is_closed else _("other hours than usual")
