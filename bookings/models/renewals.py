"""Next year's plan: all series of a centre, collected until a day and decided together."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class RenewalRound(models.Model):
    """The regular dates of a school year. What is asked for in it waits until all is decided."""

    centre = models.ForeignKey(
        "cms.Centre", on_delete=models.PROTECT, related_name="renewals", verbose_name=_("centre")
    )
    name = models.CharField(_("name"), max_length=60, help_text=_("For example 2027/28."))
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    collects_until = models.DateField(
        _("collected until"), help_text=_("The last day on which groups may ask.")
    )
    created_at = models.DateTimeField(_("entered at"))
    created_by = models.ForeignKey(
        "cms.User",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("entered by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        "cms.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )

    class Meta:
        verbose_name = _("plan for a year")
        verbose_name_plural = _("plans for a year")
        ordering = ["first", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "name"],
                name="renewal_name_once_per_centre",
                violation_error_message=_("This centre has a plan with this name already."),
            ),
            models.CheckConstraint(
                condition=Q(last__gt=F("first"), collects_until__lt=F("first")),
                name="renewal_days_in_order",
                violation_error_message=_(
                    "The plan has to end after its first day, and be collected before it."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name
