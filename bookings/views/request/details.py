"""Step 1: what, when, who."""

import uuid
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.forms.request import RequestForm
from bookings.models import RequestDraft, Room
from bookings.rules.policy import HolidayRule
from bookings.rules.refusals import Code, Refusal, RefusedError
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.asking import associations_to_ask_for, fitting_room, last_contact
from bookings.selectors.drafts import find_draft, last_unsent, newest_unsent
from bookings.selectors.proposals import refusals_of_wish
from bookings.services.drafts import save_draft
from bookings.services.requests import SentAlreadyError, Waits, look_ahead
from bookings.views.guest_limits import TooOftenError, is_allowed, too_often
from bookings.views.request.address import address_of, asked_times, moved
from bookings.views.request.again import earlier_or_404, values_like
from bookings.views.request.steps import (
    DRAFT_FIELD,
    LEAVE_FIELD,
    LIKE_FIELD,
    WAITS_FIELD,
    Place,
    as_key,
    browser_drafts,
    check_url,
    dates_url,
    form_url,
    note_browser_draft,
    place_or_404,
    plan_of,
    room_day,
    sent_url,
    sign_in,
    waits_of,
    way_out,
    week_url,
)
from bookings.wording import single_day_sentence
from cms.selectors.visitors import signed_in
from cms.services.way_back import own_address
from cms.wording import clock, date_full, weekday_name

STILL_TYPING = timedelta(hours=1)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, centre: str, room: str) -> HttpResponse:
    """Ask what the request is about; whoever is not signed in fills in the same form."""
    place = place_or_404(request, centre, room)
    if request.method == "POST":
        return _take(request, place)
    return _show(request, place)


# An empty form -----------------------------------------------------------------------------------


def _show(request: HttpRequest, place: Place) -> HttpResponse:
    earlier = request.GET.get(LIKE_FIELD)
    if earlier is not None and signed_in(request) is None:
        return sign_in(request, request.get_full_path())
    asked = asked_times(request.GET)
    draft = None if earlier else _draft_to_go_on_with(request)
    typed = _typed(draft, place.room)
    before = typed or _before_typing(request, place, earlier)
    values = {**_contact(request), **before, **moved(typed, asked)}
    shown = RequestForm(initial=values, room=place.room, associations=_associations(request))
    is_here = draft is not None and draft.room_id == place.room.pk
    key = draft.pk if draft is not None and is_here else uuid.uuid4()
    begun = draft or _begun(request)
    if draft is not None and draft.pk == as_key(request.GET.get(DRAFT_FIELD)):
        begun = None  # on the way between the steps, or it was offered already
    return _page(
        request,
        place,
        shown,
        key,
        unreadable=asked.unreadable,
        begun=begun,
        shows_begun=begun is draft,
    )


def _before_typing(request: HttpRequest, place: Place, earlier: str | None) -> dict[str, Any]:
    """Return what is preset: an earlier request, or what series usually do here on holidays."""
    user = signed_in(request)
    if earlier and user is not None:
        return values_like(earlier_or_404(user, earlier), place.room)
    policy = place.room.policy
    return {
        "on_public_holidays": policy.public_holidays is HolidayRule.KEEP,
        "on_school_holidays": policy.school_holidays is HolidayRule.KEEP,
    }


def _begun(request: HttpRequest) -> RequestDraft | None:
    """Return a draft to offer: begun within a week, here or on another device, and not sent."""
    keys = browser_drafts(request)
    return newest_unsent(user=signed_in(request), browser_keys=keys, now=timezone.now())


def _draft_to_go_on_with(request: HttpRequest) -> RequestDraft | None:
    """Return what was typed before: named in the address, or in this browser a moment ago."""
    user, keys = signed_in(request), browser_drafts(request)
    key = as_key(request.GET.get(DRAFT_FIELD))
    draft = find_draft(key=key, user=user, browser_keys=keys) if key else None
    if draft is not None and draft.booking_id is None:
        return draft
    return last_unsent(user=user, browser_keys=keys, since=timezone.now() - STILL_TYPING)


def _typed(draft: RequestDraft | None, room: Room) -> dict[str, Any]:
    if draft is None:
        return {}
    others = set() if draft.room_id == room.pk else {"layout"}
    return {name: text for name, text in draft.values.items() if name not in others}


def _contact(request: HttpRequest) -> dict[str, Any]:
    user = signed_in(request)
    return last_contact(user) if user else {}


def _associations(request: HttpRequest) -> list[Any]:
    user = signed_in(request)
    return associations_to_ask_for(user) if user else []


# A form that was filled in ------------------------------------------------------------------------


def _take(request: HttpRequest, place: Place) -> HttpResponse:
    filled = RequestForm(request.POST, room=place.room, associations=_associations(request))
    key = as_key(request.POST.get(DRAFT_FIELD)) or uuid.uuid4()
    waits = waits_of(request.POST.get(WAITS_FIELD))
    draft = None
    if leads_to := own_address(request.POST.get(LEAVE_FIELD)):
        return _leave(request, place, filled, key, leads_to)
    if filled.is_valid():
        try:
            draft = _keep(request, place, filled, key, waits)
        except SentAlreadyError as sent:
            return redirect(sent_url(sent.booking, already=True))
        except TooOftenError:
            return _stopped(request, place, filled, key)
    refusals = _refusals(filled, waits)
    if draft is not None and not refusals:
        next_url = dates_url if filled.is_series else check_url
        return redirect(next_url(place.slugs, draft))
    return _page(request, place, filled, draft.pk if draft else key, refusals=refusals)


