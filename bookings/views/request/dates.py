"""Step 2 of a series: what is the case on each date, and what shall happen where it does not work."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.forms.request import RequestForm
from bookings.models import Association, RequestDraft
from bookings.rules.proposal import Choice
from bookings.rules.refusals import Code, Refusal, RefusedError
from bookings.selectors.asking import associations_to_ask_for
from bookings.selectors.kept_dates import Choices, as_kept, changed_days, face_of, kept_proposal
from bookings.selectors.many_dates import HOLIDAYS
from bookings.selectors.proposals import Proposal, ProposedDate, SeriesWish, propose
from bookings.services.drafts import keep_dates
from bookings.views.request.gone import of_draft
from bookings.views.request.steps import (
    DRAFT_FIELD,
    check_url,
    draft_or_404,
    form_url,
    group_of,
    has_to_sign_in_again,
    sent_url,
    sign_in,
    step_urls,
)
from bookings.wording import changed_sentence, quiet_sentence, refusal_sentence
from cms.selectors.frame import centre_page_here
from cms.selectors.visitors import signed_in

SHOWN_HOLIDAYS = 3  # more of them are folded: they are left out as the group chose
SHOWN_CONFLICTS = 6


@dataclass(frozen=True)
class ShownDate:
    """A date with what is chosen for it. `face`: what the page shows of it, sent back with it."""

    one: ProposedDate
    choice: Choice

    @property
    def face(self) -> str:
        return face_of(self.one)

    @property
    def is_left_out(self) -> bool:
        return self.choice is Choice.LEAVE_OUT


@dataclass(frozen=True)
class Month:
    first: dt.date
    dates: Sequence[ShownDate]

    @property
    def left_out(self) -> int:
        return sum(one.is_left_out for one in self.dates)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def dates(request: HttpRequest, centre: str, room: str, draft: uuid.UUID) -> HttpResponse:
    """Show every date of the series; a POST keeps what was chosen in the draft and goes on."""
    slugs, key = [centre, room], draft
    if has_to_sign_in_again(request, key):
        return sign_in(request, request.path, again=True)
    found = draft_or_404(request, slugs, key)
    if found.booking is not None:
        return redirect(sent_url(found.booking, already=True))
    wish = _wish(request, found)
    if wish is None:
        return redirect(form_url(slugs, **{DRAFT_FIELD: str(found.pk)}))
    try:
        proposal = propose(wish, now=timezone.now())
    except RefusedError as refused:
        return _page(request, found, refusals=refused.refusals)
    if request.method == "POST":
        return _take(request, found, proposal)
    return _show(request, found, proposal)


def _wish(request: HttpRequest, draft: RequestDraft) -> SeriesWish | None:
    """Return the series that the draft asks for; None: the form has to be filled in first."""
    user = signed_in(request)
    associations = associations_to_ask_for(user) if user else []
    group = group_of(draft, associations)
    known: list[Association] = [group] if group else []
    form = RequestForm(draft.values, room=draft.room, associations=known)
    if not form.is_valid() and set(form.errors) - {"group", "association"}:
        return None
    return form.wish(group)


def _show(request: HttpRequest, draft: RequestDraft, proposal: Proposal) -> HttpResponse:
    kept = kept_proposal(draft.dates, proposal.wish)
    if kept is None:
        return _page(request, draft, proposal)
    before, choices = kept
    changed = changed_days(before, proposal)
    return _page(request, draft, proposal, choices=choices, changed=changed)


def _take(request: HttpRequest, draft: RequestDraft, proposal: Proposal) -> HttpResponse:
    choices, changed = chosen_dates(request.POST, proposal)
    if changed:
        return _page(request, draft, proposal, choices=choices, changed=changed, status=409)
    if all(one.is_left_out for one in shown_dates(proposal, choices)):
        none_left = [Refusal(Code.NO_DATES_LEFT, "dates")]
        return _page(request, draft, proposal, choices=choices, refusals=none_left, status=422)
    keep_dates(draft=draft, dates=as_kept(proposal, choices), now=timezone.now())
    return redirect(check_url([draft.room.centre.slug, draft.room.slug], draft))


def chosen_dates(sent: Mapping[str, str], proposal: Proposal) -> tuple[Choices, list[dt.date]]:
    """Return what was chosen, and the days that are not as they were shown any more."""
    choices: Choices = {}
    changed = _no_problems_any_more(sent, proposal)
    for one in proposal.problems:
        day = one.day.isoformat()
        if sent.get(f"stand-{day}") != face_of(one):
            changed.append(one.day)
        if (choice := _choice(sent.get(f"termin-{day}"))) in one.choices:
            choices[one.day] = choice
    return choices, sorted(changed)


def _no_problems_any_more(sent: Mapping[str, str], proposal: Proposal) -> list[dt.date]:
    """Return the days that needed a choice on the page that was sent and are free now."""
    return [one.day for one in proposal.dates if one.works and f"stand-{one.day}" in sent]


def _choice(text: str | None) -> Choice | None:
    try:
        return Choice(text or "")
    except ValueError:
        return None


# The page ----------------------------------------------------------------------------------------


def _page(
    request: HttpRequest,
    draft: RequestDraft,
    proposal: Proposal | None = None,
    *,
    choices: Mapping[dt.date, Choice] | None = None,
    changed: Sequence[dt.date] = (),
    refusals: Sequence[Refusal] = (),
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "frame_page": centre_page_here(request, draft.room.centre_id),
        "room": draft.room,
        "draft": draft,
        "proposal": proposal,
        "problem": changed_sentence(changed) if changed else "",
        "refusals": [refusal_sentence(one) for one in refusals],
        **step_urls(draft),
    }
    if proposal is not None:
        context |= proposal_context(proposal, choices or {}, changed)
    return render(request, "bookings/dates.html", context, status=status)


def proposal_context(
    proposal: Proposal, choices: Mapping[dt.date, Choice], changed: Sequence[dt.date]
) -> dict[str, Any]:
    """Return the dates as a page shows them: problems first, holidays folded, all by month."""
    shown = shown_dates(proposal, choices)
    holidays = [one for one in shown if one.one.verdict in HOLIDAYS]
    folded = holidays if len(holidays) > SHOWN_HOLIDAYS else []
    unfolded = [one for one in shown if not one.one.works and one not in folded]
    return {
        "proposal": proposal,
        "unfolded": unfolded[:SHOWN_CONFLICTS],
        "more": unfolded[SHOWN_CONFLICTS:],
        "folded": folded,
        "folded_is_open": any(one.one.day in changed for one in holidays),
        "months": months_of(shown),
        "quiet": quiet_sentence(one.one.day for one in shown if not one.is_left_out),
    }


def shown_dates(proposal: Proposal, choices: Mapping[dt.date, Choice]) -> list[ShownDate]:
    """Return all dates with what is chosen for them, else the preset choice."""
    return [
        ShownDate(one, choice if (choice := choices.get(one.day)) in one.choices else one.preset)
        for one in proposal.dates
    ]


def months_of(shown: Sequence[ShownDate]) -> list[Month]:
    """Return the dates by month."""
    by_month = groupby(shown, key=lambda one: one.one.day.replace(day=1))
    return [Month(first, list(dates)) for first, dates in by_month]
