"""A series as one entry that repeats, read back by a library that did not write it."""

import datetime as dt
import uuid
from dataclasses import replace
from typing import NamedTuple

import icalendar
import pytest
import recurring_ical_events
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schedule.models import Event, Occurrence, Rule

from bookings.calendar_entries import Method, calendar_of, entered_dates
from bookings.models import Booking, BookingDate, Room
from bookings.rules.recurrence import Recurrence, spans_of
from bookings.rules.spans import Span
from bookings.rules.states import PROMISED, DateState
from bookings.selectors.recurrences import stored_rule
from bookings.services.decisions import approve, reject
from bookings.services.own_dates import give_up
from bookings.services.requests import send_request
from cms.models import OutgoingMail
from cms.opening_hours import BERLIN
from tests.factories.bookings import EVERY_FRIDAY, FRIDAY, NOW, add_room, new_request, span
from tests.unit.bookings.test_recurrence import recurrences

pytestmark = pytest.mark.django_db
URL = "https://rvz.example.org/buchungen/X/"
SUNDAYS = Recurrence(EVERY_FRIDAY.frequency, (6,))
HALL, KITCHEN = Room(pk=1, name="Saal"), Room(pk=2, name="Küche")
A_LONG_TIME = dt.date(2026, 1, 1), dt.date(2031, 1, 1)


class Seen(NamedTuple):
    """What a calendar shows of one date; in UTC."""

    span: Span
    room: str
    status: str


def seen_in(text: str) -> set[Seen]:
    """Return what a calendar shows after reading the file; nothing twice."""
    calendar = icalendar.Calendar.from_ical(text)
    entries = [
        Seen(
            Span(entry["DTSTART"].dt, entry["DTEND"].dt).in_utc,
            entry["LOCATION"].partition(",")[0],
            str(entry["STATUS"]),
        )
        for entry in recurring_ical_events.of(calendar).between(*A_LONG_TIME)
    ]
    assert len(entries) == len(set(entries))
    return set(entries)


def entries_of(text):
    master, *exceptions = icalendar.Calendar.from_ical(text).walk("VEVENT")
    return master, exceptions


def starts_of(seen):
    return sorted(one.span.start for one in seen)


# Any series --------------------------------------------------------------------------------------


class Fate(NamedTuple):
    """What became of a date."""

    state: DateState = DateState.APPROVED
    room: Room = HALL
    moved: dt.timedelta = dt.timedelta()

    @property
    def status(self):
        return "CONFIRMED" if self.state in PROMISED else "TENTATIVE"


GONE = Fate(DateState.CANCELLED)
FATES = [
    *[Fate()] * 4,
    *[GONE, Fate(DateState.SKIPPED_HOLIDAY), Fate(DateState.REJECTED)],
    *[Fate(room=KITCHEN), Fate(DateState.REQUESTED), Fate(moved=dt.timedelta(hours=36))],
]
TIMES = [("19:00", "21:00"), ("22:00", "00:00"), ("00:30", "01:30"), ("01:00", "04:00")]


def series_of(centre, recurrence, spans, fates):
    """Return the dates of a series that is in no table."""
    frequency, params = stored_rule(recurrence)
    event = Event(
        start=spans[0].start,
        end=spans[0].end,
        end_recurring_period=spans[-1].start + dt.timedelta(seconds=1),
        rule=Rule(frequency=frequency, params=params),
    )
    booking = Booking(
        uid=uuid.UUID(int=1), number="ABC234", centre=centre, event=event, purpose="Chor"
    )
    return [
        BookingDate(
            booking=booking,
            room=fate.room,
            state=fate.state,
            occurrence=Occurrence(
                original_start=original.start,
                original_end=original.end,
                start=original.start + fate.moved,  # on the clock, as the zone is Berlin's
                end=original.end + fate.moved,
            ),
        )
        for original, fate in zip(spans, fates, strict=True)
    ]