def _leave(
    request: HttpRequest, place: Place, filled: RequestForm, key: uuid.UUID, leads_to: str
) -> HttpResponse:
    """Go where a button beside the form leads; what was typed is kept first, however little it is."""
    filled.initial = {**_contact(request), **_before_typing(request, place, None)}
    filled.is_valid()
    # Day and start come from the block that was chosen.
    has_begun = bool(set(filled.changed_data) - {"day", "start"})
    try:
        if has_begun or str(key) in browser_drafts(request):
            _keep(request, place, filled, key, Waits.NO)
    except SentAlreadyError:  # the page is an old one; what was sent stays
        pass
    except TooOftenError:
        return _stopped(request, place, filled, key)
    return redirect(leads_to)


def _stopped(
    request: HttpRequest, place: Place, filled: RequestForm, key: uuid.UUID
) -> HttpResponse:
    filled.add_error(None, too_often())
    stopped = _page(request, place, filled, key)
    stopped.status_code = 429
    return stopped


def _keep(
    request: HttpRequest, place: Place, filled: RequestForm, key: uuid.UUID, waits: Waits
) -> RequestDraft:
    """Keep what was typed, also if it is wrong or refused: the ways out of that lose nothing.

    New drafts of people who are not signed in are counted. Raises TooOftenError.
    """
    is_new = str(key) not in browser_drafts(request)
    if is_new and signed_in(request) is None and not is_allowed(request, "request_draft"):
        raise TooOftenError
    draft = save_draft(
        key=key,
        room=place.room,
        user=signed_in(request),
        browser_keys=browser_drafts(request),
        values={**filled.typed(), WAITS_FIELD: waits},
        now=timezone.now(),
    )
    note_browser_draft(request, draft)
    return draft


def _refusals(filled: RequestForm, waits: Waits) -> list[Refusal]:
    """Return what the rules say about the time, whatever else is wrong."""
    group = filled.cleaned_data.get("association") or filled.known_group
    if filled.is_series:
        wish = filled.wish(group)
        return refusals_of_wish(wish, now=timezone.now()) if wish else []
    if filled.span is None:
        return []
    persons = filled.cleaned_data.get("persons") or 1
    try:
        look_ahead(
            room=filled.room,
            span=filled.span,
            persons=persons,
            waits=waits,
            association=group,
            now=timezone.now(),
            use=filled.cleaned_data.get("use") or "",
        )
    except RefusedError as refused:
        return refused.refusals
    return []


# The page ----------------------------------------------------------------------------------------


def _page(
    request: HttpRequest,
    place: Place,
    shown: RequestForm,
    key: uuid.UUID,
    *,
    refusals: list[Refusal] | None = None,
    unreadable: bool = False,
    begun: RequestDraft | None = None,
    shows_begun: bool = False,
) -> HttpResponse:
    refusals = refusals or []
    now, day = timezone.now(), shown.shown_day
    span = shown.span if shown.is_bound else None
    on_day = room_day(place, day, now) if day else None
    context = {
        "frame_page": place.page,
        "room": place.room,
        "form": shown,
        "draft_key": key,
        "fitting": _fitting(place.room, refusals, request, key),
        "way": way_out(refusals, place.room, span, draft=key),
        "unreadable": unreadable,
        "chosen": _chosen(place.room, shown),
        "week_url": week_url(place, day),
        "day": day,
        "weekday": weekday_name(day.weekday()) if day else "",
        "hint": single_day_sentence(on_day.date, on_day.holiday) if on_day else "",
        "last_day": berlin_day(now) + timedelta(days=place.room.policy.horizon_days),
        "plan": plan_of(place, on_day, key) if on_day else [],
        "begun": begun,
        "begun_is_here": shows_begun,
    }
    shown.add_refusals(refusals)
    status = 422 if shown.errors else 200
    return render(request, "bookings/request.html", context, status=status)


def _chosen(room: Room, shown: RequestForm) -> str:
    """Say "Saal, Freitag, 27. November 2026, ab 19:30 Uhr", as far as it is known."""
    day, start = shown.shown_day, shown.shown_start
    parts = [room.name]
    if day is not None:
        parts.append(date_full(day))
        if start is not None:
            parts.append(pgettext("chosen time", "from %(time)s") % {"time": clock(start)})
    return ", ".join(parts)


def _fitting(
    room: Room, refusals: list[Refusal], request: HttpRequest, key: uuid.UUID
) -> dict[str, Any] | None:
    """Return a room that holds as many as come, as a link that keeps the time and what was typed."""
    too_many = next((refusal for refusal in refusals if refusal.code is Code.TOO_MANY), None)
    if too_many is None:
        return None
    persons = too_many.values["persons"]
    other = fitting_room(room, persons)
    if other is None:
        return None
    return {
        "persons": persons,
        "room": other,
        "url": form_url(
            [other.centre.slug, other.slug],
            **address_of(request.POST),
            **{DRAFT_FIELD: str(key)},
        ),
    }
