"""What stands at the address of a draft that is over: not a bare 404, for it was somebody's way."""

import uuid
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bookings.selectors.drafts import KEEP_DRAFTS
from bookings.views.request.steps import NoDraftError, form_url, place_or_404

View = Callable[[HttpRequest, str, str, uuid.UUID], HttpResponse]


def of_draft(view: View) -> View:
    """Say of a draft that is not found how to begin anew; the answer stays a 404."""

    @wraps(view)
    def answered(request: HttpRequest, centre: str, room: str, draft: uuid.UUID) -> HttpResponse:
        try:
            return view(request, centre, room, draft)
        except NoDraftError:
            place = place_or_404(request, centre, room)
            context = {
                "frame_page": place.page,
                "room": place.room,
                "form_url": form_url(place.slugs),
                "days": KEEP_DRAFTS.days,
            }
            return render(request, "bookings/draft_gone.html", context, status=404)

    return answered
