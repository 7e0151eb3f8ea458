"""What the team does: decide, take back, exchange, close; and what time does."""

import datetime as dt

from hypothesis import strategies as st

from bookings.models import BookingDate, ChangeRequest, Closure, ClosurePlan
from bookings.rules.states import UNDECIDED, DateState
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.alternatives import Alternative
from bookings.services.changes import (
    exchange_dates,
    expire_changes,
    grant_change,
    refuse_change,
)
from bookings.services.closures import DatesInTheWayError, create_closure, delete_closure
from bookings.services.closures.plans import create_plan, delete_plan
from bookings.services.decisions import approve, ask, decide, reject, undo_approval
from bookings.services.housekeeping import complete_past, end_holds, expire_offers, warn_of_ends
from bookings.services.no_shows import mark_no_show
from bookings.services.renewals import RoundDecision, decide_round
from bookings.services.revoking import revoke
from tests.bookings.ledger_machine.groups import Groups
from tests.bookings.ledger_machine.house import (
    ANY,
    HOURS,
    LENGTHS,
    ROOMS,
    WEEK,
    WEEKS,
    fewer_closures_than,
    step,
    there_is,
    there_is_a_wish,
    there_is_an_open_plan,
)

S = DateState


class Everybody(Groups):
    # Deciding -------------------------------------------------------------------------------------

    def chosen(self, which: int, every: bool, *states: DateState) -> tuple[BookingDate, list[int]]:
        """Return a date, and its key or those of all dates of its request."""
        date = self.date(which, *states)
        return date, self.dates_with(date, *states) if every else [date.pk]

    def decided(self, name, how, chosen, **values):
        date, keys = chosen
        self.attempt(
            name,
            lambda: how(
                booking=date.booking, date_ids=keys, actor=self.manager, now=self.now, **values
            ),
        )

    @step(when=there_is(*UNDECIDED), which=ANY, every=st.booleans(), keep_mail_back=st.booleans())
    def approve(self, which, every, keep_mail_back):
        chosen = self.chosen(which, every, *UNDECIDED)
        self.decided("approve", approve, chosen, keep_mail_back=keep_mail_back)

    @step(when=there_is(*UNDECIDED), which=ANY)
    def approve_and_undo(self, which):
        chosen = self.chosen(which, False, *UNDECIDED)
        self.decided("approve", approve, chosen, keep_mail_back=True)
        if not self.is_refused:
            self.the_laws_hold()
            self.decided("undo", undo_approval, chosen)

    @step(when=there_is(*UNDECIDED), which=ANY, refuse=st.integers(1, 2))
    def decide(self, which, refuse):
        """Promise some dates of a request and refuse its last ones."""
        date, keys = self.chosen(which, True, *UNDECIDED)
        yes, no = keys[:-refuse], keys[-refuse:]

        def decide_all() -> None:
            decide(
                booking=date.booking,
                approve=yes,
                reject=no,
                reason="belegt",
                actor=self.manager,
                now=self.now,
            )
            assert self.states_of(yes) <= {S.APPROVED}
            assert self.states_of(no) == {S.REJECTED}

        self.attempt("decide", decide_all)

    @step(when=there_is(*UNDECIDED), which=ANY, every=st.booleans())
    def reject(self, which, every):
        self.decided("reject", reject, self.chosen(which, every, *UNDECIDED), reason="belegt")

    @step(when=there_is(S.REQUESTED), which=ANY)
    def ask_back(self, which):
        booking = self.booking(which, S.REQUESTED)
        self.attempt(
            "ask back",
            lambda: ask(booking=booking, actor=self.manager, question="Wie viele?", now=self.now),
        )

    @step(
        when=there_is(S.APPROVED, S.OFFERED),
        which=ANY,
        every=st.booleans(),
        closed_for=st.sampled_from(["", "Impfen"]),
    )
    def revoke(self, which, every, closed_for):
        chosen = self.chosen(which, every, S.APPROVED, S.OFFERED)
        values = {"reason": "Impfen", "closed_for": closed_for, "short_notice": True}
        self.decided("revoke", revoke, chosen, **values)

    @step(when=there_is(S.APPROVED), which=ANY, room=ROOMS, week=WEEKS, hour=HOURS, hours=LENGTHS)
    def revoke_with_substitute(self, which, room, week, hour, hours):
        chosen = self.chosen(which, False, S.APPROVED)
        substitute = Alternative(self.hall[room], self.span(week, hour, hours))
        values = {"reason": "Impfen", "substitute": substitute, "short_notice": True}
        self.decided("offer a substitute", revoke, chosen, **values)

    @step(when=there_is(S.COMPLETED), which=ANY, every=st.booleans())
    def note_that_nobody_came(self, which, every):
        self.decided("note a no-show", mark_no_show, self.chosen(which, every, S.COMPLETED))

    # Wishes ---------------------------------------------------------------------------------------

    @step(when=there_is_a_wish, often=3, which=ANY)
    def grant(self, which):
        change = self.wish(which)

        def grant() -> None:
            grant_change(change=change, actor=self.manager, now=self.now)
            if change.kind == ChangeRequest.Kind.FOLLOWING:
                self.goes_on_elsewhere(change)

        self.attempt(f"grant {change.kind}", grant)

    @step(when=there_is_a_wish, which=ANY)
    def refuse(self, which):
        change = self.wish(which)
        self.attempt(
            "refuse wish",
            lambda: refuse_change(change=change, actor=self.manager, reason="belegt", now=self.now),
        )

    @step(
        when=lambda self: len(self.seen_dates(S.APPROVED)) > 1, which=ANY, further=st.integers(1, 3)
    )
    def exchange(self, which, further):
        first, second = (self.date(one, S.APPROVED) for one in (which, which + further))
        if first == second:
            return

        def change_places() -> None:
            exchange_dates(first=first, second=second, actor=self.manager, now=self.now)
            places = [(date.room_id, date.span) for date in (first, second)]
            now = BookingDate.objects.select_related("occurrence").in_bulk([first.pk, second.pk])
            assert [(now[key].room_id, now[key].span) for key in (second.pk, first.pk)] == places

        self.attempt("exchange", change_places)

    # Closing --------------------------------------------------------------------------------------

    def close(self, name, how, **values):
        """Close, whoever stands there: first one hears of them."""

        def insist() -> None:
            try:
                how()
            except DatesInTheWayError as error:
                self.tally[f"{name}, in the way"] += 1
                how(
                    confirmed=[date.pk for date in error.dates],
                    confirmed_wishes=[wish.change.pk for wish in error.wishes],
                    **values,
                )

        self.attempt(name, insist)

    @step(when=fewer_closures_than(3), room=ROOMS, week=WEEKS, hour=HOURS, hours=LENGTHS)
    def close_once(self, room, week, hour, hours):
        def close(**values):
            return create_closure(
                centre=self.hall[0].centre,
                rooms=[self.hall[room]],
                span=self.span(week, hour, hours),
                reason="Reinigung",
                actor=self.manager,
                now=self.now,
                **values,
            )

        self.close("close once", close)

    @step(
        when=fewer_closures_than(1),
        room=ROOMS,
        hour=HOURS,
        revoke_reason=st.sampled_from(["", "Impfen"]),
    )
    def close_weekly(self, room, hour, revoke_reason):
        first = berlin_day(self.span(0, hour, 1).start)

        def close(**values):
            plan = ClosurePlan(
                centre=self.hall[0].centre,
                kind=ClosurePlan.Kind.WEEKLY,
                weekdays=[first.weekday()],
                first=first,
                last=first + 2 * WEEK,
                opens=dt.time(hour),
                closes=dt.time(hour + 1),
                reason="Impftag",
            )
            rooms = [self.hall[room]]
            create_plan(plan=plan, rooms=rooms, actor=self.manager, now=self.now, **values)

        self.close("close weekly", close, revoke_reason=revoke_reason)

    @step(when=lambda self: self.seen.closures, which=ANY)
    def reopen(self, which):
        closures = list(Closure.objects.select_related("plan").order_by("pk"))
        closure = closures[which % len(closures)]
        if closure.plan is not None:
            self.attempt("reopen plan", lambda: delete_plan(plan=closure.plan, now=self.now))
        else:
            self.attempt("reopen", lambda: delete_closure(closure=closure, now=self.now))

    # Next year ------------------------------------------------------------------------------------

    @step(
        when=there_is_an_open_plan, often=2, promise=st.sets(ANY, min_size=1), refuse=st.sets(ANY)
    )
    def decide_on_the_plan(self, promise, refuse):
        """Wait until nobody may ask any more, and decide on some of the requests of the plan."""
        asked = sorted(
            {
                one.booking
                for one in self.seen.dates.values()
                if one.in_open_plan and one.state in UNDECIDED
            }
        )
        decision = RoundDecision(
            approve=[key for number, key in enumerate(asked) if number in promise - refuse],
            reject={key: "belegt" for number, key in enumerate(asked) if number in refuse},
        )
        self.pass_days(max(0, (self.plan.collects_until - berlin_day(self.now)).days + 1))
        self.the_laws_hold()
        self.attempt(
            "decide on the plan",
            lambda: decide_round(
                plan=self.plan, decision=decision, actor=self.manager, now=self.now
            ),
        )

    # Time -----------------------------------------------------------------------------------------

    @step(hours=st.sampled_from([1, 25, 4 * 24, 15 * 24]))
    def let_time_pass(self, hours):
        self.pass_days(hours / 24)

    def pass_days(self, days: float) -> None:
        self.now += dt.timedelta(days=days)
        jobs = [end_holds, expire_offers, warn_of_ends, expire_changes, complete_past]
        done = {job.__name__: job(now=self.now) for job in jobs}
        self.tally.update({name: 1 for name, count in done.items() if count})
        self.nothing_is_overdue()
