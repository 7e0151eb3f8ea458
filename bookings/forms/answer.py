"""What a group answers to the centre's question."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.models import Booking


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Your answer"),
        max_length=Booking._meta.get_field("question").max_length,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": _("Please write an answer."),
            "max_length": _(
                "Please shorten this to %(limit_value)d characters; it has %(show_value)d."
            ),
        },
    )
