"""Who asks, if nobody is signed in and the centre lets guests ask: sign in, or as a guest."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings.forms.guests import GuestForm
from bookings.services.drafts import name_guest
from bookings.services.forgetting import KEEP_GUESTS
from bookings.views.request.gone import of_draft
from bookings.views.request.steps import (
    check_url,
    contact_of,
    draft_or_404,
    has_to_sign_in_again,
    may_ask_as_guest,
    sign_in,
    sign_in_url,
)
from cms.selectors.frame import centre_page_here
from cms.selectors.visitors import signed_in
from cms.services.way_back import remember_way_back


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def guest(request: HttpRequest, centre: str, room: str, draft: uuid.UUID) -> HttpResponse:
    """Ask a guest for name and address, beside the way to sign in. Without the rule: 404."""
    slugs, key = [centre, room], draft
    if has_to_sign_in_again(request, key):
        return sign_in(request, request.path, again=True)
    found = draft_or_404(request, slugs, key)
    way_on = check_url(slugs, found)
    if signed_in(request) is not None or found.booking is not None:
        return redirect(way_on)
    if not may_ask_as_guest(found):
        raise Http404
    form = GuestForm(request.POST if request.method == "POST" else None, initial=found.values)
    if form.is_valid():
        name_guest(draft=found, **form.cleaned_data)
        return redirect(way_on)
    remember_way_back(request, way_on, name=contact_of(found))
    context = {
        "frame_page": centre_page_here(request, found.room.centre_id),
        "form": form,
        "kept_days": KEEP_GUESTS.days,
        "sign_in_url": sign_in_url(way_on),
    }
    return render(request, "bookings/ask_as.html", context, status=422 if form.errors else 200)
