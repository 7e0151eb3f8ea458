"""What a group answers to the centre's question."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.forms.fields import text_field
from bookings.models import Booking


class AnswerForm(forms.Form):
    text = text_field(
        Booking,
        "question",
        label=_("Your answer"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Please write an answer.")},
    )
