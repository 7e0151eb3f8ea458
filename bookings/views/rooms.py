"""The public pages of rooms: the same for everybody, without cookie and without session."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.forms.calendar import QUESTION, CalendarForm, View
from bookings.forms.find import FindRoomForm
from bookings.models import Room
from bookings.rules.months import month_of
from bookings.rules.policy import POLICY
from bookings.rules.wall_clock import berlin_day, monday_of
from bookings.rules.week import following_step
from bookings.selectors.calendar import DayList, Month, room_days, room_month
from bookings.selectors.exchange import equipment_of
from bookings.selectors.find import answer_to
from bookings.selectors.rooms import read_pictures, room_here, rooms_by_centre, space_ids_of
from bookings.selectors.week import Week, room_week
from cms.page_cache import live_until
from cms.selectors.frame import centre_pages_here
from cms.views.opening_hours import refuse_other_centres


@require_safe
def room_list(request: HttpRequest) -> HttpResponse:
    """Find a room: those free at a time, the best first; without a time list all, by centre."""
    now = timezone.now()
    live_until(request, following_step(now, POLICY))  # what is offered today shrinks then
    pages = list(centre_pages_here(request))
    refuse_other_centres(request, pages)
    asked = any(name in request.GET for name in FindRoomForm.FIELDS)
    equipment = equipment_of(page.centre for page in pages)
    form = FindRoomForm(request.GET if asked else None, pages=pages, equipment=equipment, now=now)
    question = form.question
    listed = None
    if question is None:
        listed = rooms_by_centre(form.chosen_pages, form.wanted, now)
    one_centre = form.chosen_pages[0] if len(form.chosen_pages) == 1 else None
    context = {
        "frame_page": one_centre,
        "form": form.again(),
        "answer": answer_to(question, now=now) if question else None,
        "persons": form.persons,
        "centre": one_centre.centre.slug if one_centre and len(pages) > 1 else "",
        "centres": listed,
        "is_sifted": form.is_sifting,
        "can_ask": bool(asked or listed),  # where there is no room at all, there is no form
    }
    status = 400 if form.errors else 200
    return render(request, "bookings/room_list.html", context, status=status)


@require_safe
def room(request: HttpRequest, centre: str, room: str) -> HttpResponse:
    """Show a room and a week, a month or a list of days; what does not exist is answered with now."""
    now = timezone.now()
    page, found = room_here(request, centre, room)
    live_until(request, following_step(now, found.policy))
    read_pictures(found)
    asked = any(name in request.GET for name in QUESTION)
    form = CalendarForm(request.GET if asked else None, today=berlin_day(now), policy=found.policy)
    evenings = request.GET.get("abends") == "1"
    feed = reverse("room_feed", args=[centre, room])
    context = {
        "frame_page": page,
        "room": found,
        "view": form.view.value,
        "calendar": _calendar(found, form, now, evenings=evenings),
        "evenings": evenings,
        "form": form.again(),
        "feed_url": request.build_absolute_uri(feed),
        "webcal_url": f"webcal://{request.get_host()}{feed}",
        "now": now,
    }
    status = 400 if form.errors else 200
    return render(request, "bookings/room.html", context, status=status)


def _calendar(
    room: Room, form: CalendarForm, now: datetime, *, evenings: bool
) -> Week | Month | DayList:
    space_ids, day = space_ids_of(room), form.day
    match form.view:
        case View.MONTH:
            return room_month(room, space_ids, month_of(day), now=now)
        case View.LIST:
            return room_days(room, space_ids, day, now=now, evenings=evenings)
        case View.WEEK:
            return room_week(room, space_ids, monday_of(day), now=now, evenings=evenings)
