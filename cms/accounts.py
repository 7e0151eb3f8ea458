"""How people sign in: allauth with mails that wait for the mail server, and our own words."""

import uuid
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.models import User
from cms.selectors.accounts import is_unconfirmed
from cms.selectors.sites import site_of
from cms.services.mail import queue_mail


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "E-mail address and password do not fit. Please check both, or set a new password. If"
            " you never entered the code of your registration, please register once more."
        ),
        "account_inactive": _("This account is closed. Please ask your centre."),
        "incorrect_code": _("This code is not right. Please look at the mail once more."),
        "email_taken": _(
            "Meanwhile there is another account with this address. Please sign in with it, or"
            " register once more."
        ),
        "enter_current_password": _("Please enter your current password."),
        "incorrect_password": _("This password is not right. Please try again."),
        "too_many_login_attempts": _(
            "Too many attempts. Please wait five minutes, or set a new password. If you were"
            " registering, please register once more."
        ),
        "rate_limited": _("Too many attempts in a short time. Please wait a few minutes."),
        "invalid_password_reset": _("This link is no longer valid. Please ask for a new one."),
        "same_as_current": _("Please enter another value than the current one."),
    }

    def clean_email(self, email: str) -> str:
        """Refuse what the column does not hold; allauth leaves this to the database."""
        if len(email) > settings.ACCOUNT_EMAIL_MAX_LENGTH:
            message = _("Please enter an e-mail address of %(count)d characters at most.")
            raise ValidationError(
                message, code="max_length", params={"count": settings.ACCOUNT_EMAIL_MAX_LENGTH}
            )
        return email

    def new_user(self, request: HttpRequest) -> Any:
        """Return the account of who registers, with the moment of it."""
        user = super().new_user(request)
        user.registered_at = timezone.now()
        return user

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Treat a registration without its code like a wrong password, and count it as one.

        Else anybody could register an address, and signing in would tell whether it was free.
        """
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if isinstance(user, User) and is_unconfirmed(user):
            self.pre_authenticate(request, **credentials)
            return None
        return user

    def get_reauthentication_methods(
        self, user: AbstractBaseUser | AnonymousUser
    ) -> list[dict[str, Any]]:
        """Put the passkey first for who has no password; allauth would ask for a recovery code."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if any(method["id"] == "reauthenticate" for method in methods):
            return methods
        return sorted(methods, key=lambda method: method["id"] != "mfa_reauthenticate:webauthn")

    def get_password_change_redirect_url(self, _request: HttpRequest) -> str:
        return reverse("account")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the mail beside the change it tells of; the worker sends it."""
        message = self.render_mail(
            template_prefix, email, {**context, "email": email, **site_of_mail(self.request)}
        )
        queue_mail(
            key=f"{template_prefix}:{uuid.uuid4()}",
            recipient=email,
            subject=message.subject,
            text=message.body,
            now=timezone.now(),
        )


def site_of_mail(request: HttpRequest | None) -> dict[str, Any]:
    """Return name and address under which a mail signs."""
    site = site_of(request)
    name = site.site_name if site else ""
    return {
        "request": request,
        "site_name": name or settings.WAGTAIL_SITE_NAME,
        "site_url": settings.BASE_URL if site is None or site.is_default_site else site.root_url,
    }
