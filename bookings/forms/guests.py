"""What a guest enters: who asks, and to which address the link shall go."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.forms.fields import text_field
from bookings.forms.own_associations import EmailField
from bookings.models import Booking


class GuestForm(forms.Form):
    guest_name = text_field(
        Booking,
        "guest_name",
        label=_("Your name"),
        required=True,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Please enter your name.")},
    )
    guest_email = EmailField(
        label=_("E-mail"),
        help_text=_("We send you a link there. Your request counts once you confirm it."),
    )


class LinkForm(forms.Form):
    guest_email = EmailField(label=_("E-mail"))
