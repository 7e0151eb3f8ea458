"""Weeks that are not like every week: parity, n-th weekday, school holidays, and nights."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cms.holiday_calendar import calendar_with
from cms.opening_hours import (
    BERLIN,
    HOLIDAY,
    HolidayPolicy,
    HoursException,
    Kind,
    Pattern,
    Rule,
    Schedule,
    Status,
)
from tests.unit.opening_hours.practice import (
    AUTUMN,
    FRI,
    MON,
    SAT,
    SPRING,
    SUN,
    TUE,
    at,
    rules,
    shown,
    times,
    week_of,
)

CALENDAR = calendar_with(())


def days_of(pattern: Pattern, weekday: int, first: str, last: str, **extra) -> list[str]:
    """Return the days between two days on which a rule of the pattern holds."""
    schedule = Schedule(
        tuple(rules(Kind.OPEN, weekday, "8-12", pattern=pattern)),
        school_holidays=CALENDAR.school_name,
        **extra,
    )
    day, found = date.fromisoformat(first), []
    while day <= date.fromisoformat(last):
        if schedule.spans_on(day):
            found.append(f"{day:%d.%m.}")
        day += timedelta(days=1)
    return found


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (Pattern.EVERY, ["01.12.", "08.12.", "15.12.", "22.12.", "29.12."]),
        (Pattern.ODD, ["01.12.", "15.12.", "29.12."]),
        (Pattern.EVEN, ["08.12.", "22.12."]),
        (Pattern.FIRST, ["01.12."]),
        (Pattern.SECOND, ["08.12."]),
        (Pattern.THIRD, ["15.12."]),
        (Pattern.FOURTH, ["22.12."]),
        (Pattern.FIFTH, ["29.12."]),
        (Pattern.LAST, ["29.12."]),
        (Pattern.SCHOOL_HOLIDAYS, ["29.12."]),
        (Pattern.SCHOOL_WEEKS, ["01.12.", "08.12.", "15.12.", "22.12."]),
    ],
)
def test_the_tuesdays_of_december(pattern, expected):
    assert days_of(pattern, TUE, "2026-12-01", "2026-12-31") == expected


def test_after_week_53_a_second_odd_week_follows():
    # 2026 ends with week 53; Monday 4 January begins week 1.
    assert days_of(Pattern.ODD, MON, "2026-12-14", "2027-01-18") == [
        "14.12.", "28.12.", "04.01.", "18.01.",
    ]  # fmt: skip
    assert days_of(Pattern.EVEN, MON, "2026-12-14", "2027-01-18") == ["21.12.", "11.01."]


def test_new_year_belongs_to_the_week_of_its_thursday():
    assert days_of(Pattern.ODD, FRI, "2026-12-25", "2027-01-08") == ["01.01.", "08.01."]


def test_the_last_weekday_of_short_and_long_months():
    assert days_of(Pattern.LAST, SUN, "2027-02-01", "2027-03-31") == ["28.02.", "28.03."]
    assert days_of(Pattern.LAST, SAT, "2026-10-01", "2026-11-30") == ["31.10.", "28.11."]
    assert days_of(Pattern.FIFTH, MON, "2026-12-01", "2027-04-30") == ["29.03."]


@pytest.mark.parametrize(
    ("day", "in_holidays"),
    [
        ("2026-10-09", False),  # the last Friday before
        ("2026-10-12", True),  # the first day of the autumn holidays
        ("2026-10-24", True),  # the last one
        ("2026-10-26", False),
        ("2026-12-22", False),
        ("2026-12-23", True),
        ("2027-01-09", True),
        ("2027-01-11", False),
    ],
)
def test_the_first_and_last_day_of_school_holidays(day, in_holidays):
    weekday = date.fromisoformat(day).weekday()

    assert bool(days_of(Pattern.SCHOOL_HOLIDAYS, weekday, day, day)) is in_holidays
    assert bool(days_of(Pattern.SCHOOL_WEEKS, weekday, day, day)) is not in_holidays


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (HolidayPolicy.CLOSED, []),
        (HolidayPolicy.AS_SUNDAY, ["14:00-15:00"]),
        (HolidayPolicy.OWN_TIMES, ["10:00-11:00"]),
    ],
)
def test_a_holiday_inside_school_holidays_is_a_holiday(policy, expected):
    """Reformationstag 2028 is a Tuesday in the autumn holidays."""
    schedule = Schedule(
        (
            *rules(Kind.OPEN, TUE, "8-12", pattern=Pattern.SCHOOL_HOLIDAYS),
            *rules(Kind.OPEN, SUN, "14-15", pattern=Pattern.SCHOOL_HOLIDAYS),
            *rules(Kind.OPEN, SUN, "16-17", pattern=Pattern.SCHOOL_WEEKS),
            *rules(Kind.OPEN, HOLIDAY, "10-11", pattern=Pattern.SCHOOL_HOLIDAYS),
            *rules(Kind.OPEN, HOLIDAY, "12-13", pattern=Pattern.SCHOOL_WEEKS),
        ),
        holiday_policy=policy,
        holidays=CALENDAR.public_name,
        school_holidays=CALENDAR.school_name,
    )

    assert shown(schedule.spans_on(date(2028, 10, 31))) == expected
    assert shown(schedule.spans_on(date(2028, 10, 24))) == ["08:00-12:00"]
    assert schedule.closed_by_holiday(date(2028, 10, 31)) == (
        "Reformationstag" if not expected else None
    )


def test_a_holiday_closes_only_where_this_week_has_times():
    # 31 October 2028 lies in week 44.
    def closed_by(pattern: Pattern) -> str | None:
        week = tuple(rules(Kind.OPEN, TUE, "8-12", pattern=pattern))
        schedule = Schedule(week, holidays=CALENDAR.public_name)
        return schedule.closed_by_holiday(date(2028, 10, 31))

    assert closed_by(Pattern.EVEN) == "Reformationstag"
    assert closed_by(Pattern.ODD) is None
    assert closed_by(Pattern.LAST) == "Reformationstag"


def test_school_holidays_nobody_knows_are_school():
    only = Schedule(tuple(rules(Kind.OPEN, TUE, "8-12", pattern=Pattern.SCHOOL_HOLIDAYS)))
    never = Schedule(tuple(rules(Kind.OPEN, TUE, "8-12", pattern=Pattern.SCHOOL_WEEKS)))

    state = only.state_at(at("2026-12-29 10:00"))
    assert (state.status, state.opens) == (Status.CLOSED, None)
    assert only.next_change(at("2026-12-29 10:00")) is None
    assert never.state_at(at("2026-12-29 10:00")).status is Status.OPEN


def test_patterns_add_to_what_holds_every_week():
    schedule = week_of(
        *rules(Kind.OPEN, TUE, "8-12"), *rules(Kind.OPEN, TUE, "12-14", pattern=Pattern.FIRST)
    )

    assert shown(schedule.spans_on(date(2026, 12, 1))) == ["08:00-14:00"]
    assert shown(schedule.spans_on(date(2026, 12, 8))) == ["08:00-12:00"]


def test_a_changed_pattern_is_a_change_of_the_week():
    schedule = week_of(
        *rules(Kind.OPEN, TUE, "8-12", valid_to=date(2026, 12, 31)),
        *rules(Kind.OPEN, TUE, "8-12", valid_from=date(2027, 1, 1), pattern=Pattern.ODD),
    )

    assert schedule.changes_ahead(date(2026, 11, 24)) == (date(2027, 1, 1),)


def test_a_week_is_seven_days_from_any_day(practice):
    week = practice.week_from(date(2026, 12, 30))

    assert [day.day for day, _ in week] == [30, 31, 1, 2, 3, 4, 5]
    assert [shown(spans, Kind.OPEN) for _, spans in week][4:] == [
        [],
        ["08:00-12:00", "15:00-18:00"],
        ["08:00-12:00", "15:00-18:00"],
    ]


# Nights: Friday 27 November 2026, 22:00–2:00

NIGHT = tuple(rules(Kind.OPEN, FRI, "22-2"))
NEXT_DAY = date(2026, 11, 28)


def test_a_night_belongs_to_the_day_on_which_it_begins():
    schedule = Schedule(NIGHT)
    friday = NEXT_DAY - timedelta(days=1)

    (span,) = schedule.spans_on(friday)

    assert (span.start, span.end) == (at("2026-11-27 22:00"), at("2026-11-28 02:00"))
    assert schedule.spans_on(NEXT_DAY) == ()
    for now in ("2026-11-27 23:00", "2026-11-28 00:00", "2026-11-28 01:59"):
        state = schedule.state_at(at(now))
        assert (state.status, state.since, state.until) == (Status.OPEN, span.start, span.end)
    assert schedule.next_change(at("2026-11-27 23:00")) == at("2026-11-28 01:30")
    assert schedule.state_at(at("2026-11-28 01:30")).closing_soon
    after = schedule.state_at(at("2026-11-28 02:00"))
    assert (after.status, after.opens) == (Status.CLOSED, at("2026-12-04 22:00"))


@pytest.mark.parametrize(
    "extra",
    [
        pytest.param({"exceptions": (HoursException(NEXT_DAY, NEXT_DAY),)}, id="closure"),
        pytest.param(
            {"exceptions": (HoursException(NEXT_DAY, NEXT_DAY, times("10-11")),)}, id="other hours"
        ),
        pytest.param({"holidays": {NEXT_DAY: "Feiertag"}.get}, id="holiday"),
    ],
)
def test_what_holds_on_the_next_day_does_not_end_the_night(extra):
    state = Schedule(NIGHT, **extra).state_at(at("2026-11-28 01:00"))

    assert (state.status, state.until) == (Status.OPEN, at("2026-11-28 02:00"))
    assert Schedule(NIGHT, **extra).next_change(at("2026-11-27 21:00")) == at("2026-11-27 22:00")


@pytest.mark.parametrize(
    "extra",
    [
        {"exceptions": (HoursException(date(2026, 11, 27), date(2026, 11, 27)),)},
        {"holidays": {date(2026, 11, 27): "Feiertag"}.get},
    ],
)
def test_a_night_whose_day_is_closed_does_not_take_place(extra):
    assert Schedule(NIGHT, **extra).state_at(at("2026-11-28 01:00")).status is Status.CLOSED


def test_the_night_of_a_rule_or_an_exception_that_ended_yesterday_goes_on():
    friday = NEXT_DAY - timedelta(days=1)
    ended = week_of(*rules(Kind.OPEN, FRI, "22-2", valid_to=friday))
    special = Schedule((), (HoursException(friday, friday, times("22-2")),))
    begins = week_of(*rules(Kind.OPEN, FRI, "22-2", valid_from=NEXT_DAY))

    for schedule in (ended, special):
        assert schedule.state_at(at("2026-11-28 01:00")).until == at("2026-11-28 02:00")
        assert schedule.state_at(at("2026-11-28 02:00")).status is not Status.OPEN
    assert begins.state_at(at("2026-11-28 01:00")).status is Status.CLOSED


def test_a_night_joins_the_morning():
    schedule = week_of(*NIGHT, *rules(Kind.WALK_IN, SAT, "2-4", "9-10"))

    state = schedule.state_at(at("2026-11-28 01:00"))

    assert (state.since, state.until) == (at("2026-11-27 22:00"), at("2026-11-28 04:00"))
    assert state.reopens == at("2026-11-28 09:00")


def test_what_counts_only_after_midnight_is_found_before_a_closure():
    """The appointments of the night count once the doors are shut, on a day without any times."""
    schedule = Schedule(
        (*rules(Kind.OPEN, FRI, "20-24"), *rules(Kind.APPOINTMENT, FRI, "22-2")),
        (HoursException(NEXT_DAY, NEXT_DAY),),
    )

    assert schedule.state_at(at("2026-11-28 00:30")).status is Status.APPOINTMENT
    assert schedule.next_change(at("2026-11-27 23:45")) == at("2026-11-28 00:00")


@pytest.mark.parametrize(
    ("text", "hours"), [("22-1", 3), ("22-2", 4), ("22-2:30", 4), ("22-3", 4), ("22-4", 5)]
)
def test_a_saturday_night_into_the_missing_hour(text, hours):
    schedule = week_of(*rules(Kind.OPEN, SAT, text))

    (span,) = schedule.spans_on(SPRING - timedelta(days=1))

    assert span.end.astimezone(UTC) - span.start.astimezone(UTC) == timedelta(hours=hours)
    before_end = span.end.astimezone(UTC) - timedelta(seconds=1)
    assert schedule.state_at(before_end).until == span.end
    assert schedule.state_at(span.end).status is Status.CLOSED


def test_a_saturday_night_into_the_hour_that_comes_twice():
    schedule = week_of(*rules(Kind.OPEN, SAT, "22-2:30"))
    first = datetime(2026, 10, 25, 0, 15, tzinfo=UTC)  # 2:15 for the first time
    second = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)

    assert first.astimezone(BERLIN).date() == AUTUMN
    assert schedule.state_at(first).closing_soon
    assert schedule.state_at(second).status is Status.CLOSED


def test_rules_for_holidays_left_over_are_nothing_known():
    left_over = tuple(rules(Kind.OPEN, HOLIDAY, "8-12"))

    assert Schedule(left_over).is_unknown
    assert Schedule((*left_over, Rule(Kind.APPOINTMENT, MON, None, None))).by_appointment_only
    assert not Schedule(left_over, holiday_policy=HolidayPolicy.OWN_TIMES).is_unknown
