"""A group's own dates in words."""

from collections.abc import Sequence
from datetime import datetime

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bookings.rules.states import Action, DateState
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.own_bookings import OwnDate, OwnRow, Step
from bookings.wording import (
    day_and_time,
    moment,
    short_moment,
    short_start,
    state_word,
    step_word,
    times,
    until,
)
from cms.opening_hours import BERLIN
from cms.wording import clock, date_long, date_short, relative_day

register = template.Library()
register.filter("span_day_and_time", day_and_time)
register.filter("printed_at", moment)

_S = DateState
# What state a badge is drawn as; the word says which one it is.
BADGES = {
    _S.APPROVED: "success",
    _S.COMPLETED: "success",
    _S.WAITLISTED: "warning",
    _S.NEEDS_INFO: "warning",
    _S.OFFERED: "warning",
    _S.REJECTED: "danger",
    _S.REVOKED: "danger",
}


@register.filter
def badge_kind(own: OwnDate) -> str:
    return BADGES.get(own.state, "info")


@register.filter
def state_text(own: OwnDate) -> str:
    """Say "zugesagt", "Warteliste, Platz 2"; what nobody decided on in time is not open any more."""
    if own.was_left_open:
        return pgettext("state of a date", "not decided")
    if own.can_take and own.date.holds_until:
        return _("offered until %(moment)s") % {"moment": short_moment(own.date.holds_until)}
    if own.place is None:
        return state_word(own.date)
    return _("waiting list, number %(place)s") % {"place": own.place}


@register.filter
def own_day(own: OwnDate, now: datetime) -> str:
    """Say "heute, 24. November 2026", "Do., 26. November 2026"."""
    day, today = berlin_day(own.date.span.start), berlin_day(now)
    if 0 <= (day - today).days <= 1:
        return f"{relative_day(day, today)}, {date_long(day)}"
    return date_short(day)


@register.filter
def own_times(own: OwnDate) -> str:
    """Say "19:30–21:30 Uhr"."""
    return times(own.date.span)


@register.filter
def own_start(own: OwnDate) -> str:
    """Say "Di., 24. November, 19:30 Uhr"."""
    return short_start(own.date.span)


@register.filter
def own_day_and_time(own: OwnDate) -> str:
    return day_and_time(own.date.span)


@register.filter
def offered_until(own: OwnDate, now: datetime) -> str:
    """Say "morgen, Mi., 25. November, 18:00 Uhr"."""
    return until(own.date.holds_until, now) if own.date.holds_until else ""


@register.filter
def more_dates(row: OwnRow) -> str:
    """Say "12 weitere Termine bis 2. März 2027"."""
    return ngettext(
        "%(count)s more date on %(last)s", "%(count)s more dates until %(last)s", len(row.others)
    ) % {"count": len(row.others), "last": date_long(berlin_day(row.last.date.span.start))}


@register.filter
def way_word(own: OwnDate) -> str:
    """Say what the group may do with the date: "Fällt aus", "Zurückziehen"."""
    if own.give_up == Action.CANCEL:
        return pgettext("link", "Does not take place")
    if own.state == DateState.OFFERED:
        return pgettext("button", "Not needed")
    return pgettext("link", "Withdraw")


@register.filter
def step_text(step: Step) -> str:
    """Say what happened: "Zugesagt (3 Termine)", "Nachfrage: Brauchen Sie das Klavier?"."""
    word, count = step_word(step.entry.action), len(step.dates)
    if step.only_date is not None:
        word = f"{word} ({short_start(step.only_date.span)})"
    elif count > 1:
        word = ngettext("%(word)s (%(count)s date)", "%(word)s (%(count)s dates)", count) % {
            "word": word,
            "count": count,
        }
    return f"{word}: {step.text}" if step.text else word


@register.filter
def step_time(step: Step) -> str:
    """Say "24. November 2026, 10:14 Uhr"."""
    at = step.entry.at.astimezone(BERLIN)
    return f"{date_long(at.date())}, {clock(at)}"


@register.filter
def addable(left_out: Sequence[OwnDate]) -> int:
    """Return how many of the left-out dates the group can take after all."""
    return sum(own.can_add_back for own in left_out)
