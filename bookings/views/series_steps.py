"""What the steps of a series share: the series itself, and its new dates with choices."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.forms.changes import (
    WhyForm,
)
from bookings.ledger import BusyError
from bookings.models import Booking, BookingDate
from bookings.rules.proposal import Choice
from bookings.rules.recurrence import Recurrence
from bookings.rules.refusals import Code, Refusal, RefusedError
from bookings.rules.states import DateState
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.own_changes import (
    AHEAD,
    known_recurrence,
)
from bookings.selectors.proposals import Proposal
from bookings.views.of_group import own_booking
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
)
from bookings.wording import (
    changed_sentence,
    recurrence_text,
    refusal_sentence,
)
from cms.services.typed import typed_before
from cms.wording import date_short

AGAIN = "noch-einmal"  # back from the preview to the form
DONE = "stand"
MOST_LINES = 6


def series_or_404(request: HttpRequest, number: str) -> tuple[Booking, Recurrence]:
    found = own_booking(request, number)
    recurrence = known_recurrence(found)
    if recurrence is None:
        raise Http404
    return found, recurrence


def dates(found: Booking) -> list[BookingDate]:
    read = found.dates.select_related("occurrence", "room").order_by("occurrence__start", "pk")
    return list(read)


def taking_place(found: Booking) -> list[BookingDate]:
    states = AHEAD | {DateState.COMPLETED, DateState.NO_SHOW}
    return [date for date in dates(found) if date.state in states]


def rhythm(found: Booking, recurrence: Recurrence) -> str:
    """Say "jeden Freitag, zuletzt am Fr., 19. Februar 2027"."""
    last = taking_place(found)[-1:]
    text = recurrence_text(recurrence)
    if not last:
        return text
    named = {"rhythm": text, "date": date_short(berlin_day(last[0].span.start))}
    return _("%(rhythm)s, for the last time on %(date)s") % named


def wants_form(request: HttpRequest, name: str) -> bool:
    return request.method != "POST" and (name not in request.GET or AGAIN in request.GET)


def again(request: HttpRequest, values: Mapping[str, object]) -> Link:
    query = urlencode({**values, AGAIN: "1"})
    return Link(pgettext("button", "Back"), f"{request.path}?{query}")


def closed(found: Booking, lead: str, refusals: Sequence[Refusal]) -> StepPage:
    return StepPage(
        heading=_("This series cannot be changed here at present."),
        lead=lead,
        says=[refusal_sentence(one) for one in refusals],
        links=[to_booking(found)],
    )


Choices = Mapping[dt.date, Choice]


@dataclass(frozen=True)
class Plan:
    """A change of a series that brings new dates.

    propose: look at them. carry_out: store just these, with the choices and a text. says: what
    follows from them as they are chosen; label: the word on the button. hidden: what was asked for.
    """

    propose: Callable[[], Proposal]
    carry_out: Callable[[Proposal, Choices, str], object]
    heading: str
    says: Callable[[Proposal, Choices], Sequence[str]]
    label: Callable[[Proposal, Choices], str]
    hidden: Mapping[str, object]


def preview(
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
    typed = typed_before(request)
    choices = chosen_dates(typed, proposal)[0] if typed else {}
    return _proposal_page(request, found, plan, proposal, Seen(WhyForm(), choices))


@dataclass(frozen=True)
class Seen:
    """What was sent with a preview, and what has changed since it was shown."""

    why: WhyForm
    choices: Choices = field(default_factory=dict)
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
        plan.carry_out(proposal, choices, seen.why.cleaned_data["text"])
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
        says=plan.says(proposal, seen.choices),
        notice="busy" if status == BUSY_STATUS else "",
        problem=changed_sentence(seen.changed) if seen.changed else "",
        ask=Ask(
            label=plan.label(proposal, seen.choices),
            hidden=list(plan.hidden.items()),
            form=seen.why,
            back=again(request, plan.hidden),
        ),
        proposal=proposal_context(proposal, seen.choices, seen.changed),
    )
    return show_step(request, found, page, status=status)
