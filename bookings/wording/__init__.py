"""Dates, requests and refusals in words, in the active language. The German ones are agreed."""

from bookings.wording.dates import (
    capacity_text,
    day_and_time,
    days_and_times,
    free_dates_text,
    moment,
    room_names,
    short_day,
    short_moment,
    short_start,
    spans_text,
    state_word,
    times,
    until,
    wishes_of,
)
from bookings.wording.recurrences import recurrence_text
from bookings.wording.refusals import refusal_sentence, time_missing

__all__ = [
    "capacity_text",
    "day_and_time",
    "days_and_times",
    "free_dates_text",
    "moment",
    "recurrence_text",
    "refusal_sentence",
    "room_names",
    "short_day",
    "short_moment",
    "short_start",
    "spans_text",
    "state_word",
    "time_missing",
    "times",
    "until",
    "wishes_of",
]
