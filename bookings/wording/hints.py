"""What somebody who plans an event should know before asking. Hints never refuse anything.

Sources: NFeiertagsG §§ 5–7 (rules.quiet_days); UrhG § 15 and GEMA's tariffs; NGastG § 2 (selling alcohol
has to be notified four weeks before). The organiser sees to all of them, not the centre.
"""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from bookings.rules.quiet_days import quiet_day
from bookings.wording.dates import days_text
from cms.wording import date_long


def quiet_sentence(days: Iterable[date]) -> str:
    """Say which of these days are quiet days and what that means; "" if none is."""
    quiet = [(day, name) for day in days if (name := quiet_day(day))]
    if not quiet:
        return ""
    if len(quiet) == 1:
        named = {"date": date_long(quiet[0][0]), "name": quiet[0][1]}
        return (
            _(
                "%(date)s is %(name)s. Music and dance may be restricted on this day. You can ask all the "
                "same; the centre looks into it."
            )
            % named
        )
    named_days = days_text([f"{date_long(day)} ({name})" for day, name in quiet])
    return _(
        "These days are quiet days: %(days)s. Music and dance may be restricted then. You can ask all "
        "the same; the centre looks into it."
    ) % {"days": named_days}


def single_day_sentence(day: date, holiday: str | None) -> str:
    """Say what somebody should know who asks for a single date on this day; "" if nothing.

    `holiday`: the name of a public one. Most quiet days are none; of one that is both, its quiet
    says more.
    """
    if quiet := quiet_sentence([day]):
        return quiet
    if not holiday:
        return ""
    return _(
        "%(date)s is a public holiday (%(name)s). Please check whether your date is meant to take "
        "place then."
    ) % {"date": date_long(day), "name": holiday}


def hints_of(*, on_days: str, is_public: bool, has_music: bool, has_alcohol: bool) -> list[str]:
    """Return everything that the organiser of this event should know, one sentence each.

    `on_days`: what was said already of the days on which it takes place.
    """
    said = [
        (True, on_days),
        (
            is_public and has_music,
            _(
                "Music at a public event: it usually has to be registered with GEMA. The organiser "
                "does that, not the centre."
            ),
        ),
        (
            is_public and has_alcohol,
            _(
                "Alcohol at a public event: whoever sells it usually has to tell the municipality at "
                "least four weeks before (in other places this is called a permit). Please ask at the "
                "town hall."
            ),
        ),
    ]
    return [text for applies, text in said if applies and text]
