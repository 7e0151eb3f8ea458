"""What does not hold every week, said as days: the next date, the school holidays."""

from datetime import date, datetime, timedelta

from django.utils.translation import pgettext

from cms.opening_hours import BERLIN, Kind, Schedule, Span
from cms.wording.dates import date_long, date_span, join_and, named_day, span_text
from cms.wording.labels import column_label

_ONE_DAY = timedelta(days=1)
_SCHOOL_DAYS_AHEAD = 150  # from one holidays to the next, with room to spare


def coming_dates(schedule: Schedule, now: datetime, service_kind: str = "") -> tuple[str, ...]:
    """Say when what does not hold every week comes next, in order; () where all weeks are alike.

    "Nächster Termin: Dienstag, 1. Dezember, 15:00–18:00 Uhr"; for other kinds than open the kind
    stands in front. Where times depend on the school holidays, these are named last.
    """
    today = now.astimezone(BERLIN).date()
    dates = [
        _next_date(kind, day, spans, today, service_kind)
        for kind, day, spans in schedule.patterned_ahead(now)
    ]
    asks_for_school = any(rule.pattern.asks_for_school for rule in schedule.rules)
    school = _school_holidays(schedule, today) if asks_for_school else ""
    return tuple(text for text in (*dates, school) if text)


def _next_date(
    kind: Kind, day: date, spans: tuple[Span, ...], today: date, service_kind: str
) -> str:
    values = {
        "day": named_day(day, today),
        "times": join_and([span_text(span.start, span.end) for span in spans]),
        "kind": column_label(kind, service_kind),
    }
    if kind is Kind.OPEN:
        return pgettext("hours", "Next date: %(day)s, %(times)s") % values
    return pgettext("hours", "%(kind)s, next date: %(day)s, %(times)s") % values


def _school_holidays(schedule: Schedule, today: date) -> str:
    """Name the school holidays that are on or come next, "" if none are known."""
    name = schedule.school_holidays
    ahead = (today + number * _ONE_DAY for number in range(_SCHOOL_DAYS_AHEAD))
    first = next((day for day in ahead if name(day)), None)
    if first is None:
        return ""
    last = first
    while name(last + _ONE_DAY) == name(first):
        last += _ONE_DAY
    values = {"name": name(first), "day": date_long(last), "dates": date_span(first, last)}
    if first == today:
        return pgettext("hours", "School holidays now: %(name)s until %(day)s") % values
    if first == last:
        return pgettext("hours", "Next school holidays: %(name)s on %(day)s") % values
    return pgettext("hours", "Next school holidays: %(name)s %(dates)s") % values
