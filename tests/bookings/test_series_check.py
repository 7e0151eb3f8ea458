"""`check_ledger` names every fault that somebody's SQL could put into a series."""

import datetime as dt
from dataclasses import replace
from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from schedule.models import Event, Occurrence

from bookings.models import BookingDate
from bookings.selectors.series_check import SeriesDifference, SeriesKind, series_differences
from bookings.series import move_occurrence
from bookings.services.decisions import reject
from bookings.services.own_dates import give_up
from bookings.services.requests import send_request
from tests.factories.bookings import (
    EVERY_FRIDAY,
    FRIDAY,
    NOW,
    date_of,
    new_request,
    promised,
    requested,
    span,
)

pytestmark = pytest.mark.django_db
KIND = SeriesKind


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement, values)


def found(**options):
    return list(series_differences(**options))


@pytest.fixture
def dates(room, manager) -> list[BookingDate]:
    """Return four Fridays: moved, refused, given up, asked for. There is a single date, too."""
    spans = [span(day=FRIDAY + dt.timedelta(weeks=week)) for week in range(4)]
    request = replace(new_request(room), spans=spans, recurrence=EVERY_FRIDAY)
    booking = send_request(request=request, now=NOW)
    moved, refused, given_up, _asked = dates = [
        BookingDate.objects.select_related("booking", "occurrence", "room").get(pk=pk)
        for pk in booking.dates.values_list("pk", flat=True)
    ]
    move_occurrence(moved.occurrence, span("10:00", "12:00"))
    reject(booking=booking, date_ids=[refused.pk], actor=manager, reason="Fest", now=NOW)
    give_up(date=given_up, actor=booking.requester, now=NOW)
    promised(room, span("08:00", "09:00"))
    return dates


def test_a_house_with_everything_in_it_is_right(dates):
    assert found() == []


def about(date, kind):
    start = date.occurrence.original_start
    return SeriesDifference(kind, date.booking.event_id, date.occurrence_id, date.pk, start)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("original_start = original_start + interval '1 minute'", KIND.OCCURRENCE_TOO_MANY),
        ("original_end = original_end + interval '1 minute'", KIND.WRONG_END),
        ("cancelled = true", KIND.CANCELLED),
    ],
)
def test_an_occurrence_that_was_changed(dates, fault, kind):
    date = dates[3]
    start = date.occurrence.original_start.astimezone(dt.UTC)
    sql(f"UPDATE schedule_occurrence SET {fault} WHERE id = %s", date.occurrence_id)  # noqa: S608
    date.occurrence.refresh_from_db()
    expected = [about(date, kind)]
    if kind is KIND.OCCURRENCE_TOO_MANY:
        event = date.booking.event_id
        expected.append(SeriesDifference(KIND.OCCURRENCE_MISSING, event, start=start))
    assert found() == expected


def test_a_gone_date_whose_occurrence_is_not_cancelled(dates):
    for date in dates[1:3]:
        sql("UPDATE schedule_occurrence SET cancelled = false WHERE id = %s", date.occurrence_id)
    assert found() == [about(date, KIND.NOT_CANCELLED) for date in dates[1:3]]


def test_what_fell_through_earlier_is_cancelled_by_the_migration(dates):
    sql("UPDATE schedule_occurrence SET cancelled = false")
    assert found() != []
    import_module("bookings.migrations.0003_series_cancelled_occurrences").cancel(apps, None)
    assert found() == []


def test_a_lost_date_and_a_lost_occurrence(dates):
    date = dates[3]
    sql("DELETE FROM bookings_occupancy WHERE booking_date_id = %s", date.pk)
    sql("DELETE FROM bookings_bookinglog WHERE date_id = %s", date.pk)
    sql("DELETE FROM bookings_bookingdate WHERE id = %s", date.pk)
    assert found() == [replace(about(date, KIND.NO_DATE), date=None)]
    sql("DELETE FROM schedule_occurrence WHERE id = %s", date.occurrence_id)
    missing = about(date, KIND.OCCURRENCE_MISSING)
    assert found() == [replace(missing, date=None, occurrence=None)]


