"""Fields for times and days that take what people type."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cms.lines import one_line, plain_lines
from cms.validators import validate_direction
from cms.wording import time_text

CLOCK = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?(?:[:.]00)?\s*(?:uhr|h)?", re.IGNORECASE)
END_OF_DAY = (24, 0)
YEARS = range(1900, 2101)  # outside it is a slip, and the calendar's end is near
DAY_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"]


def refuse_turning(form: forms.BaseForm) -> None:
    """Let no text of a form turn the words that follow it; for fields made from a model."""
    for field in form.fields.values():
        if isinstance(field, forms.CharField) and validate_direction not in field.validators:
            field.validators.append(validate_direction)


class PlainTexts:
    """Mixed in front of a form made from a model."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        refuse_turning(self)  # type: ignore[arg-type]


class WholeTextField(forms.CharField):
    """A text that a browser does not cut: what is too long is said, and all of it is still there.

    It is one line, unless the field has room for more, and takes no sign that turns our own words.
    """

    default_validators = [validate_direction]

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return plain_lines(text) if isinstance(self.widget, forms.Textarea) else one_line(text)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs: dict[str, Any] = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class ClockInput(forms.TextInput):
    """A plain text field: the browser's own would speak the language of the browser."""

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, dt.time):
            return time_text(value)
        text: str | None = super().format_value(value)
        return text


class ClockField(forms.TimeField):
    """A time of day: 8, 8:30, 8.30, 830 or 08:30 Uhr; 24:00 is 0:00, but none to start with."""

    default_error_messages = {
        "invalid": _("Please enter a time, for example 8:00."),
        "end_of_day": _("24:00 is the end of the day. Please enter 0:00 and the next day."),
    }

    def __init__(self, *, is_start: bool = False, **kwargs: Any) -> None:
        self.is_start = is_start
        widget = ClockInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "rvz-time"}
        )
        super().__init__(**{"required": False, "widget": widget, **kwargs})

    def to_python(self, value: Any) -> dt.time | None:
        if value in self.empty_values:
            return None
        if isinstance(value, dt.time):
            return value
        match = CLOCK.fullmatch(str(value).strip())
        hour, minute = (int(match[1]), int(match[2] or 0)) if match else (-1, 0)
        if (hour, minute) == END_OF_DAY and self.is_start:
            raise ValidationError(self.error_messages["end_of_day"], code="end_of_day")
        if (hour, minute) == END_OF_DAY:
            return dt.time(0)
        try:
            return dt.time(hour, minute)
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class DayField(forms.DateField):
    """A day: the browser's own field, or 23.12.2026 typed."""

    default_error_messages = {
        "invalid": _("Please enter a day, for example 23.12.2026."),
        "year": _("Please check the year."),
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "rvz-day"})
        super().__init__(**{"widget": widget, "input_formats": DAY_FORMATS, **kwargs})

    def to_python(self, value: Any) -> dt.date | None:
        day: dt.date | None = super().to_python(value)
        if day is not None and day.year not in YEARS:
            raise ValidationError(self.error_messages["year"], code="year")
        return day
