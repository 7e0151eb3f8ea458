"""Closures and other hours in words: from when to when, when one is back, who stands in."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import pgettext

from cms.opening_hours import HoursException, Kind, Schedule, Span, blocks
from cms.wording.dates import (
    date_long,
    date_span,
    end_clock,
    join_and,
    named_day,
)
from cms.wording.phones import phone_uri
from cms.wording.states import today_times

_PHONE = "\N{OBJECT REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class PhoneSentence:
    """A sentence with a phone number inside, so that a template can make it a link.

    Without a number, `before` is the whole sentence and the other parts are "".
    """

    before: str
    phone: str = ""
    uri: str = ""
    after: str = ""

    @property
    def text(self) -> str:
        return f"{self.before}{self.phone}{self.after}"

    def __str__(self) -> str:
        return self.text


def closure_title(
    exception: HoursException,
    schedule: Schedule,
    *,
    service: str = "",
    today: date | None = None,
) -> str:
    """Say what is different and when, without a full stop.

    "Urlaub: geschlossen vom 23. Dezember 2026 bis 2. Januar 2027", "Am Freitag, 27. November, nur
    bis 11:00 Uhr"; with `service` its name stands in front. A day far from `today` has its year.
    """
    core = _core(exception, schedule, today)
    if exception.reason:
        core = f"{exception.reason}: {core}"
        return f"{service} – {core}" if service else core
    return f"{service} {core}" if service else core[0].upper() + core[1:]


def return_sentence(exception: HoursException, schedule: Schedule) -> str:
    """Say "Ab Montag, 4. Januar, sind wir wieder da."; "" for other hours or if it is not known."""
    day = schedule.next_return(exception) if exception.is_closed else None
    if day is None:
        return ""
    return pgettext("closure", "We are back on %(day)s.") % {"day": named_day(day, exception.last)}


def substitute_sentence(exception: HoursException) -> PhoneSentence | None:
    """Say "Vertretung: {Praxis}, Telefon {Nummer}."; None if nobody is named."""
    values = {"name": exception.substitute, "phone": _PHONE}
    match bool(exception.substitute), bool(exception.substitute_phone):
        case False, False:
            return None
        case True, False:
            return PhoneSentence(pgettext("closure", "Substitute: %(name)s.") % values)
        case True, True:
            text = pgettext("closure", "Substitute: %(name)s, phone %(phone)s.") % values
        case _:
            text = pgettext("closure", "Substitute: phone %(phone)s.") % values
    before, _, after = text.rpartition(_PHONE)
    phone = exception.substitute_phone
    return PhoneSentence(before, phone, phone_uri(phone), after)


def closure_text(
    exception: HoursException,
    schedule: Schedule,
    *,
    service: str = "",
    today: date | None = None,
) -> str:
    """Say all of it as running text: title, return, note, substitute."""
    substitute = substitute_sentence(exception)
    sentences = [
        closure_title(exception, schedule, service=service, today=today) + ".",
        return_sentence(exception, schedule),
        exception.note,
        substitute.text if substitute else "",
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _core(exception: HoursException, schedule: Schedule, today: date | None) -> str:
    if exception.is_closed:
        if exception.is_one_day:
            return pgettext("closure", "closed on %(day)s") % {"day": date_long(exception.first)}
        dates = date_span(exception.first, exception.last)
        return pgettext("closure", "closed %(dates)s") % {"dates": dates}
    spans = schedule.spans_on(exception.first)
    if not exception.is_one_day:
        times = join_and(today_times(spans))
        dates = date_span(exception.first, exception.last)
        return pgettext("closure", "%(dates)s: %(times)s") % {"dates": dates, "times": times}
    day = named_day(exception.first, today or exception.first)
    shortened = _shortened(spans, schedule.usual_spans_on(exception.first))
    if shortened:
        return pgettext("closure", "on %(day)s, only until %(time)s") % {
            "day": day,
            "time": shortened,
        }
    times = join_and(today_times(spans))
    return pgettext("closure", "on %(day)s: %(times)s") % {"day": day, "times": times}


def _shortened(spans: tuple[Span, ...], usual: tuple[Span, ...]) -> str:
    """Return the end of the day if it is like the usual one, only over earlier; else ""."""
    now = blocks(spans)
    if not now or any(span.kind is not Kind.OPEN for span in now):
        return ""
    end = now[-1].end
    before = [span for span in blocks(usual) if span.kind is Kind.OPEN]
    cut = [(span.start, min(span.end, end)) for span in before if span.start < end]
    if not before or before[-1].end <= end or cut != [(span.start, span.end) for span in now]:
        return ""
    return end_clock(end)
