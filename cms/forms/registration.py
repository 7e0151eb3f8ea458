"""Registering. Not in `accounts`: allauth reads that module before its own forms."""

from typing import Any

from allauth.account.forms import SignupForm
from django.http import HttpRequest
from django.utils import timezone

from cms.services.accounts import forget_unfinished


class RegisterForm(SignupForm):
    def try_save(self, request: HttpRequest) -> Any:
        """Let a registration that nobody finished begin again instead of calling it an account."""
        email = self.cleaned_data["email"]
        if self.account_already_exists and forget_unfinished(email=email, now=timezone.now()):
            self.validate_unique_email(email)
        return super().try_save(request)
