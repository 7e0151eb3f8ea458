"""Behind the links of a reminder: cancel just that date, or get no more of them. Nobody signs in.

The signed address is what allows it, so there is no session that another site could abuse. Mail
programs look at links beforehand: looking changes nothing.
"""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from bookings.ledger import BusyError
from bookings.models import BookingDate
from bookings.notifications.links import opting_out, reminded_date
from bookings.rules.refusals import RefusedError
from bookings.rules.states import Action
from bookings.selectors.choices import wants_reminders
from bookings.selectors.own_bookings import as_own, way_to_give_up
from bookings.selectors.reminded import acting_person, date_reminded_of
from bookings.services.choices import choose_reminders
from bookings.services.own_dates import NotPossibleError, give_up, refusal_to_cancel
from bookings.views.of_group import BUSY
from bookings.wording import refusal_sentence
from cms.models import User
from cms.selectors.frame import centre_page_here

View = Callable[..., HttpResponseBase]
GONE = 410
ONE_CLICK = "List-Unsubscribe"  # a mail program sends this in the reader's place (RFC 8058)


def by_link(view: View) -> View:
    """Let whoever has the link look and click; nobody keeps a copy."""
    return csrf_exempt(never_cache(require_http_methods(["GET", "HEAD", "POST"])(view)))


@by_link
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether the date falls through, do it, and say so; the answer stays on this page."""
    now = timezone.now()
    asked = reminded_date(token)
    date = date_reminded_of(asked.date_id, asked.start) if asked else None
    person = acting_person(date, asked.user_id) if asked and date else None
    if date is None or person is None:
        return _gone(request)
    if request.method == "POST":
        return _cancel(request, date, person, now)
    return _ask(request, date, now)


def _ask(request: HttpRequest, date: BookingDate, now: datetime) -> HttpResponse:
    can_cancel = way_to_give_up(date, now=now) is Action.CANCEL
    refusal = refusal_to_cancel(date, now=now) if can_cancel else None
    context = {
        "booking": date.booking,
        "own": as_own([date], now=now)[0],
        "can_cancel": can_cancel,
        "too_late": refusal_sentence(refusal) if refusal else "",
        "has_begun": date.span.start <= now,
        "has_others": date.booking.dates.exclude(pk=date.pk).exists(),
        "notice": request.GET.get("stand", ""),
        "frame_page": centre_page_here(request, date.booking.centre_id),
    }
    return render(request, "bookings/reminder_cancel.html", context)


def _cancel(request: HttpRequest, date: BookingDate, person: User, now: datetime) -> HttpResponse:
    """Cancel a promised date only: whatever else it is now, the page says."""
    if way_to_give_up(date, now=now) is Action.CANCEL:
        try:
            give_up(date=date, actor=person, now=now, expected=Action.CANCEL)
        except (NotPossibleError, RefusedError):
            pass  # the page says what the state is now, or whom to ring up
        except BusyError:
            return redirect(f"{request.path}?stand={BUSY}")
    return redirect(request.path)


@by_link
def off(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether somebody wants no reminders any more, and do so. It names nobody.

    Mail programs post without having looked, and follow no redirect.
    """
    key = opting_out(token)
    user = User.objects.filter(pk=key, is_active=True).first() if key is not None else None
    if user is None:
        return _gone(request)
    if request.method == "POST":
        choose_reminders(user=user, wanted=False)
        if ONE_CLICK not in request.POST:
            return redirect(request.path)
    return render(request, "bookings/reminders_off.html", {"is_on": wants_reminders(user)})


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "bookings/link_over.html", status=GONE)
