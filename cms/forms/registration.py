"""Registering, and a new password by mail. Not in `accounts`: allauth reads that module before its own forms."""

from typing import Any

from allauth.account.forms import AddEmailForm, ResetPasswordKeyForm, SignupForm
from allauth.core import context
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.forms.typed import fill_in
from cms.services.accounts import confirm_address, forget_unfinished


class RegisterForm(SignupForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        missing = _("Please enter an e-mail address, for example name@example.org.")
        self.fields["email"].error_messages["required"] = missing

    def try_save(self, request: HttpRequest) -> Any:
        """Let a registration that nobody finished begin again instead of calling it an account.

        Where there is an account, the password is hashed for nothing: the time it takes tells.
        """
        email = self.cleaned_data["email"]
        if self.account_already_exists and forget_unfinished(email=email, now=timezone.now()):
            self.validate_unique_email(email)
        if self.account_already_exists:
            make_password(self.cleaned_data.get("password1"))
        return super().try_save(request)


class AnotherAddressForm(AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if context.request:
            fill_in(context.request, self)


class NewPasswordForm(ResetPasswordKeyForm):
    def save(self) -> None:
        """Confirm the address as well: who has the link has the mailbox."""
        super().save()
        confirm_address(user=self.user)
