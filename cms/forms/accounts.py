"""What registering asks beside e-mail and password. allauth puts its own fields behind."""

from typing import Any

from allauth.core import context
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
    SignupWebAuthnForm,
)
from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cms.forms.fields import WholeTextField
from cms.services.way_back import first_and_last_name
from cms.wording import device_text

KEY_NAME_LENGTH = 100
NO_KEY = _("The passkey was not made. Please try again.")
NOT_THE_KEY = _("That did not work. Please try again, or choose another way to sign in.")
# What fido2 raises, beside allauth's refusal, when something else than a browser wrote the answer.
MALFORMED = (AssertionError, AttributeError, LookupError, TypeError, ValueError)


def name_field(label: Any, missing: Any, autocomplete: str) -> WholeTextField:
    return WholeTextField(
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

    field_order = ["first_name", "last_name", "email", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = first_and_last_name(context.request) if context.request else ("", "")
        if any(names):
            self.initial.update(first_name=names[0], last_name=names[1])
            self.fields["first_name"].help_text = _("As in your request; you can change it.")

    def signup(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Do nothing: allauth has stored the names already."""


class DeleteForm(forms.Form):
    is_sure = forms.BooleanField(
        label=_("Yes, delete my account for good"),
        error_messages={"required": _("Please tick the box if you want to delete your account.")},
    )


class KeyForm(forms.Form):
    """What is ours in each form that makes a key: it is called after the device it is made on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        browser = context.request.headers.get("user-agent", "") if context.request else ""
        self.initial["name"] = device_text(browser)
        name, credential = self.fields["name"], self.fields["credential"]
        name.label = _("Name of the key")
        name.validators.append(MaxLengthValidator(KEY_NAME_LENGTH))
        credential.error_messages = {"required": NO_KEY, "invalid": NO_KEY}

    def clean(self) -> dict[str, Any]:
        """Refuse what no device made; allauth speaks of a wrong code."""
        try:
            cleaned: dict[str, Any] = super().clean() or {}
        except (ValidationError, *MALFORMED) as error:
            raise ValidationError(NO_KEY, code="no_key") from error
        return cleaned


class FirstPasskeyForm(KeyForm, SignupWebAuthnForm):
    """Registering without a password ends with it."""


class PasskeyForm(KeyForm, AddWebAuthnForm):
    """A key is a passkey unless one says otherwise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        passwordless = self.fields["passwordless"]
        passwordless.initial = True
        passwordless.label = _("Sign in with it without a password")
        passwordless.help_text = _("Take the tick out only for an old security key without PIN.")


class UseKeyForm(forms.Form):
    """What is ours wherever somebody shows a key: a word on what to do when it was not the right one."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except ValidationError as error:
            if error.code != "incorrect_code":
                raise
            raise ValidationError(NOT_THE_KEY, code=error.code) from error
        except MALFORMED as error:
            raise ValidationError(NOT_THE_KEY, code="incorrect_code") from error


class LoginByPasskeyForm(UseKeyForm, LoginWebAuthnForm):
    pass


class ConfirmByKeyForm(UseKeyForm, ReauthenticateWebAuthnForm):
    pass


class SecondFactorByKeyForm(UseKeyForm, AuthenticateWebAuthnForm):
    pass
