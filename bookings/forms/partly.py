"""What a manager types to promise some dates of a request and refuse the others."""

from bookings.forms.decision import DecisionForm, RejectForm, message_field


class PartlyForm(RejectForm):
    """The reason and the suggestion are for the dates that are refused."""

    message = message_field(label=DecisionForm.text_label, help_text=DecisionForm.text_help)
