"""What is the case now, in one sentence, and the times of a row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from django.utils.translation import pgettext

from cms.opening_hours import BERLIN, Kind, Span, State, Status, blocks
from cms.wording.dates import (
    clock,
    date_long,
    end_clock,
    named_day,
    relative_day,
    span_text,
    weekday_name,
)

DASH = " – "
_CLOCK_IS_CLEAR = timedelta(hours=24)

Modifier = Literal["open", "limited", "closed", "none"]


@dataclass(frozen=True, slots=True)
class StateSentence:
    """A sentence in two parts: the word that carries the state (may be empty), then the rest.

    `joint` stands between them if there are both; `modifier` picks the class of the template.
    """

    word: str
    rest: str
    modifier: Modifier
    joint: str = DASH

    @property
    def text(self) -> str:
        return self.joint.join(part for part in (self.word, self.rest) if part)

    def __str__(self) -> str:
        return self.text


def state_sentence(state: State, now: datetime, *, has_phone: bool = True) -> StateSentence:
    """Say what is the case at the aware `now`: "Jetzt geöffnet" – "bis 12:00 Uhr, dann …".

    Nobody is asked to ring where no number is known.
    """
    match state.status:
        case Status.OPEN:
            return _open_sentence(state, now)
        case Status.APPOINTMENT:
            return _appointment_sentence(state, now, has_phone=has_phone)
        case Status.PHONE:
            word = pgettext("state", "By phone only now")
            return StateSentence(word, _until(state, now), "limited")
        case Status.CLOSED:
            return _closed_sentence(state, now)
    if state.status is Status.BY_APPOINTMENT:
        word = pgettext("state", "Appointments on request.")
    else:
        word = pgettext("state", "Hours: not specified.")
    return StateSentence(
        word,
        pgettext("state", "Please ring.") if has_phone else "",
        "limited" if state.status is Status.BY_APPOINTMENT else "none",
        joint=" ",
    )


def opening_text(state: State, now: datetime) -> str:
    """Say when a closed service opens next, "" if that is not known.

    "öffnet heute um 15:00 Uhr", "öffnet morgen, Dienstag, um 8:00 Uhr", "öffnet am Montag, 30.
    November, um 8:00 Uhr"; if there are only appointments or phone hours: "heute ab 14:00 Uhr
    nur mit Termin", "… nur am Telefon".
    """
    if state.opens is None:
        return ""
    today = now.astimezone(BERLIN).date()
    values = {"when": _when(state.opens.date(), today), "time": clock(state.opens)}
    match state.opens_status:
        case Status.APPOINTMENT:
            return pgettext("state", "%(when)s from %(time)s by appointment only") % values
        case Status.PHONE:
            return pgettext("state", "%(when)s from %(time)s by phone only") % values
    return pgettext("state", "opens %(when)s at %(time)s") % values


def moment_text(at: datetime, now: datetime, *, whole_day: bool = False) -> str:
    """Say "heute um 10:00 Uhr", "morgen, Dienstag, um 8:00 Uhr"; of a whole day only the day."""
    today = now.astimezone(BERLIN).date()
    when = _when(at.date(), today)
    if whole_day:
        return when
    return pgettext("moment", "%(when)s at %(time)s") % {"when": when, "time": clock(at)}


def state_at_another_time(state: State | None, at: datetime) -> StateSentence:
    """Say of a service that is open at `at`, which is not now: "Geöffnet" – "bis 12:00 Uhr, …".

    Without a state: that it is open at some time of the day.
    """
    rest = _open_until(state, at) if state else ""
    return StateSentence(pgettext("state at another time", "Open"), rest, "open")


def opening_sentence(opens: datetime, now: datetime) -> StateSentence:
    """Say "Öffnet morgen, Dienstag, um 8:00 Uhr" of a service that opens next."""
    text = pgettext("next opening", "Opens %(when)s") % {"when": moment_text(opens, now)}
    return StateSentence("", text, "closed")


def today_times(spans: Iterable[Span]) -> list[str]:
    """Say the times of a day's spans: "8:00–12:00 Uhr", "14:00–18:00 Uhr nur mit Termin".

    Open and walk-in hours are one; phone hours stand there only if there is nothing else.
    """
    found = blocks(spans)
    return [
        _times_of_kind(span)
        for span in [span for span in found if span.kind is not Kind.PHONE] or found
    ]


def expected_opening_sentence(
    status: str,
    expected_text: str,
    expected_by: date | None,
    statement_date: date | None,
    today: date,
) -> StateSentence | None:
    """Say what is known of a centre that is not open yet; None unless "planned" or "building".

    `expected_text` is the time as people say it ("Ende 2026"), `expected_by` its last day: once
    that is over the sentence no longer promises it.
    """
    if status not in {"planned", "building"}:
        return None
    expected = expected_text
    if not expected and expected_by is not None:
        expected = pgettext("day of an opening", "%(date)s") % {"date": date_long(expected_by)}
    if expected_by is not None and expected_by < today:
        return StateSentence(
            pgettext("centre", "The opening was planned for %(time)s.") % {"time": expected},
            pgettext("centre", "Whether the centre is open by now is not confirmed here yet."),
            "none",
            joint=" ",
        )
    return StateSentence(
        pgettext("centre", "Planned")
        if status == "planned"
        else pgettext("centre", "Under construction"),
        _expected(status, expected) + _as_of(statement_date) + ".",
        "none",
    )


def _open_sentence(state: State, now: datetime) -> StateSentence:
    if state.closing_soon and state.until is not None:
        return StateSentence(
            pgettext("state", "Still open"),
            pgettext("state", "closes at %(time)s") % {"time": end_clock(state.until)},
            "open",
        )
    return StateSentence(pgettext("state", "Open now"), _open_until(state, now), "open")


def _open_until(state: State, now: datetime) -> str:
    """Say "bis 12:00 Uhr, dann wieder ab 15:00 Uhr" of an open service."""
    until = _until(state, now)
    if not until or state.reopens is None:
        return until
    return pgettext("state", "%(until)s, then again from %(time)s") % {
        "until": until,
        "time": clock(state.reopens),
    }


def _appointment_sentence(state: State, now: datetime, *, has_phone: bool) -> StateSentence:
    word = pgettext("state", "By appointment only now")
    until = _until(state, now)
    if not has_phone:
        return StateSentence(word, until, "limited")
    ring = pgettext("state", "Please ring first.")
    return StateSentence(word, f"{until}. {ring}" if until else ring, "limited")


def _closed_sentence(state: State, now: datetime) -> StateSentence:
    if state.holiday is not None:
        return StateSentence(pgettext("state", "Closed today"), state.holiday, "closed")
    return StateSentence(pgettext("state", "Closed"), opening_text(state, now), "closed")


def _until(state: State, now: datetime) -> str:
    """Say "bis 12:00 Uhr", nothing if the time of day alone would not be clear."""
    if state.until is None or state.until - now > _CLOCK_IS_CLEAR:
        return ""
    return pgettext("state", "until %(time)s") % {"time": end_clock(state.until)}


def _when(day: date, today: date) -> str:
    days = (day - today).days
    if days == 1:
        weekday = weekday_name(day.weekday())
        return pgettext("state", "tomorrow, %(weekday)s,") % {"weekday": weekday}
    if days > 1:
        return pgettext("state", "on %(day)s,") % {"day": named_day(day, today)}
    return relative_day(day, today)


def _times_of_kind(span: Span) -> str:
    times = span_text(span.start, span.end)
    match span.kind:
        case Kind.APPOINTMENT:
            return pgettext("hours", "%(times)s by appointment only") % {"times": times}
        case Kind.PHONE:
            return pgettext("hours", "%(times)s by phone only") % {"times": times}
    return times


def _expected(status: str, expected: str) -> str:
    if not expected:
        return pgettext("centre", "date of opening: not specified")
    if status == "planned":
        return pgettext("centre", "opening intended for %(time)s") % {"time": expected}
    return pgettext("centre", "opening planned for %(time)s") % {"time": expected}


def _as_of(day: date | None) -> str:
    if day is None:
        return ""
    return " " + pgettext("centre", "(as of %(date)s)") % {"date": date_long(day)}
