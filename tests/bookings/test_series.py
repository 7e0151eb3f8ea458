"""What protects the tables of django-scheduler from itself."""

import datetime as dt

import pytest
from django.db import transaction
from django.db.models import ProtectedError
from schedule.models import Calendar, Occurrence, Rule

from bookings.series import create_event, delete_calendar
from tests.factories.bookings import FRIDAY, requested, span

pytestmark = pytest.mark.django_db


def weekly(room, dates: int):
    spans = [span(day=FRIDAY + dt.timedelta(weeks=week)) for week in range(dates)]
    return create_event(calendar_id=room.calendar_id, title="X", spans=spans, weekly=True)


def test_a_rule_that_a_series_uses_cannot_be_deleted(room):
    event, _occurrences = weekly(room, 3)
    with pytest.raises(ProtectedError), transaction.atomic():
        Rule.objects.get().delete()
    event.refresh_from_db()
    assert event.rule is not None


def test_two_series_share_their_rule(room):
    weekly(room, 2)
    weekly(room, 3)
    assert Rule.objects.count() == 1


def test_the_series_ends_with_its_last_date(room):
    event, occurrences = weekly(room, 3)
    far = FRIDAY + dt.timedelta(weeks=20)
    found = event.get_occurrences(span().start, span(day=far).start)
    assert [date.start for date in found] == [date.start for date in occurrences]


def test_deleting_an_occurrence_comes_to_an_end(room):
    _event, (first, _second) = weekly(room, 2)
    Occurrence.objects.filter(pk=first.pk).delete()
    assert Occurrence.objects.count() == 1


@pytest.mark.parametrize(("dates", "weekly"), [(0, False), (2, False), (401, True)])
def test_what_no_rule_of_ours_makes_is_an_error(room, dates, weekly):
    spans = [span(day=FRIDAY + dt.timedelta(weeks=week)) for week in range(dates)]
    with pytest.raises(ValueError, match="series"):
        create_event(calendar_id=room.calendar_id, title="X", spans=spans, weekly=weekly)


def test_a_calendar_that_was_ever_booked_in_stays(room):
    requested(room)
    delete_calendar(room.calendar_id)
    assert Calendar.objects.filter(pk=room.calendar_id).exists()
