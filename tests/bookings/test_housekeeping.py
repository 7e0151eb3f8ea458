"""What time does: holds and offers end, the team is reminded, dates take place, drafts are forgotten."""

import datetime as dt
import uuid
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import BookingDate, BookingLog, Occupancy, RequestDraft
from bookings.rules.states import Action, DateState
from bookings.selectors.ledger_check import differences
from bookings.services import housekeeping
from bookings.services.decisions import approve, ask
from bookings.services.housekeeping import (
    complete_past,
    end_holds,
    expire_unverified,
    prune_drafts,
    warn_of_ends,
)
from bookings.services.policies import save_policy
from cms.models import OutgoingMail
from cms.services.housekeeping import _jobs_of_upper_apps, keep_house
from tests.bookings.house import AFTER_THE_HOLD, DUE, IN_A_MONTH, JOBS, something_due
from tests.factories.bookings import (
    NOW,
    add_room,
    date_of,
    promised,
    requested,
    requested_too,
    span,
)

pytestmark = pytest.mark.django_db
A_DAY = dt.timedelta(days=1)


def test_a_hold_that_runs_out_leaves_the_request_waiting(room):
    booking = requested(room, IN_A_MONTH)
    assert booking.answer_due == dt.date(2026, 12, 8)
    assert end_holds(now=AFTER_THE_HOLD - dt.timedelta(minutes=2)) == 0
    assert end_holds(now=AFTER_THE_HOLD) == 1
    date = date_of(booking)
    assert (date.state, date.stands) == (DateState.REQUESTED, False)
    assert date.log.last().action == Action.END_HOLD
    assert end_holds(now=AFTER_THE_HOLD) == 0


def test_the_next_one_holds_when_a_hold_runs_out(room):
    first, second = requested(room, IN_A_MONTH), requested_too(room, IN_A_MONTH)
    end_holds(now=AFTER_THE_HOLD)
    assert not date_of(first).stands
    assert date_of(second).stands
    assert date_of(second).holds_until == IN_A_MONTH.start  # sooner than fourteen days


def test_a_promised_date_has_no_hold_that_could_end(room, manager):
    booking = requested(room, IN_A_MONTH)
    approve(booking=booking, date_ids=[date_of(booking).pk], actor=manager, now=NOW)
    assert end_holds(now=AFTER_THE_HOLD) == 0
    assert date_of(booking).stands


def test_drafts_are_forgotten_after_a_week(room):
    for days in (6, 8):
        RequestDraft.objects.create(
            id=uuid.uuid4(), room=room, values={}, updated_at=NOW - dt.timedelta(days=days)
        )
    assert prune_drafts(now=NOW) == 1
    assert RequestDraft.objects.count() == 1


# Reminding the team -------------------------------------------------------------------------------


def reminders():
    return OutgoingMail.objects.filter(subject__startswith="Bitte bald entscheiden")


def test_the_team_is_reminded_once_three_days_before_a_hold_ends(room, manager):
    booking = requested(room, IN_A_MONTH)
    soon = AFTER_THE_HOLD - 3 * A_DAY - dt.timedelta(minutes=1)
    assert warn_of_ends(now=soon - dt.timedelta(minutes=1)) == 0
    assert warn_of_ends(now=soon) == 1
    mail = reminders().get()
    assert mail.recipient == manager.email
    assert "wird nur noch bis Di., 8. Dezember, 23:59 Uhr freigehalten" in " ".join(
        mail.text.split()
    )
    assert [warn_of_ends(now=soon + number * A_DAY) for number in range(3)] == [0, 0, 0]
    assert date_of(booking).log.filter(action=Action.WARN).count() == 1


def test_a_hold_that_is_prolonged_is_reminded_of_again(room, manager):
    save_policy(centre=room.centre, values={"answer_days": 14})
    booking = requested(room, IN_A_MONTH)
    warn_of_ends(now=NOW + 12 * A_DAY)
    ask(booking=booking, actor=manager, question="Klavier?", now=NOW + 12 * A_DAY)
    assert warn_of_ends(now=NOW + 13 * A_DAY) == 0
    assert warn_of_ends(now=NOW + 24 * A_DAY) == 1


