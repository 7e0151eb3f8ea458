"""Throwing away what was begun and not sent."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bookings.selectors.drafts import is_gone
from bookings.services.drafts import discard_draft
from bookings.views.request.gone import of_draft
from bookings.views.request.steps import (
    draft_or_404,
    form_url,
    has_to_sign_in_again,
    sent_url,
    sign_in,
)
from cms.services.way_back import own_address


@never_cache
@require_POST
@of_draft
def discard(request: HttpRequest, centre: str, room: str, draft: uuid.UUID) -> HttpResponse:
    """Forget a draft of one's own, and go back to where that was asked for."""
    slugs, key = [centre, room], draft
    if has_to_sign_in_again(request, key):
        return sign_in(request, form_url(slugs), again=True)
    if not is_gone(key):  # or it is a second click
        found = draft_or_404(request, slugs, key)
        if found.booking is not None:
            return redirect(sent_url(found.booking, already=True))
        discard_draft(draft=found)
    messages.info(request, _("The request that you had begun is thrown away."))
    return redirect(own_address(request.POST.get("zurueck")) or form_url(slugs))
