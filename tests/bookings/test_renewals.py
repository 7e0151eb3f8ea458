"""A plan for a year: groups renew all their series in one step, and the centre decides once."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings import ledger
from bookings.models import Association, Booking, BookingDate, Occupancy, RenewalRound
from bookings.rules.policy import HolidayRule
from bookings.rules.recurrence import Frequency, Recurrence
from bookings.rules.refusals import Code, RefusedError
from bookings.rules.renewal import PlanCode, PlanRefusedError, first_in_rhythm
from bookings.rules.spans import Span
from bookings.rules.states import DateState
from bookings.rules.weekly_list import read_weekly_list
from bookings.selectors.day_one import rooms_of_list
from bookings.selectors.ledger_check import differences
from bookings.selectors.renewals import rivals_in
from bookings.selectors.series_check import series_differences
from bookings.services.changes import Move, ask_for_change
from bookings.services.closures import create_closure
from bookings.services.day_one import import_groups
from bookings.services.decisions import approve, reject, undo_approval
from bookings.services.decisions import decide as decide_request
from bookings.services.own_dates import give_up
from bookings.services.renewals import (
    RoundDecision,
    SeriesChange,
    decide_round,
    renew_series,
)
from bookings.services.requests import Waits
from bookings.wording.renewals import plan_sentence
from cms.models import OutgoingMail
from cms.opening_hours import BERLIN
from tests.bookings.renewing import (
    FIRST,
    JULY,
    LAST,
    MAY,
    TUESDAY,
    opened,
    renewed,
    series,
    weekly,
    withdraw,
)
from tests.factories.bookings import (
    NOW,
    AssociationFactory,
    add_room,
    date_of,
    promised,
    requested,
    span,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(centre, manager) -> RenewalRound:
    return opened(centre, manager)


@pytest.fixture
def dancers(centre) -> Association:
    return AssociationFactory.create(name="Tanzkreis", home_centre=centre)


def decide(plan, manager, now=JULY, **decision) -> bool:
    return decide_round(plan=plan, decision=RoundDecision(**decision), actor=manager, now=now)


def refused(operation, *args, **options) -> list:
    with pytest.raises(PlanRefusedError) as error:
        operation(*args, **options)
    assert all(plan_sentence(fault) for fault in error.value.faults)
    return error.value.faults


def codes(operation, *args, **options) -> list[PlanCode]:
    return [fault.code for fault in refused(operation, *args, **options)]


def states(booking: Booking) -> set[str]:
    return set(booking.dates.values_list("state", flat=True))


def all_is_right(now=JULY) -> bool:
    return not differences(now=now) and not list(series_differences())


# Opening -----------------------------------------------------------------------------------------


def test_a_plan_is_opened_with_who_and_when(plan, manager):
    assert (plan.created_by, plan.created_at, plan.decided_at) == (manager, NOW, None)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"name": "  "}, [PlanCode.NAME_MISSING]),
        ({"name": "x" * 61}, [PlanCode.NAME_TOO_LONG]),
        ({"last": FIRST}, [PlanCode.ENDS_TOO_EARLY]),
        ({"last": dt.date(2029, 8, 20)}, [PlanCode.PLAN_TOO_LONG]),
        ({"collects_until": FIRST}, [PlanCode.COLLECTS_TOO_LONG]),
        ({"collects_until": dt.date(2026, 11, 23)}, [PlanCode.COLLECTS_PAST]),
        (
            {"name": "", "last": FIRST, "collects_until": FIRST},
            [PlanCode.NAME_MISSING, PlanCode.ENDS_TOO_EARLY, PlanCode.COLLECTS_TOO_LONG],
        ),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_everything(centre, manager, values, expected):
    assert codes(opened, centre, manager, **values) == expected
    assert not RenewalRound.objects.exists()


def test_two_plans_have_two_names_and_open_ones_do_not_overlap(plan, centre, manager):
    assert codes(opened, centre, manager) == [PlanCode.NAME_TAKEN]
    assert codes(opened, centre, manager, name="Herbst") == [PlanCode.PLANS_OVERLAP]
    later = {"first": LAST + dt.timedelta(days=1), "last": dt.date(2028, 6, 30)}
    assert opened(centre, manager, name="Frühjahr", **later).pk


# Renewing ----------------------------------------------------------------------------------------


def test_all_series_of_a_group_go_on_in_one_step(plan, room, choir, singer, manager):
    tuesdays = series(room, choir, manager, purpose="Probe", persons=22)
    fridays = series(room, choir, manager, start="17:00", end="18:30", recurrence=weekly(4))
    mails = OutgoingMail.objects.count()
    first, second = renewed(plan, choir, singer)
    assert [first.origin, second.origin] == [tuesdays, fridays]
    assert {first.origin_kind, first.round, first.requester} == {"renewal", plan, singer}
    assert (first.purpose, first.persons, first.answer_due) == ("Probe", 22, FIRST)
    dates = list(first.dates.filter(state=DateState.REQUESTED).select_related("occurrence"))
    starts = [date.span.start.astimezone(BERLIN) for date in dates]
    assert {(start.weekday(), start.time()) for start in starts} == {(1, dt.time(19))}
    assert len({start.utcoffset() for start in starts}) == 2  # local time over the clock change
    assert (starts[0].date(), starts[-1].date()) == (dt.date(2027, 8, 24), dt.date(2027, 11, 30))
    assert all_is_right()
    assert OutgoingMail.objects.count() == mails + 1


def test_the_group_gets_one_receipt_for_all_its_series(plan, room, choir, singer, manager):
    series(room, choir, manager)
    series(room, choir, manager, start="17:00", end="18:30", recurrence=weekly(4))
    promised(room, span(day=dt.date(2027, 8, 24)), now=MAY)
    OutgoingMail.objects.all().delete()
    first, second = renewed(plan, choir, singer)
    mail = OutgoingMail.objects.get()
    assert (mail.recipient, mail.subject) == (
        singer.email,
        "Ihre regelmäßigen Termine für 2027/28",
    )
    text = mail.text.replace("\xa0", " ")
    assert text.startswith("Ihre regelmäßigen Termine für 2027/28 sind angefragt.")
    assert "Es ist noch nichts gebucht." in text
    assert "bis 15. Juni 2027" in text
    assert f"Nummer {first.number}:\njeden Dienstag, 19:00–21:00 Uhr, Kursraum\n12 Termine" in text
    assert "Di., 24. August (belegt)" in text
    assert "Di., 19. Oktober (Herbstferien)" in text
    assert f"Nummer {second.number}:\njeden Freitag, 17:00–18:30 Uhr, Kursraum" in text
    assert first.number in mail.html
    assert not mail.calendar
    renewed(plan, choir, singer)  # nothing new
    assert OutgoingMail.objects.count() == 1


def test_nobody_holds_anything_in_a_plan(plan, room, choir, singer, manager):
    series(room, choir, manager)
    rows = Occupancy.objects.count()
    (booking,) = renewed(plan, choir, singer)
    assert not booking.dates.filter(holds_until__isnull=False).exists()
    assert Occupancy.objects.count() == rows


def test_holidays_are_left_out_as_the_group_chose(plan, room, choir, singer, manager):
    booking = series(room, choir, manager)
    (one,) = renewed(plan, choir, singer)
    assert set(one.dates.exclude(state=DateState.REQUESTED).values_list("state", "reason")) == {
        (DateState.SKIPPED_SCHOOL_HOLIDAY, "Herbstferien")
    }
    withdraw(one, singer, MAY)
    Booking.objects.filter(pk=booking.pk).update(on_school_holidays=HolidayRule.KEEP)
    (again,) = renewed(plan, choir, singer)
    assert states(again) == {DateState.REQUESTED}


def test_what_is_taken_or_closed_is_left_out_with_its_reason(plan, room, choir, singer, manager):
    series(room, choir, manager)
    promised(room, span(day=dt.date(2027, 8, 24)), now=MAY)
    requested(room, span(day=dt.date(2027, 8, 31)), now=MAY)  # may be refused until then
    create_closure(
        centre=room.centre,
        rooms=[room],
        span=span(day=dt.date(2027, 9, 7)),
        reason="Impftag",
        actor=manager,
        now=MAY,
    )
    (booking,) = renewed(plan, choir, singer)
    first = booking.dates.order_by("occurrence__start")[:4]
    assert [(date.state, date.reason) for date in first] == [
        (DateState.SKIPPED_CONFLICT, ""),
        (DateState.REQUESTED, ""),
        (DateState.CLOSED, "Impftag"),
        (DateState.REQUESTED, ""),
    ]


def test_a_second_call_names_what_is_there_and_adds_only_what_is_new(
    plan, room, choir, singer, manager
):
    series(room, choir, manager)
    (first,) = renewed(plan, choir, singer)
    again = renew_series(plan=plan, association=choir, actor=singer, now=MAY)
    assert (again.new, again.already) == ([], [first])
    series(room, choir, manager, start="17:00", end="18:00", recurrence=weekly(4))
    assert len(renewed(plan, choir, singer)) == 1
    assert plan.bookings.count() == 2


def test_every_second_week_stays_the_same_week(plan, room, choir, singer, manager):
    series(room, choir, manager, recurrence=weekly(1, interval=2))
    (booking,) = renewed(plan, choir, singer)
    days = [date.span.start.astimezone(BERLIN).date() for date in booking.dates.all()]
    assert {(day - TUESDAY).days % 14 for day in days} == {0}


@pytest.mark.parametrize(
    ("recurrence", "anchor", "first", "begins"),
    [
        # Thursday of a week that counts, but its Tuesday is over: the one after next.
        (weekly(1, 2), dt.date(2027, 8, 17), FIRST, dt.date(2027, 8, 30)),
        (weekly(1, 2), dt.date(2027, 8, 10), FIRST, dt.date(2027, 8, 23)),
        (weekly(4, 2), dt.date(2027, 8, 6), FIRST, FIRST),
        (weekly(1), dt.date(2026, 12, 1), FIRST, FIRST),
        (Recurrence(Frequency.MONTHLY, (1,), nth=2), dt.date(2026, 12, 8), FIRST, FIRST),
    ],
)
def test_a_rhythm_begins_in_its_own_weeks(recurrence, anchor, first, begins):
    assert first_in_rhythm(recurrence, anchor, first) == begins


def test_a_series_can_go_on_at_another_time_in_another_room(plan, room, choir, singer, manager):
    kitchen = add_room(room.centre, "Küche")
    booking = series(room, choir, manager, layout=room.layouts.get())
    change = SeriesChange(
        weekdays=(3,),
        start=dt.time(18),
        end=dt.time(20),
        room=kitchen,
        until=dt.date(2027, 9, 30),
    )
    (one,) = renewed(plan, choir, singer, changes={booking.pk: change})
    dates = list(one.dates.select_related("occurrence"))
    assert {(date.room_id, date.span.start.astimezone(BERLIN).time()) for date in dates} == {
        (kitchen.pk, dt.time(18))
    }
    assert dates[0].span.start.date() == FIRST
    assert dates[-1].span.start.date() == dt.date(2027, 9, 30)
    assert one.layout == kitchen.layouts.get()
    assert all_is_right()


def test_a_seating_that_the_new_room_has_not_is_told(plan, room, choir, singer, manager):
    kitchen = add_room(room.centre, "Küche")
    kitchen.layouts.update(name="Kreis")
    booking = series(room, choir, manager, layout=room.layouts.get())
    OutgoingMail.objects.all().delete()
    (one,) = renewed(plan, choir, singer, changes={booking.pk: SeriesChange(room=kitchen)})
    sentence = "Die Bestuhlung „Reihen“ ist im neuen Raum (Küche) nicht möglich."
    assert one.layout is None
    assert one.log.filter(text=sentence).exists()
    assert f"{sentence} Bitte sagen" in " ".join(OutgoingMail.objects.get().text.split())


def test_everything_that_is_wrong_comes_at_once(plan, room, nordholz, choir, singer, manager):
    small = add_room(room.centre, "Büro", capacity=2)
    far = add_room(nordholz.centre, "Saal")
    one = series(room, choir, manager)
    two = series(room, choir, manager, start="17:00", end="18:00")
    changes = {
        one.pk: SeriesChange(room=far, start=dt.time(22)),
        two.pk: SeriesChange(room=small, until=dt.date(2028, 1, 1)),
        0: SeriesChange(),
    }
    faults = refused(renewed, plan, choir, singer, changes=changes)
    assert [fault.code for fault in faults] == [
        PlanCode.NOT_THEIR_SERIES,
        PlanCode.SERIES,
        PlanCode.ROOM_ELSEWHERE,
        PlanCode.UNTIL_OUTSIDE,
        PlanCode.ROOM_TOO_SMALL,
    ]
    assert faults[1].values["refusal"].code is Code.END_BEFORE_START
    assert not plan.bookings.exists()


def test_a_series_of_which_no_date_is_left_is_named(plan, room, choir, singer, manager):
    booking = series(room, choir, manager)
    late = SeriesChange(start=dt.time(22), end=dt.time(23))
    (fault,) = refused(renewed, plan, choir, singer, changes={booking.pk: late})
    assert fault.code is PlanCode.NO_DATE_LEFT
    assert plan_sentence(fault).startswith("jeden Dienstag, 19:00–21:00 Uhr, Kursraum: ")


def test_what_was_given_up_does_not_go_on(plan, room, choir, singer, manager, dancers):
    booking = series(room, choir, manager)
    for date in booking.dates.filter(occurrence__start__gt=MAY):
        give_up(date=date, actor=singer, now=MAY)
    requested(room, association=dancers, now=MAY, when=span(day=dt.date(2027, 5, 7)))
    assert codes(renewed, plan, choir, singer) == [PlanCode.NOTHING_TO_RENEW]
    assert codes(renewed, plan, dancers, manager) == [PlanCode.NOTHING_TO_RENEW]


def test_a_series_that_just_ended_can_go_on(plan, room, choir, singer, manager):
    series(room, choir, manager, until=dt.date(2027, 4, 30))
    assert len(renewed(plan, choir, singer)) == 1


def test_groups_ask_until_the_day_that_was_set(plan, room, choir, singer, manager):
    series(room, choir, manager)
    last_minute = dt.datetime(2027, 6, 15, 23, 59, tzinfo=BERLIN)
    midnight = dt.datetime(2027, 6, 16, tzinfo=BERLIN)
    assert codes(renewed, plan, choir, singer, now=midnight) == [PlanCode.COLLECTED]
    assert len(renewed(plan, choir, singer, now=last_minute)) == 1


def test_the_centre_may_ask_for_a_group(plan, room, choir, singer, manager):
    series(room, choir, manager)
    (booking,) = renewed(plan, choir, manager)
    assert booking.requester == singer
    assert booking.log.first().actor == manager


def test_a_group_withdraws_a_series_and_may_ask_again(plan, room, choir, singer, manager):
    series(room, choir, manager)
    (booking,) = renewed(plan, choir, singer)
    mails = OutgoingMail.objects.filter(recipient=singer.email).count()
    withdraw(booking, singer, MAY)
    assert DateState.REQUESTED not in states(booking)
    assert OutgoingMail.objects.filter(recipient=singer.email).count() == mails + 1
    with pytest.raises(RefusedError):
        withdraw(booking, singer, MAY)
    assert len(renewed(plan, choir, singer)) == 1
    assert all_is_right()


def test_requests_of_a_plan_do_not_take_what_becomes_free(plan, room, choir, singer, manager):
    series(room, choir, manager)
    other = requested(room, span(day=dt.date(2027, 8, 24)), now=MAY)
    (booking,) = renewed(plan, choir, singer)
    reject(booking=other, date_ids=[date_of(other).pk], actor=manager, reason="Nein.", now=MAY)
    assert not any(date.stands for date in booking.dates.all())


# Rivals ------------------------------------------------------------------------------------------


def test_rivals_lie_side_by_side_with_the_dates_at_which_they_meet(
    plan, hall, choir, singer, dancers, manager
):
    whole, north, south = hall
    series(whole, choir, manager)
    mondays = series(north, dancers, manager, recurrence=weekly(0))
    alone = series(south, dancers, manager, recurrence=weekly(3))
    (singing,) = renewed(plan, choir, singer)
    change = SeriesChange(
        weekdays=(1,), start=dt.time(20), until=dt.date(2027, 9, 7), end=dt.time(22)
    )
    dancing, apart = renewed(plan, dancers, manager, changes={mondays.pk: change})
    assert apart.origin == alone
    view = rivals_in(plan)
    (rivalry,) = view.rivalries
    assert rivalry.bookings == [singing, dancing]
    assert [[date.booking for date in clash.dates] for clash in rivalry.clashes] == [
        [singing, dancing]
    ] * 3
    assert [clash.dates[0].span.start.astimezone(BERLIN).day for clash in rivalry.clashes] == [
        24,
        31,
        7,
    ]
    assert view.without_rivals == [apart]


def test_five_or_thirty_series_cost_the_same_number_of_queries(plan, room, manager):
    add_room(room.centre, "Küche", capacity=room.capacity)
    views, asked = [], []
    for first, count in ((0, 5), (5, 30)):
        for place in ("Kursraum", "Küche"):
            lines = [
                f"In {place};{['Mo', 'Di', 'Mi', 'Do', 'Fr'][one % 5]};{8 + one // 5}:00-{8 + one // 5}:45;"
                f"{place};30.5.2027"
                for one in range(first, count)
            ]
            take_over(room.centre, manager, lines)
        for group in Association.objects.order_by("name"):
            ids = [booking.pk for booking in group.bookings.filter(round=None)]
            same_room = dict.fromkeys(ids, SeriesChange(room=room, until=dt.date(2027, 9, 3)))
            with CaptureQueriesContext(connection) as queries:
                renewed(plan, group, manager, changes=same_room)
            asked.append(len(queries) / (count - first))
        with CaptureQueriesContext(connection) as queries:
            view = rivals_in(plan)
        assert len(view.rivalries) == count
        views.append(len(queries))
    assert views[0] == views[1] <= 2
    # What is written grows with the series, what is asked does not.
    assert max(asked[2:]) < min(asked[:2])


def take_over(centre, manager, lines: list[str]) -> None:
    now = dt.datetime(2027, 5, 24, tzinfo=BERLIN)
    found = read_weekly_list("\n".join(lines), rooms=rooms_of_list(centre), now=now)
    assert not found.faults
    import_groups(centre=centre, rows=found.rows, actor=manager, now=now)


# Deciding ----------------------------------------------------------------------------------------


@pytest.fixture
def rivals(plan, room, choir, singer, dancers, manager) -> tuple[Booking, Booking]:
    """Return two requests of the plan, for every Tuesday and for those of September."""
    series(room, choir, manager)
    other = series(room, dancers, manager, start="17:00", end="18:00")
    (singing,) = renewed(plan, choir, singer)
    change = SeriesChange(start=dt.time(20), end=dt.time(21), until=dt.date(2027, 9, 28))
    (dancing,) = renewed(plan, dancers, manager, changes={other.pk: change})
    return singing, dancing


def test_everything_is_decided_in_one_step_with_one_mail_each(plan, rivals, singer, manager):
    singing, dancing = rivals
    OutgoingMail.objects.all().delete()
    assert decide(
        plan, manager, approve=[singing.pk], reject={dancing.pk: "Der Chor war zuerst da."}
    )
    plan.refresh_from_db()
    assert (plan.decided_at, plan.decided_by) == (JULY, manager)
    assert states(singing) == {DateState.APPROVED, DateState.SKIPPED_SCHOOL_HOLIDAY}
    assert states(dancing) == {DateState.REJECTED}
    assert OutgoingMail.objects.count() == 2
    assert OutgoingMail.objects.filter(recipient=singer.email).count() == 1
    assert all_is_right()


def test_single_dates_can_be_decided_otherwise(plan, rivals, singer, manager):
    singing, dancing = rivals
    both = rivals_in(plan).rivalries[0].clashes
    theirs = [date.pk for clash in both for date in clash.dates if date.booking == singing]
    OutgoingMail.objects.all().delete()
    reasons = dict.fromkeys(theirs, "Im September tanzt der Tanzkreis.")
    decide(plan, manager, approve=[singing.pk, dancing.pk], reject_dates=reasons)
    assert states(dancing) == {DateState.APPROVED}
    assert singing.dates.filter(state=DateState.REJECTED).count() == len(theirs)
    mail = OutgoingMail.objects.get(recipient=singer.email)
    assert "Diese 6 Termine können wir nicht zusagen" in mail.text
    assert all_is_right()


@pytest.mark.parametrize("is_promised", [True, False])
def test_a_date_that_was_moved_and_holds_its_time_is_decided_like_all(
    plan, room, choir, singer, dancers, manager, is_promised
):
    series(room, choir, manager)
    (booking,) = renewed(plan, choir, singer)
    date = booking.dates.filter(state=DateState.REQUESTED).select_related("occurrence")[0]
    later = Span(date.span.end, date.span.end + dt.timedelta(hours=1))
    june = dt.datetime(2027, 6, 10, 12, tzinfo=BERLIN)
    ask_for_change(booking=booking, moves=[Move(date.pk, room, later)], actor=singer, now=june)
    behind = requested(room, later, association=dancers, waits=Waits.BEHIND_REQUEST, now=june)
    reject = {} if is_promised else {booking.pk: "Die Aula wird umgebaut."}
    now = june + dt.timedelta(days=6)
    decide(plan, manager, now=now, approve=[booking.pk] if is_promised else [], reject=reject)
    date.refresh_from_db()
    assert date.state == (DateState.APPROVED if is_promised else DateState.REJECTED)
    assert date_of(behind).stands != is_promised
    assert all_is_right(now)


def test_a_date_that_moved_before_the_lock_is_looked_at_again(
    plan, room, choir, singer, manager, monkeypatch
):
    series(room, choir, manager)
    (booking,) = renewed(plan, choir, singer)
    date = booking.dates.filter(state=DateState.REQUESTED)[0]
    office = add_room(room.centre, "Büro")
    lock, calls = ledger.lock_rooms, []

    def move_meanwhile(room_ids):
        calls.append(list(room_ids))
        if len(calls) == 1:
            BookingDate.objects.filter(pk=date.pk).update(room=office)
        return lock(calls[-1])

    monkeypatch.setattr(ledger, "lock_rooms", move_meanwhile)
    assert decide(plan, manager, approve=[booking.pk])
    assert len(calls) == 2
    assert all_is_right()


def test_promising_rivals_names_them_and_writes_nothing(plan, rivals, manager):
    singing, dancing = rivals
    before = list(BookingDate.objects.values_list("pk", "state").order_by("pk"))
    faults = refused(decide, plan, manager, approve=[singing.pk, dancing.pk])
    assert {fault.code for fault in faults} == {PlanCode.RIVALS}
    assert len(faults) == 6
    assert "Tanzkreis" in plan_sentence(faults[0])
    assert list(BookingDate.objects.values_list("pk", "state").order_by("pk")) == before


def test_what_is_not_chosen_stays_open(plan, rivals, manager):
    singing, dancing = rivals
    assert decide(plan, manager, approve=[singing.pk]) is False
    plan.refresh_from_db()
    assert plan.decided_at is None
    assert states(dancing) == {DateState.REQUESTED}
    assert codes(decide, plan, manager, approve=[dancing.pk]) == [PlanCode.TAKEN] * 6
    assert decide(plan, manager, reject={dancing.pk: "Vergeben."}) is True


def test_an_ordinary_promise_meanwhile_refuses_that_date(plan, rivals, room, manager):
    singing, dancing = rivals
    promised(room, span(day=dt.date(2027, 11, 30)), now=MAY)
    requested(room, span(day=dt.date(2027, 11, 23)), now=JULY)
    create_closure(
        centre=room.centre,
        rooms=[room],
        span=span(day=dt.date(2027, 11, 16)),
        reason="Impftag",
        actor=manager,
        now=JULY,
    )
    faults = refused(decide, plan, manager, approve=[singing.pk], reject={dancing.pk: "Vergeben."})
    assert [fault.code for fault in faults] == [PlanCode.CLOSED, PlanCode.HELD, PlanCode.TAKEN]


def test_who_waits_outside_of_the_plan_goes_to_the_waiting_list(plan, rivals, room, manager):
    singing, _dancing = rivals
    waiting = requested(room, span(day=dt.date(2027, 11, 30)), now=MAY)
    BookingDate.objects.filter(booking=waiting).update(holds_until=None)  # as when a hold ends
    Occupancy.objects.filter(booking_date__booking=waiting).delete()
    decide(plan, manager, approve=[singing.pk])
    assert date_of(waiting).state == DateState.WAITLISTED


def test_decisions_that_are_none_are_refused_with_everything(plan, rivals, room, manager):
    singing, dancing = rivals
    elsewhere = promised(room, span(day=dt.date(2027, 5, 7)), now=MAY)
    assert codes(decide, plan, manager, now=MAY, approve=[singing.pk]) == [
        PlanCode.STILL_COLLECTING
    ]
    assert codes(decide, plan, manager) == [PlanCode.NOTHING_CHOSEN]
    assert codes(
        decide,
        plan,
        manager,
        approve=[singing.pk, elsewhere.pk],
        reject={singing.pk: "Nein.", dancing.pk: " "},
    ) == [PlanCode.NOT_IN_PLAN, PlanCode.BOTH_WAYS, PlanCode.REASON_MISSING]


def test_the_second_of_two_deciders_is_told(plan, rivals, manager):
    singing, dancing = rivals
    decide(plan, manager, approve=[singing.pk])
    date = singing.dates.filter(state=DateState.APPROVED).first()
    assert (
        codes(decide, plan, manager, reject={singing.pk: "Nein."}, reject_dates={date.pk: "Nein."})
        == [PlanCode.DECIDED_ALREADY] * 2
    )
    decide(plan, manager, reject={dancing.pk: "Vergeben."})
    assert codes(decide, plan, manager, approve=[dancing.pk]) == [PlanCode.DECIDED]


@pytest.mark.parametrize("at_once", [True, False])
def test_giving_up_the_last_open_request_decides_the_plan(plan, rivals, singer, manager, at_once):
    singing, dancing = rivals
    decide(plan, manager, approve=[dancing.pk])
    *dates, last = singing.dates.filter(state=DateState.REQUESTED)
    if at_once:
        withdraw(singing, singer, JULY)
    else:
        singing.dates.filter(pk__in=[date.pk for date in dates]).update(state=DateState.REJECTED)
        give_up(date=last, actor=singer, now=JULY)
    plan.refresh_from_db()
    assert (plan.decided_at, plan.decided_by) == (JULY, singer)


@pytest.mark.parametrize("last", ["promised", "refused", "each otherwise"])
def test_a_single_decision_on_the_last_open_request_decides_the_plan(plan, rivals, manager, last):
    singing, dancing = rivals
    decide(plan, manager, reject={dancing.pk: "Vergeben."})
    keys = [date.pk for date in singing.dates.filter(state=DateState.REQUESTED)]
    step = {"booking": singing, "actor": manager, "now": JULY}
    if last == "promised":
        approve(date_ids=keys, **step)
    elif last == "refused":
        reject(date_ids=keys, reason="Wir bauen um.", **step)
    else:
        decide_request(approve=keys[:1], reject=keys[1:], reason="Wir bauen um.", **step)
    plan.refresh_from_db()
    assert (plan.decided_at, plan.decided_by) == (JULY, manager)
    assert all_is_right()


def test_undoing_the_decision_that_ended_a_plan_opens_it_again(plan, rivals, manager):
    singing, dancing = rivals
    decide(plan, manager, reject={dancing.pk: "Vergeben."})
    keys = [date.pk for date in singing.dates.filter(state=DateState.REQUESTED)]
    step = {"booking": singing, "date_ids": keys, "actor": manager}
    approve(**step, now=JULY, keep_mail_back=True)
    undo_approval(**step, now=JULY + dt.timedelta(minutes=1))
    plan.refresh_from_db()
    assert (plan.decided_at, plan.decided_by) == (None, None)
    assert decide(plan, manager, approve=[singing.pk]) is True
    assert all_is_right()


def test_a_single_decision_leaves_a_plan_open_that_has_open_dates(plan, rivals, manager):
    singing, _dancing = rivals
    keys = [date.pk for date in singing.dates.filter(state=DateState.REQUESTED)]
    reject(booking=singing, date_ids=keys, actor=manager, reason="Wir bauen um.", now=JULY)
    plan.refresh_from_db()
    assert plan.decided_at is None


def test_a_decision_costs_no_more_for_more_dates(plan, room, choir, dancers, singer, manager):
    series(room, choir, manager)
    short = series(room, dancers, manager, start="17:00", end="18:00")
    (long_one,) = renewed(plan, choir, singer)
    until = SeriesChange(until=dt.date(2027, 9, 1))
    (short_one,) = renewed(plan, dancers, manager, changes={short.pk: until})
    counted = []
    for booking in (short_one, long_one):
        with CaptureQueriesContext(connection) as queries:
            decide(plan, manager, approve=[booking.pk])
        counted.append(len(queries))
    assert (short_one.dates.count(), long_one.dates.count()) == (2, 15)
    assert abs(counted[1] - counted[0]) <= 2  # the last one closes the plan
