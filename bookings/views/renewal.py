"""A group renews its series in the plan for a year of its centre."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from bookings.ledger import BusyError
from bookings.models import Association, Booking, RenewalRound
from bookings.rules.renewal import PlanRefusedError
from bookings.selectors.own_changes import known_recurrence, open_plan
from bookings.selectors.renewals import RunningSeries, renewed_in, series_to_renew
from bookings.services.renewals import renew_series
from bookings.services.renewals.asking import about_series
from bookings.views.of_group import BUSY, for_groups, own_booking, user_of
from bookings.views.steps_of_group import (
    REFUSED,
    Ask,
    Link,
    StepPage,
    back_to_booking,
    show_step,
    to_booking,
    to_my_bookings,
)
from bookings.wording.renewals import plan_sentence
from cms.wording import date_long, date_span


@for_groups
@require_http_methods(["GET", "HEAD", "POST"])
def series_renew(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for all series of the group in the open plan, or lead to a new request without one."""
    now = timezone.now()
    found = own_booking(request, number)
    group = found.association
    if group is None or known_recurrence(found) is None:  # a guest has no series
        raise Http404
    plan = open_plan(found, now=now)
    if plan is None:
        return show_step(request, found, _no_plan(found))
    if request.method == "POST":
        return _renew(request, found, group, plan)
    running = series_to_renew(plan, group, now=now)
    renewed = renewed_in(plan, group)
    todo = [one for one in running if one.booking.pk not in renewed]
    if not todo:
        page = _renewed(plan, list(renewed.values())) if renewed else _nothing_runs(found, plan)
        return show_step(request, found, page)
    notice = "busy" if request.GET.get("stand") == BUSY else ""
    return show_step(request, found, _question(found, plan, todo, notice))


def _renew(
    request: HttpRequest, found: Booking, group: Association, plan: RenewalRound
) -> HttpResponse:
    try:
        renew_series(
            plan=plan,
            association=group,
            actor=user_of(request),
            now=timezone.now(),
        )
    except PlanRefusedError as refused:
        page = StepPage(
            heading=_("Nothing was asked for."),
            lead=_("Plan %(name)s") % {"name": plan.name},
            says=[plan_sentence(fault) for fault in refused.faults],
            links=[_ask_again(found), to_booking(found)],
        )
        return show_step(request, found, page, status=REFUSED)
    except BusyError:
        return redirect(f"{request.path}?stand={BUSY}")
    return redirect(request.path)


def _question(
    found: Booking, plan: RenewalRound, todo: Sequence[RunningSeries], notice: str
) -> StepPage:
    count = len(todo)
    return StepPage(
        heading=_("Renew for %(name)s?") % {"name": plan.name},
        lead=date_span(plan.first, plan.last),
        says=[
            ngettext(
                "This regular date of your group goes on with the same time and room:",
                "These regular dates of your group go on with the same times and rooms:",
                count,
            )
        ],
        lists=[about_series(one) for one in todo],
        after=[
            _(
                "The centre collects wishes until %(date)s and then decides on all of them together. "
                "Nothing is kept free before."
            )
            % {"date": date_long(plan.collects_until)}
        ],
        notice=notice,
        ask=Ask(
            label=ngettext("Yes, renew it", "Yes, renew all of them", count),
            back=back_to_booking(found),
        ),
    )


def _renewed(plan: RenewalRound, bookings: Sequence[Booking]) -> StepPage:
    new = [
        Link(
            _("See number %(number)s") % {"number": booking.number},
            reverse("booking", args=[booking.number]),
        )
        for booking in bookings
    ]
    return StepPage(
        heading=_("You have asked for %(name)s.") % {"name": plan.name},
        lead=date_span(plan.first, plan.last),
        says=[
            _("Groups can ask until %(date)s. Afterwards all is decided together.")
            % {"date": date_long(plan.collects_until)}
        ],
        links=[to_my_bookings(), *new],
    )


def _no_plan(found: Booking) -> StepPage:
    return StepPage(
        heading=_("The centre is not collecting dates for another year at present."),
        says=[_("You can ask for the same again at any time. The form is filled in for you.")],
        links=[_ask_again(found), to_booking(found)],
    )


def _nothing_runs(found: Booking, plan: RenewalRound) -> StepPage:
    return StepPage(
        heading=_("Nothing can be renewed."),
        lead=_("Plan %(name)s") % {"name": plan.name},
        says=[
            _("Your group has no regular dates here that could go on: they are ended or refused."),
            _("You can ask for the same again at any time. The form is filled in for you."),
        ],
        links=[_ask_again(found), to_booking(found)],
    )


def _ask_again(found: Booking) -> Link:
    return Link(_("Ask again"), reverse("booking_again", args=[found.number]))
