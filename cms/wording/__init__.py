"""The one place that puts times, dates, phone numbers and states into words.

Every function is pure apart from the active language and takes the moment or the day it speaks
from as an argument. The German words are agreed sentences: change one only on purpose.
"""

from cms.wording.closures import (
    PhoneSentence,
    closure_text,
    closure_title,
    return_sentence,
    substitute_sentence,
)
from cms.wording.dates import (
    clock,
    date_full,
    date_long,
    date_short,
    date_span,
    day_month,
    end_clock,
    end_time_text,
    join_and,
    join_weekdays,
    month_name,
    named_day,
    plain_text,
    range_text,
    relative_day,
    span_text,
    time_text,
    weekday_name,
    weekday_short,
)
from cms.wording.devices import device_text
from cms.wording.labels import column_label, hours_label, pattern_text
from cms.wording.patterns import coming_dates
from cms.wording.phones import phone_uri
from cms.wording.sheet import WeekLine, WeekPart, main_part, short_parts
from cms.wording.states import (
    Modifier,
    StateSentence,
    expected_opening_sentence,
    moment_text,
    opening_sentence,
    opening_text,
    state_at_another_time,
    state_sentence,
    today_times,
)
from cms.wording.typed_times import (
    end_before_start,
    fault_sentence,
    overlapping,
    times_in_words,
)
from cms.wording.week import (
    ChangeSentence,
    WeekColumn,
    WeekRow,
    WeekTable,
    change_sentences,
    week_table,
)
from cms.wording.week_changes import validity_text, week_changes

__all__ = [
    "ChangeSentence",
    "Modifier",
    "PhoneSentence",
    "StateSentence",
    "WeekColumn",
    "WeekLine",
    "WeekPart",
    "WeekRow",
    "WeekTable",
    "change_sentences",
    "clock",
    "closure_text",
    "closure_title",
    "column_label",
    "coming_dates",
    "date_full",
    "date_long",
    "date_short",
    "date_span",
    "day_month",
    "device_text",
    "end_before_start",
    "end_clock",
    "end_time_text",
    "expected_opening_sentence",
    "fault_sentence",
    "hours_label",
    "join_and",
    "join_weekdays",
    "main_part",
    "moment_text",
    "month_name",
    "named_day",
    "opening_sentence",
    "opening_text",
    "overlapping",
    "pattern_text",
    "phone_uri",
    "plain_text",
    "range_text",
    "relative_day",
    "return_sentence",
    "short_parts",
    "span_text",
    "state_at_another_time",
    "state_sentence",
    "substitute_sentence",
    "time_text",
    "times_in_words",
    "today_times",
    "validity_text",
    "week_changes",
    "week_table",
    "weekday_name",
    "weekday_short",
]
