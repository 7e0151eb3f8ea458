"""A plan under lock, and when it counts as decided."""

from datetime import datetime

from django.db import transaction

from bookings.models import Booking, BookingDate, RenewalRound
from bookings.rules.states import UNDECIDED
from bookings.rules.wall_clock import berlin_day
from cms.models import User


def lock_plan(plan: RenewalRound) -> RenewalRound:
    """Lock a plan and return it as it is now; before any space."""
    current: RenewalRound = RenewalRound.objects.select_for_update(no_key=True).get(pk=plan.pk)
    return current


def lock_plan_of(booking: Booking) -> RenewalRound | None:
    """Lock the plan in which a request was sent, if it was in one; before any space."""
    return lock_plan(booking.round) if booking.round is not None else None


def open_dates(plan: RenewalRound, *, now: datetime) -> int:
    """Return how many dates of a plan nobody has decided on; it is too late for what has begun."""
    return BookingDate.objects.filter(
        booking__round=plan, state__in=UNDECIDED, occurrence__start__gt=now
    ).count()


def note_all_decided(*, now: datetime) -> int:
    """Note of every plan of which nothing is open any more that it is decided; return of how many.

    Nobody decides on its last open date if that begins, or is offered when a time becomes free.
    """
    due = RenewalRound.objects.filter(decided_at=None, collects_until__lt=berlin_day(now))
    return sum(_note_if_decided_alone(plan, now) for plan in due)


@transaction.atomic
def _note_if_decided_alone(plan: RenewalRound, now: datetime) -> bool:
    return note_if_decided(lock_plan(plan), actor=None, now=now)


def reopen(plan: RenewalRound | None, *, decided_at: datetime) -> None:
    """Open a plan again that the decision of this moment ended, and that was undone now."""
    if plan is None or plan.decided_at != decided_at:
        return
    plan.decided_at = plan.decided_by = None
    plan.save(update_fields=["decided_at", "decided_by"])


def note_if_decided(plan: RenewalRound | None, *, actor: User | None, now: datetime) -> bool:
    """Note that nothing of a plan is open any more; while it is collected that means nothing."""
    if plan is None or plan.decided_at:
        return False
    if berlin_day(now) <= plan.collects_until or open_dates(plan, now=now):
        return False
    plan.decided_at, plan.decided_by = now, actor
    plan.save(update_fields=["decided_at", "decided_by"])
    return True
