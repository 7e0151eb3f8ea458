"""A centre opens its plan for a year."""

from datetime import date, datetime

from django.db import transaction

from bookings.models import RenewalRound
from bookings.rules.renewal import PlanCode, PlanFault, PlanRefusedError, faults_of_plan
from bookings.rules.wall_clock import berlin_day
from bookings.services.year_plans import open_dates
from cms.models import Centre, User


@transaction.atomic
def open_round(
    *,
    centre: Centre,
    name: str,
    first: date,
    last: date,
    collects_until: date,
    actor: User,
    now: datetime,
) -> RenewalRound:
    """Open a plan from `first` until `last`, for which groups may ask until `collects_until`.

    All days are included. Raises PlanRefusedError with everything that is wrong.
    """
    Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)  # two people at once
    name = " ".join(name.split())
    faults = faults_of_plan(name, first, last, collects_until, today=berlin_day(now))
    faults += _faults_beside_others(centre, name, first, last, now)
    if faults:
        raise PlanRefusedError(faults)
    plan: RenewalRound = RenewalRound.objects.create(
        centre=centre,
        name=name,
        first=first,
        last=last,
        collects_until=collects_until,
        created_at=now,
        created_by=actor,
    )
    return plan


def _faults_beside_others(
    centre: Centre, name: str, first: date, last: date, now: datetime
) -> list[PlanFault]:
    others = RenewalRound.objects.filter(centre=centre)
    if others.filter(name__iexact=name).exists():
        return [PlanFault(PlanCode.NAME_TAKEN, values={"name": name})]
    beside = others.filter(first__lte=last, last__gte=first, decided_at__isnull=True)
    other = next((plan for plan in beside if not _is_settled(plan, now)), None)
    if other is None:
        return []
    values = {"name": other.name, "first": other.first, "last": other.last}
    return [PlanFault(PlanCode.PLANS_OVERLAP, values=values)]


def _is_settled(plan: RenewalRound, now: datetime) -> bool:
    """Tell whether nothing of a plan is left to decide, as when all was withdrawn or is over."""
    return berlin_day(now) > plan.collects_until and not open_dates(plan, now=now)
