"""The answer to somebody who looks for a room, in words."""

from datetime import date

from django import template
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bookings.rules.addresses import request_query
from bookings.rules.recurrence import Frequency, Recurrence
from bookings.rules.refusals import Code
from bookings.rules.spans import Span
from bookings.rules.wall_clock import berlin_day, in_berlin, monday_of
from bookings.rules.week import week_text
from bookings.selectors.find import Answer, Offer, Question
from bookings.selectors.find.answer import MissedDate
from bookings.wording import (
    day_and_time,
    free_dates_text,
    recurrence_text,
    short_day,
    times,
)
from cms.wording import clock, date_short, date_span

register = template.Library()


@register.filter
def asked_text(question: Question, persons: int | None) -> str:
    """Say "Di., 1. Dezember 2026, 19:30–21:30 Uhr, 20 Personen" or what series was asked for."""
    parts = [_series_text(question) if question.is_series else day_and_time(question.spans[0])]
    if persons:
        parts.append(
            ngettext("%(count)s person", "%(count)s persons", persons) % {"count": persons}
        )
    return ", ".join(parts)


def _series_text(question: Question) -> str:
    """Say "Jeden Dienstag, 19:30–21:30 Uhr, vom 1. Dezember 2026 bis 29. Juni 2027"."""
    days = [berlin_day(span.start) for span in question.spans]
    weekly = Recurrence(Frequency.WEEKLY, (days[0].weekday(),))
    first, last = days[0], days[-1]
    return (
        f"{capfirst(recurrence_text(weekly))}, {times(question.spans[0])}, {date_span(first, last)}"
    )


@register.filter
def answer_text(answer: Answer) -> str:
    """Say how many rooms are free, or what lies nearest."""
    count = len(answer.fitting)
    if answer.question.is_series:
        return _series_answer(answer, count)
    if count:
        return ngettext("%(count)s room is free.", "%(count)s rooms are free.", count) % {
            "count": count
        }
    return _nothing_free(answer)


def _series_answer(answer: Answer, count: int) -> str:
    if count:
        return ngettext(
            "%(count)s room is free on all %(dates)s dates.",
            "%(count)s rooms are free on all %(dates)s dates.",
            count,
        ) % {"count": count, "dates": len(answer.question.spans)}
    if answer.best is None:
        return _("On none of these dates a room is free. Please try another time or weekday.")
    found = answer.best.found
    return _("No room is free on all dates. The best one: %(room)s, %(dates)s.") % {
        "room": _name(answer, answer.best),
        "dates": free_dates_text(found.free, found.asked),
    }


def _nothing_free(answer: Answer) -> str:
    sentence = _("No room is free at this time.")
    if answer.best is None or answer.best.span is None:
        return sentence
    span, asked = answer.best.span, answer.question.spans[0]
    is_that_day = berlin_day(span.start) == berlin_day(asked.start)
    nearest = _("The nearest one: %(room)s, %(time)s.") % {
        "room": _name(answer, answer.best),
        "time": times(span) if is_that_day else day_and_time(span),
    }
    return f"{sentence} {nearest}"


def _name(answer: Answer, offer: Offer) -> str:
    room = offer.found.room
    several = len(answer.question.centres) > 1
    return f"{room.name} ({room.centre.place})" if several else room.name


# One room ----------------------------------------------------------------------------------------


@register.simple_tag
def offer_text(offer: Offer, question: Question) -> str:
    """Say "frei", "48 von 52 Terminen frei", "besetzt – frei ab 20:00 Uhr"."""
    found = offer.found
    if question.is_series:
        return (
            free_dates_text(found.free, found.asked)
            if found.free
            else _("free on none of the dates")
        )
    if offer.code is None:
        return free_dates_text(found.free, found.asked)
    reason = _reason(offer.code)
    return f"{reason} – {_way_out(offer.span, question.spans[0])}" if offer.span else reason


def _way_out(span: Span, asked: Span) -> str:
    if berlin_day(span.start) != berlin_day(asked.start):
        return _("free at the same time on %(day)s") % {"day": short_day(span)}
    if span.start > asked.start:
        return _("free from %(time)s") % {"time": clock(in_berlin(span).start)}
    return _("free %(times)s") % {"times": times(span)}


def _reason(code: Code) -> str:
    words = {
        Code.TAKEN: pgettext("room that is looked for", "taken"),
        Code.CLOSED: pgettext("time of a room", "closed"),
        Code.PAST_DAY: pgettext("date that is looked for", "over"),
        Code.PAST_TIME: pgettext("date that is looked for", "over"),
        Code.TOO_SOON: _("too soon to be asked for"),
        Code.TOO_FAR: _("cannot be asked for yet"),
        Code.TOO_SHORT: _("can be had for longer only"),
        Code.TOO_LONG: _("cannot be had for so long"),
        Code.OFF_RASTER: _("begins and ends at other minutes"),
    }
    return words.get(code) or _("cannot be used then")


@register.filter
def offer_state(offer: Offer) -> str:
    """Return the sign beside the words: open, limited or closed."""
    if offer.found.fits:
        return "open"
    return "limited" if offer.span else "closed"


@register.filter
def missed_title(offer: Offer) -> str:
    """Say "4 Termine sind nicht frei"."""
    count = len(offer.missed)
    return ngettext("%(count)s date is not free", "%(count)s dates are not free", count) % {
        "count": count
    }


@register.filter
def missed_day(missed: MissedDate) -> str:
    """Say "Di., 22. Dezember 2026"."""
    return date_short(berlin_day(missed.span.start))


@register.filter
def missed_reason(missed: MissedDate) -> str:
    return (
        pgettext("time of a room", "taken") if missed.code is Code.TAKEN else _reason(missed.code)
    )


@register.filter
def week_of(span: Span) -> str:
    """Return "2026-W48" for the address of a week."""
    return week_text(monday_of(berlin_day(span.start)))


@register.simple_tag
def ask_query(offer: Offer, question: Question, persons: int | None) -> str:
    """Return the query with which the request form is filled in."""
    if offer.span is None:
        return ""
    return request_query(offer.span, persons=persons, until=_last_day(offer, question))


def _last_day(offer: Offer, question: Question) -> date | None:
    """Return until when the series can be asked for: the dates beyond are among the missed ones."""
    too_far = {missed.span for missed in offer.missed if missed.code is Code.TOO_FAR}
    if not too_far:
        return question.until
    days = [berlin_day(span.start) for span in question.spans if span not in too_far]
    return days[-1] if len(days) > 1 else None
