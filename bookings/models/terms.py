"""Terms of use: what a group agrees to when it asks for a room. Every version is kept."""

from hashlib import sha256

from django.db import models
from django.db.models import Max
from django.utils.translation import gettext_lazy as _


class TermsOfUse(models.Model):
    """One version of a centre's terms. The newest one that is valid already counts.

    A request keeps the version that was accepted, so what somebody agreed to never changes.
    """

    centre = models.ForeignKey(
        "cms.Centre", on_delete=models.PROTECT, related_name="terms", verbose_name=_("centre")
    )
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    text = models.TextField(
        _("terms of use"),
        max_length=20_000,
        help_text=_("Plain text; an empty line starts a new paragraph."),
    )
    valid_from = models.DateField(_("valid from"))

    class Meta:
        verbose_name = _("terms of use")
        verbose_name_plural = _("terms of use")
        ordering = ["centre", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["centre", "version"], name="terms_version_once"),
        ]

    def __str__(self) -> str:
        return str(_("Terms of use, version %(number)s")) % {"number": self.version}

    def save(self, *args: object, **kwargs: object) -> None:
        """Give a new one the next number of its centre."""
        if not self.version:
            newest = TermsOfUse.objects.filter(centre=self.centre).aggregate(at=Max("version"))
            self.version = (newest["at"] or 0) + 1
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def face(self) -> str:
        """Return a short text that changes with what one reads: who agrees sends it along."""
        read = f"{self.pk} {self.version} {self.valid_from} {self.text}"
        return sha256(read.encode()).hexdigest()[:16]
