"""Days that differ from the week, changes of the week, and what is refused."""

from datetime import UTC, date, datetime, time

import pytest

from cms.opening_hours import (
    HOLIDAY,
    HolidayPolicy,
    HoursException,
    Kind,
    Rule,
    Schedule,
    Span,
    Status,
    TimeRange,
)
from tests.unit.opening_hours.practice import (
    HOLIDAYS,
    LEAVE,
    MON,
    PRACTICE,
    SAT,
    SHORT_FRIDAY,
    SUN,
    TUE,
    at,
    rules,
    shown,
    times,
    week_of,
)

# Public holidays


@pytest.mark.parametrize(
    ("policy", "expected", "holiday"),
    [
        (HolidayPolicy.CLOSED, [], "Reformationstag"),
        (HolidayPolicy.AS_SUNDAY, ["14:00-16:00"], None),
        (HolidayPolicy.OWN_TIMES, ["09:00-10:00"], None),
    ],
)
def test_a_holiday_beats_the_week(policy, expected, holiday):
    week = (
        *rules(Kind.OPEN, TUE, "8-12"),
        *rules(Kind.OPEN, SUN, "14-16"),
        *rules(Kind.OPEN, HOLIDAY, "9-10"),
    )
    schedule = Schedule(week, holiday_policy=policy, holidays=HOLIDAYS.get)

    assert shown(schedule.spans_on(date(2028, 10, 31))) == expected
    assert shown(schedule.spans_on(date(2028, 10, 24))) == ["08:00-12:00"]
    assert schedule.state_at(at("2028-10-31 11:00")).holiday == holiday


@pytest.mark.parametrize("policy", [HolidayPolicy.AS_SUNDAY, HolidayPolicy.OWN_TIMES])
def test_without_times_for_holidays_the_holiday_closes(policy):
    schedule = Schedule(
        tuple(rules(Kind.OPEN, TUE, "8-12")), holiday_policy=policy, holidays=HOLIDAYS.get
    )

    state = schedule.state_at(at("2028-10-31 10:00"))

    assert (state.status, state.holiday) == (Status.CLOSED, "Reformationstag")
    assert state.opens == at("2028-11-07 08:00")


def test_a_day_that_is_closed_anyway_is_not_closed_by_the_holiday(practice):
    assert practice.state_at(at("2026-10-31 10:00")).holiday is None
    assert practice.closed_by_holiday(date(2028, 10, 31)) == "Reformationstag"
    assert practice.closed_by_holiday(date(2028, 10, 24)) is None


def test_an_exception_opens_on_a_holiday():
    day = date(2028, 10, 31)
    special = HoursException(day, day, times("10-11"))
    schedule = Schedule(tuple(PRACTICE), (special,), holidays=HOLIDAYS.get)

    assert shown(schedule.spans_on(day)) == ["10:00-11:00"]
    assert schedule.usual_spans_on(day) == ()
    assert schedule.state_at(at("2028-10-31 12:00")).holiday is None


def test_a_closure_beats_the_holiday(practice):
    state = practice.state_at(at("2026-12-25 10:00"))

    assert (state.closure, state.holiday) == (LEAVE, None)


# Exceptions


def test_a_closure_beats_other_hours_and_the_shorter_of_two_holds():
    day = date(2026, 11, 27)
    long = HoursException(date(2026, 11, 23), date(2026, 11, 29), times("9-10"))
    ill = HoursException(date(2026, 11, 26), date(2026, 11, 28))

    both = Schedule(tuple(PRACTICE), (long, SHORT_FRIDAY))
    closed = Schedule(tuple(PRACTICE), (long, SHORT_FRIDAY, ill))

    assert both.exception_on(day) == SHORT_FRIDAY
    assert both.exception_on(date(2026, 11, 26)) == long
    assert closed.exception_on(day) == ill
    assert both.exception_on(date(2026, 11, 30)) is None


def test_usual_spans_leave_the_exception_out(practice):
    assert shown(practice.usual_spans_on(date(2026, 11, 27)), Kind.OPEN) == ["08:00-13:00"]
    assert shown(practice.spans_on(date(2026, 11, 27))) == ["08:00-11:00"]


