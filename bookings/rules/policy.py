"""The house's rules for requests. One set for all rooms so far; the numbers are the usual ones."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Policy:
    hold_days: int = 14  # a request keeps its time free for so long
    horizon_days: int = 366
    raster_minutes: int = 15
    shortest: timedelta = timedelta(minutes=30)
    answer_days: int = 7  # how long a group may take to answer a question


POLICY = Policy()
