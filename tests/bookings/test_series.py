"""Series in the tables of django-scheduler, and what protects these from themselves."""

import datetime as dt

import pytest
from django.db import transaction
from django.db.models import ProtectedError
from hypothesis import given
from schedule.models import Calendar, Event, Occurrence, Rule

from bookings.models import BookingDate
from bookings.rules.recurrence import Frequency, Recurrence, spans_of
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.recurrences import UnknownRuleError, stored_rule
from bookings.series import (
    SeriesDate,
    cancel_occurrence,
    create_event,
    delete_calendar,
    extend_event,
    move_occurrence,
    recurrence_of_event,
    reinstate_occurrence,
    rule_spans,
)
from bookings.services.decisions import approve, reject, undo_approval
from bookings.services.own_dates import give_up
from cms.opening_hours import BERLIN
from tests.factories.bookings import EVERY_FRIDAY, FRIDAY, NOW, date_of, requested, span
from tests.unit.bookings.test_recurrence import recurrences

pytestmark = pytest.mark.django_db
NOON, EVENING = dt.time(12), dt.time(19)
SUNDAYS = Recurrence(Frequency.WEEKLY, (6,))


def dates_of(recurrence, first, until, start=EVENING, end=dt.time(21)):
    return [SeriesDate(span) for span in spans_of(recurrence, first, until, start, end)]


def store(room, recurrence=EVERY_FRIDAY, weeks=3, first=FRIDAY, **times):
    dates = dates_of(recurrence, first, first + dt.timedelta(days=7 * weeks - 1), **times)
    event, occurrences = create_event(
        calendar_id=room.calendar_id, title="X", dates=dates, recurrence=recurrence
    )
    return Event.objects.get(pk=event.pk), occurrences


def as_stored(event):
    originals = event.occurrence_set.order_by("original_start")
    return list(originals.values_list("original_start", "original_end"))


# Stored and read ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recurrence", "rule"),
    [
        (Recurrence(Frequency.DAILY), ("DAILY", "")),
        (Recurrence(Frequency.WORKDAYS), ("DAILY", "byweekday:MO,TU,WE,TH,FR")),
        (Recurrence(Frequency.WEEKLY, (1, 3)), ("WEEKLY", "byweekday:TU,TH")),
        (Recurrence(Frequency.WEEKLY, (1,), interval=2), ("WEEKLY", "byweekday:TU;interval:2")),
        (Recurrence(Frequency.MONTHLY, (4,), nth=-1), ("MONTHLY", "byweekday:FR;bysetpos:-1")),
    ],
)
def test_the_dates_of_a_rule_are_those_that_were_asked_for(room, recurrence, rule):
    """Across both changes of the clock, also right after midnight, where UTC has another day."""
    first = dt.date(2026, 10, 20)
    for start, end in (("19:00", "21:00"), ("00:30", "02:00"), ("22:00", "00:00")):
        times = {"start": dt.time.fromisoformat(start), "end": dt.time.fromisoformat(end)}
        event, occurrences = store(room, recurrence, 26, first, **times)
        assert (event.rule.frequency, event.rule.params) == rule
        assert recurrence_of_event(event) == recurrence
        assert rule_spans(event) == as_stored(event)
        assert {date.start.astimezone(BERLIN).time() for date in occurrences} == {times["start"]}
    assert Rule.objects.count() == 1


@given(recurrences)
def test_every_rule_is_read_back(recurrence):
    frequency, params = stored_rule(recurrence)
    event = Event(start=span().start, rule=Rule(frequency=frequency, params=params))
    assert recurrence_of_event(event) == recurrence


