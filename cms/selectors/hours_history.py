"""Who changed which times of a service, before → after in words."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.log_actions import registry as log_registry

from cms.models import HoursException, Service
from cms.opening_hours import Schedule
from cms.selectors.hours_snapshots import (
    Snapshot,
    closure_from,
    closure_snapshot,
    rules_from,
    week_snapshot,
)
from cms.wording import closure_text, week_changes

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the history; `may_undo`: nothing has changed since what it changed."""

    pk: int
    when: dt.datetime
    who: str
    what: str
    lines: list[str]
    may_undo: bool


def changes_of(service: Service) -> list[Change]:
    """Return the latest changes, newest first, with a number of queries that stays the same."""
    logs = log_registry.get_logs_for_instance(service).select_related("user")
    entries = list(logs.order_by("-timestamp", "-pk")[:SHOWN])
    week = week_snapshot(service)
    stored = HoursException.objects.filter(service=service).prefetch_related("times")
    closures = {exception.pk: closure_snapshot(exception) for exception in stored}
    return [
        Change(
            pk=entry.pk,
            when=entry.timestamp,
            who=entry.user_display_name,
            what=entry.message,
            lines=list(_lines(entry.data or {}, service)),
            may_undo=_is_as_left(entry.data or {}, week, closures),
        )
        for entry in entries
    ]


def _is_as_left(data: dict[str, Any], week: Snapshot, closures: dict[int, Snapshot | None]) -> bool:
    if "after" not in data or data["before"] == data["after"]:
        return False
    now = closures.get(data["exception"]) if "exception" in data else week
    return bool(data["after"] == now)


def _lines(data: dict[str, Any], service: Service) -> Iterator[str]:
    if "after" not in data:
        return
    before, after = data["before"], data["after"]
    if "exception" in data:
        yield from _closure_lines(before, after)
        return
    yield from week_changes(rules_from(before), rules_from(after), service.kind)
    policies = [Service.HolidayPolicy(state["holiday_policy"]).label for state in (before, after)]
    if policies[0] != policies[1]:
        yield _("On public holidays: %(before)s → %(after)s") % {
            "before": policies[0],
            "after": policies[1],
        }
    if before == after:
        yield _("Saved without a change.")


def _closure_lines(before: Snapshot | None, after: Snapshot | None) -> Iterator[str]:
    if before is not None:
        yield pgettext("change of a closure", "Before: %(text)s") % {"text": _closure(before)}
    if after is not None:
        yield pgettext("change of a closure", "Now: %(text)s") % {"text": _closure(after)}
    else:
        yield pgettext("change of a closure", "Now: no entry")


def _closure(snapshot: Snapshot) -> str:
    exception = closure_from(snapshot)
    return closure_text(exception, Schedule(rules=(), exceptions=(exception,)))
