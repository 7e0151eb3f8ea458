"""Sending a request costs a bounded number of queries: session, person, ledger and mails included."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking
from bookings.services.policies import save_policy
from cms.models import CentrePage, OutgoingMail
from tests.bookings.request_flow import to_check
from tests.factories.bookings import promised, requested_too, span
from tests.factories.staff import manager_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday_morning", "room")]

BUDGET = 25
TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SET LOCAL")  # ask nothing


@pytest.fixture(autouse=True)
def _mails_wait_for_the_worker(settings) -> None:
    """Let tasks wait as in real life; in the other tests they run at once."""
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}
    }


@pytest.fixture
def browser(singer) -> Client:
    client = Client(headers={"host": settings.BASE_URL.partition("//")[2]})
    client.force_login(singer)
    return client


def queries_of_sending(browser: Client, **values) -> list[str]:
    check = to_check(browser, **values)
    browser.get(check)
    with CaptureQueriesContext(connection) as queries:
        assert browser.post(check).status_code == 302
    said = [query["sql"][:150] for query in queries]
    return [sql for sql in said if not sql.startswith(TRANSACTION)]


def test_sending_stays_within_the_budget(browser, room, alfeld: CentrePage):
    manager_of(alfeld)
    manager_of(alfeld, email="zweite@example.org")
    layout = room.layouts.get()
    first = queries_of_sending(browser, layout=str(layout.pk), has_food="on")
    assert len(first) <= BUDGET, "\n".join(first)
    assert OutgoingMail.objects.count() == 3  # the group and both managers


def test_to_promise_at_once_costs_the_look_for_who_still_waits(browser, room, alfeld: CentrePage):
    manager_of(alfeld)
    asked = len(queries_of_sending(browser))
    save_policy(centre=room.centre, values={"approval": "at_once"})
    promised_too = queries_of_sending(browser, start="14:00", end="15:00")
    assert len(promised_too) <= min(asked + 1, BUDGET), "\n".join(promised_too)


def test_the_number_does_not_grow_with_what_is_booked(browser, room, singer, choir):
    few = len(queries_of_sending(browser))
    for hour in range(8, 13):
        promised(room, span(f"{hour:02}:00", f"{hour:02}:45"))
        requested_too(room, span(f"{hour:02}:00", f"{hour:02}:45"), association=choir)
    assert len(queries_of_sending(browser, start="14:00", end="15:00")) == few
    assert Booking.objects.count() == 12
