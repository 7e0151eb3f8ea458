"""A group changes its series from a date on."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bookings.forms.changes import (
    FollowingForm,
    times_of,
)
from bookings.models import Booking, BookingDate, ChangeRequest
from bookings.rules.refusals import Code, Refusal
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.own_changes import (
    AHEAD,
    changed_singly,
    open_following_of,
    replaced_from,
    rooms_to_choose,
)
from bookings.selectors.proposals import Proposal
from bookings.services.changes import (
    FollowingWish,
    ask_for_following,
    is_decided_at_once,
    propose_following,
    refusals_to_change,
)
from bookings.views.of_group import for_groups, user_of
from bookings.views.series_steps import (
    DONE,
    Choices,
    Plan,
    closed,
    dates,
    preview,
    rhythm,
    series_or_404,
    wants_form,
)
from bookings.views.steps_of_group import (
    REFUSED,
    Link,
    StepPage,
    show_step,
    to_my_bookings,
)
from bookings.wording import (
    day_and_time,
)
from cms.wording import date_short


@for_groups
@require_http_methods(["GET", "HEAD", "POST"])
def series_change(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for another weekday, time or room from a date on: form, the new dates, what came of it."""
    found, recurrence = series_or_404(request, number)
    now = timezone.now()
    lead = rhythm(found, recurrence)
    if wish := open_following_of(found):
        return show_step(request, found, _asked(found, wish))
    ahead = [one for one in dates(found) if one.state in AHEAD and one.span.start > now]
    goes_on = found.successors.filter(origin_kind=Booking.OriginKind.SPLIT).last()
    is_over = not _can_be_first(request, ahead)
    if goes_on is not None and (is_over or request.GET.get(DONE)):
        return show_step(request, found, _goes_on(found, goes_on))
    gone = [] if ahead else [Refusal(Code.DATE_GONE, "date")]
    if in_the_way := gone or refusals_to_change(found):
        return show_step(request, found, closed(found, lead, in_the_way))
    rooms = rooms_to_choose(found, ahead[0].room)
    if wants_form(request, "first"):
        last = berlin_day(ahead[-1].span.start)
        weekday = recurrence.weekdays[0] if recurrence.weekdays else None
        initial = times_of(ahead[0]) | {"first": ahead[0].pk, "until": last, "weekday": weekday}
        initial |= request.GET.dict()
        form = FollowingForm(initial=initial, rooms=rooms, dates=ahead, recurrence=recurrence)
        return show_step(request, found, _change_form(form, lead))
    sent = request.POST if request.method == "POST" else request.GET
    form = FollowingForm(sent, rooms=rooms, dates=ahead, recurrence=recurrence)
    if not form.is_valid():
        return show_step(request, found, _change_form(form, lead), status=REFUSED)

    def refused(refusals: Sequence[Refusal]) -> StepPage:
        form.add_refusals(refusals)
        return _change_form(form, lead)

    plan = _change_plan(request, found, form, sent, berlin_day(now))
    response = preview(request, found, plan, form_page=refused)
    return response or redirect(f"{request.path}?{DONE}=gesendet")


def _can_be_first(request: HttpRequest, ahead: Sequence[BookingDate]) -> bool:
    """Tell whether the date that a change was sent for is still ahead; before: whether any is."""
    key = request.POST.get("first")
    return any(key is None or str(date.pk) == key for date in ahead)


def _change_plan(
    request: HttpRequest,
    found: Booking,
    form: FollowingForm,
    sent: Mapping[str, str],
    today: dt.date,
) -> Plan:
    values = form.cleaned_data
    first: BookingDate = form.dates[values["first"]]
    wish = FollowingWish(
        room=values["room"],
        until=values["until"],
        start=values["start"],
        end=values["end"],
        recurrence=form.rhythm,
        first=form.first_day(today),
    )
    old = replaced_from(first, form.dates.values())

    def says(proposal: Proposal, choices: Choices) -> list[str]:
        sentences = [
            _("The dates from %(date)s on are replaced by new ones. Earlier ones stay.")
            % {"date": date_short(berlin_day(first.span.start))}
        ]
        if changed := changed_singly(old, proposal, choices):
            lines = [f"{day_and_time(date.span)}, {date.room.name}" for date in changed]
            one_by_one = _("These dates were changed one by one; they are replaced, too:")
            sentences.append("\n".join([one_by_one, *lines]))
        if not is_decided_at_once(dates=old, proposal=proposal, choices=choices):
            sentences.append(
                _("The team of the centre decides. Until then your dates stay as they are.")
            )
        return sentences

    def label(proposal: Proposal, choices: Choices) -> str:
        is_at_once = is_decided_at_once(dates=old, proposal=proposal, choices=choices)
        return _("Yes, change it") if is_at_once else _("Send the wish")

    return Plan(
        propose=lambda: propose_following(
            booking=found, first_date_id=first.pk, wish=wish, now=timezone.now()
        ),
        carry_out=lambda proposal, choices, text: ask_for_following(
            booking=found,
            first_date_id=first.pk,
            wish=wish,
            actor=user_of(request),
            now=timezone.now(),
            proposal=proposal,
            choices=choices,
            text=text,
        ),
        heading=_("Change the series like this?"),
        says=says,
        label=label,
        hidden={name: sent.get(name, "") for name in form.fields},
    )


def _change_form(form: FollowingForm, lead: str) -> StepPage:
    return StepPage(
        heading=_("Change the series from a date on"),
        lead=lead,
        form=form,
        look=_("See the dates"),
    )


def _asked(found: Booking, wish: ChangeRequest) -> StepPage:
    held = (
        _("So long we keep the new time free for you, too.")
        if wish.holds
        else _("Somebody else has the new time at present.")
    )
    withdraw = reverse("wish_withdraw", args=[found.number, wish.pk])
    return StepPage(
        heading=_("Your wish to change is with the centre."),
        lead=_("From %(date)s on") % {"date": day_and_time(wish.first_date.span)},
        says=[_("Until we have decided, everything stays as it was."), held],
        links=[to_my_bookings(), Link(_("Take the wish back"), withdraw)],
    )


def _goes_on(found: Booking, goes_on: Booking) -> StepPage:
    new = Link(
        _("See number %(number)s") % {"number": goes_on.number},
        reverse("booking", args=[goes_on.number]),
    )
    return StepPage(
        heading=_("Your series goes on under another number."),
        lead=_("Number of your request: %(number)s") % {"number": goes_on.number},
        says=[_("What was before stays under the old number.")],
        links=[new, to_my_bookings()],
    )
