"""Who books: associations and groups, and the people who act for them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Association(models.Model):
    """An association or a group without legal form. It outlives the people who act for it."""

    class LegalForm(models.TextChoices):
        REGISTERED = "registered", _("registered association (e. V.)")
        GROUP = "group", _("group without e. V.")
        PUBLIC = "public", _("municipality, school or parish")
        OTHER = "other", _("other organisation")

    name = models.CharField(_("name of the association or group"), max_length=120)
    legal_form = models.CharField(
        _("kind"), max_length=12, choices=LegalForm, default=LegalForm.GROUP
    )
    home_centre = models.ForeignKey(
        "cms.Centre",
        on_delete=models.PROTECT,
        related_name="associations",
        verbose_name=_("at home in"),
        help_text=_("Its team checks the association."),
    )
    name_is_public = models.BooleanField(
        _("The name may be shown in the room's week"), default=False
    )
    members = models.ManyToManyField(
        "cms.User", through="Membership", related_name="associations", verbose_name=_("people")
    )
    created_at = models.DateTimeField(_("registered at"))
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    checked_by = models.ForeignKey(
        "cms.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("checked by"),
    )

    class Meta:
        verbose_name = _("association")
        verbose_name_plural = _("associations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_checked(self) -> bool:
        return self.checked_at is not None


class Membership(models.Model):
    """Who acts for an association."""

    class Role(models.TextChoices):
        MAIN_CONTACT = "main_contact", _("main contact")
        MAY_BOOK = "may_book", _("may book")

    association = models.ForeignKey(
        Association,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("association"),
    )
    user = models.ForeignKey(
        "cms.User", on_delete=models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.MAY_BOOK)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["association", "user"],
                name="membership_once",
                violation_error_message=_("This person already belongs to the association."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.association}"
