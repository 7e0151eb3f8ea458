"""The last step: look at everything once more, agree to the terms of use, then send."""

import json
import uuid
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.forms.check import CheckForm
from bookings.forms.request import YES_OR_NO, RequestForm
from bookings.ledger import BusyError
from bookings.models import Association, Booking, RequestDraft, TermsOfUse, UseKind
from bookings.rules.proposal import Choice
from bookings.rules.refusals import Code, Refusal, RefusedError
from bookings.rules.states import DateState
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.asking import associations_and_sent
from bookings.selectors.kept_dates import changed_days, kept_proposal
from bookings.selectors.proposals import Proposal, WantedDate, propose, wanted_dates
from bookings.selectors.terms import terms_of
from bookings.services.drafts import bind_draft
from bookings.services.places import Outcome
from bookings.services.requests import (
    FirmNowError,
    Guest,
    NewRequest,
    SentAlreadyError,
    TermsChangedError,
    Waits,
    look_at_request,
    send_request,
)
from bookings.views.guest_limits import TooOftenError, counted, too_often
from bookings.views.request.dates import months_of, shown_dates
from bookings.views.request.gone import of_draft
from bookings.views.request.steps import (
    DRAFT_FIELD,
    FIRM_FIELD,
    WAITS_FIELD,
    NoDraftError,
    dates_url,
    draft_or_404,
    firm_now,
    form_url,
    group_of,
    guest_of,
    guest_url,
    has_to_sign_in_again,
    may_ask_as_guest,
    sent_url,
    sign_in,
    step_urls,
    waits_of,
    way_out,
)
from bookings.wording import hints_of, quiet_sentence, refusal_sentence, single_day_sentence
from cms.models import User
from cms.selectors.frame import centre_page_here
from cms.selectors.schedules import holiday_calendar
from cms.selectors.visitors import signed_in
from cms.services.way_back import forget_way_back
from cms.wording import span_text

MOST_IN_AN_HOUR = 20


@dataclass(frozen=True)
class Filled:
    """A draft that is complete: everything that a request consists of."""

    draft: RequestDraft
    form: RequestForm
    association: Association | None
    requester: User | None
    sent_lately: int  # requests of this person in the last hour
    terms: TermsOfUse | None = None  # those in force
    guest: Guest | None = None  # instead of an association
    # Of a series: its dates as they were seen, and what was chosen.
    seen: Proposal | None = None
    choices: Mapping[date, Choice] = field(default_factory=dict)

    @property
    def dates(self) -> list[WantedDate]:
        """Return what is asked for, date by date."""
        if self.seen is not None:
            return wanted_dates(self.seen, self.choices)
        span = self.form.span
        assert span is not None  # noqa: S101 - the form is valid
        return [WantedDate(original=span, span=span, room=self.draft.room)]

    @property
    def days(self) -> list[date]:
        """Return the days on which something takes place."""
        return [berlin_day(one.span.start) for one in self.dates if one.left_out is None]

    @property
    def waits(self) -> Waits:
        return waits_of(self.draft.values.get(WAITS_FIELD))

    def as_request(self, waits: Waits, *, may_be_firm: bool = True) -> NewRequest:
        values = self.form.cleaned_data
        return NewRequest(
            room=self.draft.room,
            association=self.association,
            guest=self.guest,
            requester=self.requester,
            dates=self.dates,
            purpose=values["purpose"],
            persons=values["persons"],
            contact_name=values["contact_name"],
            contact_phone=values["contact_phone"],
            layout=values["layout"],
            wishes=values["wishes"],
            is_public_event=values["is_public_event"],
            has_music=values["has_music"],
            has_food=values["has_food"],
            has_alcohol=values["has_alcohol"],
            use=values["use"],
            equipment=values["equipment"],
            terms=self.terms,
            recurrence=self.form.recurrence,
            holidays=self.form.holidays,
            waits=waits,
            may_be_firm=may_be_firm,
        )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def check(request: HttpRequest, centre: str, room: str, draft: uuid.UUID) -> HttpResponse:
    """Show the whole request; a POST sends it. Needs somebody who is signed in, or a guest."""
    slugs, key = [centre, room], draft
    if has_to_sign_in_again(request, key):
        return sign_in(request, request.path, again=True)
    found = draft_or_404(request, slugs, key, terms_on=berlin_day(timezone.now()))
    user = signed_in(request)
    if found.booking is not None and (user or found.booking.is_of_guest):
        return redirect(sent_url(found.booking, already=True))
    filled = _filled(found, user) if user else _filled_by_guest(request, found)
    if isinstance(filled, HttpResponse):
        return filled
    return (_send if request.method == "POST" else _show)(request, filled)


