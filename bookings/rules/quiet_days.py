"""Quiet days in Lower Saxony: a hint for whoever plans music or dance, never a refusal.

Source: Niedersächsisches Gesetz über die Feiertage (NFeiertagsG) §§ 5–7. What is really forbidden
depends on the kind of event; the centre decides.
"""

from datetime import date, timedelta

from dateutil.easter import easter

_BEFORE_EASTER = {3: "Gründonnerstag", 2: "Karfreitag", 1: "Karsamstag"}
_BEFORE_ADVENT = {14: "Volkstrauertag", 11: "Buß- und Bettag", 7: "Totensonntag"}


def first_advent(year: int) -> date:
    """Return the Sunday from 27 November to 3 December."""
    latest = date(year, 12, 3)
    return latest - timedelta(days=(latest.weekday() + 1) % 7)


def quiet_day(day: date) -> str:
    """Return the German name of a quiet day, "" for any other."""
    if day.month in {3, 4}:
        return _BEFORE_EASTER.get((easter(day.year) - day).days, "")
    if day.month == 11:  # noqa: PLR2004 - November
        return _BEFORE_ADVENT.get((first_advent(day.year) - day).days, "")
    return ""
