"""What a centre offers: the practice, day care, advice … with contacts and people."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cms.opening_hours import HolidayPolicy as HolidayRule
from cms.validators import validate_phone


class ServiceKind(models.TextChoices):
    GP = "gp", _("GP practice")
    SPECIALIST = "specialist", _("Specialist practice")
    PSYCHOTHERAPY = "psychotherapy", _("Psychotherapy")
    MIDWIFE = "midwife", _("Midwives")
    PHARMACY = "pharmacy", _("Pharmacy")
    DAY_CARE = "day_care", _("Day care")
    THERAPY = "therapy", _("Therapy")
    ADVICE = "advice", _("Advice")
    OFFICE = "office", _("Public office")
    HOUSEHOLD = "household", _("Household services")
    CAFE = "cafe", _("Café")
    HOUSE = "house", _("The house itself")
    OTHER = "other", _("Other")


class Service(models.Model):
    """One service of a centre. Facts only: live when saved, never a draft."""

    Kind = ServiceKind

    class HolidayPolicy(models.TextChoices):
        CLOSED = HolidayRule.CLOSED.value, _("closed")
        AS_SUNDAY = HolidayRule.AS_SUNDAY.value, _("as on Sundays")
        OWN_TIMES = HolidayRule.OWN_TIMES.value, _("own times, entered under “public holiday”")

    class NewPatients(models.TextChoices):
        YES = "yes", _("yes")
        NO = "no", _("no")
        ON_REQUEST = "on_request", _("on request")
        UNKNOWN = "unknown", _("not specified")

    centre = models.ForeignKey(
        "cms.Centre", on_delete=models.PROTECT, related_name="services", verbose_name=_("centre")
    )
    location = models.ForeignKey(
        "cms.Location",
        on_delete=models.PROTECT,
        related_name="services",
        null=True,
        blank=True,
        verbose_name=_("building"),
    )
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name in addresses"), max_length=80)
    kind = models.CharField(_("kind"), max_length=20, choices=ServiceKind)
    provider = models.ForeignKey(
        "cms.Provider",
        on_delete=models.PROTECT,
        related_name="services",
        null=True,
        blank=True,
        verbose_name=_("provider"),
    )
    floor = models.CharField(_("floor"), max_length=60, blank=True)
    door = models.CharField(_("door"), max_length=120, blank=True)
    holiday_policy = models.CharField(
        _("on public holidays"),
        max_length=20,
        choices=HolidayPolicy,
        default=HolidayPolicy.CLOSED,
    )
    new_patients = models.CharField(
        _("accepts new patients"),
        max_length=20,
        choices=NewPatients,
        default=NewPatients.UNKNOWN,
    )
    new_patients_checked_on = models.DateField(_("checked on"), null=True, blank=True)
    sort_order = models.PositiveSmallIntegerField(
        _("order"), default=50, help_text=_("Small numbers stand first; GP practices always lead.")
    )
    facts_changed_at = models.DateTimeField(_("facts changed"), auto_now=True, editable=False)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["sort_order", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "slug"],
                name="service_slug_once_per_centre",
                violation_error_message=_(
                    "This centre already has a service with this short name."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if self.location_id and self.centre_id and self.location.centre_id != self.centre_id:  # type: ignore[union-attr]
            raise ValidationError({"location": _("This building belongs to another centre.")})


class ServiceFact(models.Model):
    """A row that belongs to a service: changing it changes the service's “facts changed”."""

    class Meta:
        abstract = True

    service_id: int

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        self._touch_service()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        result = super().delete(*args, **kwargs)
        self._touch_service()
        return result

    def _touch_service(self) -> None:
        for service in Service.objects.filter(pk=self.service_id):
            service.save(update_fields=["facts_changed_at"])


class Contact(ServiceFact):
    """A phone number or address of a service; the first one is the main one."""

    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, related_name="contacts", verbose_name=_("service")
    )
    label = models.CharField(
        _("for what"),
        max_length=60,
        blank=True,
        help_text=_("Empty for the main contact; for example prescriptions."),
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True, validators=[validate_phone])
    email = models.EmailField(_("e-mail address"), blank=True)
    website = models.URLField(_("website"), blank=True)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["sort_order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(phone="", email="", website=""),
                name="contact_says_something",
                violation_error_message=_(
                    "Please enter a phone number, an e-mail address or a website."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.phone or self.email or self.website


class Person(ServiceFact):
    """Somebody who works at a service, from and to a day."""

    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, related_name="people", verbose_name=_("service")
    )
    name = models.CharField(
        _("name"), max_length=120, blank=True, help_text=_("Empty when only the role is known.")
    )
    role = models.CharField(
        _("role"), max_length=120, help_text=_("For example GP or medical assistant.")
    )
    photo = models.ForeignKey(
        "cms.CustomImage",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("photo"),
    )
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["sort_order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="person_ends_after_it_begins",
                violation_error_message=_("The last day must not lie before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.role})" if self.name else self.role
