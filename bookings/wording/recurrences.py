"""How often a date repeats, in words."""

from django.utils.translation import gettext as _

from bookings.rules.recurrence import Frequency, Recurrence
from cms.wording import join_and, weekday_name


def recurrence_text(recurrence: Recurrence) -> str:
    """Say "jeden Dienstag", "alle 2 Wochen am Dienstag", "an jedem letzten Freitag im Monat"."""
    match recurrence.frequency:
        case Frequency.DAILY:
            return _("every day")
        case Frequency.WORKDAYS:
            return _("every day from Monday to Friday")
        case Frequency.WEEKLY:
            return _weekly(recurrence)
        case Frequency.MONTHLY:
            return _monthly(recurrence)


def _weekly(recurrence: Recurrence) -> str:
    days = join_and([weekday_name(day) for day in recurrence.weekdays])
    if recurrence.interval == 1:
        return _("every %(weekdays)s") % {"weekdays": days}
    return _("every %(count)s weeks on %(weekdays)s") % {
        "count": recurrence.interval,
        "weekdays": days,
    }


def _monthly(recurrence: Recurrence) -> str:
    texts = {
        1: _("on the first %(weekday)s of each month"),
        2: _("on the second %(weekday)s of each month"),
        3: _("on the third %(weekday)s of each month"),
        4: _("on the fourth %(weekday)s of each month"),
        -1: _("on the last %(weekday)s of each month"),
    }
    return texts[recurrence.nth] % {"weekday": weekday_name(recurrence.weekdays[0])}
