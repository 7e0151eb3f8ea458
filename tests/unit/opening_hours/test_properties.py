"""What holds for any week: compared with the rules read naively, moment by moment."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from cms.opening_hours import (
    BERLIN,
    Kind,
    Schedule,
    State,
    Status,
    blocks,
)
from tests.unit.opening_hours import naive
from tests.unit.opening_hours.worlds import (
    days,
    moment_between,
    moments,
    next_midnight,
    schedules,
)


@settings(deadline=None)
@given(schedules(), days)
def test_spans_are_sorted_and_those_of_one_kind_do_not_touch(schedule: Schedule, day: date):
    spans = schedule.spans_on(day)
    instants = [(span.start.astimezone(UTC), span.end.astimezone(UTC)) for span in spans]

    assert instants == sorted(instants, key=lambda instant: instant[0])
    assert all(start < end for start, end in instants)
    assert all(span.start.date() == day for span in spans)
    for kind in Kind:
        of_kind = [pair for span, pair in zip(spans, instants, strict=True) if span.kind is kind]
        assert all(before[1] < after[0] for before, after in pairwise(of_kind))


@settings(deadline=None)
@given(schedules(), days)
def test_blocks_cover_what_spans_cover_once(schedule: Schedule, day: date):
    spans = schedule.spans_on(day)
    found = blocks(spans)

    assert all(before.end <= after.start for before, after in pairwise(found))
    for edge in {edge for span in spans for edge in (span.start, span.end)}:
        covering = [span for span in found if span.covers(edge)]
        assert len(covering) == any(span.covers(edge) for span in spans)


@settings(deadline=None)
@given(schedules(), moments())
def test_the_state_is_what_the_rules_say(schedule: Schedule, now: datetime):
    state = schedule.state_at(now)
    expected = naive.status_at(schedule, now)

    if expected is None:
        assert state.status in {Status.CLOSED, Status.BY_APPOINTMENT, Status.UNKNOWN}
        assert (state.since, state.until, state.reopens) == (None, None, None)
    else:
        assert state.status is expected
        assert state.since is not None
        assert state.since <= now.astimezone(UTC)


@settings(deadline=None)
@given(schedules(), moments())
def test_a_span_covers_now_if_and_only_if_it_is_open(schedule: Schedule, now: datetime):
    today = now.astimezone(BERLIN).date()
    # What began yesterday can go on in the night.
    spans = schedule.spans_on(today - timedelta(days=1)) + schedule.spans_on(today)
    doors = {Kind.OPEN, Kind.WALK_IN}

    is_open = any(span.kind in doors and span.covers(now) for span in spans)

    assert (schedule.state_at(now).status is Status.OPEN) == is_open


@settings(deadline=None)
@given(schedules(), moments(), st.floats(0, 1))
def test_nothing_changes_before_the_next_change(schedule: Schedule, now: datetime, share: float):
    change = schedule.next_change(now)
    horizon = next_midnight(now)
    if change is not None:
        assert change > now.astimezone(UTC)
        horizon = min(horizon, change.astimezone(UTC))

    later = moment_between(now, horizon, share)

    assert schedule.state_at(later) == schedule.state_at(now)


@settings(deadline=None)
@given(schedules(), moments())
def test_something_changes_at_the_next_change(schedule: Schedule, now: datetime):
    change = schedule.next_change(now)
    if change is not None:
        before = change.astimezone(UTC) - timedelta(microseconds=1)

        assert schedule.state_at(change) != schedule.state_at(before)
        assert schedule.next_change(before) == change


@settings(deadline=None)
@given(schedules(), moments())
def test_the_end_of_a_state_is_its_end(schedule: Schedule, now: datetime):
    state = schedule.state_at(now)
    if state.until is None:
        return
    until = state.until.astimezone(UTC)

    assert until > now.astimezone(UTC)
    assert schedule.state_at(until).status is not state.status
    assert schedule.state_at(until - timedelta(microseconds=1)).status is state.status
    if state.reopens is not None:
        assert schedule.state_at(state.reopens).status is Status.OPEN
        assert state.reopens.date() == now.astimezone(BERLIN).date()


@settings(deadline=None)
@given(schedules(), moments(), st.floats(0, 1))
def test_a_closed_service_stays_closed_until_it_opens(
    schedule: Schedule, now: datetime, share: float
):
    state = schedule.state_at(now)
    if state.opens is None:
        return
    opens = state.opens.astimezone(UTC)

    assert opens > now.astimezone(UTC)
    assert schedule.state_at(opens).status is state.opens_status
    # In between nothing as good as what is announced.
    between = schedule.state_at(moment_between(now, opens, share))
    assert between.status is not state.opens_status
    assert between.status is not Status.OPEN


@settings(deadline=None)
@given(schedules(), moments())
def test_what_the_state_says_agrees_with_the_other_answers(schedule: Schedule, now: datetime):
    state: State = schedule.state_at(now)
    day = now.astimezone(BERLIN).date()

    if state.closure is not None:
        assert state.closure == schedule.exception_on(day)
        assert schedule.spans_on(day) == ()
    if state.holiday is not None:
        assert state.holiday == schedule.holidays(day)
        assert schedule.spans_on(day) == ()
    if schedule.by_appointment_only or schedule.is_unknown:
        assert state.status is not Status.OPEN or schedule.exception_on(day) is not None


@settings(deadline=None)
@given(schedules(), days)
def test_exceptions_and_changes_ahead_agree_with_the_days(schedule: Schedule, today: date):
    for exception in schedule.exceptions:
        back = schedule.next_return(exception)
        if back is not None:
            assert back > exception.last
            assert schedule.spans_on(back)
            gap = (exception.last + timedelta(days=n) for n in range(1, 30))
            assert not any(schedule.spans_on(day) for day in gap if day < back)
    for change in schedule.changes_ahead(today):
        assert change > today
        before = schedule.rules_valid_on(change - timedelta(days=1))
        assert before != schedule.rules_valid_on(change)
