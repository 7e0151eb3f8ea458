"""What groups do: ask, answer, give up, wish for changes, go on."""

import datetime as dt
from dataclasses import replace

from hypothesis import strategies as st

from bookings.models import Booking, BookingDate, ChangeRequest
from bookings.rules.recurrence import Frequency, Recurrence
from bookings.rules.spans import Span
from bookings.rules.states import SKIPPED, UNDECIDED, DateState
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.recurrences import recurrence_of_event
from bookings.services.changes import (
    FollowingWish,
    Move,
    ask_for_change,
    ask_for_following,
    withdraw_change,
)
from bookings.services.decisions import approve
from bookings.services.offers import accept_offer
from bookings.services.open_changes import CHANGEABLE
from bookings.services.own_dates import answer, give_up
from bookings.services.renewals import renew_series
from bookings.services.renewals.asking import Renewed
from bookings.services.requests import NewRequest, Waits, send_request
from bookings.services.series_edits import add_back, end_series, extend_series
from tests.bookings.ledger_machine.house import (
    ANY,
    GROUPS,
    HOURS,
    LENGTHS,
    ROOMS,
    WEEK,
    WEEKS,
    House,
    step,
    there_is,
    there_is_a_wish,
    there_is_an_open_plan,
)
from tests.factories.bookings import EVERY_FRIDAY, new_request

S = DateState
WISHED_FOR = (S.APPROVED, *sorted(UNDECIDED))
EVERY_SECOND = Recurrence(Frequency.WEEKLY, EVERY_FRIDAY.weekdays, interval=2)
OTHER_TIMES = st.sampled_from([(0, 30), (0, -30), (-30, 0), (30, 0), (30, 30)])  # minutes


