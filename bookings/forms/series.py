"""The part of a request that says how often: the grammar of rules.recurrence in plain fields.

All of it is understood without JavaScript: whoever chose "once" may send the rest, it does not count.
"""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bookings.rules.policy import HolidayRule
from bookings.rules.proposal import HolidayChoice
from bookings.rules.recurrence import Frequency, Recurrence, recurrence_of
from cms.forms.fields import DayField
from cms.models import Weekday
from cms.wording import weekday_name

ONCE, REGULARLY = "einmal", "regelmaessig"
SERIES_FIELDS = ("rhythm", "weekdays", "until", "on_public_holidays", "on_school_holidays")
# The words for addresses and forms. Weekdays come from the date, and those that are ticked beside it.
RHYTHMS = {
    "woechentlich": Recurrence(Frequency.WEEKLY),
    "alle-2-wochen": Recurrence(Frequency.WEEKLY, interval=2),
    "alle-4-wochen": Recurrence(Frequency.WEEKLY, interval=4),
    "monatlich-1": Recurrence(Frequency.MONTHLY, nth=1),
    "monatlich-2": Recurrence(Frequency.MONTHLY, nth=2),
    "monatlich-3": Recurrence(Frequency.MONTHLY, nth=3),
    "monatlich-4": Recurrence(Frequency.MONTHLY, nth=4),
    "monatlich-letzter": Recurrence(Frequency.MONTHLY, nth=-1),
    "werktags": Recurrence(Frequency.WORKDAYS),
    "taeglich": Recurrence(Frequency.DAILY),
}
WEEKLY = "woechentlich"


def rhythm_choices(weekday: str) -> list[tuple[str, str]]:
    """Return the choices with the weekday of the date in words, as far as it is known."""
    named = {"weekday": weekday}
    return [
        ("woechentlich", _("every week")),
        ("alle-2-wochen", _("every 2 weeks")),
        ("alle-4-wochen", _("every 4 weeks")),
        ("monatlich-1", _("on the first %(weekday)s of each month") % named),
        ("monatlich-2", _("on the second %(weekday)s of each month") % named),
        ("monatlich-3", _("on the third %(weekday)s of each month") % named),
        ("monatlich-4", _("on the fourth %(weekday)s of each month") % named),
        ("monatlich-letzter", _("on the last %(weekday)s of each month") % named),
        ("werktags", _("every day from Monday to Friday")),
        ("taeglich", _("every day")),
    ]


def rhythm_from(text: str) -> dict[str, Any] | None:
    """Return the fields that say what an address says: our word, or the name of a recurrence."""
    if text == ONCE:
        return {"repeats": ONCE}
    if text in RHYTHMS:
        return {"repeats": REGULARLY, "rhythm": text}
    recurrence = recurrence_of(text)
    return fields_of(recurrence) if recurrence else None


def fields_of(recurrence: Recurrence) -> dict[str, Any]:
    """Return the fields that say this recurrence; a single weekday comes with the date."""
    like = Recurrence(recurrence.frequency, interval=recurrence.interval, nth=recurrence.nth)
    word = next(word for word, known in RHYTHMS.items() if known == like)
    several = recurrence.weekdays if len(recurrence.weekdays) > 1 else ()
    return {
        "repeats": REGULARLY,
        "rhythm": word,
        "weekdays": [str(weekday) for weekday in several],
    }


class SeriesFields(forms.Form):
    repeats = forms.ChoiceField(
        label=gettext_lazy("How often?"),
        choices=[
            (ONCE, pgettext_lazy("how often", "once")),
            (REGULARLY, pgettext_lazy("how often", "regularly")),
        ],
        initial=ONCE,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Please choose once or regularly.")},
    )
    rhythm = forms.ChoiceField(
        label=pgettext_lazy("series", "Repeats"),
        initial=WEEKLY,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Please choose one of these rhythms.")},
    )
    weekdays = forms.MultipleChoiceField(
        label=gettext_lazy("Also on"),
        choices=[(str(day.value), day.label) for day in Weekday if day is not Weekday.HOLIDAY],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Please choose days of the week.")},
    )
    until = DayField(label=pgettext_lazy("series", "Last day"), required=False)
    on_public_holidays = forms.BooleanField(
        label=gettext_lazy("also on public holidays"), required=False
    )
    on_school_holidays = forms.BooleanField(
        label=gettext_lazy("also in the school holidays"), required=False
    )

    def _name_rhythms(self, day: dt.date | None) -> None:
        """Say the weekday of the date in the choices."""
        weekday = weekday_name(day.weekday()) if day else _("weekday of the date")
        rhythm: Any = self.fields["rhythm"]
        rhythm.choices = rhythm_choices(weekday)
        rhythm.widget.attrs["data-weekday"] = weekday

    def clean(self) -> dict[str, Any]:
        """Leave aside what was sent of a series that nobody chose."""
        values = super().clean() or self.cleaned_data
        if not self.is_series and "repeats" not in self.errors:
            for name in SERIES_FIELDS:
                self.errors.pop(name, None)
        return values

    @property
    def is_series(self) -> bool:
        """Tell whether what was sent is a series."""
        return self.cleaned_data.get("repeats") == REGULARLY

    @property
    def recurrence(self) -> Recurrence | None:
        """Return how the date repeats, as far as that can be told."""
        values = self.cleaned_data
        known = RHYTHMS.get(values.get("rhythm") or WEEKLY)
        day = values.get("day")
        if not self.is_series or known is None or day is None or "rhythm" in self.errors:
            return None
        return Recurrence(
            known.frequency, self._weekdays(known, day), interval=known.interval, nth=known.nth
        )

    def _weekdays(self, known: Recurrence, day: dt.date) -> tuple[int, ...]:
        if known.frequency is Frequency.WEEKLY:
            ticked = self.cleaned_data.get("weekdays") or []
            return (day.weekday(), *map(int, ticked))
        return (day.weekday(),) if known.frequency is Frequency.MONTHLY else ()

    @property
    def holidays(self) -> HolidayChoice:
        keeps = {
            name: HolidayRule.KEEP if self.cleaned_data.get(name) else HolidayRule.SKIP
            for name in ("on_public_holidays", "on_school_holidays")
        }
        return HolidayChoice(keeps["on_public_holidays"], keeps["on_school_holidays"])

    @property
    def regularly_is_shown(self) -> bool:
        """Tell whether the form shows a series, sent or preset."""
        return bool(self["repeats"].value() == REGULARLY)

    @property
    def weekdays_are_shown(self) -> bool:
        return bool(self["weekdays"].value() or self["weekdays"].errors)