@pytest.mark.parametrize(
    ("frequency", "params"),
    [
        ("SECONDLY", ""),
        ("YEARLY", ""),
        ("WEEKLY", "byweekday:1,3"),
        ("WEEKLY", "byweekday:TU;interval:0"),
        ("WEEKLY", "byweekday:TH,TU"),
        ("WEEKLY", "byweekday:TU;count:3"),
        ("MONTHLY", "byweekday:2TU"),
        ("MONTHLY", "byweekday:TU;bysetpos:x"),
        ("DAILY", "byweekday:TU"),
    ],
)
def test_a_rule_that_is_none_of_ours_is_never_expanded(room, frequency, params):
    event, _occurrences = store(room)
    Rule.objects.update(frequency=frequency, params=params)
    event = Event.objects.get(pk=event.pk)
    with pytest.raises(UnknownRuleError):
        rule_spans(event)


def test_a_series_without_an_end_is_never_expanded(room):
    event, _occurrences = store(room)
    event.end_recurring_period = None
    with pytest.raises(UnknownRuleError):
        rule_spans(event)


def test_weekly_without_a_weekday_is_on_that_of_its_start(room):
    event, _occurrences = store(room)
    Rule.objects.update(params="")
    event = Event.objects.get(pk=event.pk)
    assert recurrence_of_event(event) == EVERY_FRIDAY
    assert rule_spans(event) == as_stored(event)


def test_two_series_share_their_rule(room):
    store(room, weeks=2)
    store(room, weeks=3)
    assert Rule.objects.count() == 1


@pytest.mark.parametrize("day", [dt.date(2027, 3, 28), dt.date(2026, 10, 25)])
def test_a_night_ends_by_the_clock_on_both_changes(room, day):
    first = day - dt.timedelta(weeks=1)
    event, _occurrences = store(room, SUNDAYS, 3, first, start=dt.time(1), end=dt.time(4))
    ends = [end.astimezone(BERLIN).time() for _start, end in rule_spans(event)]
    assert ends == [dt.time(4)] * 3
    assert rule_spans(event) == as_stored(event)


def test_the_series_ends_with_its_last_date(room):
    """Also for django-scheduler, which takes the end of a series for exclusive."""
    event, occurrences = store(room)
    starts = [date.start for date in occurrences]
    since = occurrences[0].start.astimezone(BERLIN)
    found = event.get_occurrences(since, since + dt.timedelta(weeks=20))
    assert [date.start for date in found] == starts


def test_a_single_date_has_no_rule(room):
    event, (date,) = create_event(
        calendar_id=room.calendar_id, title="X", dates=[SeriesDate(span())]
    )
    assert recurrence_of_event(event) is None
    assert rule_spans(event) == [span().in_utc] == [(date.start, date.end)]


def test_dates_that_were_moved_or_left_out_stay_dates_of_the_series(room):
    first, second, third = dates_of(EVERY_FRIDAY, FRIDAY, FRIDAY + dt.timedelta(weeks=2))
    later = span("20:00", "22:00", berlin_day(second.original.start))
    dates = [first, SeriesDate(second.original, span=later), SeriesDate(third.original, None, True)]
    event, occurrences = create_event(
        calendar_id=room.calendar_id, title="X", dates=dates, recurrence=EVERY_FRIDAY
    )
    assert [date.moved for date in occurrences] == [False, True, False]
    assert [date.cancelled for date in occurrences] == [False, False, True]
    assert rule_spans(event) == as_stored(event)


@pytest.mark.parametrize(
    ("days", "recurrence"),
    [
        ([], None),
        ([], EVERY_FRIDAY),
        ([0, 7], None),
        ([0, 7, 21], EVERY_FRIDAY),  # one is missing
        ([0, 7, 8], EVERY_FRIDAY),
        ([7, 0], EVERY_FRIDAY),
        ([0, 0], EVERY_FRIDAY),
        ([1], EVERY_FRIDAY),
        ([0], Recurrence(Frequency.WEEKLY)),
        (range(401), Recurrence(Frequency.DAILY)),
    ],
)
def test_what_no_rule_of_ours_makes_is_an_error(room, days, recurrence):
    dates = [SeriesDate(span(day=FRIDAY + dt.timedelta(days=day))) for day in days]
    with pytest.raises(ValueError, match=r"series|rule"):
        create_event(calendar_id=room.calendar_id, title="X", dates=dates, recurrence=recurrence)
    assert not Event.objects.exists()