def test_nobody_is_reminded_of_what_came_a_moment_ago(room):
    requested(room)  # for Friday, held until then
    assert warn_of_ends(now=NOW + dt.timedelta(minutes=1)) == 0
    assert warn_of_ends(now=NOW + 2 * A_DAY) == 1


def test_the_days_are_those_of_the_room(room, centre):
    save_policy(centre=centre, room=room, values={"warning_days": 5})
    requested(room, IN_A_MONTH)
    requested(add_room(centre, "Küche"), IN_A_MONTH)
    assert warn_of_ends(now=NOW + 10 * A_DAY) == 1


# Over ---------------------------------------------------------------------------------------------


def test_what_took_place_is_completed_and_keeps_its_rows(room):
    booking, later = promised(room), promised(room, IN_A_MONTH)
    open_request = requested(room, span("08:00", "09:00"))
    mails = OutgoingMail.objects.count()
    assert complete_past(now=span().end - dt.timedelta(minutes=1)) == 0
    assert complete_past(now=span().end) == 1
    assert date_of(booking).state == DateState.COMPLETED
    assert date_of(later).state == DateState.APPROVED
    assert date_of(open_request).state == DateState.REQUESTED
    assert date_of(booking).log.last().action == Action.COMPLETE
    assert OutgoingMail.objects.count() == mails
    assert differences(now=span().end) == []
    assert complete_past(now=span().end) == 0


def test_completing_takes_as_many_queries_for_many_dates(room, monkeypatch):
    counts = []
    for hours in (range(8, 9), range(9, 14)):
        for hour in hours:
            promised(room, span(f"{hour:02}:00", f"{hour + 1:02}:00"))
        with CaptureQueriesContext(connection) as captured:
            assert complete_past(now=span().end) == len(hours)
        counts.append(len(captured))
    assert counts[0] == counts[1]
    monkeypatch.setattr(housekeeping, "BATCH", 2)
    for hour in range(14, 19):
        promised(room, span(f"{hour:02}:00", f"{hour + 1:02}:00"))
    assert complete_past(now=span().end) == 5


def test_guests_who_do_not_confirm_are_forgotten(room):
    booking = requested(room, IN_A_MONTH)
    Occupancy.objects.all().delete()
    BookingDate.objects.update(state=DateState.UNVERIFIED, holds_until=None)
    mails = OutgoingMail.objects.count()
    assert expire_unverified(now=NOW + A_DAY - dt.timedelta(minutes=1)) == 0
    assert expire_unverified(now=NOW + A_DAY) == 1
    assert date_of(booking).state == DateState.EXPIRED
    assert OutgoingMail.objects.count() == mails
    assert expire_unverified(now=NOW + 2 * A_DAY) == 0


# All of it ----------------------------------------------------------------------------------------


@pytest.fixture
def house(room):
    something_due(room)
    return AFTER_THE_HOLD


def test_a_second_run_does_nothing(house):
    assert [job(now=house) for job in JOBS] == DUE
    kept = [list(table.objects.order_by("pk").values()) for table in (BookingDate, BookingLog)]
    mails = OutgoingMail.objects.count()
    assert [job(now=house) for job in JOBS] == [0] * len(JOBS)
    again = [list(table.objects.order_by("pk").values()) for table in (BookingDate, BookingLog)]
    assert again == kept
    assert OutgoingMail.objects.count() == mails
    assert differences(now=house) == []


def test_the_command_does_all_of_it(house):
    done = keep_house(now=house)
    names = ("holds ended", "offers ended", "reminders to decide", "dates completed")
    assert [done[name] for name in names] == [1, 1, 1, 1]


def test_no_job_waits_for_one_that_fails(house, monkeypatch):
    def fail(**_options):
        raise ValueError

    monkeypatch.setitem(_jobs_of_upper_apps, "holds ended", fail)
    with time_machine.travel(house, tick=False), pytest.raises(CommandError, match="holds ended"):
        call_command("housekeeping", stdout=StringIO())
    assert not BookingDate.objects.filter(state=DateState.OFFERED).exists()
    assert complete_past(now=house) == 0