def test_exceptions_ahead_are_those_to_show():
    def exception(first: str, last: str, shown_from: str | None = None) -> HoursException:
        return HoursException(
            date.fromisoformat(first),
            date.fromisoformat(last),
            shown_from=date.fromisoformat(shown_from) if shown_from else None,
        )

    today = date(2026, 11, 24)
    over = exception("2026-11-20", "2026-11-23")
    last_day = exception("2026-11-01", "2026-11-24")
    in_14_days = exception("2026-12-08", "2026-12-09", shown_from="2026-11-24")
    in_15_days = exception("2026-12-09", "2026-12-09")
    hidden = exception("2026-11-25", "2026-11-25", shown_from="2026-11-25")
    schedule = Schedule((), (in_15_days, in_14_days, hidden, over, last_day))

    assert schedule.exceptions_ahead(today) == (last_day, in_14_days)
    assert schedule.exceptions_ahead(today, days=30) == (last_day, in_14_days, in_15_days)


def test_the_return_is_the_first_day_with_times(practice):
    again = HoursException(date(2027, 1, 4), date(2027, 1, 5))
    longer = Schedule(tuple(PRACTICE), (LEAVE, again), holidays=HOLIDAYS.get)

    assert practice.next_return(LEAVE) == date(2027, 1, 4)
    assert practice.next_return(SHORT_FRIDAY) == date(2026, 11, 30)
    assert longer.next_return(LEAVE) == date(2027, 1, 6)


def test_a_closure_of_years_is_jumped_over():
    asked: list[date] = []

    def holidays(day: date) -> str | None:
        asked.append(day)
        return HOLIDAYS.get(day)

    fire = HoursException(date(2026, 1, 1), date(2032, 12, 31))
    schedule = Schedule(tuple(PRACTICE), (fire,), holidays=holidays)

    state = schedule.state_at(at("2026-11-24 10:00"))

    assert state.opens == at("2033-01-03 08:00")
    assert len(asked) < 20


def test_a_closure_without_end_is_closed_for_good():
    for_good = HoursException(date(2026, 1, 1), date.max)
    schedule = Schedule((*PRACTICE, *rules(Kind.OPEN, MON, "8-9", valid_to=date.max)), (for_good,))

    state = schedule.state_at(at("2026-11-24 10:00"))

    assert (state.status, state.opens) == (Status.CLOSED, None)
    assert schedule.next_return(for_good) is None
    assert schedule.changes_ahead(date(2027, 1, 4)) == ()


def test_times_that_never_come_end_the_search():
    schedule = Schedule(
        tuple(rules(Kind.OPEN, HOLIDAY, "8-12")), holiday_policy=HolidayPolicy.OWN_TIMES
    )

    assert schedule.next_opening(at("2026-11-24 10:00")) is None
    assert schedule.next_change(at("2026-11-24 10:00")) is None


@pytest.mark.parametrize("times", [("0-24",), ("22-2",), ("8-12", "20-4")])
@pytest.mark.parametrize("day", [date.min, date(1, 1, 2), date(9998, 12, 31), date.max])
def test_the_ends_of_the_calendar_do_no_harm(day, times):
    schedule = week_of(*(rule for number in range(7) for rule in rules(Kind.OPEN, number, *times)))
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)

    assert schedule.state_at(noon).status in {Status.OPEN, Status.CLOSED}
    assert bool(schedule.spans_on(day)) is (date.min < day < date.max)
    assert schedule.closed_by_holiday(day) is None
    schedule.next_change(noon)
    schedule.next_opening(noon)
    never = Schedule(
        tuple(rules(Kind.OPEN, HOLIDAY, "8-12")), holiday_policy=HolidayPolicy.OWN_TIMES
    )
    assert never.next_opening(noon) is None


# Changes


@pytest.mark.parametrize(
    ("now", "change"),
    [
        ("2026-11-24 06:00", "2026-11-24 07:30"),  # phone
        ("2026-11-24 07:30", "2026-11-24 08:00"),  # doors
        ("2026-11-24 10:14", "2026-11-24 11:30"),  # closing soon
        ("2026-11-24 11:30", "2026-11-24 12:00"),
        ("2026-11-24 12:00", "2026-11-24 15:00"),
        ("2026-11-24 18:00", "2026-11-25 07:30"),
        ("2026-12-24 10:00", "2027-01-04 07:30"),
    ],
)
def test_the_next_change(practice, now, change):
    assert practice.next_change(at(now)) == at(change)


def test_a_short_opening_is_closing_soon_from_its_start():
    schedule = week_of(*rules(Kind.OPEN, TUE, "10-10:20"))

    assert schedule.state_at(at("2026-11-24 10:00")).closing_soon
    assert schedule.next_change(at("2026-11-24 10:00")) == at("2026-11-24 10:20")


