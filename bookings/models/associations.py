"""Who books: associations and groups, the people who act for them, and those who are asked to."""

import hashlib
import uuid

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
    register_number = models.CharField(_("register number"), max_length=60, blank=True)
    home_municipality = models.CharField(_("municipality"), max_length=80, blank=True)
    # The tax office's notice that the association is non-profit.
    notice_on = models.DateField(_("non-profit notice of"), null=True, blank=True)
    notice_until = models.DateField(_("notice valid until"), null=True, blank=True)
    responsible_name = models.CharField(_("responsible person"), max_length=120, blank=True)
    responsible_phone = models.CharField(_("phone"), max_length=40, blank=True)
    responsible_email = models.EmailField(_("e-mail"), blank=True)
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
    confirmed_at = models.DateTimeField(_("data confirmed at"), null=True, blank=True)
    # When the main contacts got the last mail that asks them to.
    confirmation_asked_at = models.DateTimeField(
        _("asked to confirm at"), null=True, blank=True, editable=False
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

    @property
    def words_to_check(self) -> str:
        """Stand for what the team checks, as it is now: other words for it ask for a new look."""
        words = [str(word) for word in (self.name, self.legal_form, self.register_number)]
        return hashlib.sha256(repr(words).encode()).hexdigest()[:20]


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


class Invitation(models.Model):
    """Somebody is asked by e-mail to act for an association.

    It counts once, until `expires_at`, for whoever signs in with this address. With a `predecessor`
    the association is handed over: that person's access ends when it is accepted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    association = models.ForeignKey(
        Association,
        on_delete=models.CASCADE,
        related_name="invitations",
        verbose_name=_("association"),
    )
    email = models.EmailField(_("e-mail address"))  # in small letters
    role = models.CharField(
        _("role"),
        max_length=12,
        choices=Membership.Role,
        default=Membership.Role.MAY_BOOK,
    )
    predecessor = models.ForeignKey(
        "cms.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hands over"),
    )
    invited_by = models.ForeignKey(
        "cms.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("invited by"),
    )
    # By the centre's team, because nobody of the association can do it any more.
    is_from_team = models.BooleanField(_("from the centre's team"), default=False)
    created_at = models.DateTimeField(_("invited at"))
    sent_at = models.DateTimeField(_("sent at"))
    times_sent = models.PositiveSmallIntegerField(_("times sent"), default=1)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        "cms.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("accepted by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["association", "email"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="one_open_invitation_for_an_address",
            ),
            models.UniqueConstraint(
                fields=["association", "predecessor"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="one_open_handing_over",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.association}: {self.pk}"
