"""Values of stored data in words."""

from datetime import date, datetime

from django import template
from django.utils.translation import gettext as _

from cms.opening_hours import BERLIN
from cms.wording import clock, date_long

register = template.Library()


@register.filter
def value_text(value: object) -> str:
    """Say "24. November 2026, 10:14 Uhr", "keine Angabe"."""
    if isinstance(value, datetime):
        local = value.astimezone(BERLIN)
        return f"{date_long(local.date())}, {clock(local)}"
    if isinstance(value, date):
        return date_long(value)
    return str(value) if value not in {None, ""} else _("not specified")