def _show(request: HttpRequest, filled: Filled) -> HttpResponse:
    forget_way_back(request)
    if filled.requester is not None:
        bind_draft(draft=filled.draft, user=filled.requester)
    if _has_changed(filled):
        room = filled.draft.room
        return redirect(dates_url([room.centre.slug, room.slug], filled.draft))
    return _page(request, filled)


def _filled(draft: RequestDraft, user: User) -> Filled | HttpResponse:
    """Return the complete draft, or where the person has to go first."""
    slugs = [draft.room.centre.slug, draft.room.slug]
    associations, sent_lately = associations_and_sent(user, timezone.now() - timedelta(hours=1))
    association = group_of(draft, associations)
    if association is None:
        return redirect("room_request_association", *slugs, draft.pk)
    form = RequestForm(draft.values, room=draft.room, associations=[association])
    if not form.is_valid():  # a seating that is gone, for example
        return redirect(form_url(slugs, **{DRAFT_FIELD: str(draft.pk)}))
    terms = getattr(draft, "terms", None)  # as draft_or_404 has read them along
    filled = Filled(draft, form, association, user, sent_lately, terms_of(terms))
    wish = form.wish(association)
    if wish is None:
        return filled
    kept = kept_proposal(draft.dates, wish)
    if kept is None:  # nobody has seen the dates yet
        return redirect(dates_url(slugs, draft))
    return replace(filled, seen=kept[0], choices=kept[1])


def _filled_by_guest(request: HttpRequest, draft: RequestDraft) -> Filled | HttpResponse:
    """Return what nobody who is signed in asks for, or where the person has to go first."""
    slugs, guest = [draft.room.centre.slug, draft.room.slug], guest_of(draft)
    if not may_ask_as_guest(draft):
        return sign_in(request, request.path, draft=draft)
    if guest is None:
        return redirect(guest_url(slugs, draft))
    form = RequestForm(draft.values, room=draft.room, associations=[])
    if not form.is_valid() or form.is_series:
        return redirect(form_url(slugs, **{DRAFT_FIELD: str(draft.pk)}))
    terms = terms_of(getattr(draft, "terms", None))
    return Filled(draft, form, None, None, 0, terms, guest)


def _has_changed(filled: Filled) -> bool:
    """Tell whether a date of the series is not as it was seen; the page of the dates says which."""
    if filled.seen is None:
        return False
    try:
        proposal = propose(filled.seen.wish, now=timezone.now())
    except RefusedError:
        return True
    return bool(changed_days(filled.seen, proposal))


def _look(filled: Filled) -> Outcome:
    """Return what sending would store now, or everything that would be refused."""
    try:
        return look_at_request(filled.as_request(filled.waits), now=timezone.now())
    except RefusedError as refused:
        return Outcome([], refused.refusals)


def _is_at_once(filled: Filled, outcome: Outcome) -> bool:
    """Tell whether sending would be a promise; of a guest's request only the confirmation can be."""
    return outcome.is_booked_at_once and filled.guest is None


def _waits(filled: Filled, outcome: Outcome) -> str:
    """Return what the one date would wait behind, "" if its time is free; a series says it by date."""
    if filled.seen is not None or not outcome.dates:
        return ""
    (date,) = outcome.dates
    if date.state is DateState.WAITLISTED:
        return "promise"
    return "request" if date.state is DateState.REQUESTED and date.holds_until is None else ""


def _send(request: HttpRequest, filled: Filled) -> HttpResponse:
    if stopped := _stopped(request, filled):
        sentence, status = stopped
        return _page(request, filled, problem=sentence, status=status)
    agreed = CheckForm(request.POST, terms=filled.terms)
    if not agreed.is_valid():
        return _page(request, filled, agreed=agreed, status=422)
    return _try_to_send(request, filled, agreed)


def _try_to_send(request: HttpRequest, filled: Filled, agreed: CheckForm) -> HttpResponse:
    # A second button says what one accepts; without it, what was accepted in the form.
    waits = waits_of(request.POST.get(WAITS_FIELD)) or filled.waits
    try:
        booking = _sent(request, filled, waits)
    except SentAlreadyError as sent:
        return redirect(sent_url(sent.booking, already=True))
    except RefusedError as refused:
        return _page(request, filled, refused.refusals, agreed=agreed, status=422)
    except TooOftenError:
        return _page(request, filled, problem=too_often(), agreed=agreed, status=429)
    except (BusyError, FirmNowError) as error:
        busy = _(
            "Many people are asking for this room right now. Nothing was sent yet. Please try again."
        )
        sentence = busy if isinstance(error, BusyError) else firm_now()
        return _page(request, filled, problem=sentence, agreed=agreed, status=409)
    except TermsChangedError:  # read everything again: the form then says so
        slugs = filled.draft.room.centre.slug, filled.draft.room.slug
        return check(request, *slugs, filled.draft.pk)
    except RequestDraft.DoesNotExist:
        raise NoDraftError from None
    return redirect(sent_url(booking))


