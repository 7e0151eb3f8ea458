"""Dates, requests and refusals in words, in the active language. The German ones are agreed."""

from bookings.wording.changed import changed_sentence
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
    why_left_out,
    wishes_of,
)
from bookings.wording.hints import hints_of, quiet_sentence, single_day_sentence
from bookings.wording.recurrences import recurrence_text
from bookings.wording.refusals import refusal_sentence, time_missing
from bookings.wording.steps import step_word
from bookings.wording.uses import use_text

__all__ = [
    "capacity_text",
    "changed_sentence",
    "day_and_time",
    "days_and_times",
    "free_dates_text",
    "hints_of",
    "moment",
    "quiet_sentence",
    "recurrence_text",
    "refusal_sentence",
    "room_names",
    "short_day",
    "short_moment",
    "short_start",
    "single_day_sentence",
    "spans_text",
    "state_word",
    "step_word",
    "time_missing",
    "times",
    "until",
    "use_text",
    "why_left_out",
    "wishes_of",
]
