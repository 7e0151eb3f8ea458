"""Two promised dates change places: which other one, and what both groups read."""

from django import forms
from django.utils.translation import gettext_lazy

from bookings.forms.decision import DecisionForm
from cms.forms.fields import DayField


class ExchangeSearchForm(forms.Form):
    ab = DayField(label=gettext_lazy("Dates from"), required=False)
    q = forms.CharField(
        label=gettext_lazy("Number, group or purpose"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class ExchangeForm(DecisionForm):
    text_label = gettext_lazy("Message to both groups")
    text_help = gettext_lazy("Optional. Stands in both mails.")