def _sent(request: HttpRequest, filled: Filled, waits: Waits) -> Booking:
    """Send the request; what a guest sends is counted. Raises TooOftenError and as `send_request`."""
    guest = filled.guest
    counting = counted(request, "guest_request", guest.email) if guest else nullcontext()
    with counting:
        return send_request(
            request=filled.as_request(waits, may_be_firm=request.POST.get(FIRM_FIELD) != "nein"),
            draft=filled.draft,
            now=timezone.now(),
        )


def _stopped(request: HttpRequest, filled: Filled) -> tuple[str, int] | None:
    """Return why nothing is even tried, with the status of the page; None: it may be sent."""
    if filled.sent_lately >= MOST_IN_AN_HOUR:
        return _(
            "You have sent %(count)s requests within an hour. Please wait a little, or ring us."
        ) % {"count": MOST_IN_AN_HOUR}, 429
    stand = _state_of(filled.draft)
    if request.POST.get("stand", stand) != stand:
        return _("This was changed in another window meanwhile. Please check it once more."), 409
    return None


def _state_of(draft: RequestDraft) -> str:
    """Return a short text that is the same as long as the draft says the same."""
    said = json.dumps([draft.values, draft.dates], sort_keys=True)
    return sha256(said.encode()).hexdigest()[:16]


# The page ----------------------------------------------------------------------------------------


def _page(
    request: HttpRequest,
    filled: Filled,
    refusals: list[Refusal] | None = None,
    *,
    problem: str = "",
    agreed: CheckForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the request with what is in the way; None: look whether anything is."""
    outcome = _look(filled) if refusals is None else Outcome([], refusals)
    refusals = outcome.refusals
    draft, values = filled.draft, filled.form.cleaned_data
    shown = shown_dates(filled.seen, filled.choices) if filled.seen else []
    context: dict[str, Any] = {
        "frame_page": centre_page_here(request, draft.room.centre_id),
        "room": draft.room,
        "values": values,
        "times": span_text(values["start"], values["end"]),
        "wishes": _wishes(filled.form),
        "hints": hints_of(
            on_days=_about_days(filled),
            is_public=values["is_public_event"],
            has_music=values["has_music"],
            has_alcohol=values["has_alcohol"],
        ),
        "association": filled.association,
        "guest": filled.guest,
        "guest_url": guest_url([draft.room.centre.slug, draft.room.slug], draft)
        if filled.guest
        else "",
        **step_urls(draft),
        "waits": _waits(filled, outcome),
        "proposal": filled.seen,
        "asked": [one for one in shown if not one.is_left_out],
        "left_out": [one for one in shown if one.is_left_out],
        "otherwise": [one for one in shown if not (one.is_left_out or one.one.works)],
        "months": months_of(shown),
        "problems": [*([problem] if problem else []), *map(refusal_sentence, refusals)],
        "has_gone": any(one.code is Code.DATES_GONE for one in refusals),
        "way": way_out(refusals, draft.room, filled.form.span, draft=draft.pk),
        "may_send": not refusals,
        "is_at_once": _is_at_once(filled, outcome),
        "stand": _state_of(draft),
        "terms": filled.terms,
        "agreed": agreed or CheckForm(terms=filled.terms),
    }
    return render(request, "bookings/check.html", context, status=status)


def _about_days(filled: Filled) -> str:
    """Say what somebody should know of the days; the holidays of a series were chosen before."""
    if filled.seen is not None:
        return quiet_sentence(filled.days)
    (day,) = filled.days
    return single_day_sentence(day, holiday_calendar().public_name(day))


def _wishes(form: RequestForm) -> list[str]:
    values = form.cleaned_data
    use = dict(UseKind.choices).get(values["use"], "")
    texts = [
        str(use),
        str(values["layout"] or ""),
        ", ".join(values["equipment"]),
        values["wishes"],
    ]
    return [text for text in texts if text] + [
        str(form.fields[name].label) for name in YES_OR_NO if values[name]
    ]
