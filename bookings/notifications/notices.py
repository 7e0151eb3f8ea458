"""What a mail tells, to whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bookings.models import Booking, BookingDate, BookingLog
from bookings.rules.states import Action


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One thing that happened to one or several dates of a request: one mail to each person.

    entry: the (first) step in the history; its key makes the mail unique. Unsaved for a preview.
    text: the reason, question, answer or message that goes along.
    suggestion: a free alternative in words.
    """

    action: Action
    booking: Booking
    dates: Sequence[BookingDate]
    entry: BookingLog | None = None
    text: str = ""
    suggestion: str = ""


@dataclass(frozen=True)
class MailText:
    subject: str
    text: str
    html: str


def notify(notice: Notice, *, now: datetime, not_before: datetime | None = None) -> None:
    """Queue the mails of a notice in the caller's transaction; `not_before` keeps them back."""


def preview(notice: Notice, *, now: datetime) -> MailText:
    """Return the mail to the group as it would go out."""
    return MailText("", "", "")


def stop(entry: BookingLog, *, now: datetime) -> bool:
    """Delete the mails of a step that still wait; False if one went out already."""
    return False