def test_a_second_occurrence_for_one_date(dates):
    """Nothing in the tables of django-scheduler forbids it."""
    sql(
        'INSERT INTO schedule_occurrence (event_id, title, description, start, "end", cancelled,'
        " original_start, original_end, created_on, updated_on)"
        ' SELECT event_id, title, description, start, "end", cancelled, original_start,'
        " original_end, now(), now() FROM schedule_occurrence WHERE id = %s",
        dates[3].occurrence_id,
    )
    copy = Occurrence.objects.latest("pk")
    start, event = copy.original_start, copy.event_id
    assert found() == [
        SeriesDifference(KIND.OCCURRENCE_TOO_MANY, event, copy.pk, start=start),
        SeriesDifference(KIND.NO_DATE, event, copy.pk, start=start),
    ]


@pytest.mark.parametrize(
    ("fault", "kinds"),
    [
        (
            "end_recurring_period = end_recurring_period - interval '1 hour'",
            {KIND.OCCURRENCE_TOO_MANY},
        ),
        (
            "end_recurring_period = end_recurring_period + interval '1 week'",
            {KIND.OCCURRENCE_MISSING},
        ),
        ("end_recurring_period = NULL", {KIND.UNKNOWN_RULE}),
        ("rule_id = NULL", {KIND.OCCURRENCE_TOO_MANY}),  # what deleting a rule would do
        ('"end" = "end" + interval \'1 hour\'', {KIND.WRONG_END}),
    ],
)
def test_an_event_that_was_changed(dates, fault, kinds):
    event = dates[0].booking.event_id
    sql(f"UPDATE schedule_event SET {fault} WHERE id = %s", event)  # noqa: S608
    assert {it.kind for it in found()} == kinds
    assert {it.event for it in found()} == {event}


@pytest.mark.parametrize(
    ("rule", "kinds"),
    [
        ("frequency = 'SECONDLY'", {KIND.UNKNOWN_RULE}),
        ("params = 'byweekday:FR;interval:0'", {KIND.UNKNOWN_RULE}),
        ("params = 'byweekday:FR;interval:2'", {KIND.OCCURRENCE_TOO_MANY}),
        ("frequency = 'DAILY', params = ''", {KIND.OCCURRENCE_MISSING}),
    ],
)
def test_another_rule(dates, rule, kinds):
    sql(f"UPDATE schedule_rule SET {rule}")  # noqa: S608
    assert {it.kind for it in found()} == kinds


def test_a_single_date_has_one_occurrence_at_its_start(room):
    event = promised(room).event_id
    assert found() == []
    sql("UPDATE schedule_event SET start = start - interval '1 hour' WHERE id = %s", event)
    assert [it.kind for it in found()] == [KIND.OCCURRENCE_TOO_MANY, KIND.OCCURRENCE_MISSING]


def test_an_event_that_nobody_booked(room):
    event = Event.objects.create(
        calendar_id=room.calendar_id, title="X", start=span().start, end=span().end
    )
    assert {it.kind for it in found()} == {KIND.NO_BOOKING, KIND.OCCURRENCE_MISSING}
    assert {it.event for it in found()} == {event.pk}


def test_a_date_of_another_booking(room):
    date = date_of(promised(room))
    other = requested(room, span("08:00", "10:00"))
    BookingDate.objects.filter(pk=date.pk).update(booking=other)
    assert found() == [about(date, KIND.OTHER_BOOKING)]


def test_one_centre_only(dates, nordholz):
    sql("UPDATE schedule_occurrence SET cancelled = NOT cancelled")
    assert found(centre=nordholz.centre) == []
    assert len(found(centre=dates[0].room.centre)) == 5


def test_the_number_of_statements_does_not_grow(dates, room):
    with CaptureQueriesContext(connection) as queries:
        found()
    assert len(queries) == 1


def test_the_command_names_keys_only(dates, tuesday_morning):
    date = dates[3]
    sql("UPDATE schedule_occurrence SET cancelled = true WHERE id = %s", date.occurrence_id)
    with pytest.raises(CommandError) as failed:
        call_command("check_ledger", stdout=StringIO())
    assert failed.value.returncode == 1
    assert str(failed.value).splitlines()[-1] == (
        "occurrence cancelled although its date is not gone: "
        f"event {date.booking.event_id}, occurrence {date.occurrence_id}, date {date.pk}, "
        "start 2026-12-18T18:00Z"
    )
