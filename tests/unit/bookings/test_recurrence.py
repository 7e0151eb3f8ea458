"""Which days a rule makes: against dateutil, against plain arithmetic, and on nights of the clock."""

import datetime as dt

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from bookings.rules.recurrence import (
    LONGEST,
    WEEKDAYS,
    Frequency,
    Recurrence,
    days_of,
    longest_until,
    recurrence_of,
    refusals_of_series,
    replaced_days,
    spans_of,
)
from bookings.rules.refusals import Code
from bookings.rules.spans import Span
from cms.opening_hours import BERLIN

DAILY, WORKDAYS = Recurrence(Frequency.DAILY), Recurrence(Frequency.WORKDAYS)
TUESDAY = dt.date(2026, 11, 24)
ONE_WEEK = dt.timedelta(weeks=1)
EVENING = dt.time(19), dt.time(21)


def weekly(*weekdays: int, interval: int = 1) -> Recurrence:
    return Recurrence(Frequency.WEEKLY, weekdays, interval=interval)


def monthly(nth: int, weekday: int) -> Recurrence:
    return Recurrence(Frequency.MONTHLY, (weekday,), nth=nth)


weekdays = st.integers(0, 6)
recurrences = st.one_of(
    st.sampled_from([DAILY, WORKDAYS]),
    st.builds(
        lambda days, interval: weekly(*days, interval=interval),
        st.sets(weekdays, min_size=1),
        st.sampled_from([1, 2, 4]),
    ),
    st.builds(monthly, st.sampled_from([1, 2, 3, 4, -1]), weekdays),
)
firsts = st.dates(dt.date(2026, 1, 1), dt.date(2028, 12, 31))
lengths = st.integers(0, 400).map(lambda days: dt.timedelta(days=days))


def as_rrule(recurrence: Recurrence) -> str:
    """Return the rule in words of RFC 5545, written down without the code under test."""
    days = ",".join(WEEKDAYS[day] for day in recurrence.weekdays)
    return {
        Frequency.DAILY: "FREQ=DAILY",
        Frequency.WORKDAYS: "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR",
        Frequency.WEEKLY: f"FREQ=WEEKLY;INTERVAL={recurrence.interval};BYDAY={days}",
        Frequency.MONTHLY: f"FREQ=MONTHLY;BYDAY={recurrence.nth:+}{days}",
    }[recurrence.frequency]


# Days --------------------------------------------------------------------------------------------


@given(recurrences, firsts, lengths)
def test_the_days_are_those_of_dateutil(recurrence, first, length):
    days = days_of(recurrence, first, first + length)
    # RFC 5545 wants the first date to be one of the rule.
    begins = days[0] if days else first
    rule = rrulestr(
        f"DTSTART:{begins:%Y%m%d}T190000\nRRULE:{as_rrule(recurrence)}"
        f";UNTIL={first + length:%Y%m%d}T190000"
    )
    expected = [moment.date() for moment in rule]
    assert days == expected


@given(recurrences, firsts, lengths)
def test_every_day_is_within_the_limits_and_none_is_left_out(recurrence, first, length):
    until = first + length
    days = days_of(recurrence, first, until)
    assert days == sorted(set(days))
    assert all(first <= day <= until for day in days)
    if recurrence.frequency is Frequency.WEEKLY and recurrence.interval == 1:
        calendar = (first + dt.timedelta(days=n) for n in range(length.days + 1))
        assert days == [day for day in calendar if day.weekday() in recurrence.weekdays]


@pytest.mark.parametrize(
    ("recurrence", "first", "until", "expected"),
    [
        (DAILY, "2026-12-30", "2027-01-02", ["12-30", "12-31", "01-01", "01-02"]),
        (WORKDAYS, "2026-12-04", "2026-12-08", ["12-04", "12-07", "12-08"]),
        (weekly(1), "2026-11-24", "2026-12-08", ["11-24", "12-01", "12-08"]),
        # A first day that is none of the rule: the next one begins, and weeks count from there.
        (weekly(1, interval=2), "2026-11-25", "2026-12-20", ["12-01", "12-15"]),
        (weekly(3, 1, interval=2), "2026-11-26", "2026-12-13", ["11-26", "12-08", "12-10"]),
        (weekly(0, interval=4), "2026-12-21", "2027-01-18", ["12-21", "01-18"]),
        (monthly(-1, 4), "2026-11-01", "2027-02-28", ["11-27", "12-25", "01-29", "02-26"]),
        (monthly(1, 6), "2026-11-02", "2027-01-03", ["12-06", "01-03"]),
        (monthly(4, 1), "2028-02-01", "2028-02-29", ["02-22"]),
        (monthly(-1, 1), "2028-02-01", "2028-02-29", ["02-29"]),
        (weekly(1), "2026-11-25", "2026-11-30", []),
    ],
)
def test_days_of_some_rules(recurrence, first, until, expected):
    days = days_of(recurrence, dt.date.fromisoformat(first), dt.date.fromisoformat(until))
    assert [f"{day:%m-%d}" for day in days] == expected


