"""Wishes to change in words, for lists and for the page of one."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bookings.admin import words
from bookings.models import ChangeRequest
from bookings.rules.recurrence import recurrence_of
from bookings.selectors.desk_wishes import DeskWish, Stand, wishes_of
from bookings.selectors.judging import Verdict
from bookings.wording import moment, recurrence_text
from cms.wording import join_and


def wish_rows(changes: Iterable[ChangeRequest], now: datetime) -> list[dict[str, Any]]:
    """Return wishes read by `with_both_sides` as rows, in as many queries for many as for one."""
    return [shown_wish(wish) for wish in wishes_of(changes, now=now)]


def shown_wish(wish: DeskWish) -> dict[str, Any]:
    """Put a wish into words."""
    return {
        "pk": wish.change.pk,
        "booking": wish.change.booking,
        "old": _where_and_when(wish.old),
        "new": _new(wish),
        "verdict": words.verdict(wish.verdicts) if wish.is_open else "",
        "waits": words.waits(wish.waiting_days) if wish.is_open else "",
        "holds": _holds(wish.change) if wish.is_open else "",
    }


def _where_and_when(stands: Sequence[Stand]) -> str:
    rooms = join_and(list(dict.fromkeys(stand.room.name for stand in stands)))
    return f"{rooms}, {words.when_all(stands)}"


def _new(wish: DeskWish) -> str:
    recurrence = recurrence_of(wish.change.recurrence)
    if not wish.is_following or recurrence is None:
        return _where_and_when(wish.new)
    return f"{_where_and_when(wish.new)}, {recurrence_text(recurrence)}"


def _holds(change: ChangeRequest) -> str:
    if change.holds_until is None:
        return _("the new time is not kept free for this group")
    return _("keeps the new time free until %(moment)s") % {"moment": moment(change.holds_until)}


def wishes_in_the_way(verdicts: Iterable[Verdict]) -> list[dict[str, Any]]:
    """Return the wishes of others that have to be decided on first, each once."""
    found = {wish.pk: wish for verdict in verdicts for wish in verdict.wishes}
    return [{"pk": wish.pk, "group": wish.booking.asker} for wish in found.values()]
