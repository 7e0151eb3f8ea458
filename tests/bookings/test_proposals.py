"""A series before it is sent: every date with its verdict and ways out; then sent as chosen."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import Booking, Room
from bookings.rules.policy import Bookers, HolidayRule
from bookings.rules.proposal import Choice, HolidayChoice, Verdict
from bookings.rules.recurrence import Frequency, Recurrence
from bookings.rules.refusals import Code, RefusedError
from bookings.rules.states import DateState
from bookings.selectors.ledger_check import differences
from bookings.selectors.proposals import SeriesWish, propose, wanted_dates
from bookings.services.closures import create_closure
from bookings.services.own_dates import give_up
from bookings.services.policies import save_policy
from bookings.services.requests import NewRequest, send_request
from bookings.wording import refusal_sentence
from cms.wording import plain_text
from tests.factories.bookings import (
    NOW,
    AssociationFactory,
    add_room,
    promised,
    requested,
    span,
)

pytestmark = pytest.mark.django_db

TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SET LOCAL")  # ask nothing
DAILY = Recurrence(Frequency.DAILY)
TUESDAYS = Recurrence(Frequency.WEEKLY, (1,))
FIRST, UNTIL = dt.date(2026, 12, 1), dt.date(2027, 1, 26)
# 29 December and 5 January lie in the Christmas holidays.


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def evening(on: dt.date, start: str = "19:00", end: str = "21:00"):
    return span(start, end, on)


def wish(room, **values) -> SeriesWish:
    defaults = {
        "recurrence": TUESDAYS,
        "first": FIRST,
        "until": UNTIL,
        "start": dt.time(19),
        "end": dt.time(21),
        "persons": 20,
    }
    return SeriesWish(room=room, **{**defaults, **values})


def by_day(proposal) -> dict:
    return {one.day: one for one in proposal.dates}


def series_request(proposal, choir, singer, choices=None) -> NewRequest:
    return NewRequest(
        room=proposal.wish.room,
        association=choir,
        requester=singer,
        dates=wanted_dates(proposal, choices),
        recurrence=proposal.wish.recurrence,
        holidays=proposal.wish.holidays,
        purpose="Chorprobe",
        persons=20,
        contact_name="Erika Muster",
        contact_phone="040 66969 120",
    )


def test_every_date_has_its_verdict(centre, room, manager, choir):
    promised(room, evening(day("2026-12-08")))
    requested(room, evening(day("2026-12-15"), "20:00", "22:00"))
    requested(room, evening(day("2026-12-22")), association=choir)
    create_closure(
        centre=centre,
        rooms=[room],
        span=evening(day("2027-01-12"), "08:00", "22:00"),
        reason="Reinigung",
        actor=manager,
        now=NOW,
    )
    proposal = propose(wish(room, association=choir), now=NOW)
    found = {str(one.day): (one.verdict, one.reason) for one in proposal.dates}
    assert found == {
        "2026-12-01": (Verdict.FREE, ""),
        "2026-12-08": (Verdict.TAKEN, ""),
        "2026-12-15": (Verdict.HELD, ""),
        "2026-12-22": (Verdict.OWN, ""),
        "2026-12-29": (Verdict.SCHOOL_HOLIDAYS, "Weihnachtsferien"),
        "2027-01-05": (Verdict.SCHOOL_HOLIDAYS, "Weihnachtsferien"),
        "2027-01-12": (Verdict.CLOSED, "Reinigung"),
        "2027-01-19": (Verdict.FREE, ""),
        "2027-01-26": (Verdict.FREE, ""),
    }
    assert (proposal.free, len(proposal.problems)) == (3, 6)
    assert {one.preset for one in proposal.problems} == {Choice.LEAVE_OUT}


def test_public_holidays_and_what_the_group_wants_of_them(room):
    fridays = Recurrence(Frequency.WEEKLY, (4,))
    asked = wish(room, recurrence=fridays, first=day("2026-12-18"), until=day("2027-01-08"))
    christmas = by_day(propose(asked, now=NOW))[day("2026-12-25")]
    assert christmas.verdict is Verdict.PUBLIC_HOLIDAY
    assert christmas.reason == "Erster Weihnachtstag"
    assert christmas.choices == (Choice.LEAVE_OUT, Choice.KEEP)
    keeps = HolidayChoice(HolidayRule.KEEP, HolidayRule.SKIP)
    proposal = propose(
        wish(
            room,
            recurrence=fridays,
            first=day("2026-12-18"),
            until=day("2027-01-08"),
            holidays=keeps,
        ),
        now=NOW,
    )
    assert by_day(proposal)[day("2026-12-25")].verdict is Verdict.FREE


def test_a_quiet_day_is_a_hint_and_no_refusal(room):
    sundays = Recurrence(Frequency.WEEKLY, (6,))
    asked = wish(room, recurrence=sundays, first=day("2027-11-07"), until=day("2027-11-21"))
    found = by_day(propose(asked, now=NOW))
    assert found[day("2027-11-21")].quiet_day == "Totensonntag"
    assert found[day("2027-11-14")].quiet_day == "Volkstrauertag"
    assert found[day("2027-11-21")].works


def test_ways_out_are_another_room_and_another_time(centre, room):
    add_room(centre, "Kammer", capacity=5)
    other = add_room(centre, "Besprechung", capacity=22)
    add_room(centre, "Großer Saal", capacity=90)
    promised(room, evening(day("2026-12-08"), "18:00", "20:00"))
    problem = by_day(propose(wish(room), now=NOW))[day("2026-12-08")]
    assert problem.other_room == other  # the smallest that holds the group
    assert problem.other_time == evening(day("2026-12-08"), "20:00", "22:00")
    assert problem.choices == (
        Choice.LEAVE_OUT,
        Choice.OTHER_ROOM,
        Choice.OTHER_TIME,
        Choice.WAIT,
    )


def test_another_room_has_its_own_rules_for_who_may_book(centre, room, choir, singer):
    other = add_room(centre, "Besprechung", capacity=22)
    save_policy(centre=centre, room=other, values={"bookers": Bookers.CHECKED})
    promised(room, evening(day("2026-12-08"), "18:00", "20:00"))
    of_choir = propose(wish(room, association=choir), now=NOW)
    unchecked = AssociationFactory.create(home_centre=centre, checked_at=None)
    of_unchecked = propose(wish(room, association=unchecked), now=NOW)
    assert by_day(of_choir)[day("2026-12-08")].other_room == other
    assert by_day(of_unchecked)[day("2026-12-08")].other_room is None
    choices = {day("2026-12-08"): Choice.OTHER_ROOM}
    with pytest.raises(RefusedError) as refused:
        send_request(request=series_request(of_choir, unchecked, singer, choices), now=NOW)
    assert [one.code for one in refused.value.refusals] == [Code.NOT_CHECKED]


@pytest.mark.parametrize(
    "rules",
    [
        {"raster_minutes": 60, "shortest_minutes": 60},
        {"horizon_days": 10},
        {"lead_hours": 15 * 24},
        {"shortest_minutes": 180},
    ],
)
def test_another_room_is_offered_only_if_its_own_rules_take_the_date(centre, room, rules):
    other = add_room(centre, "Besprechung", capacity=22)
    save_policy(centre=centre, room=other, values=rules)
    promised(room, evening(day("2026-12-08"), "18:00", "20:00"))
    asked = wish(room, start=dt.time(19, 30), end=dt.time(21, 30))
    assert by_day(propose(asked, now=NOW))[day("2026-12-08")].other_room is None


def test_another_time_leaves_the_team_its_notice(centre, room):
    save_policy(centre=centre, room=room, values={"lead_hours": 24})
    taken = day("2026-11-25")
    promised(room, evening(taken, "11:00", "22:00"))
    asked = wish(room, recurrence=DAILY, first=taken, start=dt.time(11), end=dt.time(12))
    assert by_day(propose(asked, now=NOW))[taken].other_time is None  # 10:00 is too soon


def test_times_that_are_wrong_are_said_though_the_room_is_closed_on_the_first_day(centre, room):
    save_policy(centre=centre, room=room, values={"longest_minutes": 60})
    room.hours.filter(weekday=FIRST.weekday()).delete()
    with pytest.raises(RefusedError) as refused:
        propose(wish(room, recurrence=DAILY), now=NOW)
    assert {one.code for one in refused.value.refusals} == {Code.TOO_LONG}


def test_a_day_that_the_rule_leaves_out_is_not_judged(room):
    second_tuesdays = Recurrence(Frequency.MONTHLY, (1,), nth=2)
    times = {"start": dt.time(9), "end": dt.time(10)}
    asked = wish(room, recurrence=second_tuesdays, first=NOW.date(), **times)
    assert [one.day for one in propose(asked, now=NOW).dates] == [
        day("2026-12-08"),
        day("2027-01-12"),
    ]


def test_the_last_day_that_is_named_is_one_that_is_taken(centre, room):
    def named(horizon: int, until: dt.date | None) -> dt.date:
        save_policy(centre=centre, room=room, values={"horizon_days": horizon})
        with pytest.raises(RefusedError) as refused:
            propose(wish(Room.objects.get(pk=room.pk), recurrence=DAILY, until=until), now=NOW)
        (refusal,) = refused.value.refusals
        return refusal.values["last"]

    for horizon, last in [(366, day("2027-11-25")), (732, day("2028-01-04"))]:
        for until in (None, dt.date(2028, 1, 5), dt.date(2029, 6, 1)):
            assert named(horizon, until) == last


def test_outside_the_times_of_use(centre):
    short = add_room(centre, "Café", hours=("08:00", "20:00"))
    problem = propose(wish(short), now=NOW).dates[0]
    assert problem.verdict is Verdict.OUTSIDE_HOURS
    assert problem.other_time == evening(FIRST, "18:00", "20:00")


def test_what_is_sent_is_what_was_chosen(centre, room, choir, singer):
    other = add_room(centre, "Besprechung", capacity=22)
    for text in ("2026-12-08", "2026-12-15", "2027-01-05"):
        promised(room, evening(day(text), "18:00", "20:00"))
    proposal = propose(wish(room, association=choir), now=NOW)
    choices = {
        day("2026-12-08"): Choice.OTHER_ROOM,
        day("2026-12-15"): Choice.OTHER_TIME,
        day("2027-01-05"): Choice.WAIT,
        day("2026-12-29"): Choice.KEEP,
    }
    booking = send_request(request=series_request(proposal, choir, singer, choices), now=NOW)
    dates = {
        str(date.occurrence.original_start.date()): date
        for date in booking.dates.select_related("occurrence", "room")
    }
    assert len(dates) == 9
    assert dates["2026-12-08"].room == other
    assert dates["2026-12-15"].span == evening(day("2026-12-15"), "20:00", "22:00")
    assert dates["2027-01-05"].state == DateState.WAITLISTED
    assert dates["2026-12-29"].state == DateState.REQUESTED
    assert not differences(now=NOW)


def test_left_out_dates_are_stored_with_their_reason(room, choir, singer):
    promised(room, evening(day("2026-12-08")))
    proposal = propose(wish(room, association=choir), now=NOW)
    booking = send_request(request=series_request(proposal, choir, singer), now=NOW)
    left_out = booking.dates.exclude(state=DateState.REQUESTED).order_by("occurrence__start")
    assert [(date.state, date.reason, date.occurrence.cancelled) for date in left_out] == [
        (DateState.SKIPPED_CONFLICT, "", True),
        *[(DateState.SKIPPED_SCHOOL_HOLIDAY, "Weihnachtsferien", True)] * 2,
    ]
    assert not differences(now=NOW)


def test_a_left_out_date_that_nobody_else_has_says_why(centre, room, choir):
    requested(room, evening(FIRST), association=choir)
    own = wanted_dates(propose(wish(room, association=choir), now=NOW))[0]
    assert own.reason == "die Gruppe hat zu dieser Zeit schon einen Termin"
    short = add_room(centre, "Café", hours=("08:00", "20:00"))
    outside = wanted_dates(propose(wish(short), now=NOW))[0]
    assert outside.reason == "außerhalb der Nutzungszeiten"


def test_what_was_taken_meanwhile_is_named_and_nothing_is_stored(room, choir, singer):
    proposal = propose(wish(room, association=choir), now=NOW)
    taken = promised(room, evening(day("2027-01-12")))
    with pytest.raises(RefusedError) as refused:
        send_request(request=series_request(proposal, choir, singer), now=NOW)
    (refusal,) = refused.value.refusals
    assert refusal.code is Code.DATES_GONE
    assert [one.code for _span, one in refusal.values["dates"]] == [Code.TAKEN]
    assert "Di., 12. Januar 2027, 19:00–21:00 Uhr – belegt" in plain_text(refusal_sentence(refusal))
    assert list(Booking.objects.all()) == [taken]
    give_up(date=taken.dates.get(), actor=None, now=NOW)
    send_request(request=series_request(proposal, choir, singer), now=NOW)


def test_a_choice_that_is_not_there_is_refused(room):
    proposal = propose(wish(room), now=NOW)
    with pytest.raises(RefusedError) as refused:
        wanted_dates(proposal, {FIRST: Choice.OTHER_ROOM})
    assert refused.value.refusals[0].code is Code.CHOICE_GONE
    assert "1. Dezember 2026" in plain_text(refusal_sentence(refused.value.refusals[0]))


def test_somebody_who_leaves_everything_out_sends_nothing(room, choir, singer):
    proposal = propose(wish(room), now=NOW)
    nothing = {one.day: Choice.LEAVE_OUT for one in proposal.dates}
    with pytest.raises(RefusedError) as refused:
        send_request(request=series_request(proposal, choir, singer, nothing), now=NOW)
    assert refused.value.refusals[0].code is Code.NO_DATES_LEFT
    assert not Booking.objects.exists()


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"until": None}, {Code.NO_END}),
        ({"until": dt.date(2029, 6, 1)}, {Code.TOO_FAR}),
        ({"until": day("2028-06-01")}, {Code.TOO_FAR}),
        ({"first": day("2026-11-03")}, {Code.PAST_DAY}),
        (
            {"recurrence": Recurrence(Frequency.WEEKLY, (), 3), "persons": 80, "until": None},
            {Code.UNKNOWN_RULE, Code.TOO_MANY, Code.NO_END},
        ),
        ({"start": dt.time(21), "end": dt.time(19)}, {Code.END_BEFORE_START}),
        ({"start": dt.time(19, 7)}, {Code.OFF_RASTER}),
    ],
)
def test_what_is_wrong_with_the_whole_series_is_said_at_once(room, values, codes):
    with pytest.raises(RefusedError) as refused:
        propose(wish(room, **values), now=NOW)
    assert {one.code for one in refused.value.refusals} == codes


def queries_of(call) -> int:
    with CaptureQueriesContext(connection) as queries:
        call()
    return len([query for query in queries if not query["sql"].startswith(TRANSACTION)])


def test_queries_do_not_grow_with_dates_or_rooms(centre, room, choir, singer):
    for text in ("2026-12-08", "2026-12-15"):
        promised(room, evening(day(text)))
    add_room(centre, "Besprechung")
    few = queries_of(lambda: propose(wish(room), now=NOW))
    for number in range(3):
        add_room(centre, f"Raum {number}")
    many = queries_of(lambda: propose(wish(room, until=day("2027-11-23")), now=NOW))
    assert few == many <= 12


def test_sending_52_dates_costs_as_many_queries_as_sending_8(room, choir, singer):
    def sending(start: int, until: str) -> int:
        times = {"start": dt.time(start), "end": dt.time(start + 1), "until": day(until)}
        keeps = HolidayChoice(HolidayRule.KEEP, HolidayRule.KEEP)
        proposal = propose(wish(room, association=choir, holidays=keeps, **times), now=NOW)
        request = series_request(proposal, choir, singer)
        return queries_of(lambda: send_request(request=request, now=NOW))

    sending(8, "2027-01-19")  # the first one makes the row of the rule
    assert sending(10, "2027-01-19") == sending(12, "2027-11-23") <= 25
    assert [booking.dates.count() for booking in Booking.objects.order_by("pk")] == [8, 8, 52]
    assert not differences(now=NOW)


def test_a_date_for_which_the_one_before_leaves_no_time_is_shown_so(centre, choir, singer):
    """10 hours of set-up and of clearing up: what is left out makes room for the next but one."""
    room = add_room(centre, "Werkstatt", setup_minutes=600, turnover_minutes=600)
    daily = {"recurrence": DAILY, "until": FIRST + dt.timedelta(days=2)}
    seen = propose(wish(room, **daily, start=dt.time(8), end=dt.time(22)), now=NOW)
    assert [one.verdict for one in seen.dates] == [Verdict.FREE, Verdict.OWN, Verdict.FREE]
    assert seen.dates[1].choices == (Choice.LEAVE_OUT,)
    booking = send_request(request=series_request(seen, choir, singer), now=NOW)
    assert booking.dates.filter(state=DateState.SKIPPED_CONFLICT).count() == 1
