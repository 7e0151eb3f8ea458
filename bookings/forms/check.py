"""What one agrees to before a request is sent."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bookings.models import TermsOfUse


class CheckForm(forms.Form):
    """`terms`: those in force, None if the centre has none; then there is nothing to agree to."""

    face = forms.CharField(required=False, widget=forms.HiddenInput)  # of what was read
    agrees = forms.BooleanField(
        label=_("We keep to the terms of use."),
        error_messages={"required": _("Please read the terms of use and agree to them.")},
    )

    def __init__(self, *args: Any, terms: TermsOfUse | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.terms = terms
        if terms is None:
            self.fields.clear()

    def clean_agrees(self) -> bool:
        """Refuse what was agreed to when something else is in force now: nobody signs blindly.

        A version that nobody has agreed to yet may be rewritten, so its number does not say enough.
        """
        agrees: bool = self.cleaned_data["agrees"]
        if self.terms is not None and self.cleaned_data.get("face") != self.terms.face:
            message = _("The terms of use have changed. Please read them again and agree to them.")
            raise ValidationError(message, code="changed")
        return agrees
