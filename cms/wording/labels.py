"""What the times of a kind of service are called."""

from django.utils.translation import pgettext, pgettext_lazy

from cms.opening_hours import Kind, Pattern
from cms.wording.dates import weekday_name

_CONSULTATION = (
    pgettext_lazy("hours of a practice", "Consultation hours"),
    pgettext_lazy("column of times of a practice", "Consultation"),
)
_TREATMENT = (
    pgettext_lazy("hours of a therapy", "Treatment hours"),
    pgettext_lazy("column of times of a therapy", "Treatment"),
)
_DAY_CARE = (
    pgettext_lazy("hours of a day care", "Care hours"),
    pgettext_lazy("column of times of a day care", "Care"),
)
_ADVICE = (
    pgettext_lazy("hours of an advice office", "Advice hours"),
    pgettext_lazy("column of times of an advice office", "Advice"),
)
_OPENING = (
    pgettext_lazy("hours of a service", "Opening hours"),
    pgettext_lazy("column of times of a service", "Opening hours"),
)
_BY_SERVICE_KIND = {
    "gp": _CONSULTATION,
    "specialist": _CONSULTATION,
    "psychotherapy": _CONSULTATION,
    "midwife": _CONSULTATION,
    "therapy": _TREATMENT,
    "day_care": _DAY_CARE,
    "advice": _ADVICE,
    "office": _ADVICE,
}

_WEEKS = {
    Pattern.EVERY: "",
    Pattern.ODD: pgettext_lazy("weeks of a time", "in odd calendar weeks"),
    Pattern.EVEN: pgettext_lazy("weeks of a time", "in even calendar weeks"),
    Pattern.SCHOOL_HOLIDAYS: pgettext_lazy("weeks of a time", "only in the school holidays"),
    Pattern.SCHOOL_WEEKS: pgettext_lazy("weeks of a time", "not in the school holidays"),
}


def hours_label(service_kind: str) -> str:
    """Name the hours of a kind of service: "Sprechzeiten" for "gp", "Öffnungszeiten" for others."""
    return str(_BY_SERVICE_KIND.get(service_kind, _OPENING)[0])


def column_label(kind: Kind, service_kind: str) -> str:
    """Name a column of times: "Sprechzeit", "offene Sprechstunde", "nur mit Termin", "Telefonzeit"."""
    match kind:
        case Kind.WALK_IN:
            return pgettext("column of times", "Walk-in consultation")
        case Kind.APPOINTMENT:
            return pgettext("column of times", "By appointment only")
        case Kind.PHONE:
            return pgettext("column of times", "Phone hours")
    return str(_BY_SERVICE_KIND.get(service_kind, _OPENING)[1])


def pattern_text(pattern: Pattern, weekday: int) -> str:
    """Say in which weeks a time holds: "1. Dienstag im Monat", "in geraden Kalenderwochen".

    "" for every week.
    """
    if pattern in _WEEKS:
        return str(_WEEKS[pattern])
    values = {"number": f"{pattern.value}.", "weekday": weekday_name(weekday)}
    if pattern is Pattern.LAST:
        return pgettext("weeks of a time", "last %(weekday)s of the month") % values
    return pgettext("weeks of a time", "%(number)s %(weekday)s of the month") % values