def test_no_end_is_so_far_that_it_takes_long():
    assert len(days_of(DAILY, TUESDAY, dt.date.max)) == LONGEST + 1


# Nights when the clock changes -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "day", "starts_utc", "hours"),
    [
        ("19:00", "21:00", "2026-03-28", "18:00", 2),
        ("19:00", "21:00", "2026-03-29", "17:00", 2),
        ("19:00", "21:00", "2026-10-24", "17:00", 2),
        ("19:00", "21:00", "2026-10-25", "18:00", 2),
        ("22:00", "00:00", "2027-03-27", "21:00", 2),
        ("01:00", "04:00", "2026-03-29", "00:00", 2),  # an hour is skipped
        ("01:00", "04:00", "2027-03-28", "00:00", 2),
        ("01:00", "04:00", "2026-10-25", "23:00", 4),  # one comes twice
        ("02:30", "04:00", "2026-10-25", "00:30", 2.5),  # begins with the first of the two
        ("00:00", "00:00", "2026-10-25", "22:00", 25),
    ],
)
def test_times_stay_those_of_the_clock(start, end, day, starts_utc, hours):
    first = dt.date.fromisoformat(day) - ONE_WEEK
    times = dt.time.fromisoformat(start), dt.time.fromisoformat(end)
    last = spans_of(DAILY, first, first + ONE_WEEK, *times)[-1]
    assert f"{last.start.astimezone(dt.UTC):%H:%M}" == starts_utc
    assert last.length == dt.timedelta(hours=hours)


@given(recurrences, firsts, lengths, st.times(), st.times())
def test_every_date_shows_the_same_times(recurrence, first, length, start, end):
    start, end = (at.replace(microsecond=0, second=0, fold=0) for at in (start, end))
    spans: list[Span] = spans_of(recurrence, first, first + length, start, end)
    for edge, at in ((0, start), (1, end)):
        for span in spans:
            local = span[edge].astimezone(dt.UTC).astimezone(BERLIN)
            skipped = local.time() != at
            assert not skipped or (local.month, at.hour) == (3, 2)


# Names -------------------------------------------------------------------------------------------


@given(recurrences)
def test_a_name_is_read_back(recurrence):
    assert recurrence.is_known
    assert len(recurrence.name) <= 32
    assert recurrence_of(recurrence.name) == recurrence


@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            "yearly",
            "weekly",
            "weekly:",
            "weekly:XX",
            "weekly:TU,",
            "weekly/3:TU",
            "weekly/1:TU",
        ),
        *("monthly:5TU", "monthly:0TU", "monthly:2TU,TH", "monthly:TU", "daily:TU", "Weekly:TU"),
        "weekly:TU\n",
    ],
)
def test_other_names_are_none(name):
    assert recurrence_of(name) is None


# Refusals ----------------------------------------------------------------------------------------


def codes(recurrence=None, first=TUESDAY, until=None, times=EVENING):
    found = refusals_of_series(recurrence or weekly(1), first, until, *times)
    return [(refusal.code, refusal.about) for refusal in found]


