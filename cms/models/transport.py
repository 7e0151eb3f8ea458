"""How people without a car come to a centre."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from cms.models.centres import Answer
from cms.validators import validate_phone


class Stop(models.Model):
    """A bus stop or station near a building."""

    location = ParentalKey(
        "cms.Location", on_delete=models.CASCADE, related_name="stops", verbose_name=_("building")
    )
    name = models.CharField(_("stop"), max_length=120)
    lines = models.CharField(_("lines"), max_length=120, blank=True)
    walking_minutes = models.PositiveSmallIntegerField(_("minutes on foot"), null=True, blank=True)
    step_free = models.CharField(
        _("without steps"), max_length=10, choices=Answer, default=Answer.UNKNOWN
    )
    dhid = models.CharField(
        _("DHID"), max_length=60, blank=True, help_text=_("National stop number.")
    )
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("stop")
        verbose_name_plural = _("stops")
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return self.name


class TransportOffer(models.Model):
    """An on-demand bus, a citizens' bus or another way to come that one has to ring for."""

    class Kind(models.TextChoices):
        ON_DEMAND_BUS = "on_demand_bus", _("On-demand bus")
        CITIZENS_BUS = "citizens_bus", _("Citizens' bus")
        SHARED_TAXI = "shared_taxi", _("Shared taxi")
        PATIENT_BUS = "patient_bus", _("Patients' bus")

    centre = models.ForeignKey(
        "cms.Centre",
        on_delete=models.CASCADE,
        related_name="transport_offers",
        verbose_name=_("centre"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.ON_DEMAND_BUS)
    name = models.CharField(_("name"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True, validators=[validate_phone])
    lead_minutes = models.PositiveSmallIntegerField(
        _("ring at least this many minutes before"), null=True, blank=True
    )
    area = models.CharField(_("area"), max_length=200, blank=True)
    price = models.CharField(_("costs"), max_length=200, blank=True)
    wheelchair = models.CharField(
        _("takes wheelchairs"), max_length=10, choices=Answer, default=Answer.UNKNOWN
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid until"), null=True, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("transport offer")
        verbose_name_plural = _("transport offers")
        ordering = ["sort_order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="transport_offer_ends_after_it_begins",
                violation_error_message=_("The last day must not lie before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.get_kind_display()
