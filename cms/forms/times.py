"""One field for the times of a day: "8–12, 15–18"."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.utils.translation import gettext as _

from cms.opening_hours.typed import NotUnderstoodError, Times, read_times, write_times
from cms.wording import fault_sentence, times_in_words

LONGEST = 300
_IS_TEXT = (MaxLengthValidator(LONGEST), ProhibitNullCharactersValidator())


class TimesField(forms.Field):
    """Takes what people type, gives `Times`; `takes_arranged`: whether it may go without times."""

    def __init__(self, *, weekday: int, takes_arranged: bool, **kwargs: Any) -> None:
        widget = forms.TextInput(
            attrs={"autocomplete": "off", "class": "rvz-times__text", "maxlength": LONGEST}
        )
        super().__init__(**{"required": False, "widget": widget, **kwargs})
        self.weekday = weekday
        self.takes_arranged = takes_arranged

    def prepare_value(self, value: Any) -> Any:
        return write_times(value, self.weekday) if isinstance(value, tuple) else value

    def to_python(self, value: Any) -> tuple[Times, ...]:
        if isinstance(value, tuple):
            return value
        text = str(value or "")
        for validate in _IS_TEXT:
            validate(text)
        try:
            times = read_times(text, self.weekday)
        except NotUnderstoodError as error:
            raise ValidationError(fault_sentence(error, self.weekday), code="invalid") from error
        if not self.takes_arranged and any(one.start is None for one in times):
            message = _("“By arrangement” belongs to the times by appointment only.")
            raise ValidationError(message, code="arranged")
        return times

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what is meant: “8-12” is no change of “8–12”."""
        try:
            return self.to_python(data) != self.to_python(initial)
        except ValidationError:
            return True

    def in_words(self, value: Any) -> tuple[str, bool]:
        """Return what was understood, or what was not, and whether it was understood."""
        try:
            return times_in_words(self.to_python(value), self.weekday), True
        except ValidationError as error:
            return " ".join(error.messages), False
