"""A group ends its series earlier, lets it go on, changes it from a date on, or renews it."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods

from bookings.forms.changes import (
    EndForm,
    ExtendForm,
    FollowingForm,
    WhyForm,
    times_of,
)
from bookings.ledger import BusyError
from bookings.models import Booking, BookingDate, ChangeRequest
from bookings.rules.proposal import Choice
from bookings.rules.recurrence import Recurrence
from bookings.rules.refusals import Code, Refusal, RefusedError
from bookings.rules.states import DateState
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.own_changes import (
    AHEAD,
    known_recurrence,
    open_following_of,
    rooms_to_choose,
)
from bookings.selectors.proposals import Proposal
from bookings.services.changes import FollowingWish, ask_for_following, propose_following
from bookings.services.looking import look_at_end
from bookings.services.series_edits import (
    end_series,
    extend_series,
    propose_extension,
    refusals_to_extend,
)
from bookings.views.of_group import for_groups, own_booking, user_of
from bookings.views.request.dates import chosen_dates, proposal_context
from bookings.views.steps_of_group import (
    BUSY_STATUS,
    CHANGED_STATUS,
    REFUSED,
    Ask,
    Link,
    StepPage,
    show_step,
    to_booking,
    to_my_bookings,
)
from bookings.wording import (
    changed_sentence,
    day_and_time,
    recurrence_text,
    refusal_sentence,
)
from cms.wording import date_short

AGAIN = "noch-einmal"  # back from the preview to the form
DONE = "stand"
MOST_LINES = 6


def _series_or_404(request: HttpRequest, number: str) -> tuple[Booking, Recurrence]:
    found = own_booking(request, number)
    recurrence = known_recurrence(found)
    if recurrence is None:
        raise Http404
    return found, recurrence


def _dates(found: Booking) -> list[BookingDate]:
    read = found.dates.select_related("occurrence", "room").order_by("occurrence__start", "pk")
    return list(read)


def _taking_place(found: Booking) -> list[BookingDate]:
    states = AHEAD | {DateState.COMPLETED, DateState.NO_SHOW}
    return [date for date in _dates(found) if date.state in states]


def _rhythm(found: Booking, recurrence: Recurrence) -> str:
    """Say "jeden Freitag, zuletzt am Fr., 19. Februar 2027"."""
    last = _taking_place(found)[-1:]
    text = recurrence_text(recurrence)
    if not last:
        return text
    named = {"rhythm": text, "date": date_short(berlin_day(last[0].span.start))}
    return _("%(rhythm)s, for the last time on %(date)s") % named


def _wants_form(request: HttpRequest, name: str) -> bool:
    return request.method != "POST" and (name not in request.GET or AGAIN in request.GET)


def _again(request: HttpRequest, values: Mapping[str, object]) -> Link:
    query = urlencode({**values, AGAIN: "1"})
    return Link(pgettext("button", "Back"), f"{request.path}?{query}")


# Earlier --------------------------------------------------------------------------------------------


@for_groups
@require_http_methods(["GET", "HEAD", "POST"])
def series_end(request: HttpRequest, number: str) -> HttpResponse:
    """Let a series end after a day: form, the dates that fall through, and what was done."""
    found, recurrence = _series_or_404(request, number)
    sent = request.POST if request.method == "POST" else request.GET
    lead = _rhythm(found, recurrence)
    if _wants_form(request, "after"):
        form = EndForm(initial=request.GET.dict())
        return show_step(request, found, _end_form(form, lead))
    form = EndForm(sent)
    if not form.is_valid():
        return show_step(request, found, _end_form(form, lead), status=REFUSED)
    try:
        return _look_or_end(request, found, form.cleaned_data["after"])
    except RefusedError as refused:
        form.add_refusals(refused.refusals)
        return show_step(request, found, _end_form(form, lead), status=REFUSED)


def _look_or_end(request: HttpRequest, found: Booking, after: dt.date) -> HttpResponse:
    """Show what would fall through, or end the series. Raises RefusedError."""
    now, notice = timezone.now(), ""
    try:
        if request.method == "POST":
            try:
                end_series(booking=found, after=after, actor=user_of(request), now=now)
                return redirect(_ended_url(request, after))
            except BusyError:
                notice = "busy"
        over = look_at_end(booking=found, after=after, now=now)
    except RefusedError as refused:
        if not _was_ended(refused.refusals, found, after):
            raise
        if request.method == "POST":
            return redirect(_ended_url(request, after))
        return show_step(request, found, _ended(found))
    page = _end_preview(request, found, after, over, notice)
    return show_step(request, found, page, status=BUSY_STATUS if notice else 200)


def _ended_url(request: HttpRequest, after: dt.date) -> str:
    return f"{request.path}?{urlencode({'after': after.isoformat(), DONE: 'beendet'})}"


def _was_ended(refusals: Sequence[Refusal], found: Booking, after: dt.date) -> bool:
    """Tell whether the series has ended by then already, by a click before this one."""
    if {one.code for one in refusals} != {Code.NOTHING_TO_END}:
        return False
    gone = {DateState.CANCELLED, DateState.WITHDRAWN}
    return any(date.state in gone and berlin_day(date.span.start) > after for date in _dates(found))


def _end_form(form: EndForm, lead: str) -> StepPage:
    return StepPage(
        heading=_("End the series earlier"), lead=lead, form=form, look=pgettext("step", "Next")
    )


def _end_preview(
    request: HttpRequest,
    found: Booking,
    after: dt.date,
    over: Sequence[BookingDate],
    notice: str = "",
) -> StepPage:
    count = len(over)
    keys = {date.pk for date in over}
    stays = [date for date in _taking_place(found) if date.pk not in keys]
    kept = (
        _("The last date is then %(date)s.") % {"date": day_and_time(stays[-1].span)}
        if stays
        else _("No date of this series is left then.")
    )
    return StepPage(
        heading=ngettext(
            "Does %(count)s date fall through?", "Do %(count)s dates fall through?", count
        )
        % {"count": count},
        lead=kept,
        says=[_("The room is free for others at once. This cannot be undone here.")],
        lists=_lines(over),
        notice=notice,
        ask=Ask(
            label=_("Yes, end the series"),
            hidden=[("after", after.isoformat())],
            back=_again(request, {"after": after.isoformat()}),
        ),
    )


def _lines(dates: Sequence[BookingDate]) -> list[str]:
    """Name the first dates, and the last one of many."""
    lines = [f"{day_and_time(date.span)}, {date.room.name}" for date in dates]
    more = len(lines) - MOST_LINES - 1
    if more <= 0:
        return lines
    between = ngettext("and %(count)s more date", "and %(count)s more dates", more)
    return [*lines[:MOST_LINES], between % {"count": more}, lines[-1]]


def _ended(found: Booking) -> StepPage:
    stays = _taking_place(found)
    return StepPage(
        heading=_("The series has ended earlier. Thank you – the room is free again."),
        lead=_("The last date is %(date)s.") % {"date": day_and_time(stays[-1].span)}
        if stays
        else _("No date of this series is left."),
        links=[to_my_bookings(), to_booking(found)],
    )


# What a series gets: its dates with choices -----------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """A change of a series that brings new dates.

    propose: look at them. carry_out: store them, with the choices and a text. page: heading, lead
    and what follows; label: the word on the button. hidden: what was asked for.
    """

    propose: Callable[[], Proposal]
    carry_out: Callable[[Mapping[dt.date, Choice], str], object]
    heading: str
    says: Sequence[str]
    label: str
    hidden: Mapping[str, object]


def _preview(
    request: HttpRequest,
    found: Booking,
    plan: Plan,
    *,
    form_page: Callable[[Sequence[Refusal]], StepPage],
    done_before: Code | None = None,
) -> HttpResponse | None:
    """Show the new dates, or carry the change out; None: it is done.

    done_before: what is refused when a click before this one did it.
    """
    try:
        proposal = plan.propose()
        if request.method == "POST":
            return _take(request, found, plan, proposal)
    except RefusedError as refused:
        if request.method == "POST" and done_before in {one.code for one in refused.refusals}:
            return None
        return show_step(request, found, form_page(refused.refusals), status=REFUSED)
    return _proposal_page(request, found, plan, proposal, Seen(WhyForm()))


@dataclass(frozen=True)
class Seen:
    """What was sent with a preview, and what has changed since it was shown."""

    why: WhyForm
    choices: Mapping[dt.date, Choice] = field(default_factory=dict)
    changed: Sequence[dt.date] = ()


def _take(
    request: HttpRequest, found: Booking, plan: Plan, proposal: Proposal
) -> HttpResponse | None:
    """Carry out what was chosen; None: it is done. Raises RefusedError."""
    choices, changed = chosen_dates(request.POST, proposal)
    seen = Seen(WhyForm(request.POST), choices, changed)
    if changed:
        return _proposal_page(request, found, plan, proposal, seen, status=CHANGED_STATUS)
    if not seen.why.is_valid():
        return _proposal_page(request, found, plan, proposal, seen, status=REFUSED)
    try:
        plan.carry_out(choices, seen.why.cleaned_data["text"])
    except BusyError:
        return _proposal_page(request, found, plan, proposal, seen, status=BUSY_STATUS)
    return None


def _proposal_page(
    request: HttpRequest,
    found: Booking,
    plan: Plan,
    proposal: Proposal,
    seen: Seen,
    *,
    status: int = 200,
) -> HttpResponse:
    page = StepPage(
        heading=plan.heading,
        says=plan.says,
        notice="busy" if status == BUSY_STATUS else "",
        problem=changed_sentence(seen.changed) if seen.changed else "",
        ask=Ask(
            label=plan.label,
            hidden=list(plan.hidden.items()),
            form=seen.why,
            back=_again(request, plan.hidden),
        ),
        proposal=proposal_context(proposal, seen.choices, seen.changed),
    )
    return show_step(request, found, page, status=status)


# On -------------------------------------------------------------------------------------------------


@for_groups
@require_http_methods(["GET", "HEAD", "POST"])
def series_extend(request: HttpRequest, number: str) -> HttpResponse:
    """Let a series go on until a day: form, the new dates with their conflicts, what was asked."""
    found, recurrence = _series_or_404(request, number)
    lead = _rhythm(found, recurrence)
    if request.method != "POST" and request.GET.get(DONE) == "verlaengert":
        return show_step(request, found, _extended(found))
    if in_the_way := refusals_to_extend(found):
        return show_step(request, found, _closed(found, lead, in_the_way))
    if _wants_form(request, "until"):
        form = ExtendForm(initial=request.GET.dict())
        return show_step(request, found, _extend_form(form, lead))
    form = ExtendForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        return show_step(request, found, _extend_form(form, lead), status=REFUSED)
    until: dt.date = form.cleaned_data["until"]

    def refused(refusals: Sequence[Refusal]) -> StepPage:
        form.add_refusals(refusals)
        return _extend_form(form, lead)

    plan = Plan(
        propose=lambda: propose_extension(booking=found, until=until, now=timezone.now()),
        carry_out=lambda choices, text: extend_series(
            booking=found,
            until=until,
            actor=user_of(request),
            now=timezone.now(),
            choices=choices,
            text=text,
        ),
        heading=_("Let the series go on like this?"),
        says=[_("The dates that you have stay as they are.")],
        label=_("Ask for these dates"),
        hidden={"until": until.isoformat()},
    )
    response = _preview(request, found, plan, form_page=refused, done_before=Code.NO_DATES)
    return response or redirect(f"{request.path}?{DONE}=verlaengert")


def _extend_form(form: ExtendForm, lead: str) -> StepPage:
    return StepPage(
        heading=_("Let the series go on"),
        lead=lead,
        says=[_("Day of the week, time and room stay the same.")],
        form=form,
        look=_("See the dates"),
    )


def _extended(found: Booking) -> StepPage:
    last = _taking_place(found)[-1:]
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


def _closed(found: Booking, lead: str, refusals: Sequence[Refusal]) -> StepPage:
    return StepPage(
        heading=_("This series cannot be changed here at present."),
        lead=lead,
        says=[refusal_sentence(one) for one in refusals],
        links=[to_booking(found)],
    )


# From a date on ---------------------------------------------------------------------------------------


@for_groups
@require_http_methods(["GET", "HEAD", "POST"])
def series_change(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for another weekday, time or room from a date on: form, the new dates, what came of it."""
    found, recurrence = _series_or_404(request, number)
    now = timezone.now()
    lead = _rhythm(found, recurrence)
    if wish := open_following_of(found):
        return show_step(request, found, _asked(found, wish))
    ahead = [one for one in _dates(found) if one.state in AHEAD and one.span.start > now]
    goes_on = found.successors.filter(origin_kind=Booking.OriginKind.SPLIT).last()
    is_over = not _can_be_first(request, ahead)
    if goes_on is not None and (is_over or request.GET.get(DONE)):
        return show_step(request, found, _goes_on(found, goes_on))
    if not ahead:
        return show_step(request, found, _closed(found, lead, [Refusal(Code.DATE_GONE, "date")]))
    rooms = rooms_to_choose(found, ahead[0].room)
    if _wants_form(request, "first"):
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
    response = _preview(request, found, plan, form_page=refused)
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
    promised = any(date.state == DateState.APPROVED for date in form.dates.values())
    kept = _("The team of the centre decides. Until then your dates stay as they are.")
    return Plan(
        propose=lambda: propose_following(
            booking=found, first_date_id=first.pk, wish=wish, now=timezone.now()
        ),
        carry_out=lambda choices, text: ask_for_following(
            booking=found,
            first_date_id=first.pk,
            wish=wish,
            actor=user_of(request),
            now=timezone.now(),
            choices=choices,
            text=text,
        ),
        heading=_("Change the series like this?"),
        says=[
            _("The dates from %(date)s on are replaced by new ones. Earlier ones stay.")
            % {"date": date_short(berlin_day(first.span.start))},
            *([kept] if promised else []),
        ],
        label=_("Send the wish") if promised else _("Yes, change it"),
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
