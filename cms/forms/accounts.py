"""What registering asks beside e-mail and password. allauth puts its own fields behind."""

from typing import Any

from allauth.core import context
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cms.wording import device_text

KEY_NAME_LENGTH = 100


def name_field(label: Any, missing: Any, autocomplete: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": autocomplete}),
        error_messages={
            "required": missing,
            "max_length": _("Please shorten this to %(limit_value)d characters."),
        },
    )


class NameForm(forms.Form):
    first_name = name_field(_("First name"), _("Please enter your first name."), "given-name")
    last_name = name_field(_("Last name"), _("Please enter your last name."), "family-name")

    field_order = [
        "first_name",
        "last_name",
        "email",
        "password1",
        "password2",
    ]

    def signup(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Do nothing: allauth has stored the names already."""


class DeleteForm(forms.Form):
    is_sure = forms.BooleanField(
        label=_("Yes, delete my account for good"),
        error_messages={"required": _("Please tick the box if you want to delete your account.")},
    )


class PasskeyForm(AddWebAuthnForm):
    """A key is a passkey unless one says otherwise, and is called after the device it is made on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        browser = context.request.headers.get("user-agent", "") if context.request else ""
        self.initial["name"] = device_text(browser)
        name, passwordless = self.fields["name"], self.fields["passwordless"]
        name.label = _("Name of the key")
        name.validators.append(MaxLengthValidator(KEY_NAME_LENGTH))
        passwordless.initial = True
        passwordless.label = _("Sign in with it without a password")
        passwordless.help_text = _("Take the tick out only for an old security key without PIN.")