def ago(**values) -> dt.date:
    return TUESDAY + dt.timedelta(**values)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"until": TUESDAY}, []),
        ({"until": dt.date(2028, 11, 24)}, []),
        ({}, [(Code.NO_END, "until")]),
        ({"until": dt.date(2028, 11, 25)}, [(Code.SERIES_TOO_LONG, "until")]),
        ({"until": dt.date.max}, [(Code.SERIES_TOO_LONG, "until")]),
        ({"until": ago(days=-1)}, [(Code.SERIES_ENDS_TOO_EARLY, "until")]),
        ({"recurrence": DAILY, "until": ago(days=399)}, []),
        ({"recurrence": DAILY, "until": ago(days=400)}, [(Code.TOO_MANY_DATES, "until")]),
        ({"recurrence": DAILY, "until": dt.date.max}, [(Code.TOO_MANY_DATES, "until")]),
        ({"first": ago(days=1), "until": ago(days=6)}, [(Code.NO_DATES, "until")]),
        ({"first": dt.date.max, "until": dt.date.max}, [(Code.NO_DATES, "until")]),
        (
            {"times": (dt.time(21), dt.time(19)), "until": ago(days=-1)},
            [(Code.END_BEFORE_START, "end"), (Code.SERIES_ENDS_TOO_EARLY, "until")],
        ),
        (
            {"recurrence": weekly(), "times": (dt.time(19), dt.time(19))},
            [
                (Code.UNKNOWN_RULE, "recurrence"),
                (Code.END_BEFORE_START, "end"),
                (Code.NO_END, "until"),
            ],
        ),
    ],
)
def test_what_is_refused(values, expected):
    assert codes(**values) == expected


@pytest.mark.parametrize(
    "recurrence",
    [
        Recurrence(Frequency.DAILY, interval=2),
        Recurrence(Frequency.WORKDAYS, (1,)),
        weekly(),
        weekly(7),
        weekly(-1),
        weekly(1, interval=0),
        weekly(1, interval=3),
        Recurrence(Frequency.WEEKLY, (1,), nth=1),
        monthly(5, 1),
        monthly(0, 1),
        Recurrence(Frequency.MONTHLY, (1, 2), nth=1),
        Recurrence(Frequency.MONTHLY, (1,), nth=1, interval=2),
    ],
)
def test_a_rule_that_is_none_of_ours(recurrence):
    assert codes(recurrence, until=ago(days=30)) == [(Code.UNKNOWN_RULE, "recurrence")]
    with pytest.raises(ValueError, match="unknown rule"):
        days_of(recurrence, TUESDAY, ago(days=30))


@pytest.mark.parametrize(
    ("times", "until", "expected"),
    [
        (("02:30", "04:00"), "2027-03-28", [(Code.TIME_MISSING, "start")]),
        (("01:00", "02:00"), "2027-03-28", [(Code.TIME_MISSING, "end")]),
        (
            ("02:00", "02:30"),
            "2027-03-28",
            [(Code.TIME_MISSING, "start"), (Code.TIME_MISSING, "end")],
        ),
        (("02:30", "04:00"), "2027-03-27", []),
        (("01:00", "03:00"), "2027-03-28", []),
    ],
)
def test_a_time_that_the_clock_skips(times, until, expected):
    start, end = map(dt.time.fromisoformat, times)
    assert codes(DAILY, until=dt.date.fromisoformat(until), times=(start, end)) == expected


def test_a_refusal_of_the_end_says_an_end_that_is_right():
    for recurrence, first, until in [
        (DAILY, TUESDAY, ago(days=500)),
        (weekly(1), TUESDAY, ago(days=5000)),
        (weekly(1), dt.date(2028, 2, 29), dt.date.max),
        (weekly(1), ago(days=1), ago(days=2)),
        (weekly(1), TUESDAY, ago(days=-2)),
        (monthly(1, 0), TUESDAY, None),
    ]:
        (refusal,) = refusals_of_series(recurrence, first, until, *EVENING)
        proposed = refusal.values.get("last") or refusal.values["first"]
        assert refusals_of_series(recurrence, first, proposed, *EVENING) == []


@given(firsts)
def test_two_years_end_on_the_same_day_of_the_year(first):
    until = longest_until(first)
    assert (until.year, until.month) == (first.year + 2, first.month)
    assert until.day == first.day or (first.day, until.day) == (29, 28)


def test_a_new_day_comes_in_place_of_the_same_old_one_or_of_those_of_its_week():
    friday = TUESDAY + 3 * dt.timedelta(days=1)
    assert replaced_days(TUESDAY, [TUESDAY, friday]) == [TUESDAY]
    assert replaced_days(friday, [TUESDAY, TUESDAY + ONE_WEEK]) == [TUESDAY]
    assert replaced_days(friday + ONE_WEEK, [TUESDAY, friday]) == []
