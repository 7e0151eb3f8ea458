"""Reminding groups and guests of their dates on the day before."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from bookings.models import Booking, BookingDate
from bookings.notifications.mails import group_person
from bookings.notifications.reminders import notify_reminder
from bookings.rules.reminders import time_to_remind_of
from bookings.rules.spans import Span
from bookings.rules.states import DateState
from bookings.rules.wall_clock import berlin_day, whole_day
from bookings.selectors.choices import wants_reminders
from bookings.services.own_dates import refusal_to_cancel
from cms.models import User

A_RUN = 100  # dates; the others follow a minute later


def remind(*, now: datetime) -> int:
    """Write to who has a promised date tomorrow; return how many mails.

    Each date is looked at once: also one whose group wants no reminder is done with.
    """
    tomorrow = time_to_remind_of(now)
    if tomorrow is None:
        return 0
    due = _due(tomorrow, now).order_by("occurrence__start", "pk")
    keys = list(due.values_list("pk", flat=True)[:A_RUN])
    return sum(_remind(key, tomorrow, now) for key in keys)


def _due(tomorrow: Span, now: datetime) -> QuerySet[BookingDate]:
    """Return the dates to remind of; whose promise came only today, the group knows it still."""
    today = whole_day(berlin_day(now))
    return (
        BookingDate.objects.filter(
            state=DateState.APPROVED,
            occurrence__start__gte=tomorrow.start,
            occurrence__start__lt=tomorrow.end,
        )
        .filter(Q(decided_at=None) | Q(decided_at__lt=today.start))
        .exclude(reminded_of=F("occurrence__start"))
    )


@transaction.atomic
def _remind(key: int, tomorrow: Span, now: datetime) -> bool:
    """Remind of one date, unless somebody else did or works on it right now."""
    rows = _due(tomorrow, now).filter(pk=key)
    rows = rows.select_for_update(of=["self"], no_key=True, skip_locked=True)
    read = rows.select_related("booking__centre", "booking__requester", "room", "occurrence")
    date = read.first()
    if date is None:
        return False
    # Not saved: no public page shows it, so none has to be rendered again.
    BookingDate.objects.filter(pk=key).update(reminded_of=date.span.start)
    person = group_person(date.booking)
    if not _is_wanted(date.booking, person):
        return False
    can_cancel = refusal_to_cancel(date, now=now) is None
    notify_reminder(date, person, can_cancel=can_cancel, now=now)
    return True


def _is_wanted(booking: Booking, person: User | None) -> bool:
    """Tell whether somebody wants the mail. A guest has one date, and so one reminder."""
    return booking.is_of_guest or (person is not None and wants_reminders(person))
