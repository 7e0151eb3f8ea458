"""The formatter of cms.wording as filters."""

from datetime import date

from django import template

from cms import wording

register = template.Library()

for function in (
    wording.clock,
    wording.date_full,
    wording.date_long,
    wording.date_short,
    wording.device_text,
    wording.hours_label,
):
    register.filter(function.__name__, function)


@register.filter
def weekday_and_day(day: date) -> str:
    """Say "Dienstag, 24. November"."""
    return wording.named_day(day, day)
