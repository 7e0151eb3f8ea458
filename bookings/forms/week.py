"""Which week of a room somebody wants to see."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.rules.policy import POLICY
from bookings.rules.week import monday_of, parse_week, shown_days
from cms.wording import date_long


class WeekForm(forms.Form):
    """Asks with a GET: by a day from the form, or by a week from a link; both are one question.

    All that is wrong stands at the day, the only field people see.
    """

    use_required_attribute = False
    tag = forms.DateField(
        label=gettext_lazy("Week with the day"),
        required=False,
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        error_messages={
            "invalid": gettext_lazy("Please enter a date, for example 24.11.2026."),
        },
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    woche = forms.CharField(required=False, max_length=20)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        first, last = shown_days(today, POLICY)
        attrs = {"min": first.isoformat(), "max": last.isoformat(), "class": "rvz-w-date"}
        self.fields["tag"].widget.attrs.update(attrs)

    @property
    def monday(self) -> date:
        """Return the Monday of the week that was asked for, else of this week."""
        return monday_of(self.cleaned_data["day"] if self.is_valid() else self.today)

    def again(self) -> "WeekForm":
        """Return the form for the next question; what was wrong stays as it was typed."""
        if self.is_bound and self.errors:
            return self
        day = self.cleaned_data["day"] if self.is_bound else self.today
        return WeekForm(today=self.today, initial={"tag": day})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        asked_by_week = "woche" in self.data
        if self.errors.pop("woche", None) and "tag" not in self.errors:
            self.add_error("tag", _no_week())
        elif asked_by_week and "tag" in self.data:
            self.add_error("tag", ValidationError(_("Please choose either a day or a week.")))
        elif "tag" not in self.errors:
            self._choose(cleaned, asked_by_week=asked_by_week)
        return cleaned

    def _choose(self, cleaned: dict[str, Any], *, asked_by_week: bool) -> None:
        try:
            day = parse_week(cleaned["woche"]) if asked_by_week else cleaned.get("tag")
        except ValueError:
            self.add_error("tag", _no_week())
            return
        first, last = shown_days(self.today, POLICY)
        if day is None:
            self.add_error("tag", self.fields["tag"].error_messages["invalid"])
        elif not first <= day <= last:
            self.add_error("tag", _out_of_sight(first, last))
        else:
            cleaned["day"] = day


def _no_week() -> ValidationError:
    return ValidationError(_("This week does not exist. Please choose a day."))


def _out_of_sight(first: date, last: date) -> ValidationError:
    values = {"first": date_long(first), "last": date_long(last)}
    return ValidationError(_("Please choose a day from %(first)s to %(last)s.") % values)
