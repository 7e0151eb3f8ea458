"""A group ends its series earlier."""

import datetime as dt
from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods

from bookings.forms.changes import (
    EndForm,
)
from bookings.ledger import BusyError
from bookings.models import Booking, BookingDate
from bookings.rules.refusals import Code, Refusal, RefusedError
from bookings.rules.states import DateState
from bookings.rules.wall_clock import berlin_day
from bookings.services.looking import look_at_end
from bookings.services.series_edits import (
    end_series,
)
from bookings.views.of_group import for_groups, user_of
from bookings.views.series_steps import (
    DONE,
    MOST_LINES,
    again,
    dates,
    rhythm,
    series_or_404,
    taking_place,
    wants_form,
)
from bookings.views.steps_of_group import (
    BUSY_STATUS,
    REFUSED,
    Ask,
    StepPage,
    show_step,
    to_booking,
    to_my_bookings,
)
from bookings.wording import (
    day_and_time,
)


@for_groups
@require_http_methods(["GET", "HEAD", "POST"])
def series_end(request: HttpRequest, number: str) -> HttpResponse:
    """Let a series end after a day: form, the dates that fall through, and what was done."""
    found, recurrence = series_or_404(request, number)
    sent = request.POST if request.method == "POST" else request.GET
    lead = rhythm(found, recurrence)
    if wants_form(request, "after"):
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
    return any(date.state in gone and berlin_day(date.span.start) > after for date in dates(found))


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
    stays = [date for date in taking_place(found) if date.pk not in keys]
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
            back=again(request, {"after": after.isoformat()}),
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
    stays = taking_place(found)
    return StepPage(
        heading=_("The series has ended earlier. Thank you – the room is free again."),
        lead=_("The last date is %(date)s.") % {"date": day_and_time(stays[-1].span)}
        if stays
        else _("No date of this series is left."),
        links=[to_my_bookings(), to_booking(found)],
    )
