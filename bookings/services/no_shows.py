"""A group did not come, and did not say so."""

from collections.abc import Iterable
from datetime import datetime

from bookings import ledger
from bookings.models import Booking, BookingDate
from bookings.rules.refusals import Code, Refusal, RefusedError
from bookings.rules.states import Action, Role
from bookings.services.decisions import DecidedAlreadyError
from bookings.services.locked_request import lock_request
from bookings.services.transitions import DateTransitionError, apply_all
from cms.models import User


def mark_no_show(
    *, booking: Booking, date_ids: Iterable[int], actor: User, now: datetime, text: str = ""
) -> None:
    """Note that nobody used promised dates, once they have begun; nobody is told.

    The ledger keeps its rows: the time was taken. `text` stands in the history, for the team only.
    Raises RefusedError (NOT_BEGUN), DecidedAlreadyError for dates that are not promised or noted
    already, BookingDate.DoesNotExist if one is not of this request, ledger.BusyError.
    """
    ids = set(date_ids)

    def note() -> None:
        dates = lock_request(booking, ids).dates
        if len(dates) < len(ids):
            raise BookingDate.DoesNotExist
        if ahead := [date for date in dates if date.span.start > now]:
            raise RefusedError(
                [Refusal(Code.NOT_BEGUN, "date", {"date_id": date.pk}) for date in ahead]
            )
        try:
            apply_all(
                dates, Action.MARK_NO_SHOW, role=Role.MANAGER, actor=actor, now=now, text=text
            )
        except DateTransitionError as error:
            last = error.date.log.select_related("actor").latest("at", "pk")
            raise DecidedAlreadyError(last) from None

    ledger.in_one_go(note)
