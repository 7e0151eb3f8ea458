"""The public pages of rooms: the same for everybody, without cookie and without session."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.forms.week import WeekForm
from bookings.rules.policy import POLICY
from bookings.rules.wall_clock import berlin_day
from bookings.rules.week import following_step
from bookings.selectors.rooms import read_pictures, room_here, rooms_here, space_ids_of
from bookings.selectors.week import room_week
from cms.page_cache import live_until

QUESTION = ("tag", "woche")


@require_safe
def room_list(request: HttpRequest) -> HttpResponse:
    """List the rooms that this host serves, by centre."""
    now = timezone.now()
    live_until(request, following_step(now, POLICY))  # what is offered today shrinks then
    context = {"centres": rooms_here(request, now), "now": now}
    return render(request, "bookings/room_list.html", context)


@require_safe
def room(request: HttpRequest, centre: str, room: str) -> HttpResponse:
    """Show a room and one week of it; a week that does not exist is answered with this one."""
    now = timezone.now()
    page, found = room_here(request, centre, room)
    live_until(request, following_step(now, found.policy))
    read_pictures(found)
    asked = any(name in request.GET for name in QUESTION)
    form = WeekForm(request.GET if asked else None, today=berlin_day(now), policy=found.policy)
    evenings = request.GET.get("abends") == "1"
    week = room_week(found, space_ids_of(found), form.monday, now=now, evenings=evenings)
    context = {
        "frame_page": page,
        "room": found,
        "week": week,
        "evenings": evenings,
        "form": form.again(),
        "now": now,
    }
    status = 400 if form.errors else 200
    return render(request, "bookings/room.html", context, status=status)
