"""Where somebody subscribes to the own dates, gets a new secret address, and chooses reminders."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.services import choices
from bookings.views.of_group import for_groups, user_of


@for_groups
@require_safe
def own_calendar(request: HttpRequest) -> HttpResponse:
    chosen = choices.choices_of(user_of(request))
    feed = reverse("own_feed", args=[chosen.feed_token])
    context = {
        "feed_url": request.build_absolute_uri(feed),
        "webcal_url": f"webcal://{request.get_host()}{feed}",
        "wants_reminders": chosen.wants_reminders,
    }
    return render(request, "bookings/own_calendar.html", context)


@for_groups
@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """Make the old address worthless."""
    choices.renew_feed(user=user_of(request))
    messages.success(request, _("Your calendar has a new address. The old one counts no more."))
    return redirect("own_calendar")


@for_groups
@require_POST
def choose_reminders(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("reminders") == "on"
    choices.choose_reminders(user=user_of(request), wanted=wanted)
    said = _("You get reminders.") if wanted else _("You get no reminders any more.")
    messages.success(request, said)
    return redirect("own_calendar")
