"""What happened, as far as mails tell it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bookings.models import Booking, BookingDate, BookingLog, ChangedDate, ChangeRequest
from bookings.rules.states import Action
from bookings.wording import days_and_times


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One thing that happened to one or several dates of a request: one mail to each person.

    entry: the (first) step in the history; its key makes the mail unique. Unsaved for a preview.
    left_out: how many dates of a new series do not take place.
    suggestion: a free alternative in words. substitute: an offer in place of what was taken back.
    refused: for a preview, others of its dates as they would be refused along with a promise.
    passed_on: an offer that ran out went to somebody else.
    change: the wish to change that this is about. new: dates of another request in place of these,
    for calendars. moves: for a preview, where dates go of a wish that is not stored. seating: that of the old room is not to be had in the new one, as a sentence.
    by: for a reader of the group who did not do this: the name of who did.
    """

    entry: BookingLog
    dates: Sequence[BookingDate]
    left_out: int = 0
    suggestion: str = ""
    substitute: BookingDate | None = None
    refused: Sequence[BookingDate] = ()
    passed_on: bool = False
    change: ChangeRequest | None = None
    new: Sequence[BookingDate] = ()
    moves: Sequence[ChangedDate] = ()
    seating: str = ""
    by: str = ""

    @property
    def action(self) -> Action:
        return Action(self.entry.action)

    @property
    def booking(self) -> Booking:
        return self.entry.booking

    @property
    def is_series(self) -> bool:
        """Tell whether the request has, or had, further dates than these."""
        return self.booking.event.rule_id is not None

    @cached_property
    def when(self) -> str:
        """Return the dates, one line each; said once, for all who get a mail."""
        return days_and_times(self.dates)

    @property
    def text(self) -> str:
        """Return the reason, question, answer or message that goes along."""
        return self.entry.text
