"""Next year's plan: opened, collected until a day, decided together.

Plans are locked before any space, so that nobody asks while it is decided.
"""

from bookings.services.renewals.asking import Renewed, SeriesChange, renew_series
from bookings.services.renewals.deciding import RoundDecision, decide_round
from bookings.services.renewals.opening import open_round

__all__ = [
    "Renewed",
    "RoundDecision",
    "SeriesChange",
    "decide_round",
    "open_round",
    "renew_series",
]
