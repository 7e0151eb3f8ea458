"""The bar over a room's calendar: what one sees, and where one can go from there."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django import template
from django.utils.translation import gettext as _

from bookings.forms.calendar import View
from bookings.rules.months import month_of, month_text
from bookings.selectors.calendar import DayList, DayPart, Free, Month, MonthDay
from bookings.selectors.week import Week
from bookings.templatetags.rooms import week_days, week_query
from cms.wording import clock, date_long, day_month, end_clock, month_name, weekday_name

register = template.Library()

MIDDLE_OF_A_WEEK = dt.timedelta(days=3)  # a week belongs to the month of its Thursday


@dataclass(frozen=True)
class Move:
    """A link: its words and the query of its address, "" for the bare one."""

    label: str
    query: str
    is_here: bool = False


@dataclass(frozen=True)
class Bar:
    """`title`: what is shown. `lead`: stands before it where there is room."""

    title: str
    lead: str
    previous: Move | None
    following: Move | None
    now: Move | None
    evenings: Move | None
    views: Sequence[Move]


@register.simple_tag
def calendar_bar(calendar: Week | Month | DayList, evenings: bool) -> Bar:  # noqa: FBT001 - a template's
    """Return the bar; each link keeps what the others chose, as far as its view has it."""
    match calendar:
        case Week():
            return _week_bar(calendar, evenings=evenings)
        case Month():
            return _month_bar(calendar)
        case DayList():
            return _list_bar(calendar, evenings=evenings)


def _move(label: str, day: dt.date | None, query: str) -> Move | None:
    """Return the link if there is such a day."""
    return Move(label, query) if day else None


def _week_bar(week: Week, *, evenings: bool) -> Bar:
    monday = None if week.is_this_week else week.monday
    return Bar(
        title=week_days(week.monday),
        lead=_("This week:") if week.is_this_week else "",
        previous=_move(_("Previous week"), week.previous, week_query(week.previous, evenings)),
        following=_move(_("Next week"), week.following, week_query(week.following, evenings)),
        now=_move(_("This week"), monday, week_query(None, evenings)),
        evenings=_evenings(week_query(monday, not evenings), on=evenings),
        views=_views(View.WEEK, monday, evenings=evenings),
    )


def _month_bar(month: Month) -> Bar:
    first = None if month.is_this_month else month.first
    return Bar(
        title=month_name(month.first),
        lead="",
        previous=_move(_("Previous month"), month.previous, month_query(month.previous)),
        following=_move(_("Next month"), month.following, month_query(month.following)),
        now=_move(_("This month"), first, month_query(None)),
        evenings=None,
        views=_views(View.MONTH, first, evenings=False),
    )


def _list_bar(days: DayList, *, evenings: bool) -> Bar:
    first = None if days.is_now else days.first
    is_one_year = days.first.year == days.last.year
    start = day_month(days.first) if is_one_year else date_long(days.first)
    return Bar(
        title=f"{start} – {date_long(days.last)}",
        lead="",
        previous=_move(_("Earlier"), days.previous, list_query(days.previous, evenings=evenings)),
        following=_move(_("Later"), days.following, list_query(days.following, evenings=evenings)),
        now=_move(_("From today on"), first, list_query(None, evenings=evenings)),
        evenings=_evenings(list_query(first, evenings=not evenings), on=evenings),
        views=_views(View.LIST, first, evenings=evenings),
    )


def _views(here: View, day: dt.date | None, *, evenings: bool) -> list[Move]:
    """Return the three views of the same time; `day`: None for now."""
    is_week = here is View.WEEK
    month = day and month_of(day + MIDDLE_OF_A_WEEK if is_week else day)
    return [
        Move(_("Week"), week_query(day, evenings), is_here=is_week),
        Move(_("Month"), month_query(month), is_here=here is View.MONTH),
        Move(_("List"), list_query(day, evenings=evenings), is_here=here is View.LIST),
    ]


def _evenings(query: str, *, on: bool) -> Move:
    label = _("Show the whole day") if on else _("evenings only (from 5 p.m.)")
    return Move(label, query, is_here=on)


def month_query(first: dt.date | None) -> str:
    """Return the query of a month's address; None is this month, whichever it is."""
    return f"?monat={month_text(first)}" if first else f"?ansicht={View.MONTH}"


def list_query(day: dt.date | None, *, evenings: bool) -> str:
    """Return the query of the address of a list of days; None is from today on."""
    parts = [f"ansicht={View.LIST}"]
    parts += [f"tag={day.isoformat()}"] if day else []
    parts += ["abends=1"] if evenings else []
    return "?" + "&".join(parts)


# A month -----------------------------------------------------------------------------------------


@register.filter
def day_query(day: dt.date) -> str:
    """Return the query of the week of a day."""
    return week_query(day - dt.timedelta(days=day.weekday()), False)  # noqa: FBT003


@register.filter
def weekday_number(day: dt.date) -> int:
    """Return 1 for Monday."""
    return day.isoweekday()


@register.simple_tag
def week_names() -> list[str]:
    return [weekday_name(number) for number in range(7)]


@register.filter
def day_words(day: MonthDay) -> list[str]:
    """Say in one or two lines what is free: "abends frei ab 19:30 Uhr", "tagsüber frei"."""
    if not day.has_hours:
        return [_("cannot be used")]
    if day.is_all_free:
        return [_("free all day") if day.daytime and day.evening else _only_part(day)]
    if not day.has_free:
        return [_("nothing free")]
    lines = [_evening_words(day.evening), _daytime_words(day.daytime)]
    return [line for line in lines if line]


def _only_part(day: MonthDay) -> str:
    return _("free in the evening") if day.evening else _("free in the daytime")


def _evening_words(part: DayPart | None) -> str:
    if part is None:
        return ""
    if part.free is Free.NONE:
        return _("taken in the evening")
    if part.free is Free.ALL:
        return _("free in the evening")
    if part.span and part.is_last:
        return _("free in the evening from %(time)s") % {"time": clock(part.span.start)}
    if part.span and part.is_first:
        return _("free in the evening until %(time)s") % {"time": end_clock(part.span.end)}
    return _("partly free in the evening")


def _daytime_words(part: DayPart | None) -> str:
    if part is None:
        return ""
    return {
        Free.NONE: _("taken in the daytime"),
        Free.ALL: _("free in the daytime"),
        Free.PART: _("partly free in the daytime"),
    }[part.free]
