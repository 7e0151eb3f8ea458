"""Which week of a room somebody wants to see."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.rules.policy import Policy
from bookings.rules.wall_clock import monday_of
from bookings.rules.week import parse_week, shown_days
from cms.wording import date_long


class WeekForm(forms.Form):
    """Asks with a GET: by a day from the form, or by a week from a link; both are one question.

    All that is wrong stands at the day, the only field people see.
    """

    tag = forms.DateField(
        label=gettext_lazy("Week with the day"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        error_messages={
            "required": gettext_lazy("Please enter a date, for example 24.11.2026."),
            "invalid": gettext_lazy("Please enter a date, for example 24.11.2026."),
        },
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    woche = forms.CharField(required=False, max_length=20)

    def __init__(self, *args: Any, today: date, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.policy = today, policy
        first, last = shown_days(today, policy)
        attrs = {"min": first.isoformat(), "max": last.isoformat()}
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
        return WeekForm(today=self.today, policy=self.policy, initial={"tag": day})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        by_week, by_day = "woche" in self.data, "tag" in self.data
        self.errors.pop("woche", None)  # said at the day, below
        if by_week and not by_day:
            self.errors.pop("tag", None)  # nobody asked by day
        if "tag" not in self.errors:
            try:
                cleaned["day"] = self._day(cleaned, by_week=by_week, by_day=by_day)
            except ValidationError as error:
                self.add_error("tag", error)
        return cleaned

    def _day(self, cleaned: dict[str, Any], *, by_week: bool, by_day: bool) -> date:
        """Return a day of the week that was asked for. Raises ValidationError."""
        if by_week and by_day:
            raise ValidationError(_("Please choose either a day or a week."))
        try:
            day: date = parse_week(cleaned.get("woche", "")) if by_week else cleaned["tag"]
        except ValueError:
            raise ValidationError(_("This week does not exist. Please choose a day.")) from None
        first, last = shown_days(self.today, self.policy)
        if not first <= day <= last:
            values = {"first": date_long(first), "last": date_long(last)}
            raise ValidationError(_("Please choose a day from %(first)s to %(last)s.") % values)
        return day
