"""Mails on requests that never arrived: somebody has to ring up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from bookings.models import Booking, BookingLog
from cms.models import Centre, OutgoingMail

# The key of a mail: this, the key of the step it tells of, who gets it.
KEY_START = "booking-log:"
SHOWN_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Undelivered:
    """A mail that was given up, and the step in the history it should have told of."""

    mail: OutgoingMail
    entry: BookingLog  # its booking and that one's association are loaded


def mail_key(entry: BookingLog, recipient: str) -> str:
    return f"{entry_key(entry)}{recipient.lower()}"[:200]


def entry_key(entry: BookingLog) -> str:
    """Return how the keys of all mails on this step begin."""
    return f"{KEY_START}{entry.pk}:"


def undelivered(centres: Iterable[Centre], *, now: datetime) -> list[Undelivered]:
    """Return the mails on requests of these centres that were given up lately, newest first."""
    mails = _given_up().filter(created_at__gt=now - SHOWN_FOR).order_by("-created_at", "-pk")
    by_entry = [(_entry_of(mail), mail) for mail in mails]
    entries = (
        BookingLog.objects.filter(booking__centre__in=centres)
        .select_related("booking__association")
        .in_bulk([key for key, _mail in by_entry])
    )
    return [Undelivered(mail, entries[key]) for key, mail in by_entry if key in entries]


def given_up_on(booking: Booking) -> list[OutgoingMail]:
    """Return all mails on a request that were given up."""
    entries = set(booking.log.values_list("pk", flat=True))
    return [mail for mail in _given_up() if _entry_of(mail) in entries]


def _given_up() -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(state=OutgoingMail.State.FAILED, key__startswith=KEY_START)


def _entry_of(mail: OutgoingMail) -> int:
    return int(mail.key.split(":")[1])
