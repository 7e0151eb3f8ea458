"""What a manager types to promise some dates of a request and refuse the others."""

from django import forms

from bookings.forms.decision import DecisionForm, RejectForm


class PartlyForm(RejectForm):
    """The reason and the suggestion are for the dates that are refused."""

    message = forms.CharField(
        label=DecisionForm.text_label,
        help_text=DecisionForm.text_help,
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
