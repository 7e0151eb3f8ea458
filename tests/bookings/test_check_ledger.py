"""`check_ledger` names every fault that somebody's SQL could put into the ledger."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import BookingDate, ChangeRequest, Closure, Occupancy, Room
from bookings.rules.states import DateState
from bookings.selectors.ledger_check import Difference, Kind, differences
from bookings.services.closures import create_closure
from bookings.services.own_dates import give_up
from tests.bookings.changing import move, wish
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
LATER = dt.timedelta(days=30)


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        # Nothing may be left for the end of the transaction: ALTER TABLE would refuse.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement, values)


def foreign_keys_to(table: str, *, of: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'f'"
            " AND conrelid = %s::regclass AND confrelid = %s::regclass",
            [of, table],
        )
        return [name for (name,) in cursor.fetchall()]


def found(now: dt.datetime = NOW, **options) -> list[Difference]:
    return differences(now=now, **options)


def close(room: Room, manager) -> Closure:
    return create_closure(
        centre=room.centre,
        rooms=[room],
        span=span("08:00", "09:00"),
        reason="Reinigung",
        actor=manager,
        now=NOW,
    )


@pytest.fixture
def booked(hall, room, manager) -> BookingDate:
    """Return a promised date of the whole hall, in a house with everything else, too."""
    whole, north, _south = hall
    promised(room)
    requested_too(room)
    requested(north, span("10:00", "11:00"))
    close(room, manager)
    gone = promised(room, span("14:00", "15:00"))
    give_up(date=date_of(gone), actor=None, now=NOW)
    Room.objects.filter(pk=whole.pk).update(setup_minutes=30, turnover_minutes=15)
    whole.refresh_from_db()
    return date_of(promised(whole))


def row_of(date: BookingDate) -> Occupancy:
    row = date.occupancy.order_by("space_id").first()
    assert row is not None
    return row


def test_a_house_with_everything_in_it_is_right(booked):
    assert found() == []


def test_a_missing_row(booked):
    row = row_of(booked)
    sql("DELETE FROM bookings_occupancy WHERE id = %s", row.pk)
    assert found() == [Difference(Kind.ROW_MISSING, date=booked.pk, space=row.space_id)]


@pytest.mark.parametrize(
    "state",
    # Requested without a hold: it waits, and only a hold has rows.
    [DateState.CANCELLED, DateState.WAITLISTED, DateState.REQUESTED],
)
def test_a_row_too_many(booked, state):
    sql("UPDATE bookings_bookingdate SET state = %s WHERE id = %s", state, booked.pk)
    assert found() == [
        Difference(Kind.ROW_TOO_MANY, date=booked.pk, space=row.space_id, row=row.pk)
        for row in booked.occupancy.order_by("space_id")
    ]


@pytest.mark.parametrize(
    "change",
    [
        "tstzrange(lower(period), upper(period) + interval '1 minute')",
        "tstzrange(lower(period) + interval '30 minutes', upper(period))",  # set-up forgotten
        "tstzrange(lower(period) + interval '1 day', upper(period) + interval '1 day')",
    ],
)
def test_a_wrong_period(booked, change):
    row = row_of(booked)
    sql(f"UPDATE bookings_occupancy SET period = {change} WHERE id = %s", row.pk)  # noqa: S608
    assert found() == [
        Difference(Kind.WRONG_PERIOD, date=booked.pk, space=row.space_id, row=row.pk)
    ]


@pytest.mark.parametrize("period", ["'empty'", "tstzrange(lower(period), NULL)"])
def test_a_period_without_edges(booked, manager, period):
    sql("ALTER TABLE bookings_occupancy DROP CONSTRAINT occupancy_period_is_half_open")
    row, closed = row_of(booked), Occupancy.objects.exclude(closure=None).first()
    for one in (row, closed):
        sql(f"UPDATE bookings_occupancy SET period = {period} WHERE id = %s", one.pk)  # noqa: S608
    wrong = {it.row for it in found() if it.kind is Kind.WRONG_PERIOD}
    assert wrong >= {row.pk, closed.pk}


def test_buffers_count_as_booked_not_as_the_room_has_them_now(booked):
    Room.objects.filter(pk=booked.room_id).update(setup_minutes=0, turnover_minutes=60)
    assert found() == []


def test_an_occurrence_that_was_moved(booked):
    sql(
        "UPDATE schedule_occurrence SET start = start + interval '15 minutes' WHERE id = %s",
        booked.occurrence_id,
    )
    assert {it.kind for it in found()} == {Kind.WRONG_PERIOD}
    assert {it.date for it in found()} == {booked.pk}


def test_a_wrong_space(booked, centre):
    other = add_room(centre, "Küche").spaces.get()
    row = row_of(booked)
    sql("UPDATE bookings_occupancy SET space_id = %s WHERE id = %s", other.pk, row.pk)
    assert set(found()) == {
        Difference(Kind.ROW_MISSING, date=booked.pk, space=row.space_id),
        Difference(Kind.WRONG_SPACE, date=booked.pk, space=other.pk, row=row.pk),
    }


def test_a_room_without_any_space(booked):
    sql("DELETE FROM bookings_room_spaces WHERE room_id = %s", booked.room_id)
    kinds = [it.kind for it in found() if it.date == booked.pk]
    assert sorted(kinds) == [Kind.ROW_MISSING, Kind.WRONG_SPACE, Kind.WRONG_SPACE]


def test_other_parts_since_then_do_not_make_the_past_wrong_but_lost_rows_do(booked):
    sql("DELETE FROM bookings_room_spaces WHERE room_id = %s", booked.room_id)
    assert found(NOW + LATER) == []
    sql("DELETE FROM bookings_occupancy WHERE booking_date_id = %s", booked.pk)
    assert found(NOW + LATER) == [Difference(Kind.ROW_MISSING, date=booked.pk)]


@pytest.mark.parametrize(
    "fault",
    [
        "UPDATE schedule_occurrence SET \"end\" = start - interval '1 hour' WHERE id = %s",
        "DELETE FROM schedule_occurrence WHERE id = %s",
    ],
)
def test_a_date_without_times(booked, fault):
    for name in foreign_keys_to("schedule_occurrence", of="bookings_bookingdate"):
        sql(f"ALTER TABLE bookings_bookingdate DROP CONSTRAINT {name}")  # it would refuse
    sql(fault, booked.occurrence_id)
    assert Difference(Kind.NO_TIMES, date=booked.pk) in found()
    assert {it.kind for it in found()} == {Kind.NO_TIMES}


def test_a_hold_without_a_state_that_holds(booked):
    sql("ALTER TABLE bookings_bookingdate DROP CONSTRAINT date_holds_while_undecided")
    sql("UPDATE bookings_bookingdate SET holds_until = now() WHERE id = %s", booked.pk)
    assert found() == [Difference(Kind.HOLD_WITHOUT_STATE, date=booked.pk)]


def test_an_offer_that_never_runs_out(booked):
    date = BookingDate.objects.filter(state=DateState.REQUESTED, holds_until__isnull=False).get()
    sql("UPDATE bookings_bookingdate SET state = 'offered' WHERE id = %s", date.pk)
    assert found() == []
    sql("UPDATE bookings_bookingdate SET holds_until = NULL WHERE id = %s", date.pk)
    assert found() == [Difference(Kind.OFFER_WITHOUT_END, date=date.pk)]


def test_a_space_given_away_twice_and_the_constraint_that_would_not_let_it(booked):
    sql("ALTER TABLE bookings_occupancy DROP CONSTRAINT occupancy_no_overlap")
    assert found() == [Difference(Kind.NO_CONSTRAINT)]
    row = row_of(booked)
    sql(
        "INSERT INTO bookings_occupancy (space_id, period, booking_date_id)"
        " SELECT space_id, period, booking_date_id FROM bookings_occupancy WHERE id = %s",
        row.pk,
    )
    copy = Occupancy.objects.latest("pk")
    twice = Difference(Kind.GIVEN_TWICE, date=booked.pk, space=row.space_id, row=copy.pk)
    assert twice in found()


def test_two_groups_in_one_space(room):
    first, second = promised(room), promised(room, span("08:00", "10:00"))
    sql("ALTER TABLE bookings_occupancy DROP CONSTRAINT occupancy_no_overlap")
    sql(
        "UPDATE schedule_occurrence SET (start, \"end\") = (SELECT start + interval '15 minutes',"
        ' "end" FROM schedule_occurrence WHERE id = %s) WHERE id = %s',
        date_of(first).occurrence_id,
        date_of(second).occurrence_id,
    )
    late = date_of(second)
    sql(
        "UPDATE bookings_occupancy SET period = tstzrange(%s, %s) WHERE booking_date_id = %s",
        *late.span,
        late.pk,
    )
    # Each date has its row, so only the overlap tells.
    assert {it.kind for it in found()} == {Kind.NO_CONSTRAINT, Kind.GIVEN_TWICE}


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("DELETE FROM bookings_occupancy WHERE closure_id = %s", Kind.ROW_MISSING),
        (
            "UPDATE bookings_closure SET ends_at = ends_at + interval '1 hour' WHERE id = %s",
            Kind.WRONG_PERIOD,
        ),
        ("DELETE FROM bookings_closure_rooms WHERE closure_id = %s", Kind.WRONG_SPACE),
        (
            """
            INSERT INTO bookings_occupancy (space_id, period, closure_id)
            SELECT space_id, period, closure_id FROM bookings_occupancy WHERE closure_id = %s
            """,
            Kind.ROW_TWICE,
        ),
    ],
)
def test_faults_of_a_closure(room, manager, fault, kind):
    closure = close(room, manager)
    assert found() == []
    sql(fault, closure.pk)
    assert {(it.kind, it.closure) for it in found()} >= {(kind, closure.pk)}
    assert {it.closure for it in found()} == {closure.pk}


# Wishes to change ---------------------------------------------------------------------------------


@pytest.fixture
def wished(booked) -> ChangeRequest:
    """Return a wish that holds an hour in each half of the hall beyond its old date."""
    return wish([move(booked, span("20:00", "22:00"))])


def held_row(change: ChangeRequest) -> Occupancy:
    row = change.occupancy.order_by("space_id").first()
    assert row is not None
    return row


def test_a_wish_holds_what_goes_beyond_its_old_date(wished):
    assert found() == []
    assert wished.occupancy.count() == 2


def test_a_missing_row_of_a_wish(wished):
    row = held_row(wished)
    sql("DELETE FROM bookings_occupancy WHERE id = %s", row.pk)
    assert found() == [Difference(Kind.ROW_MISSING, space=row.space_id, change=wished.pk)]


@pytest.mark.parametrize(
    "fault",
    [
        "UPDATE bookings_changerequest SET status = 'withdrawn', holds_until = NULL",
        "UPDATE bookings_changerequest SET holds_until = NULL",
    ],
)
def test_rows_of_a_wish_that_holds_nothing(wished, fault):
    sql(f"{fault} WHERE id = %s", wished.pk)
    assert found() == [
        Difference(Kind.ROW_TOO_MANY, space=row.space_id, row=row.pk, change=wished.pk)
        for row in wished.occupancy.order_by("space_id")
    ]


def test_a_wish_that_was_not_brought_up_to_date(wished, booked):
    # The old date is gone: the wish needs its time, too.
    sql("DELETE FROM bookings_occupancy WHERE booking_date_id = %s", booked.pk)
    sql("UPDATE schedule_occurrence SET cancelled = true WHERE id = %s", booked.occurrence_id)
    sql("UPDATE bookings_bookingdate SET state = 'cancelled' WHERE id = %s", booked.pk)
    assert {(it.kind, it.change) for it in found()} == {(Kind.WRONG_PERIOD, wished.pk)}


def test_a_wish_in_the_wrong_space(wished, centre):
    row = held_row(wished)
    other = add_room(centre, "Küche").spaces.get()
    sql("UPDATE bookings_occupancy SET space_id = %s WHERE id = %s", other.pk, row.pk)
    assert set(found()) == {
        Difference(Kind.ROW_MISSING, space=row.space_id, change=wished.pk),
        Difference(Kind.WRONG_SPACE, space=other.pk, row=row.pk, change=wished.pk),
    }


def test_a_row_without_a_cause_and_one_with_two(booked, wished):
    sql("ALTER TABLE bookings_occupancy DROP CONSTRAINT occupancy_has_one_cause")
    row, held = row_of(booked), held_row(wished)
    sql(
        "UPDATE bookings_occupancy SET booking_date_id = %s WHERE id = %s",
        booked.pk,
        held.pk,
    )
    sql("UPDATE bookings_occupancy SET booking_date_id = NULL WHERE id = %s", row.pk)
    causes = [it for it in found() if it.kind is Kind.NO_CAUSE]
    assert {it.row for it in causes} == {row.pk, held.pk}


def test_a_closure_of_the_whole_hall_and_a_half_has_one_row_for_each_part(hall, manager):
    whole, north, _south = hall
    create_closure(
        centre=whole.centre,
        rooms=[whole, north],
        span=span(),
        reason="Impftag",
        actor=manager,
        now=NOW,
    )
    assert Occupancy.objects.count() == 2
    assert found() == []


def test_one_centre_only(booked, nordholz):
    sql("DELETE FROM bookings_occupancy WHERE booking_date_id = %s", booked.pk)
    assert found(centre=nordholz.centre) == []
    assert len(found(centre=booked.room.centre)) == 2


def test_the_number_of_statements_does_not_grow(booked, room):
    with CaptureQueriesContext(connection) as before:
        found()
    for hour in range(10, 14):
        promised(room, span(f"{hour}:00", f"{hour + 1}:00", day=dt.date(2026, 12, 1)))
    sql("DELETE FROM bookings_occupancy")
    with CaptureQueriesContext(connection) as after:
        assert len(found()) > 5
    assert len(before) == len(after) <= 5


# The command --------------------------------------------------------------------------------------


def test_the_command_is_silent_or_says_that_all_is_right(booked):
    out = StringIO()
    call_command("check_ledger", stdout=out)
    assert out.getvalue() == "The ledger is right.\n"
    call_command("check_ledger", stdout=(quiet := StringIO()), verbosity=0)
    assert quiet.getvalue() == ""


def test_the_command_names_differences_by_keys_only_and_fails(booked, tuesday_morning):
    row = row_of(booked)
    sql("DELETE FROM bookings_occupancy WHERE id = %s", row.pk)
    with pytest.raises(CommandError) as failed:
        call_command("check_ledger", stdout=StringIO())
    assert failed.value.returncode == 1
    assert str(failed.value) == (
        f"The ledger is wrong:\nrow missing: date {booked.pk}, space {row.space_id}"
    )


def test_the_command_shows_the_first_of_many(booked, monkeypatch):
    many = [Difference(Kind.ROW_MISSING, date=key) for key in range(60)]
    monkeypatch.setattr(
        "bookings.management.commands.check_ledger.differences", lambda **_values: many
    )
    with pytest.raises(CommandError, match="… and 10 more"):
        call_command("check_ledger", stdout=StringIO())


def test_an_unknown_centre_is_said(booked):
    with pytest.raises(CommandError, match="kein Zentrum „unbekannt“") as failed:
        call_command("check_ledger", centre="unbekannt", stdout=StringIO())
    assert failed.value.returncode == 2
    with pytest.raises(CommandError, match="stellen Sie das Terminal auf UTF-8"):
        call_command("check_ledger", "--centre", "N\udcf6rdlingen")  # as Latin-1 arrives
    call_command("check_ledger", centre=booked.room.centre.slug, stdout=StringIO())
