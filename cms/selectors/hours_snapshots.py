"""The hours of a service as plain data, as a log entry keeps them, and back to values.

They hold what the site shows of the hours, and nothing about people of the office.
"""

import datetime as dt
from functools import lru_cache
from typing import Any

from cms.models import HoursException, Service, WeeklyRule
from cms.opening_hours import HoursException as ExceptionValue
from cms.opening_hours import Kind, Pattern, Rule, TimeRange

Snapshot = dict[str, Any]
RULE_FIELDS = ("kind", "weekday", "start", "end", "valid_from", "valid_to", "note", "pattern")
_FIELDS = ("first_day", "last_day", "closed", "reason", "substitute", "substitute_phone", "note")


def rule_of(row: WeeklyRule) -> Rule:
    return Rule(
        kind=Kind(row.kind),
        weekday=row.weekday,
        start=row.start,
        end=row.end,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        note=row.note,
        pattern=Pattern(row.pattern),
    )


def stored_rules(service: Service) -> list[Rule]:
    """Return all rules of the service, those that are over, too."""
    return [rule_of(row) for row in WeeklyRule.objects.filter(service=service)]


def week_snapshot(service: Service) -> Snapshot:
    """Return the whole week of the service in an order that only depends on its content."""
    rules = [
        {
            "kind": rule.kind.value,
            "weekday": rule.weekday,
            "start": _iso(rule.start),
            "end": _iso(rule.end),
            "valid_from": _iso(rule.valid_from),
            "valid_to": _iso(rule.valid_to),
            "note": rule.note,
            "pattern": rule.pattern.value,
        }
        for rule in stored_rules(service)
    ]
    rules.sort(key=lambda rule: [str(value) for value in rule.values()])
    return {"holiday_policy": str(service.holiday_policy), "rules": rules}


def rules_from(snapshot: Snapshot) -> list[Rule]:
    return [rule_from(*(rule[name] for name in RULE_FIELDS)) for rule in snapshot["rules"]]


@lru_cache(maxsize=8192)
def rule_from(
    kind: str,
    weekday: int,
    start: str | None,
    end: str | None,
    valid_from: str | None,
    valid_to: str | None,
    note: str,
    pattern: str,
) -> Rule:
    """Return the rule of these values as JSON has them, in the order of RULE_FIELDS.

    Kept, because services have the same times again and again and a list asks for all of them.
    """
    return Rule(
        kind=Kind(kind),
        weekday=weekday,
        start=_time(start),
        end=_time(end),
        valid_from=_date(valid_from),
        valid_to=_date(valid_to),
        note=note,
        pattern=Pattern(pattern),
    )


def closure_snapshot(exception: HoursException | None) -> Snapshot | None:
    """Return a closure or other hours as plain data, None if it is not there."""
    if exception is None:
        return None
    snapshot = {name: getattr(exception, name) for name in _FIELDS}
    times = [] if exception.closed else list(exception.times.all())
    return snapshot | {
        "first_day": _iso(exception.first_day),
        "last_day": _iso(exception.last_day),
        "reason": str(exception.reason),
        "shown_from": _iso(exception.shown_from),
        "times": [[time.kind, _iso(time.start), _iso(time.end)] for time in times],
    }


def closure_values(snapshot: Snapshot) -> dict[str, Any]:
    """Return the values of the model's own fields."""
    return {name: snapshot[name] for name in _FIELDS} | {
        "first_day": dt.date.fromisoformat(snapshot["first_day"]),
        "last_day": dt.date.fromisoformat(snapshot["last_day"]),
        "shown_from": _date(snapshot["shown_from"]),
    }


def closure_times(snapshot: Snapshot) -> list[TimeRange]:
    return [
        TimeRange(dt.time.fromisoformat(start), dt.time.fromisoformat(end), Kind(kind))
        for kind, start, end in snapshot["times"]
    ]


def closure_from(snapshot: Snapshot) -> ExceptionValue:
    """Return what the site says of it, with the reason in words."""
    values = closure_values(snapshot)
    reason = HoursException.Reason(values["reason"])
    return ExceptionValue(
        first=values["first_day"],
        last=values["last_day"],
        times=tuple(closure_times(snapshot)),
        reason="" if reason is HoursException.Reason.OTHER else str(reason.label),
        substitute=values["substitute"],
        substitute_phone=values["substitute_phone"],
        note=values["note"],
        shown_from=values["shown_from"],
    )


def _iso(value: dt.date | dt.time | None) -> str | None:
    return None if value is None else value.isoformat()


def _date(value: str | None) -> dt.date | None:
    return None if value is None else dt.date.fromisoformat(value)


def _time(value: str | None) -> dt.time | None:
    return None if value is None else dt.time.fromisoformat(value)
