"""Who runs a centre (operator) and who offers a service in it (provider)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.validators import validate_phone, validate_postcode


class Accent(models.TextChoices):
    """The operator's colour of the roof line; each ≥ 3:1 on every background, light and dark.

    A fixed list, because the CSP allows no inline style and nobody should have to measure contrast.
    The values are class names of static/css/bridge.css (`rvz-accent-…`).
    """

    NEUTRAL = "neutral", _("Slate blue")
    BRICK = "brick", _("Brick red")
    PINE = "pine", _("Pine green")
    SEA = "sea", _("North Sea blue")
    HEATHER = "heather", _("Heather")
    AMBER = "amber", _("Amber")


class Operator(models.Model):
    """The Träger of a centre, with what its legal notice must say (DDG § 5)."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    street = models.CharField(_("street and number"), max_length=200, blank=True)
    postcode = models.CharField(
        _("postcode"), max_length=5, blank=True, validators=[validate_postcode]
    )
    city = models.CharField(_("town"), max_length=100, blank=True)
    represented_by = models.CharField(_("represented by"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True, validators=[validate_phone])
    email = models.EmailField(_("e-mail address"), blank=True)
    register_entry = models.CharField(
        _("register and number"), max_length=200, blank=True, help_text=_("For example HRB 12345.")
    )
    vat_id = models.CharField(_("VAT identification number"), max_length=40, blank=True)
    supervisory_authority = models.CharField(_("supervisory authority"), max_length=250, blank=True)
    professional_rules = models.TextField(
        _("chamber, professional title and rules"),
        blank=True,
        help_text=_("Needed where the operator employs doctors."),
    )
    responsible_for_content = models.CharField(
        _("responsible for the content"), max_length=200, blank=True
    )
    logo = models.ForeignKey(
        "cms.CustomImage",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logo"),
    )
    accent = models.CharField(
        _("colour of the roof line"), max_length=20, choices=Accent, default=Accent.NEUTRAL
    )

    class Meta:
        verbose_name = _("operator")
        verbose_name_plural = _("operators")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Provider(models.Model):
    """Who offers a service, for example the company of a practice or a welfare association."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    website = models.URLField(_("website"), blank=True)

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("providers")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
