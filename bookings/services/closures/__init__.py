"""Rooms that are closed for a time. What is closed regularly: `plans`."""

from bookings.services.closures.once import (
    DatesInTheWayError,
    create_closure,
    delete_closure,
    store_closures,
)

__all__ = ["DatesInTheWayError", "create_closure", "delete_closure", "store_closures"]