@pytest.mark.parametrize(
    ("now", "kind", "start", "end"),
    [
        ("2026-11-24 06:00", Kind.OPEN, "2026-11-24 08:00", "2026-11-24 12:00"),
        ("2026-11-24 08:00", Kind.OPEN, "2026-11-24 15:00", "2026-11-24 18:00"),
        ("2026-11-27 10:00", Kind.OPEN, "2026-11-30 08:00", "2026-11-30 12:00"),
    ],
)
def test_the_next_opening(practice, now, kind, start, end):
    assert practice.next_opening(at(now)) == Span(kind, at(start), at(end))


def test_the_next_opening_knows_its_kind_and_note():
    schedule = week_of(
        *rules(Kind.WALK_IN, TUE, "8-9", note="ohne Termin"), *rules(Kind.OPEN, TUE, "9-12")
    )

    assert schedule.next_opening(at("2026-11-24 07:00")) == Span(
        Kind.WALK_IN, at("2026-11-24 08:00"), at("2026-11-24 12:00"), "ohne Termin"
    )


def test_the_note_of_the_next_opening_is_its_own():
    schedule = week_of(
        *rules(Kind.OPEN, TUE, "8-9", note="Kinder"), *rules(Kind.OPEN, TUE, "15-16")
    )

    afternoon = schedule.next_opening(at("2026-11-24 12:00"))

    assert afternoon == Span(Kind.OPEN, at("2026-11-24 15:00"), at("2026-11-24 16:00"))


def test_changes_of_the_week_ahead(practice):
    until_march = rules(Kind.OPEN, SAT, "9-11", valid_to=date(2027, 2, 28))
    schedule = Schedule((*PRACTICE, *until_march))

    assert practice.changes_ahead(date(2026, 11, 24)) == (date(2027, 1, 4),)
    assert practice.changes_ahead(date(2027, 1, 3)) == (date(2027, 1, 4),)
    assert practice.changes_ahead(date(2027, 1, 4)) == ()
    assert schedule.changes_ahead(date(2026, 11, 24)) == (date(2027, 1, 4), date(2027, 3, 1))


def test_a_rule_followed_by_an_equal_one_is_no_change():
    schedule = week_of(
        *rules(Kind.OPEN, TUE, "8-12", valid_to=date(2026, 12, 31)),
        *rules(Kind.OPEN, TUE, "8-12", valid_from=date(2027, 1, 1)),
    )

    assert schedule.changes_ahead(date(2026, 11, 24)) == ()


def test_rules_for_holidays_count_only_where_they_are_used():
    week = tuple(rules(Kind.OPEN, HOLIDAY, "8-12", valid_from=date(2027, 1, 1)))

    assert Schedule(week).changes_ahead(date(2026, 11, 24)) == ()
    own = Schedule(week, holiday_policy=HolidayPolicy.OWN_TIMES)
    assert own.changes_ahead(date(2026, 11, 24)) == (date(2027, 1, 1),)


def test_rules_valid_on_a_day(practice):
    late = PRACTICE[-1]

    assert late not in practice.rules_valid_on(date(2027, 1, 3))
    assert late in practice.rules_valid_on(date(2027, 1, 4))


# What is refused


@pytest.mark.parametrize(
    ("kind", "weekday", "start", "end", "message"),
    [
        (Kind.OPEN, 8, time(8), time(12), "weekday"),
        (Kind.OPEN, -1, time(8), time(12), "weekday"),
        (Kind.OPEN, MON, time(12), time(8), "after its start"),
        (Kind.OPEN, MON, time(8), time(8), "after its start"),
        (Kind.OPEN, MON, None, None, "without times"),
        (Kind.APPOINTMENT, MON, time(8), None, "without times"),
        (Kind.APPOINTMENT, MON, None, time(8), "without times"),
        (Kind.OPEN, MON, time(8, tzinfo=UTC), time(12), "time zone"),
    ],
)
def test_wrong_rules_are_refused(kind, weekday, start, end, message):
    with pytest.raises(ValueError, match=message):
        Rule(kind, weekday, start, end)


def test_wrong_exceptions_are_refused():
    with pytest.raises(ValueError, match="after its start"):
        TimeRange(time(12), time(12))
    with pytest.raises(ValueError, match="first day"):
        HoursException(date(2026, 11, 24), date(2026, 11, 23))
