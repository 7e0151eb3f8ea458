"""What a group sees of its own requests and does with them. Anybody else's are a 404."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bookings.calendar_entries import MIME_TYPE, Method, calendar_of, entered_dates
from bookings.forms.answer import AnswerForm
from bookings.ledger import BusyError
from bookings.models import Booking, BookingDate
from bookings.notifications.links import entry_url
from bookings.permissions import associations_of, bookings_of
from bookings.rules.refusals import RefusedError
from bookings.rules.states import SKIPPED, Action, DateState
from bookings.selectors.drafts import newest_unsent
from bookings.selectors.own_bookings import (
    COMING,
    OwnDate,
    as_own,
    history_for_group,
    own_bookings,
    substitutes_of,
    way_to_give_up,
    with_chances,
)
from bookings.selectors.own_changes import ways_of_series, wishes_of_group
from bookings.services.offers import accept_offer
from bookings.services.own_dates import NotPossibleError, answer, give_up, refusal_to_cancel
from bookings.views.of_group import (
    BUSY,
    CHANGED,
    actor_of,
    for_askers,
    for_groups,
    own_booking,
    own_date,
    user_of,
)
from bookings.wording import refusal_sentence
from cms.forms.typed import fill_in
from cms.selectors.frame import centre_page_here
from cms.selectors.navigation import route_url


@for_groups
@require_safe
def my_bookings(request: HttpRequest) -> HttpResponse:
    """List the requests of somebody's associations."""
    now, user = timezone.now(), user_of(request)
    own = own_bookings(bookings_of(user), now=now)
    rooms_url = route_url("room_list")
    context = {
        "own": own,
        "groups": own.groups or list(associations_of(user).values_list("name", flat=True)),
        "rooms_url": rooms_url,
        "another_room_url": rooms_url if own.rows else "",
        "account_url": route_url("account"),
        "begun": newest_unsent(user=user, browser_keys=(), now=now),
        "now": now,
        "frame_page": centre_page_here(request, own.only_centre) if own.only_centre else None,
    }
    return render(request, "bookings/my_bookings.html", context)


@for_askers
@require_safe
def booking(request: HttpRequest, number: str) -> HttpResponse:
    """Show one request: its dates, the open question, what happened."""
    context = _booking_context(request, number)
    fill_in(request, context["form"])
    return render(request, "bookings/booking.html", context)


@for_askers
@require_http_methods(["GET", "HEAD", "POST"])
def booking_answer(request: HttpRequest, number: str) -> HttpResponse:
    """Answer the centre's question."""
    context = _booking_context(request, number)
    found = context["booking"]
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            answer(
                booking=found,
                actor=actor_of(request, found),
                text=form.cleaned_data["text"],
                now=timezone.now(),
            )
        except NotPossibleError:
            context["asked"] = False
        except BusyError:
            context["busy"] = True
        else:
            messages.success(request, _("Thank you. Your answer is with the team of the centre."))
            return redirect("booking", found.number)
    fill_in(request, form)
    return render(request, "bookings/answer.html", {**context, "form": form})


@for_askers
@require_http_methods(["GET", "HEAD", "POST"])
def date_give_up(request: HttpRequest, number: str, date: int) -> HttpResponse:
    """Ask whether a date falls through, do it, and say so; the answer stays on this page."""
    now = timezone.now()
    found = own_booking(request, number)
    wanted = own_date(found, date)
    if request.method == "POST":
        return _give_up(request, wanted, now)
    context = {
        "booking": found,
        "own": as_own([wanted], now=now)[0],
        "has_begun": wanted.span.start <= now,
        "too_late": _too_late(wanted, now),
        "has_others": found.dates.exclude(pk=wanted.pk).exists(),
        "notice": request.GET.get("stand", ""),
        "now": now,
        "frame_page": centre_page_here(request, found.centre_id),
    }
    return render(request, "bookings/give_up.html", context)


@for_askers
@require_http_methods(["GET", "HEAD", "POST"])
def date_take(request: HttpRequest, number: str, date: int) -> HttpResponse:
    """Ask whether a group takes an offered date, do it, and say so; the answer stays here."""
    now = timezone.now()
    found = own_booking(request, number)
    wanted = own_date(found, date)
    if request.method == "POST":
        return _take(request, wanted, now)
    context = {
        "booking": found,
        "own": as_own([wanted], now=now)[0],
        "notice": request.GET.get("stand", ""),
        "now": now,
        "frame_page": centre_page_here(request, found.centre_id),
    }
    return render(request, "bookings/take.html", context)


