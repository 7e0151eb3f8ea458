"""Other times and rooms for dates: asked for, granted, refused, exchanged."""

from bookings.services.changes.deciding import grant_change, refuse_change, withdraw_change
from bookings.services.changes.moves import Move, ask_for_change

__all__ = [
    "Move",
    "ask_for_change",
    "grant_change",
    "refuse_change",
    "withdraw_change",
]
