"""The rules as somebody reads them who looks at one day or at the clock on the wall."""

from datetime import date, datetime, time, timedelta

from cms.opening_hours import (
    BERLIN,
    HOLIDAY,
    HolidayPolicy,
    HoursException,
    Kind,
    Pattern,
    Rule,
    Schedule,
    Status,
)

Times = list[tuple[Kind, time, time]]


def exception_on(schedule: Schedule, day: date) -> HoursException | None:
    found = [exception for exception in schedule.exceptions if exception.covers(day)]
    closures = [exception for exception in found if not exception.times]
    return min(closures or found, key=lambda one: (one.last - one.first, one.first), default=None)


def rules_on(schedule: Schedule, day: date) -> list[Rule]:
    """Return the rules that hold on the day, those without times too."""
    if exception_on(schedule, day):
        return []
    weekday = day.weekday()
    if schedule.holidays(day):
        if schedule.holiday_policy is HolidayPolicy.CLOSED:
            return []
        weekday = 6 if schedule.holiday_policy is HolidayPolicy.AS_SUNDAY else HOLIDAY
    return [
        rule
        for rule in schedule.rules
        if rule.weekday == weekday
        and (rule.valid_from or date.min) <= day <= (rule.valid_to or date.max)
        and holds(rule.pattern, day, school_is_out=bool(schedule.school_holidays(day)))
    ]


def times_on(schedule: Schedule, day: date) -> Times:
    exception = exception_on(schedule, day)
    if exception:
        return [(times.kind, times.start, times.end) for times in exception.times]
    return [
        (rule.kind, rule.start, rule.end)
        for rule in rules_on(schedule, day)
        if rule.start is not None and rule.end is not None
    ]


def holds(pattern: Pattern, day: date, *, school_is_out: bool) -> bool:
    next_month = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    month = [next_month - timedelta(days=number) for number in range(1, 32)]
    alike = sorted(
        one for one in month if one.month == day.month and one.weekday() == day.weekday()
    )
    odd = day.strftime("%V")[-1] in "13579"
    return {
        Pattern.EVERY: True,
        Pattern.ODD: odd,
        Pattern.EVEN: not odd,
        Pattern.LAST: alike[-1] == day,
        Pattern.SCHOOL_HOLIDAYS: school_is_out,
        Pattern.SCHOOL_WEEKS: not school_is_out,
    }.get(pattern, str(alike.index(day) + 1) == pattern.value)


def status_at(schedule: Schedule, now: datetime) -> Status | None:
    """Look at the clock on the wall; while an hour comes again the wall stands at its end."""
    local = now.astimezone(BERLIN)
    wall = time(2, 59, 59) if local.fold else local.time()
    today = local.date()
    begun_today = {
        kind
        for kind, start, end in times_on(schedule, today)
        if start <= wall and (wall < end or end <= start)
    }
    from_yesterday = {
        kind
        for kind, start, end in times_on(schedule, today - timedelta(days=1))
        if wall < end <= start
    }
    on = begun_today | from_yesterday
    if on & {Kind.OPEN, Kind.WALK_IN}:
        return Status.OPEN
    if Kind.APPOINTMENT in on:
        return Status.APPOINTMENT
    return Status.PHONE if on else None
