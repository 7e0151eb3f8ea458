"""Public and school holidays of Lower Saxony by their German names, and what an office corrects.

Plain Python: no framework, no clock, no network. Public holidays follow NFeiertagsG § 2, school
holidays the Ferienordnung as the package `holidays` has it (the mainland's, not the islands').
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, lru_cache

import holidays

ONE_DAY = dt.timedelta(days=1)


class HolidayKind(StrEnum):
    PUBLIC = "public"
    SCHOOL = "school"


_CATEGORIES = {HolidayKind.PUBLIC: holidays.PUBLIC, HolidayKind.SCHOOL: holidays.SCHOOL}


@cache
def _days_of_year(year: int, kind: HolidayKind) -> dict[dt.date, str]:
    return dict(
        holidays.country_holidays(
            "DE", subdiv="NI", years=year, language="de", categories=(_CATEGORIES[kind],)
        )
    )


@dataclass(frozen=True, slots=True)
class HolidayChange:
    """Days, both included, that differ from the list: holidays of this name, or none (`name` "")."""

    kind: HolidayKind
    first: dt.date
    last: dt.date
    name: str

    def days(self) -> Iterable[dt.date]:
        return (
            self.first + number * ONE_DAY for number in range((self.last - self.first).days + 1)
        )


@dataclass(frozen=True, slots=True)
class HolidayCalendar:
    """The holidays of Lower Saxony with the office's changes; of two on a day the later one holds."""

    changes: tuple[HolidayChange, ...] = ()
    _changed: Mapping[HolidayKind, dict[dt.date, str]] = field(
        init=False, repr=False, compare=False, hash=False
    )

    def __post_init__(self) -> None:
        changed: dict[HolidayKind, dict[dt.date, str]] = {kind: {} for kind in HolidayKind}
        for change in self.changes:
            changed[change.kind].update(dict.fromkeys(change.days(), change.name))
        object.__setattr__(self, "_changed", changed)

    def public_name(self, day: dt.date) -> str | None:
        """Return the name of the public holiday on `day`, "Reformationstag", or None."""
        return self._name(day, HolidayKind.PUBLIC)

    def school_name(self, day: dt.date) -> str | None:
        """Return the name of the school holidays that `day` lies in, "Herbstferien", or None."""
        return self._name(day, HolidayKind.SCHOOL)

    def _name(self, day: dt.date, kind: HolidayKind) -> str | None:
        changed = self._changed[kind].get(day)
        if changed is not None:
            return changed or None
        return _days_of_year(day.year, kind).get(day)

    def school_known_until(self, today: dt.date) -> dt.date:
        """Return the last known day of school holidays, `today` if none is known any more."""
        known = [day for day, name in self._changed[HolidayKind.SCHOOL].items() if name]
        year = today.year
        while days := _days_of_year(year, HolidayKind.SCHOOL):
            known.append(max(days))
            year += 1
        return max([today, *known])


@lru_cache(maxsize=8)
def calendar_with(changes: tuple[HolidayChange, ...]) -> HolidayCalendar:
    """Return the calendar with these changes; the same one for the same changes."""
    return HolidayCalendar(changes)


def holiday_name(day: dt.date) -> str | None:
    """Return the name of the public holiday on `day` as the law has it, without any changes."""
    return calendar_with(()).public_name(day)
