"""Other times and rooms for dates: asked for, granted, refused, exchanged."""

from bookings.services.changes.deciding import grant_change, refuse_change, withdraw_change
from bookings.services.changes.exchange import exchange_dates
from bookings.services.changes.expiry import expire_changes
from bookings.services.changes.following import (
    FollowingWish,
    ask_for_following,
    is_decided_at_once,
    propose_following,
    refusals_to_change,
)
from bookings.services.changes.moves import Move, ask_for_change

__all__ = [
    "FollowingWish",
    "Move",
    "ask_for_change",
    "ask_for_following",
    "exchange_dates",
    "expire_changes",
    "grant_change",
    "is_decided_at_once",
    "propose_following",
    "refusals_to_change",
    "refuse_change",
    "withdraw_change",
]
