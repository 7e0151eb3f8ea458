"""Find a room: which are free at a time or on the dates of a series, and when one room is free."""

from bookings.selectors.find.answer import Answer, Offer, Question, answer_to
from bookings.selectors.find.free_times import Suggestion, free_days, nearest_times
from bookings.selectors.find.rooms import Found, Wanted, find_rooms, rooms_offering

__all__ = [
    "Answer",
    "Found",
    "Offer",
    "Question",
    "Suggestion",
    "Wanted",
    "answer_to",
    "find_rooms",
    "free_days",
    "nearest_times",
    "rooms_offering",
]
