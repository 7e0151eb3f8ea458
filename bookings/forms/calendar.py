"""Which week, month or list of days of a room somebody wants to see."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from bookings.rules.months import parse_month
from bookings.rules.policy import Policy
from bookings.rules.week import parse_week, shown_days
from cms.wording import date_long


class View(StrEnum):
    WEEK = "woche"
    MONTH = "monat"
    LIST = "liste"


PARSERS: dict[str, Callable[[str], date]] = {
    View.WEEK.value: parse_week,
    View.MONTH.value: parse_month,
}
QUESTION = ("tag", "woche", "monat", "ansicht")


class CalendarForm(forms.Form):
    """Asks with a GET: by a day from the form, or by a week or a month from a link.

    They are one question, so only one of them may be asked. All that is wrong stands at the day, the
    only field people see.
    """

    tag = forms.DateField(
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        error_messages={
            "required": gettext_lazy("Please enter a date, for example 24.11.2026."),
            "invalid": gettext_lazy("Please enter a date, for example 24.11.2026."),
        },
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    woche = forms.CharField(required=False, max_length=20)
    monat = forms.CharField(required=False, max_length=20)
    ansicht = forms.CharField(required=False, max_length=20)

    def __init__(self, *args: Any, today: date, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.policy = today, policy
        first, last = shown_days(today, policy)
        attrs = {"min": first.isoformat(), "max": last.isoformat()}
        self.fields["tag"].widget.attrs.update(attrs)
        self.fields["tag"].label = self._label()
        self.view = self._view()

    def _view(self) -> View:
        """Return the view that was asked for, also where something else is wrong."""
        if View.MONTH in self.data:
            return View.MONTH
        asked = self.data.get("ansicht", "")
        return View(asked) if asked in {*View} else View.WEEK

    def _label(self) -> str:
        return {
            View.WEEK: _("Week with the day"),
            View.MONTH: pgettext("calendar", "Month with the day"),
            View.LIST: pgettext("calendar", "List from the day on"),
        }[self._view()]

    @property
    def day(self) -> date:
        """Return a day of what was asked for, else today."""
        day: date = self.cleaned_data["day"] if self.is_valid() else self.today
        return day

    def again(self) -> "CalendarForm":
        """Return the form for the next question; what was wrong stays as it was typed."""
        if self.is_bound and self.errors:
            return self
        again = CalendarForm(today=self.today, policy=self.policy, initial={"tag": self.day})
        again.view = self.view
        again.fields["tag"].label = self.fields["tag"].label
        return again

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name in (*PARSERS, "ansicht"):
            self.errors.pop(name, None)  # said at the day, below
        if "tag" not in self.data:
            self.errors.pop("tag", None)  # nobody asked by day
        if "tag" not in self.errors:
            try:
                cleaned["day"] = self._day(cleaned)
            except ValidationError as error:
                self.add_error("tag", error)
        return cleaned

    def _day(self, cleaned: dict[str, Any]) -> date:
        """Return a day of what was asked for. Raises ValidationError."""
        asked = [name for name in ("tag", *PARSERS) if name in self.data]
        if len(asked) > 1:
            raise ValidationError(_("Please choose either a day or a week."))
        if self.data.get("ansicht", View.WEEK) not in {*View}:
            raise ValidationError(_("This view does not exist. Please choose a day."))
        name = asked[0] if asked else ""
        day = self._parsed(name) if name in PARSERS else cleaned.get("tag", self.today)
        return self._shown(day)

    def _parsed(self, name: str) -> date:
        try:
            day = PARSERS[name](self.data.get(name, ""))
        except ValueError:
            sentence = {
                View.WEEK.value: _("This week does not exist. Please choose a day."),
                View.MONTH.value: _("This month does not exist. Please choose a day."),
            }[name]
            raise ValidationError(sentence) from None
        # The first days of the current month, or of the first one, may be out of reach.
        first, _last = shown_days(self.today, self.policy)
        is_its_month = name == View.MONTH and (day.year, day.month) == (first.year, first.month)
        return first if is_its_month else day

    def _shown(self, day: date) -> date:
        first, last = shown_days(self.today, self.policy)
        if not first <= day <= last:
            values = {"first": date_long(first), "last": date_long(last)}
            raise ValidationError(_("Please choose a day from %(first)s to %(last)s.") % values)
        return day
