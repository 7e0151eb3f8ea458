"""Rooms and their weeks in words."""

import datetime as dt
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.models import Room
from bookings.rules.policy import POLICY
from bookings.rules.wall_clock import berlin_day
from bookings.rules.week import DAYS, Scale, following_step, week_text
from bookings.selectors.rooms import RoomRow, rooms_of_centre
from bookings.selectors.week import ShownBlock
from bookings.wording import capacity_text, use_text
from cms.models import Answer, Centre
from cms.page_cache import live_until
from cms.wording import (
    clock,
    date_long,
    day_month,
    relative_day,
    span_text,
    weekday_name,
    weekday_short,
)

register = template.Library()

HOURS_PER_LABEL = 2  # of the axis
register.filter("day_month", day_month)
register.filter("capacity_text", capacity_text)


@register.simple_tag(takes_context=True)
def centre_rooms(context: template.Context, centre: Centre) -> list[RoomRow]:
    """Return the rooms of a centre that can be booked online, with their next free evening."""
    now = timezone.now()
    if request := context.get("request"):
        live_until(request, following_step(now, POLICY))
    return rooms_of_centre(centre, now)


@register.filter
def steps_text(room: Room) -> str:
    """Say "ohne Stufen" and the like; what is not known is said as well."""
    match room.step_free:
        case Answer.YES:
            return _("without steps")
        case Answer.PARTLY:
            return _("partly without steps")
        case Answer.NO:
            return _("with steps")
    return _("without steps: not specified")


@register.filter
def evening_text(row: RoomRow) -> str:
    """Say "nächster freier Abend: heute ab 18:00 Uhr"."""
    if not row.has_evenings:
        return _("cannot be used in the evening")
    if row.evening is None:
        return _("no free evening in the next four weeks")
    day, today = row.evening.date(), berlin_day(timezone.now())
    time = clock(row.evening)
    if day - today <= dt.timedelta(days=1):
        values = {"day": relative_day(day, today), "time": time}
        return _("next free evening: %(day)s from %(time)s") % values
    values = {"day": f"{weekday_short(day.weekday())}, {day_month(day)}", "time": time}
    return _("next free evening: %(day)s, from %(time)s") % values


@register.filter
def week_days(monday: dt.date) -> str:
    """Say "23.–29. November 2026", "30. November–6. Dezember 2026"."""
    sunday = monday + dt.timedelta(days=DAYS - 1)
    if (monday.year, monday.month) == (sunday.year, sunday.month):
        return _("%(first)s–%(last)s") % {
            "first": pgettext("first day of a week in the same month", "%(day)s")
            % {"day": monday.day},
            "last": date_long(sunday),
        }
    first = day_month(monday) if monday.year == sunday.year else date_long(monday)
    return f"{first} – {date_long(sunday)}"


@register.filter
def weekday(day: dt.date) -> str:
    return weekday_name(day.weekday())


@register.filter
def day_number(day: dt.date) -> str:
    """Say "1."."""
    return pgettext("first day of a week in the same month", "%(day)s") % {"day": day.day}


@register.filter
def block_time(block: ShownBlock) -> str:
    """Say "17:00–22:00 Uhr"."""
    return span_text(block.start, block.end)


@register.filter
def block_word(block: ShownBlock) -> str:
    """Say "frei", "belegt – Gemischter Chor", "geschlossen – Reinigung"."""
    return use_text(block.use, block.labels)


@register.filter
def hour_labels(scale: Scale) -> list[tuple[int, str]]:
    """Return (row, "10:00") for the lines of a week."""
    return [
        ((hour - scale.first_hour) * scale.per_hour, f"{hour}:00")
        for hour in range(scale.first_hour, scale.last_hour, HOURS_PER_LABEL)
    ]


@register.simple_tag
def week_query(monday: dt.date | None, evenings: Any) -> str:
    """Return the query of a week's address; None is this week, at the bare address."""
    parts = [f"woche={week_text(monday)}"] if monday else []
    parts += ["abends=1"] if evenings else []
    return "?" + "&".join(parts) if parts else ""