def written(dates, method=Method.PUBLISH):
    return calendar_of(dates, method=method, now=NOW, url=URL)


def expected_of(dates, fates):
    return {
        Seen(date.span.in_utc, fate.room.name, fate.status)
        for date, fate in zip(dates, fates, strict=True)
        if fate.state in PROMISED | {DateState.REQUESTED}
    }


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    recurrence=recurrences,
    first=st.dates(dt.date(2026, 9, 15), dt.date(2027, 3, 28)),
    days=st.integers(0, 120),
    times=st.sampled_from(TIMES),
    data=st.data(),
)
def test_whatever_became_of_a_series_the_calendar_shows_it(
    centre, recurrence, first, days, times, data
):
    start, end = map(dt.time.fromisoformat, times)
    spans = spans_of(recurrence, first, first + dt.timedelta(days=days), start, end)
    if not spans:
        return
    fates = data.draw(
        st.lists(st.sampled_from(FATES), min_size=len(spans), max_size=len(spans)), label="fates"
    )
    dates = series_of(centre, recurrence, spans, fates)
    expected = expected_of(dates, fates)
    seen = seen_in(written(dates))
    if expected:
        assert seen == expected
    else:
        assert {one.status for one in seen} <= {"CANCELLED"}


# Single things -----------------------------------------------------------------------------------


def fridays(centre, *fates):
    last = FRIDAY + dt.timedelta(weeks=len(fates) - 1)
    spans = spans_of(EVERY_FRIDAY, FRIDAY, last, dt.time(19), dt.time(21))
    return series_of(centre, EVERY_FRIDAY, spans, fates)


def test_the_end_is_the_last_start_itself(centre):
    text = written(fridays(centre, *[Fate()] * 3))
    assert "RRULE:FREQ=WEEKLY;UNTIL=20261211T180000Z;BYDAY=FR" in text.replace(";INTERVAL=1", "")
    assert "DTSTART;TZID=Europe/Berlin:20261127T190000" in text
    assert "EXDATE" not in text
    assert text.count("BEGIN:VEVENT") == text.count("BEGIN:VTIMEZONE") == 1


def test_dates_that_fell_through_at_the_edges_shorten_the_series(centre):
    text = written(fridays(centre, GONE, Fate(), GONE, Fate(), GONE, GONE))
    assert "DTSTART;TZID=Europe/Berlin:20261204T190000" in text
    assert "UNTIL=20261218T180000Z" in text
    assert "EXDATE;TZID=Europe/Berlin:20261211T190000\r\n" in text


def test_a_moved_date_and_one_in_another_room_are_exceptions(centre):
    moved = Fate(moved=dt.timedelta(hours=1))
    dates = fridays(centre, Fate(), moved, Fate(room=KITCHEN), Fate())
    master, (later, elsewhere) = entries_of(written(dates))
    assert master["SUMMARY"] == "Chor – Saal"
    assert later["RECURRENCE-ID"].dt == dt.datetime(2026, 12, 4, 19, tzinfo=BERLIN)
    assert later["DTSTART"].dt == dt.datetime(2026, 12, 4, 20, tzinfo=BERLIN)
    assert elsewhere["LOCATION"].startswith("Küche")
    assert elsewhere["DTSTART"].dt == elsewhere["RECURRENCE-ID"].dt
    for entry in (later, elsewhere):
        assert (entry["UID"], entry["SEQUENCE"]) == (master["UID"], master["SEQUENCE"])
        assert "RRULE" not in entry
        assert entry["RECURRENCE-ID"].params["TZID"] == "Europe/Berlin"