def _take(request: HttpRequest, date: BookingDate, now: datetime) -> HttpResponseRedirect:
    here = reverse("date_take", args=[date.booking.number, date.pk])
    try:
        accept_offer(date=date, actor=actor_of(request, date.booking), now=now)
    except NotPossibleError:
        pass  # the page says what the state is now
    except BusyError:
        return redirect(f"{here}?stand={BUSY}")
    return redirect(here)


def _too_late(date: BookingDate, now: datetime) -> str:
    """Say that the group has to ring up to cancel a promised date; "" as long as it need not."""
    is_promised = way_to_give_up(date, now=now) is Action.CANCEL
    refusal = refusal_to_cancel(date, now=now) if is_promised else None
    return refusal_sentence(refusal) if refusal else ""


def _give_up(request: HttpRequest, date: BookingDate, now: datetime) -> HttpResponseRedirect:
    """Do what was asked on the page; if that has changed meanwhile, ask again."""
    way = way_to_give_up(date, now=now)
    here = reverse("date_give_up", args=[date.booking.number, date.pk])
    if way is None:
        return redirect(here)
    if request.POST.get("way") != way:
        return redirect(f"{here}?stand={CHANGED}")
    try:
        give_up(date=date, actor=actor_of(request, date.booking), now=now, expected=way)
    except NotPossibleError as error:
        if way_to_give_up(error.date, now=now) is not None:  # another way, or at another time
            return redirect(f"{here}?stand={CHANGED}")
    except RefusedError:
        pass  # the page says whom to ring up
    except BusyError:
        return redirect(f"{here}?stand={BUSY}")
    return redirect(here)


@for_askers
@require_safe
def booking_calendar(request: HttpRequest, number: str) -> HttpResponse:
    """Give the dates of a request as a file for calendars; undecided ones are provisional."""
    found = own_booking(request, number)
    dates = entered_dates(_dates_of(found))
    content = calendar_of(dates, method=Method.PUBLISH, now=timezone.now(), url=entry_url(found))
    return HttpResponse(
        content,
        content_type=f"{MIME_TYPE}; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="termin.ics"'},
    )


# Parts -------------------------------------------------------------------------------------------


def _dates_of(found: Booking) -> list[BookingDate]:
    """Return the dates of a request in order, all with this very request."""
    read = with_chances(found.dates.all(), now=timezone.now())
    dates = list(read.select_related("room", "occurrence"))
    for date in dates:
        date.booking = found
    return dates


def _booking_context(request: HttpRequest, number: str) -> dict[str, Any]:
    now = timezone.now()
    found = own_booking(request, number)
    dates = as_own(_dates_of(found), now=now)
    past = [one for one in dates if one.date.span.end <= now]
    left_out = [one for one in dates if one.state in SKIPPED and one not in past]
    ahead = [one for one in dates if one not in past and one not in left_out]
    asked = [one for one in ahead if one.state == DateState.NEEDS_INFO]
    requested = [one for one in ahead if one.state == DateState.REQUESTED]
    return {
        "booking": found,
        "dates": dates,
        "shown": ahead or past,
        "folded": past if ahead else [],
        "left_out": left_out,
        "wishes": wishes_of_group(found),
        "ways": ways_of_series(found, dates, now=now),
        "steps": history_for_group(found),
        "asked": bool(found.question) and any(one.state == DateState.NEEDS_INFO for one in dates),
        "requested": requested,
        "all_held": all(one.date.stands for one in requested),
        "asked_stand": bool(asked) and all(one.date.stands for one in asked),
        "about": (asked or ahead or dates)[0],
        "offers": [one for one in dates if one.can_take],
        "substitutes": substitutes_of([one.date for one in dates]),
        "wanted": any(one.state in COMING for one in dates),
        "promised": any(one.state == DateState.APPROVED for one in dates),
        **_of_the_house(ahead),
        "form": AnswerForm(),
        "now": now,
        "frame_page": centre_page_here(request, found.centre_id),
    }


def _of_the_house(ahead: Sequence[OwnDate]) -> dict[str, Any]:
    """Return the rooms of promised dates whose key and costs are known."""
    rooms = {one.date.room_id: one.date.room for one in ahead if one.state == DateState.APPROVED}
    return {
        "keys": [room for room in rooms.values() if room.key_text],
        "costs": [room for room in rooms.values() if room.costs_text or room.costs],
        "names_rooms": len(rooms) > 1,
    }