# Changed -----------------------------------------------------------------------------------------


def test_a_date_is_moved_cancelled_and_taken_back(room):
    event, (first, second, _third) = store(room)
    move_occurrence(first, span("20:00", "22:00"))
    cancel_occurrence(second)
    first.refresh_from_db()
    assert (first.start, first.end) == span("20:00", "22:00")
    assert first.original_start == span().start
    assert Occurrence.objects.get(cancelled=True).pk == second.pk
    reinstate_occurrence(second)
    assert not Occurrence.objects.filter(cancelled=True).exists()
    assert rule_spans(event) == as_stored(event)


def test_a_series_goes_on(room):
    event, _occurrences = store(room)
    more = dates_of(EVERY_FRIDAY, FRIDAY + dt.timedelta(weeks=3), FRIDAY + dt.timedelta(weeks=5))
    added = extend_event(event, more)
    assert [date.original_start for date in added] == [date.original.start for date in more]
    event = Event.objects.get(pk=event.pk)
    assert len(rule_spans(event)) == 6
    assert rule_spans(event) == as_stored(event)


def test_a_single_date_becomes_a_series(room):
    event, _occurrences = create_event(
        calendar_id=room.calendar_id, title="X", dates=[SeriesDate(span())]
    )
    _first, *more = dates_of(EVERY_FRIDAY, FRIDAY, FRIDAY + dt.timedelta(weeks=2))
    extend_event(event, more, EVERY_FRIDAY)
    event = Event.objects.get(pk=event.pk)
    assert recurrence_of_event(event) == EVERY_FRIDAY
    assert rule_spans(event) == as_stored(event)


def test_a_series_does_not_go_on_with_a_gap_or_another_rule(room):
    event, _occurrences = store(room)
    after_gap = dates_of(
        EVERY_FRIDAY, FRIDAY + dt.timedelta(weeks=4), FRIDAY + dt.timedelta(weeks=5)
    )
    other = dates_of(SUNDAYS, FRIDAY + dt.timedelta(weeks=2), FRIDAY + dt.timedelta(weeks=3))
    for dates, recurrence in ((after_gap, None), (other, SUNDAYS), (other, None), ([], None)):
        with pytest.raises(ValueError, match=r"series|rule"):
            extend_event(event, dates, recurrence)
    assert rule_spans(Event.objects.get(pk=event.pk)) == as_stored(event)


def test_an_occurrence_follows_its_date(room, manager):
    booking = requested(room)
    decision = {"booking": booking, "date_ids": [date_of(booking).pk], "actor": manager, "now": NOW}

    def is_cancelled():
        return BookingDate.objects.select_related("occurrence").get().occurrence.cancelled

    approve(**decision, keep_mail_back=True)
    undo_approval(**decision)
    assert not is_cancelled()
    reject(**decision, reason="Belegt")
    assert is_cancelled()


def test_an_occurrence_follows_when_the_group_cancels(room):
    booking = requested(room)
    give_up(date=date_of(booking), actor=booking.requester, now=NOW)
    assert date_of(booking).occurrence.cancelled


# Guarded -----------------------------------------------------------------------------------------


def test_a_rule_that_a_series_uses_cannot_be_deleted(room):
    event, _occurrences = store(room)
    with pytest.raises(ProtectedError), transaction.atomic():
        Rule.objects.get().delete()
    event.refresh_from_db()
    assert event.rule is not None


def test_deleting_an_occurrence_or_its_event_comes_to_an_end(room):
    """Django defers the fields of what it deletes along, and a deferred Occurrence has no end."""
    event, (first, _second) = store(room, weeks=2)
    Occurrence.objects.filter(pk=first.pk).delete()
    assert Occurrence.objects.count() == 1
    event.delete()
    assert Occurrence.objects.count() == 0


def test_a_calendar_that_was_ever_booked_in_stays(room):
    requested(room)
    delete_calendar(room.calendar_id)
    assert Calendar.objects.filter(pk=room.calendar_id).exists()