class Groups(House):
    # Asking ---------------------------------------------------------------------------------------

    def _request(self, group: int, room: int, spans: list[Span], waits: Waits) -> NewRequest:
        association = self.groups[group]
        request = new_request(
            self.hall[room],
            association=association,
            requester=association.members.first(),
            persons=5,
            waits=waits,
        )
        recurrence = EVERY_FRIDAY if len(spans) > 1 else None
        return replace(request, spans=spans, recurrence=recurrence)

    def _send(self, name: str, request: NewRequest) -> Booking | None:
        return self.attempt(name, lambda: send_request(request=request, now=self.now))

    def _spans(self, span: Span, count: int) -> list[Span]:
        return [Span(span.start + week * WEEK, span.end + week * WEEK) for week in range(count)]

    @step(
        group=GROUPS,
        room=ROOMS,
        week=WEEKS,
        hour=HOURS,
        hours=LENGTHS,
        waits=st.sampled_from(Waits),
    )
    def ask_for_a_date(self, group, room, week, hour, hours, waits):
        spans = [self.span(week, hour, hours)]
        self._send("ask for a date", self._request(group, room, spans, waits))

    @step(
        group=GROUPS,
        room=ROOMS,
        hour=HOURS,
        hours=LENGTHS,
        count=st.integers(2, 3),
        waits=st.sampled_from(Waits),
    )
    def ask_for_a_series(self, group, room, hour, hours, count, waits):
        spans = self._spans(self.span(0, hour, hours), count)
        self._send("ask for a series", self._request(group, room, spans, waits))

    @step(
        when=there_is(S.APPROVED, *UNDECIDED),
        often=4,
        which=ANY,
        room=ROOMS,
        count=st.integers(1, 2),
    )
    def queue_behind(self, which, room, count):
        """Want what the other group has, or the whole of the hall of which they have a half."""
        date = self.date(which, S.APPROVED, *UNDECIDED)
        group = int(date.booking.association_id == self.groups[0].pk)
        spans = self._spans(date.span, count)
        request = self._request(group, room, spans, Waits.BEHIND_PROMISE)
        self._send("queue behind", request)

    @step(
        often=3,
        group=GROUPS,
        room=ROOMS,
        week=WEEKS,
        hour=HOURS,
        hours=LENGTHS,
        count=st.integers(1, 3),
    )
    def be_promised(self, group, room, week, hour, hours, count):
        """Ask, and hear at once."""
        spans = self._spans(self.span(week, hour, hours), count)
        booking = self._send(
            "ask on the phone", self._request(group, room, spans, Waits.BEHIND_REQUEST)
        )
        if booking is None:
            return
        self.the_laws_hold()
        waiting = self.seen_dates(*UNDECIDED)
        dates = [date.pk for date in waiting if date.booking == booking.pk]
        if dates:
            self.attempt(
                "be promised",
                lambda: approve(booking=booking, date_ids=dates, actor=self.manager, now=self.now),
            )

    @step(when=there_is(S.NEEDS_INFO), which=ANY)
    def answer(self, which):
        booking = self.booking(which, S.NEEDS_INFO)
        self.attempt(
            "answer",
            lambda: answer(booking=booking, actor=booking.requester, text="Zwölf.", now=self.now),
        )

    @step(when=there_is(S.APPROVED, *UNDECIDED), often=2, which=ANY)
    def give_up(self, which):
        date = self.date(which, S.APPROVED, *UNDECIDED)
        actor = date.booking.requester
        self.attempt("give up", lambda: give_up(date=date, actor=actor, now=self.now))

    @step(when=there_is(S.OFFERED), which=ANY)
    def accept(self, which):
        date = self.date(which, S.OFFERED)
        actor = date.booking.requester
        self.attempt("accept", lambda: accept_offer(date=date, actor=actor, now=self.now))

    @step(when=there_is(S.OFFERED), which=ANY)
    def decline(self, which):
        date = self.date(which, S.OFFERED)
        actor = date.booking.requester
        self.attempt("decline", lambda: give_up(date=date, actor=actor, now=self.now))

    # Changing -------------------------------------------------------------------------------------

    def _wish(self, name: str, booking: Booking, moves: list[Move], waits: bool = False) -> None:
        self.attempt(
            name,
            lambda: ask_for_change(
                booking=booking, moves=moves, actor=booking.requester, now=self.now, waits=waits
            ),
        )

    @step(
        when=there_is(*WISHED_FOR),
        often=2,
        which=ANY,
        room=ROOMS,
        week=WEEKS,
        hour=HOURS,
        hours=LENGTHS,
        waits=st.booleans(),
    )
    def wish_to_move(self, which, room, week, hour, hours, waits):
        date = self.date(which, *WISHED_FOR)
        move = Move(date.pk, self.hall[room], self.span(week, hour, hours))
        self._wish("wish to move", date.booking, [move], waits)

    @step(
        when=there_is(*WISHED_FOR),
        which=ANY,
        room=st.none() | ROOMS,
        minutes=OTHER_TIMES,
        every=st.booleans(),
    )
    def wish_for_other_times(self, which, room, minutes, every):
        """Begin or end half an hour earlier or later, one date or all, here or in another room."""
        date = self.date(which, *WISHED_FOR)
        keys = self.dates_with(date, S(date.state)) if every else [date.pk]
        spans = [self.seen.dates[key].span for key in keys]
        rooms = [self.hall[room] if room is not None else date.room] * len(keys)
        ways = [dt.timedelta(minutes=each) for each in minutes]
        moves = [
            Move(key, where, Span(span.start + ways[0], span.end + ways[1]))
            for key, where, span in zip(keys, rooms, spans, strict=True)
        ]
        self._wish("wish for other times", date.booking, moves, waits=True)

    @step(
        when=there_is(*WISHED_FOR),
        often=3,
        which=ANY,
        room=ROOMS,
        hour=HOURS,
        hours=LENGTHS,
        more=st.integers(-1, 1),
        rarely=st.booleans(),
    )
    def wish_from_a_date_on(self, which, room, hour, hours, more, rarely):
        date = self.date(which, *WISHED_FOR)
        last = max(one.span for one in self.seen.dates.values() if one.booking == date.booking_id)
        wish = FollowingWish(
            room=self.hall[room],
            until=max(berlin_day(last.start) + more * WEEK, berlin_day(date.span.start)),
            start=dt.time(hour),
            end=dt.time(hour + hours),
            recurrence=EVERY_SECOND if rarely else EVERY_FRIDAY,
        )
        booking = date.booking

        def ask() -> None:
            change = ask_for_following(
                booking=booking,
                first_date_id=date.pk,
                wish=wish,
                actor=booking.requester,
                now=self.now,
            )
            if change.status == ChangeRequest.Status.GRANTED:
                self.tally["split at once"] += 1
                self.goes_on_elsewhere(change)

        self.attempt("wish from a date on", ask)

    def goes_on_elsewhere(self, change: ChangeRequest) -> None:
        """Check that nothing of a series goes on here from the first date of a granted wish on."""
        following = BookingDate.objects.filter(
            booking=change.booking,
            occurrence__original_start__gte=change.first_date.occurrence.original_start,
            occurrence__start__gt=self.now,
        )
        assert not self.states_of(date.pk for date in following) & CHANGEABLE

    def wish(self, which: int) -> ChangeRequest:
        keys = [key for key, wish in self.seen.wishes.items() if wish.status == "open"]
        return ChangeRequest.objects.get(pk=keys[which % len(keys)])

    @step(when=there_is_a_wish, which=ANY)
    def withdraw_wish(self, which):
        change = self.wish(which)
        self.attempt(
            "withdraw wish", lambda: withdraw_change(change=change, actor=None, now=self.now)
        )

    @step(when=there_is(*WISHED_FOR), which=ANY)
    def end_series(self, which):
        """Let no date take place after one of them, or none at all if it is the last one."""
        date = self.date(which, *WISHED_FOR)
        after = berlin_day(date.span.start)
        if date.pk == self.dates_with(date, *WISHED_FOR)[-1]:
            after -= dt.timedelta(days=1)

        def end() -> None:
            over = end_series(booking=date.booking, after=after, actor=None, now=self.now)
            days = [berlin_day(one.span.start) for one in over]
            assert all(day > after for day in days), days
            assert self.states_of(one.pk for one in over) <= {S.CANCELLED, S.WITHDRAWN}

        self.attempt("end series", end)

    @step(when=there_is(*WISHED_FOR), often=2, which=ANY, weeks=st.integers(1, 4))
    def extend(self, which, weeks):
        """Go on; over Christmas some dates are left out. A single date becomes a series."""
        date = self.date(which, *WISHED_FOR)
        booking = date.booking
        recurrence = None if recurrence_of_event(booking.event) else EVERY_FRIDAY
        originals = [one.original for one in self.seen.dates.values() if one.booking == booking.pk]
        until = berlin_day(max(originals)) + weeks * WEEK

        def go_on() -> None:
            extend_series(
                booking=booking, until=until, actor=None, now=self.now, recurrence=recurrence
            )
            new = booking.dates.filter(occurrence__original_start__gt=max(originals))
            days = [berlin_day(one.occurrence.original_start) for one in new]
            assert days == _days_after(max(originals), until, booking)

        self.attempt("extend", go_on)

    @step(when=there_is(*SKIPPED), often=3, which=ANY)
    def add_back(self, which):
        date = self.date(which, *SKIPPED)
        self.attempt("add back", lambda: add_back(date=date, actor=None, now=self.now))

    # Next year ------------------------------------------------------------------------------------

    @step(when=there_is(S.APPROVED, S.COMPLETED), often=2, group=GROUPS)
    def renew(self, group):
        association = self.groups[group]

        def renew_all() -> Renewed:
            return renew_series(
                plan=self.plan,
                association=association,
                actor=association.members.get(),
                now=self.now,
            )

        def go_on() -> None:
            renew_all()
            assert not renew_all().new, "each series goes on once"

        self.attempt("renew", go_on)

    @step(when=there_is_an_open_plan, which=ANY)
    def withdraw_renewal(self, which):
        found = sorted({one.booking for one in self.seen.dates.values() if one.in_open_plan})
        booking = Booking.objects.get(pk=found[which % len(found)])
        self.attempt(
            "withdraw renewal",
            lambda: end_series(
                booking=booking, after=berlin_day(self.now), actor=None, now=self.now
            ),
        )


def _days_after(last: dt.datetime, until: dt.date, booking: Booking) -> list[dt.date]:
    """Return the days on which a series goes on: its own rhythm, not a day more."""
    rhythm = recurrence_of_event(Booking.objects.get(pk=booking.pk).event)
    step = rhythm.interval * WEEK
    day = berlin_day(last) + step
    days = []
    while day <= until:
        days.append(day)
        day += step
    return days
