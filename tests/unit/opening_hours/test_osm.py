"""The expression for OpenStreetMap: its words, and its meaning as somebody else reads it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours, validate

from cms.holiday_calendar import calendar_with
from cms.opening_hours import (
    BERLIN,
    HOLIDAY,
    OSM_LIMIT,
    HolidayPolicy,
    HoursException,
    Kind,
    Pattern,
    Rule,
    Schedule,
    osm_string,
    osm_string_in_dates,
)
from cms.opening_hours.values import END_OF_NIGHT, end_second
from tests.unit.opening_hours import naive, worlds
from tests.unit.opening_hours.practice import (
    FRI,
    LEAVE,
    MON,
    SAT,
    SHORT_FRIDAY,
    SUN,
    THU,
    TUE,
    WED,
    at,
    rules,
    times,
    week_of,
)

TODAY = date(2026, 11, 24)
ORDINARY_WEEK = rules(Kind.OPEN, MON, "8-12")
CALENDAR = calendar_with(())
DAY_SECONDS = 24 * 60 * 60

# The words


@pytest.mark.parametrize(
    ("week", "expected"),
    [
        pytest.param(
            [rule for day in range(5) for rule in rules(Kind.OPEN, day, "8-12", "15-18")],
            "Mo-Fr 08:00-12:00,15:00-18:00; PH off",
            id="weekdays alike stand together",
        ),
        pytest.param(
            [
                *(rule for day in range(5) for rule in rules(Kind.OPEN, day, "8-12")),
                *(rule for day in (MON, TUE, THU) for rule in rules(Kind.OPEN, day, "15-18")),
            ],
            "Mo,Tu,Th 08:00-12:00,15:00-18:00; We,Fr 08:00-12:00; PH off",
            id="a later rule never takes a morning away",
        ),
        pytest.param(
            [*rules(Kind.OPEN, MON, "8-12"), *rules(Kind.WALK_IN, MON, "8-9:30")],
            'Mo 08:00-12:00, Mo 08:00-09:30 open "offene Sprechstunde"; PH off',
            id="walk-in",
        ),
        pytest.param(
            [*rules(Kind.OPEN, MON, "8-12"), *rules(Kind.APPOINTMENT, MON, "8-18")],
            'Mo 08:00-18:00 unknown "nur mit Termin", Mo 08:00-12:00; PH off',
            id="doors count more than appointments",
        ),
        pytest.param(
            [Rule(Kind.APPOINTMENT, TUE, None, None)],
            'Tu unknown "nach Vereinbarung"; PH off',
            id="by arrangement",
        ),
        pytest.param(
            [*ORDINARY_WEEK, *rules(Kind.PHONE, TUE, "8-12")],
            "Mo 08:00-12:00; PH off",
            id="phone hours are no opening hours",
        ),
        pytest.param(
            [*rules(Kind.OPEN, MON, "8-10", note="Kinder"), *rules(Kind.OPEN, MON, "10-12")],
            "Mo 08:00-12:00; PH off",
            id="notes are left out",
        ),
        pytest.param(
            [*ORDINARY_WEEK, *rules(Kind.OPEN, TUE, "15-18", pattern=Pattern.FIRST)],
            "Mo 08:00-12:00; Tu[1] 15:00-18:00; PH off",
            id="first Tuesday",
        ),
        pytest.param(
            [
                *rules(Kind.OPEN, TUE, "8-12"),
                *rules(Kind.OPEN, TUE, "15-18", pattern=Pattern.LAST),
            ],
            "Tu 08:00-12:00, Tu[-1] 15:00-18:00; PH off",
            id="last Tuesday adds to every Tuesday",
        ),
        pytest.param(
            [
                *rules(Kind.OPEN, MON, "8-12", pattern=Pattern.ODD),
                *rules(Kind.OPEN, MON, "15-18", pattern=Pattern.EVEN),
            ],
            "week 01-53/2 Mo 08:00-12:00, week 02-52/2 Mo 15:00-18:00; PH off",
            id="odd and even weeks",
        ),
        pytest.param(
            [
                *rules(Kind.OPEN, MON, "8-12"),
                *rules(Kind.OPEN, MON, "15-18", pattern=Pattern.SCHOOL_WEEKS),
                *rules(Kind.OPEN, TUE, "8-12", pattern=Pattern.SCHOOL_WEEKS),
                *rules(Kind.OPEN, WED, "9-10", pattern=Pattern.SCHOOL_HOLIDAYS),
            ],
            "Mo 08:00-12:00,15:00-18:00; Tu 08:00-12:00; "
            "SH Mo 08:00-12:00; SH Tu off; SH We 09:00-10:00; PH off",
            id="school holidays",
        ),
        pytest.param(
            [*rules(Kind.OPEN, FRI, "22-2"), *rules(Kind.OPEN, SAT, "10-12", "20-24")],
            "Fr 22:00-02:00, Sa 10:00-12:00,20:00-24:00; PH off",
            id="nights",
        ),
        pytest.param(
            rules(Kind.OPEN, MON, "8-12", valid_to=date(2026, 12, 31))
            + rules(Kind.OPEN, MON, "9-12", valid_from=date(2027, 1, 1)),
            "Mo 08:00-12:00; 2027 Jan 01+ Mo 09:00-12:00; PH off",
            id="a change ahead",
        ),
        pytest.param(
            rules(Kind.OPEN, MON, "8-12", valid_to=date(2026, 12, 31)),
            "Mo 08:00-12:00; 2027 Jan 01+ Mo off; PH off",
            id="an end ahead",
        ),
        pytest.param(rules(Kind.PHONE, MON, "8-12"), "", id="nothing but phone hours"),
        pytest.param([], "", id="nothing"),
    ],
)
def test_the_week_in_words(week, expected):
    text = osm_string(week_of(*week), TODAY)

    assert text == expected
    assert not text or validate(text)


@pytest.mark.parametrize(
    ("policy", "week", "expected"),
    [
        (HolidayPolicy.CLOSED, ORDINARY_WEEK, "Mo 08:00-12:00; PH off"),
        (
            HolidayPolicy.AS_SUNDAY,
            [*ORDINARY_WEEK, *rules(Kind.OPEN, SUN, "14-17")],
            "Mo 08:00-12:00; Su 14:00-17:00; PH 14:00-17:00",
        ),
        (HolidayPolicy.AS_SUNDAY, ORDINARY_WEEK, "Mo 08:00-12:00; PH off"),
        (
            HolidayPolicy.OWN_TIMES,
            [
                *ORDINARY_WEEK,
                *rules(Kind.OPEN, HOLIDAY, "9-10"),
                *rules(Kind.OPEN, HOLIDAY, "15-16", pattern=Pattern.ODD),
            ],
            "Mo 08:00-12:00; PH 09:00-10:00, week 01-53/2 PH 15:00-16:00",
        ),
        # OSM has no word for “a holiday in the school holidays”: date by date.
        (
            HolidayPolicy.OWN_TIMES,
            [*ORDINARY_WEEK, *rules(Kind.OPEN, HOLIDAY, "9-10", pattern=Pattern.SCHOOL_HOLIDAYS)],
            (
                "Mo 08:00-12:00; "
                "2026 Dec 25-26,2027 Jan 01,2027 Mar 26,2027 Mar 29,2027 Dec 25-26 09:00-10:00; "
                "2027 May 01,2027 May 06,2027 May 17,2027 Oct 03,2027 Oct 31 off"
            ),
        ),
    ],
)
def test_public_holidays_in_words(policy, week, expected):
    schedule = Schedule(
        tuple(week),
        holiday_policy=policy,
        holidays=CALENDAR.public_name,
        school_holidays=CALENDAR.school_name,
    )

    assert osm_string(schedule, TODAY) == expected
    assert validate(expected)


def test_exceptions_in_words():
    schedule = Schedule(tuple(ORDINARY_WEEK), (LEAVE, SHORT_FRIDAY))

    assert osm_string(schedule, TODAY) == (
        "Mo 08:00-12:00; PH off; 2026 Nov 27 08:00-11:00; 2026 Dec 23-2027 Jan 02 off"
    )
    assert osm_string(schedule, date(2026, 11, 28)) == (
        "Mo 08:00-12:00; PH off; 2026 Dec 23-2027 Jan 02 off"
    )


def test_a_closure_without_end_has_none_in_words():
    for_good = HoursException(TODAY, date.max)

    assert osm_string(Schedule(tuple(ORDINARY_WEEK), (for_good,)), TODAY) == (
        "Mo 08:00-12:00; PH off; 2026 Nov 24+ off"
    )


def test_a_closure_that_is_not_public_yet_stays_out():
    hidden = HoursException(date(2026, 12, 1), date(2026, 12, 4), shown_from=date(2026, 11, 25))
    schedule = Schedule(tuple(ORDINARY_WEEK), (hidden,))

    assert osm_string(schedule, TODAY) == "Mo 08:00-12:00; PH off"
    assert osm_string(schedule, date(2026, 11, 25)).endswith("; 2026 Dec 01-04 off")


def test_what_is_too_long_for_osm_loses_the_farthest_exceptions_first():
    fridays = tuple(
        HoursException(day, day, times("8-11"))
        for day in (date(2026, 11, 27) + timedelta(days=7 * number) for number in range(20))
    )

    text = osm_string(Schedule(tuple(ORDINARY_WEEK), fridays), TODAY)

    assert len(text) <= OSM_LIMIT
    assert text.count("08:00-11:00") > 5
    assert "2026 Nov 27" in text
    assert "2027 Apr 09" not in text
    assert len(osm_string_in_dates(Schedule(tuple(ORDINARY_WEEK), fridays), TODAY)) > OSM_LIMIT


def test_then_the_changes_ahead_and_never_the_week():
    def week(valid_from: date | None, shift: int) -> list[Rule]:
        return [
            rule
            for day in range(6)
            for rule in rules(
                Kind.OPEN, day, f"{shift}:{day}0-12", f"15-18:{day}0", valid_from=valid_from
            )
        ]

    now = week(None, 8)
    changed = [*now, *week(date(2027, 1, 1), 7)]

    assert osm_string(week_of(*changed), TODAY) == osm_string(week_of(*now), TODAY)
    longer = [*now, *(rule for day in range(6) for rule in rules(Kind.WALK_IN, day, f"6:{day}0-7"))]
    assert len(osm_string(week_of(*longer), TODAY)) > OSM_LIMIT
    assert validate(osm_string(week_of(*longer), TODAY))


# The meaning, compared with opening-hours-py; its faults are in docs/decisions/


def said_by(oracle: OpeningHours, now: datetime) -> tuple[str, str]:
    state, comment = oracle.state(now.astimezone(BERLIN))
    return str(state), comment if str(state) == "unknown" else ""


def said_by_us(schedule: Schedule, now: datetime) -> tuple[str, str]:
    status = schedule.state_at(now).status
    if status == "open":
        return "open", ""
    if status == "appointment":
        return "unknown", "nur mit Termin"
    day = now.astimezone(BERLIN).date()
    if any(not rule.is_timed for rule in naive.rules_on(schedule, day)):
        return "unknown", "nach Vereinbarung"
    return "closed", ""


def is_beyond_the_oracle(now: datetime, replaced: set[date]) -> bool:
    """Tell whether one of its known faults lies at this moment."""
    local = now.astimezone(BERLIN)
    eve = local.date() - timedelta(days=1)
    return bool(local.fold) or (
        local.time() < END_OF_NIGHT and not replaced.isdisjoint({eve, local.date()})
    )


def days_replaced(schedule: Schedule, today: date, asked: Sequence[date]) -> set[date]:
    """Return the days and eves with nights for which a later rule than the usual week stands."""
    if not has_nights(schedule):
        return set()
    change = min(schedule.changes_ahead(today), default=date.max)
    asks_for_school = any(rule.pattern.asks_for_school for rule in schedule.rules)
    return {
        day
        for day in {*asked, *(day - timedelta(days=1) for day in asked)}
        if schedule.exception_on(day)
        or schedule.holidays(day)
        or (asks_for_school and schedule.school_holidays(day))
        or change <= day
    }


def has_nights(schedule: Schedule) -> bool:
    pairs = [(rule.start, rule.end) for rule in schedule.rules]
    pairs += [(one.start, one.end) for exception in schedule.exceptions for one in exception.times]
    return any(start and end_second(start, end) > DAY_SECONDS for start, end in pairs)


def edges(schedule: Schedule, day: date) -> Iterator[datetime]:
    """Give the moments of a day at which something may change, and those a second before."""
    mentioned = {time(), time(2), time(3)}
    mentioned |= {end for rule in schedule.rules for end in (rule.start, rule.end)}
    for exception in schedule.exceptions:
        mentioned |= {end for times in exception.times for end in (times.start, times.end)}
    for wall in mentioned - {None}:
        now = datetime.combine(day, wall, BERLIN).astimezone(UTC)
        yield from (now, now - timedelta(seconds=1))


def disagreements(schedule: Schedule, today: date, asked: Sequence[date]) -> list[object]:
    text = osm_string_in_dates(schedule, today)
    oracle = OpeningHours(text or "off", timezone=BERLIN)
    replaced = days_replaced(schedule, today, asked)
    return [
        (text, str(now.astimezone(BERLIN)), said_by(oracle, now), said_by_us(schedule, now))
        for day in asked
        for now in edges(schedule, day)
        if not is_beyond_the_oracle(now, replaced)
        if said_by(oracle, now) != said_by_us(schedule, now)
    ]


some_days = st.one_of(worlds.days, st.dates(date(2026, 1, 1), date(2027, 12, 1)))


WEEKS = [Pattern.ODD, Pattern.EVEN]
SCHOOL = [Pattern.SCHOOL_HOLIDAYS, Pattern.SCHOOL_WEEKS]
OF_THE_MONTH = [pattern for pattern in Pattern if pattern not in {Pattern.EVERY, *WEEKS, *SCHOOL}]


@pytest.mark.parametrize("patterns", [WEEKS, OF_THE_MONTH, SCHOOL, worlds.every_pattern])
@settings(deadline=None, max_examples=25)
@given(data=st.data(), day=some_days, days_before=st.integers(2, 30))
def test_openstreetmap_understands_what_we_mean(patterns, data, day, days_before):
    schedule = data.draw(worlds.schedules(patterns, min_rules=5))
    days = [day + timedelta(days=number) for number in range(7)]
    if patterns is SCHOOL:
        holidays = dict.fromkeys(days[2:], "Ferien")
        schedule = replace(schedule, school_holidays=holidays.get)

    assert disagreements(schedule, day - timedelta(days=days_before), days) == []


@settings(deadline=None, max_examples=25)
@given(worlds.schedules(min_rules=5), st.dates(date(2026, 1, 1), date(2029, 1, 31)))
def test_the_holidays_of_lower_saxony_are_understood_as_well(drawn, day):
    schedule = replace(drawn, holidays=CALENDAR.public_name, school_holidays=CALENDAR.school_name)
    days = [day + timedelta(days=number) for number in range(120)]
    holidays = [day for day in days if schedule.holidays(day)][:3]
    borders = [
        day
        for day in days
        if (schedule.school_holidays(day) is None)
        is not (schedule.school_holidays(day + timedelta(days=1)) is None)
    ][:3]

    assert disagreements(schedule, day - timedelta(days=2), [*holidays, *borders]) == []


@settings(deadline=None)
@given(worlds.schedules(), worlds.days)
def test_every_expression_is_one(schedule, today):
    text = osm_string(schedule, today)

    assert not text or validate(text)
    # Too long is only what is said without any exception; holidays may stand in it by their dates.
    assert len(text) <= OSM_LIMIT or text == osm_string(replace(schedule, exceptions=()), today)


# The faults of the oracle; if one of these tests fails, it has learned something: compare more


def opens(text: str, now: str) -> bool:
    return OpeningHours(text, timezone=BERLIN).is_open(at(now))


def test_the_oracle_knows_no_holidays_of_lower_saxony():
    assert opens("Tu 08:00-12:00; PH off", "2028-10-31 10:00")
    assert opens("Tu 08:00-12:00; SH off", "2026-12-29 10:00")


def test_the_oracle_reads_a_weekday_of_holidays_as_either():
    assert opens("SH Mo 08:00-12:00", "2026-11-23 10:00")


def test_the_oracle_cuts_a_night_where_the_next_day_has_a_rule():
    assert opens("Fr 22:00-02:00, Sa 10:00-12:00", "2026-11-28 01:00")
    assert not opens("Fr 22:00-02:00; Sa 10:00-12:00", "2026-11-28 01:00")


def test_the_oracle_lets_a_closed_day_keep_the_morning_after():
    assert opens("Fr 22:00-02:00; 2026 Nov 27 off", "2026-11-28 01:00")


def test_the_oracle_opens_twice_in_the_hour_that_comes_twice():
    again = datetime(2026, 10, 25, 1, 15, tzinfo=UTC).astimezone(BERLIN)

    assert OpeningHours("Su 01:00-02:30", timezone=BERLIN).is_open(again)
    assert not week_of(*rules(Kind.OPEN, SUN, "1-2:30")).spans_on(again.date())[0].covers(again)


def test_the_oracle_takes_a_comment_alone_for_open():
    assert opens('"nach Vereinbarung"', "2026-11-24 10:00")
