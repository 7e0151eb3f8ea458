"""Many rows by one statement: what is stored is what `bulk_create` would have stored."""

import datetime as dt
import uuid

import pytest
from django.db import DataError, transaction
from django.forms import model_to_dict
from schedule.models import Event

from bookings.models import Booking, BookingDate, BookingLog
from bookings.rules.states import Action, DateState
from cms.rows import insert_rows
from tests.factories.bookings import NOW, date_of, requested

pytestmark = pytest.mark.django_db


@pytest.fixture
def date(room, tuesday_morning) -> BookingDate:
    return date_of(requested(room))


def steps(date: BookingDate, *texts: str, **values: object) -> list[BookingLog]:
    """Return unsaved steps, a minute after each other."""
    same = {"action": Action.APPROVE, "from_state": DateState.REQUESTED, **values}
    return [
        BookingLog(
            booking=date.booking,
            date=date,
            text=text,
            at=NOW + dt.timedelta(minutes=number),
            **same,
        )
        for number, text in enumerate(texts)
    ]


def contents(rows: list[BookingLog]) -> list[dict[str, object]]:
    stored = BookingLog.objects.in_bulk([row.pk for row in rows])
    return [model_to_dict(stored[row.pk], exclude=["id"]) for row in rows]


def test_rows_are_as_bulk_create_stores_them(date, django_assert_num_queries):
    texts = "first", "", "it's 100 %s", "Grüße 🎉"
    expected = contents(BookingLog.objects.bulk_create(steps(date, *texts)))
    with django_assert_num_queries(1):
        found = insert_rows(steps(date, *texts))
    assert contents(found) == expected
    assert [row.text for row in found] == list(texts)


@pytest.mark.parametrize("count", [1, 3])
def test_rows_that_are_all_the_same(date, count):
    found = insert_rows(steps(date, "x")[0] for _number in range(count))
    assert contents(found) == contents(found[:1]) * count
    assert len({row.pk for row in found}) == count


def test_a_stored_row_can_be_changed(date):
    (found,) = insert_rows(steps(date, "x"))
    found.text = "y"
    found.save()
    assert [row["text"] for row in contents([found])] == ["y"]


def test_no_rows_cost_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert insert_rows([]) == []


@pytest.mark.parametrize("texts", [("x",), ("x", "y")])
def test_what_is_too_long_is_refused_and_not_cut(date, texts):
    with pytest.raises(DataError), transaction.atomic():
        insert_rows(steps(date, *texts, action="a" * 25))
    before = BookingLog.objects.count()
    rows = steps(date, "x", "y")
    rows[1].action = "a" * 25
    with pytest.raises(DataError), transaction.atomic():
        insert_rows(rows)
    assert BookingLog.objects.count() == before


def another(date: BookingDate, **values: object) -> Booking:
    """Return an unsaved request that is like this one."""
    calendar = date.booking.event.calendar
    (event,) = insert_rows([Event(calendar=calendar, start=NOW, end=NOW)])
    other = Booking.objects.get()
    new = {"pk": None, "number": "ABCDEF", "uid": uuid.uuid4(), "event": event, **values}
    for name, value in new.items():
        setattr(other, name, value)
    return other


def test_a_list_is_stored_with_its_row(date):
    equipment = ["Beamer", 'Tafel, "groß"', "{}"]
    (found,) = insert_rows([another(date, equipment=equipment)])
    assert Booking.objects.get(pk=found.pk).equipment == equipment


def test_rows_that_are_there_already_can_be_skipped(date):
    insert_rows([date.booking, another(date)], skip_known=True)
    numbers = set(Booking.objects.values_list("number", flat=True))
    assert numbers == {date.booking.number, "ABCDEF"}