@pytest.mark.parametrize("day", [dt.date(2026, 10, 25), dt.date(2027, 3, 28)])
def test_the_night_of_the_clock_is_an_exception(centre, day):
    week = dt.timedelta(weeks=1)
    spans = spans_of(SUNDAYS, day - week, day + week, dt.time(1), dt.time(4))
    dates = series_of(centre, SUNDAYS, spans, [Fate()] * 3)
    _master, (night,) = entries_of(written(dates))
    assert night["RECURRENCE-ID"].dt.date() == day
    assert seen_in(written(dates)) == expected_of(dates, [Fate()] * 3)


def test_a_series_of_which_nothing_is_left_is_cancelled(centre):
    master, exceptions = entries_of(written(fridays(centre, GONE, GONE)))
    assert (master["STATUS"], exceptions) == ("CANCELLED", [])


# As it happens -----------------------------------------------------------------------------------


@pytest.fixture
def booking(room):
    spans = [span(day=FRIDAY + dt.timedelta(weeks=week)) for week in range(4)]
    request = replace(new_request(room), spans=spans, recurrence=EVERY_FRIDAY)
    return send_request(request=request, now=NOW)


def dates_of(booking):
    dates = BookingDate.objects.filter(booking=booking)
    return list(dates.select_related("booking", "room", "occurrence"))


def mailed():
    """Return the calendars that were sent, oldest first."""
    mails = OutgoingMail.objects.exclude(calendar="").order_by("pk")
    return list(mails.values_list("calendar", flat=True))


def decide(decision, booking, dates, manager, **values):
    ids = [date.pk for date in dates]
    decision(booking=booking, date_ids=ids, actor=manager, now=NOW, **values)


def test_each_mail_carries_all_that_is_promised_by_then(booking, manager):
    first, second, third, fourth = dates_of(booking)
    decide(approve, booking, [first, second], manager)
    decide(approve, booking, [fourth], manager)
    decide(reject, booking, [third], manager, reason="Fest")
    give_up(date=dates_of(booking)[0], actor=booking.requester, now=NOW)
    files = mailed()
    standing = {first, second, fourth}  # as the refusal of the third says once more
    expected = [{first, second}, standing, standing, {second, fourth}]
    assert [starts_of(seen_in(text)) for text in files] == [
        sorted(date.occurrence.start for date in dates) for dates in expected
    ]
    masters = [entries_of(text)[0] for text in files]
    assert {str(master["UID"]) for master in masters} == {str(booking.uid)}
    versions = [master["SEQUENCE"] for master in masters]
    assert versions == sorted(set(versions))


def test_the_last_date_that_falls_through_removes_the_series(booking, manager):
    decide(approve, booking, dates_of(booking)[:2], manager)
    for date in dates_of(booking)[:2]:
        give_up(date=date, actor=booking.requester, now=NOW)
    _promise, without_one, removed = mailed()
    assert "METHOD:PUBLISH" in without_one
    assert "METHOD:CANCEL" in removed
    master, exceptions = entries_of(removed)
    assert (master["UID"], master["STATUS"], exceptions) == (str(booking.uid), "CANCELLED", [])


def test_the_page_gives_what_is_promised_and_what_is_asked_for(booking, manager):
    first, second, third, fourth = dates_of(booking)
    decide(approve, booking, [first, second, third], manager)
    decide(reject, booking, [fourth], manager, reason="Fest")
    give_up(date=dates_of(booking)[1], actor=booking.requester, now=NOW)
    seen = seen_in(written(entered_dates(dates_of(booking))))
    assert {(one.span.start, one.status) for one in seen} == {
        (first.occurrence.start, "CONFIRMED"),
        (third.occurrence.start, "CONFIRMED"),
    }


def test_another_room_for_one_date(booking, manager, centre):
    decide(approve, booking, dates_of(booking), manager)
    kitchen = add_room(centre, "Küche")
    BookingDate.objects.filter(pk=dates_of(booking)[2].pk).update(room=kitchen)
    seen = seen_in(written(dates_of(booking)))
    rooms = [one.room for one in sorted(seen)]
    assert rooms == ["Kursraum", "Kursraum", "Küche", "Kursraum"]
