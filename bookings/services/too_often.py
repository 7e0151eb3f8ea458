"""How often somebody may change what was asked for: each change writes to the whole team."""

from datetime import datetime, timedelta

from django.db.models import F, Q

from bookings.models import Booking, BookingLog, ChangeRequest
from bookings.rules.refusals import Code, Refusal
from bookings.rules.states import Action, DateState
from cms.models import User

MOST_IN_AN_HOUR = 20
FIRST_STEPS = (Action.SEND, Action.JOIN_WAITLIST, Action.BOOK)


def refusals_if_too_often(booking: Booking, *, actor: User | None, now: datetime) -> list[Refusal]:
    """Return whether there were too many wishes to change, and series let go on, within an hour.

    A person is counted over all groups, a guest over all requests with the same address. Two
    queries. Giving dates up is not counted: each of them falls through only once.
    """
    since = now - timedelta(hours=1)
    wishes = ChangeRequest.objects.filter(
        _done_by(actor, booking, "requested_by"), requested_at__gt=since
    )
    further = BookingLog.objects.filter(
        _done_by(actor, booking, "actor"),
        at__gt=since,
        action__in=FIRST_STEPS,
        from_state=DateState.DRAFT,
    ).filter(at__gt=F("booking__sent_at"))
    steps = further.order_by().values("booking", "at").distinct()
    if wishes.count() + steps.count() < MOST_IN_AN_HOUR:
        return []
    return [Refusal(Code.TOO_OFTEN, "association")]


def _done_by(actor: User | None, booking: Booking, name: str) -> Q:
    if actor is not None:
        return Q(**{name: actor})
    if booking.is_of_guest:
        return Q(booking__guest_email__iexact=booking.guest_email)
    return Q(booking=booking)
