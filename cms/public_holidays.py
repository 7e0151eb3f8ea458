"""Public holidays of Lower Saxony by their German names. Plain Python: no framework, no clock."""

from datetime import date
from functools import cache

import holidays


@cache
def _holidays_of_year(year: int) -> dict[date, str]:
    return dict(
        holidays.country_holidays(
            "DE", subdiv="NI", years=year, language="de", categories=(holidays.PUBLIC,)
        )
    )


def holiday_name(day: date) -> str | None:
    """Return the name of the public holiday on `day`, "Reformationstag", or None."""
    return _holidays_of_year(day.year).get(day)
