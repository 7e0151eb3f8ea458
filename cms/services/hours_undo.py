"""Taking back one change of hours or closures, as long as nothing else has changed since."""

from typing import Any

from django.db import transaction

from cms.models import HoursException, Service, User
from cms.selectors.hours_snapshots import (
    Snapshot,
    closure_snapshot,
    closure_times,
    closure_values,
    rules_from,
    week_snapshot,
)
from cms.services.hours import (
    CHANGE_HOURS,
    WeekSpan,
    delete_exception,
    locked,
    save_exception,
    store_hours,
)


class ChangedSinceError(Exception):
    """What the change left behind is not what is stored now."""


@transaction.atomic
def undo(*, service: Service, entry: Any, user: User) -> None:
    """Restore what was before the change that this log entry of the service tells of.

    Raises ChangedSinceError if what it changed is another now.
    """
    service = locked(service)
    data = entry.data or {}
    if not is_as_left(service, entry):
        raise ChangedSinceError
    if entry.action == CHANGE_HOURS:
        before = data["before"]
        store_hours(
            service=service,
            rules=rules_from(before),
            holiday_policy=before["holiday_policy"],
            user=user,
            undone=entry.pk,
        )
    else:
        _restore_closure(service, data["exception"], data["before"], user, entry.pk)


def is_as_left(service: Service, entry: Any) -> bool:
    """Tell whether the hours or the closure are as the change left them."""
    data = entry.data or {}
    if entry.action == CHANGE_HOURS:
        return bool(data.get("after") == week_snapshot(service))
    if "after" not in data:
        return False
    stored = HoursException.objects.filter(service=service, pk=data["exception"]).first()
    return bool(data["after"] == closure_snapshot(stored))


def _restore_closure(
    service: Service, pk: int, before: Snapshot | None, user: User, undone: int
) -> None:
    if before is None:
        exception = HoursException.objects.get(service=service, pk=pk)
        delete_exception(exception=exception, user=user, undone=undone)
        return
    # A deleted one comes back under its old key, so that its earlier changes can be undone, too.
    exception = HoursException(pk=pk, service=service, **closure_values(before))
    times = [
        WeekSpan(0, times.kind.value, times.start, times.end) for times in closure_times(before)
    ]
    save_exception(exception=exception, times=times, user=user, undone=undone)
