"""Step 2: look at everything once more, then send."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.forms.request import YES_OR_NO, RequestForm
from bookings.ledger import BusyError
from bookings.models import Association, RequestDraft
from bookings.rules.refusals import Refusal, RefusedError
from bookings.selectors.asking import associations_and_sent
from bookings.services.drafts import bind_draft
from bookings.services.requests import (
    NewRequest,
    SentAlreadyError,
    Waits,
    look_ahead,
    send_request,
)
from bookings.views.request.steps import (
    DRAFT_FIELD,
    WAITS_FIELD,
    check_url,
    draft_or_404,
    form_url,
    group_of,
    has_to_sign_in_again,
    sent_url,
    sign_in,
    waits_of,
    way_out,
)
from bookings.wording import refusal_sentence
from cms.models import User
from cms.selectors.frame import centre_page_here
from cms.selectors.visitors import signed_in
from cms.services.way_back import forget_way_back
from cms.wording import span_text

MOST_IN_AN_HOUR = 20
WAITS_SENTENCES = {
    Waits.BEHIND_REQUEST: "behind_request",
    Waits.BEHIND_PROMISE: "behind_promise",
}


@dataclass(frozen=True)
class Filled:
    """A draft that is complete: everything that a request consists of."""

    draft: RequestDraft
    form: RequestForm
    association: Association
    requester: User
    sent_lately: int  # requests of this person in the last hour

    @property
    def waits(self) -> Waits:
        return waits_of(self.draft.values.get(WAITS_FIELD))

    def as_request(self, waits: Waits) -> NewRequest:
        values, span = self.form.cleaned_data, self.form.span
        assert span is not None  # noqa: S101 - the form is valid
        return NewRequest(
            room=self.draft.room,
            association=self.association,
            requester=self.requester,
            spans=[span],
            purpose=values["purpose"],
            persons=values["persons"],
            contact_name=values["contact_name"],
            contact_phone=values["contact_phone"],
            layout=values["layout"],
            wishes=values["wishes"],
            is_public_event=values["is_public_event"],
            has_music=values["has_music"],
            has_food=values["has_food"],
            waits=waits,
        )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, centre: str, room: str, draft: uuid.UUID) -> HttpResponse:
    """Show the whole request; a POST sends it. Needs somebody who is signed in."""
    slugs, key = [centre, room], draft
    if has_to_sign_in_again(request, key):
        return sign_in(request, request.path, again=True)
    found = draft_or_404(request, slugs, key)
    user = signed_in(request)
    if user is None:
        return sign_in(request, request.path)
    if found.booking is not None:
        return redirect(sent_url(found.booking, already=True))
    filled = _filled(found, user)
    if isinstance(filled, HttpResponse):
        return filled
    if request.method == "POST":
        return _send(request, filled)
    forget_way_back(request)
    bind_draft(draft=found, user=user)
    return _page(request, filled, _look(filled))


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
    return Filled(draft, form, association, user, sent_lately)


def _look(filled: Filled) -> list[Refusal]:
    """Return what would be refused now: better known before the button is pressed."""
    request = filled.as_request(filled.waits)
    try:
        look_ahead(
            room=request.room,
            span=request.spans[0],
            persons=request.persons,
            waits=request.waits,
            association=request.association,
            now=timezone.now(),
        )
    except RefusedError as refused:
        return refused.refusals
    return []


def _send(request: HttpRequest, filled: Filled) -> HttpResponse:
    now = timezone.now()
    if filled.sent_lately >= MOST_IN_AN_HOUR:
        sentence = _(
            "You have sent %(count)s requests within an hour. Please wait a little, or ring us."
        ) % {"count": MOST_IN_AN_HOUR}
        return _page(request, filled, [], problem=sentence, status=429)
    # A second button says what one accepts; without it, what was accepted in the form.
    waits = waits_of(request.POST.get(WAITS_FIELD)) or filled.waits
    try:
        booking = send_request(request=filled.as_request(waits), draft=filled.draft, now=now)
    except SentAlreadyError as sent:
        return redirect(sent_url(sent.booking, already=True))
    except RefusedError as refused:
        return _page(request, filled, refused.refusals, status=422)
    except BusyError:
        sentence = _(
            "Many people are asking for this room right now. Nothing was sent yet. Please try again."
        )
        return _page(request, filled, [], problem=sentence, status=409)
    except RequestDraft.DoesNotExist:
        raise Http404 from None
    return redirect(sent_url(booking))


# The page ----------------------------------------------------------------------------------------


def _page(
    request: HttpRequest,
    filled: Filled,
    refusals: list[Refusal],
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    draft, values = filled.draft, filled.form.cleaned_data
    slugs = [draft.room.centre.slug, draft.room.slug]
    context: dict[str, Any] = {
        "frame_page": centre_page_here(request, draft.room.centre_id),
        "room": draft.room,
        "values": values,
        "times": span_text(values["start"], values["end"]),
        "wishes": _wishes(filled.form),
        "association": filled.association,
        "edit_url": form_url(slugs, **{DRAFT_FIELD: str(draft.pk)}),
        "check_url": check_url(slugs, draft),
        "waits": WAITS_SENTENCES.get(filled.waits, ""),
        "problems": [*([problem] if problem else []), *map(refusal_sentence, refusals)],
        "way": way_out(refusals, draft.room, filled.form.span),
        "may_send": not refusals,
    }
    return render(request, "bookings/check.html", context, status=status)


def _wishes(form: RequestForm) -> list[str]:
    values = form.cleaned_data
    texts = [str(values["layout"] or ""), values["wishes"]]
    return [text for text in texts if text] + [
        str(form.fields[name].label) for name in YES_OR_NO if values[name]
    ]
