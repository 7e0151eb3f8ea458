"""One request: everything one needs to decide on it."""

from typing import Any

from django.utils.translation import gettext as _

from bookings.admin import words
from bookings.admin.base import RequestView, mail_of, undoable
from bookings.admin.wish_rows import wish_rows, wishes_in_the_way
from bookings.models import Booking, BookingDate
from bookings.notifications import MailText
from bookings.rules.states import SKIPPED, Action, DateState
from bookings.rules.wall_clock import berlin_day
from bookings.selectors.desk import asked_since, history_of
from bookings.selectors.desk_wishes import open_wishes, with_both_sides
from bookings.selectors.judging import Verdict
from bookings.selectors.own_bookings import substitutes_of
from bookings.wording import day_and_time, moment, room_names, state_word, wishes_of
from cms.permissions import centres_of
from cms.wording import date_long


class RequestDetailView(RequestView):
    """Everything one needs to decide on a request."""

    template_name = "bookings/admin/request_detail.html"

    def get_page_title(self) -> str:
        return _("Request %(number)s") % {"number": self.booking.number}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        approvable = [date for date in self.dates if self.may(Action.APPROVE, date)]
        wanted = [date for date in self.dates if date.state not in SKIPPED]
        return super().get_context_data(
            booking=self.booking,
            purpose=self.booking.purpose or _("details deleted"),
            rooms=room_names(self.dates),
            when=words.when_all(wanted or self.dates),
            verdict=words.verdict(list(self.verdicts.values())),
            waits=words.waits(self._waiting_days()),
            sent=moment(self.booking.sent_at),
            answer_due=date_long(self.booking.answer_due),
            question_due=self.booking.question_due and date_long(self.booking.question_due),
            **self._shown_dates(),
            substitutes=[
                {"key": date.booking_id, "place": words.place(date.room, date.span)}
                for date in substitutes_of(self.dates)
            ],
            instead_of=self.booking.origin
            if self.booking.origin_kind == Booking.OriginKind.SUBSTITUTE
            else None,
            several=len(self.dates) > 1,
            approvable=approvable,
            may_approve=bool(approvable),
            may_approve_partly=len(approvable) > 1,
            may_ask=any(self.may(Action.ASK, date) for date in self.dates),
            may_reject=any(self.may(Action.REJECT, date) for date in self.dates),
            may_revoke=any(self.may(Action.REVOKE, date) for date in self.dates),
            in_the_way=words.in_the_way(self.verdicts.values()),
            wishes_in_the_way=wishes_in_the_way(self.verdicts.values()),
            change_rows=wish_rows(
                with_both_sides(open_wishes(self.booking.changes.all())), self.now
            ),
            rivals=self._rivals(),
            mail=self._mail(approvable),
            history=[
                {
                    "at": moment(entry.at),
                    "what": words.step(entry),
                    "by": words.actor(entry),
                    "text": entry.text,
                    "date": day_and_time(entry.date.span)
                    if entry.date and len(self.dates) > 1
                    else "",
                }
                for entry in history_of(self.booking)
            ],
            undoable=[
                one for one in undoable(self.user, self.now) if one["booking"].pk == self.booking.pk
            ],
            **self._group(),
            here=self.request.get_full_path(),
            **kwargs,
        )

    def _waiting_days(self) -> int:
        since = asked_since(date for date in self.dates if date.pk in self.verdicts)
        first = since.get(self.booking.pk, self.booking.sent_at)
        return (self.today - berlin_day(first)).days

    def _mail(self, approvable: list[BookingDate]) -> MailText | None:
        """Return the mail of a promise unless something is in its way."""
        if not approvable or any(one.is_blocked for one in self.verdicts.values()):
            return None
        return mail_of(Action.APPROVE, self.booking, approvable, self.now)

    def _shown_dates(self) -> dict[str, list[dict[str, Any]]]:
        """Return the dates in words, those with something in their way first, past ones apart.

        Ticked is what can be promised; of a request that is over as a whole, what can be refused.
        """
        is_over = not any(map(self.is_ahead, self.dates))
        shown = [
            {
                "date": date,
                "when": day_and_time(date.span),
                "room": date.room.name,
                "state": state_word(date),
                "verdict": words.verdict([self.verdicts[date.pk]])
                if date.pk in self.verdicts
                else "",
                "holds": words.holds(date)
                if date.pk in self.verdicts or date.state == DateState.OFFERED
                else "",
                "says_no": date.state in {DateState.REJECTED, DateState.REVOKED},
                "is_over": not self.is_ahead(date),
                "is_free": date.pk not in self.verdicts or self.verdicts[date.pk].is_free,
                "can_be_ticked": self.may(Action.REJECT, date) or self.may(Action.REVOKE, date),
                "is_ticked": self.may(Action.REJECT if is_over else Action.APPROVE, date),
                "may_be_exchanged": date.state == DateState.APPROVED and self.is_ahead(date),
                "may_be_unused": self.may(Action.MARK_NO_SHOW, date),
            }
            for date in self.dates
        ]
        past = [one for one in shown if one["is_over"]] if len(shown) > 1 else []
        ahead = [one for one in shown if one not in past]
        return {
            "dates": sorted(ahead, key=lambda one: bool(one["is_free"])),
            "past_dates": past,
        }

    def _rivals(self) -> list[dict[str, Any]]:
        """Return this request and its rivals side by side, in the order in which they came."""
        rivals = {other.pk: other for one in self.verdicts.values() for other in one.rivals}
        if not rivals:
            return []
        own = [date for date in self.dates if self.verdicts.get(date.pk, Verdict()).rivals]
        all_dates = sorted([*own, *rivals.values()], key=lambda date: date.booking.sent_at)
        return [
            {
                "is_own": date.booking_id == self.booking.pk,
                "booking": date.booking,
                "group": date.booking.asker,
                "room": date.room.name,
                "when": day_and_time(date.span),
                "sent": moment(date.booking.sent_at),
                "holds": words.holds(date),
            }
            for date in all_dates
        ]

    def _group(self) -> dict[str, Any]:
        association = self.booking.association
        if association is None:
            at = self.booking.forgotten_at
            return {
                "association": None,
                "forgotten": date_long(berlin_day(at)) if at else "",
                "wishes": wishes_of(self.booking),
            }
        earlier = BookingDate.objects.filter(
            booking__association=association,
            booking__centre__in=centres_of(self.user),
            state__in=[DateState.APPROVED, DateState.COMPLETED, DateState.NO_SHOW],
        ).exclude(booking=self.booking)
        return {
            "association": association,
            "earlier": earlier.count(),
            "may_check": centres_of(self.user).filter(pk=association.home_centre_id).exists(),
            "wishes": wishes_of(self.booking),
        }
