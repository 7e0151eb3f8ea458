"""People who sign in, and what staff may do."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person with this e-mail as login; without a password nobody can sign in."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an administrator of the whole installation."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person; the e-mail address is the login."""

    username = None  # type: ignore[assignment]  # the way Django's documentation removes a field
    email = models.EmailField(_("e-mail address"), unique=True)
    registered_at = models.DateTimeField(
        _("registered at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("By the person; empty if somebody else made the account."),
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()  # type: ignore[assignment, misc]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.get_full_name() or self.email


class StaffRole(models.Model):
    """What somebody who is not a manager may do at a centre, for example keep a practice's hours.

    Managers need no row: they are the members of their centre's group.
    """

    class Role(models.TextChoices):
        PRACTICE_ASSISTANT = "practice_assistant", _("Practice assistant")

    user = models.ForeignKey(
        "cms.User",
        on_delete=models.CASCADE,
        related_name="staff_roles",
        verbose_name=_("person"),
    )
    centre = models.ForeignKey(
        "cms.Centre",
        on_delete=models.CASCADE,
        related_name="staff_roles",
        verbose_name=_("centre"),
    )
    role = models.CharField(_("role"), max_length=30, choices=Role, default=Role.PRACTICE_ASSISTANT)
    services = models.ManyToManyField(
        "cms.Service",
        related_name="staff_roles",
        blank=True,
        verbose_name=_("services"),
    )

    class Meta:
        verbose_name = _("staff role")
        verbose_name_plural = _("staff roles")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "centre", "role"],
                name="staff_role_once_per_centre",
                violation_error_message=_("This person already has this role here."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} ({self.centre})"
