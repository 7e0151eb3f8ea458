"""A group lets its series go on."""

import datetime as dt
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from bookings.forms.changes import (
    ExtendForm,
)
from bookings.models import Booking
from bookings.rules.refusals import Code, Refusal
from bookings.rules.states import GIVEN_UP, DateState
from bookings.rules.wall_clock import berlin_day
from bookings.services.series_edits import (
    extend_series,
    propose_extension,
    refusals_to_extend,
)
from bookings.views.of_group import for_groups, user_of
from bookings.views.series_steps import (
    DONE,
    Plan,
    closed,
    dates,
    preview,
    rhythm,
    series_or_404,
    taking_place,
    wants_form,
)
from bookings.views.steps_of_group import (
    REFUSED,
    StepPage,
    show_step,
    to_booking,
    to_my_bookings,
)
from cms.wording import date_short


@for_groups
@require_http_methods(["GET", "HEAD", "POST"])
def series_extend(request: HttpRequest, number: str) -> HttpResponse:
    """Let a series go on until a day: form, the new dates with their conflicts, what was asked."""
    found, recurrence = series_or_404(request, number)
    lead = rhythm(found, recurrence)
    was_sent = request.method != "POST" and request.GET.get(DONE) == "verlaengert"
    if was_sent and _has_gone_on(found):
        return show_step(request, found, _extended(found))
    if in_the_way := refusals_to_extend(found, now=timezone.now()):
        return show_step(request, found, closed(found, lead, in_the_way))
    given_up = _given_up(found)
    if wants_form(request, "until"):
        form = ExtendForm(initial=request.GET.dict())
        return show_step(request, found, _extend_form(form, lead, given_up))
    form = ExtendForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        return show_step(request, found, _extend_form(form, lead, given_up), status=REFUSED)
    until: dt.date = form.cleaned_data["until"]

    def refused(refusals: Sequence[Refusal]) -> StepPage:
        form.add_refusals(refusals)
        return _extend_form(form, lead, given_up)

    plan = Plan(
        propose=lambda: propose_extension(booking=found, until=until, now=timezone.now()),
        carry_out=lambda proposal, choices, text: extend_series(
            booking=found,
            until=until,
            actor=user_of(request),
            now=timezone.now(),
            proposal=proposal,
            choices=choices,
            text=text,
        ),
        heading=_("Let the series go on like this?"),
        says=lambda _proposal, _choices: [
            _("The dates that you have stay as they are."),
            *given_up,
        ],
        label=lambda _proposal, _choices: _("Ask for these dates"),
        hidden={"until": until.isoformat()},
    )
    response = preview(request, found, plan, form_page=refused, done_before=Code.NO_DATES)
    return response or redirect(f"{request.path}?{DONE}=verlaengert")


def _extend_form(form: ExtendForm, lead: str, given_up: Sequence[str]) -> StepPage:
    return StepPage(
        heading=_("Let the series go on"),
        lead=lead,
        says=[_("Day of the week, time and room stay the same."), *given_up],
        form=form,
        look=_("See the dates"),
    )


def _given_up(found: Booking) -> list[str]:
    """Say which dates at the end were given up: the series goes on after them only."""
    ends = max((date.span.start for date in taking_place(found)), default=timezone.now())
    over = [
        date
        for date in dates(found)
        if date.state in GIVEN_UP and date.span.start > max(ends, timezone.now())
    ]
    if not over:
        return []
    return [
        ngettext(
            "%(count)s date until %(date)s falls through. The series can only go on after it. If you "
            "need this time after all, please send a new request for it.",
            "%(count)s dates until %(date)s fall through. The series can only go on after them. If "
            "you need these times after all, please send a new request for them.",
            len(over),
        )
        % {"count": len(over), "date": date_short(berlin_day(over[-1].span.start))}
    ]


def _has_gone_on(found: Booking) -> bool:
    """Tell whether dates were added after the request was sent; the address alone says nothing."""
    return found.log.filter(from_state=DateState.DRAFT, at__gt=found.sent_at).exists()


def _extended(found: Booking) -> StepPage:
    last = taking_place(found)[-1:]
    promised = bool(last) and last[0].state == DateState.APPROVED
    return StepPage(
        heading=_("Your series goes on until %(date)s.")
        % {"date": date_short(berlin_day(last[0].span.start))}
        if last
        else _("No date of this series is left."),
        says=[
            _("The new dates are booked for you.")
            if promised
            else _("The new dates are not firmly booked yet. You will hear from us by %(date)s.")
            % {"date": date_short(found.answer_due)}
        ],
        links=[to_my_bookings(), to_booking(found)],
    )
