"""Times in which rooms cannot be used: once, every week, in school holidays."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ClosurePlan(models.Model):
    """What a centre closes regularly. Each closed time is a `Closure` with its rows."""

    class Kind(models.TextChoices):
        WEEKLY = "weekly", _("every week")
        SCHOOL_HOLIDAYS = "school_holidays", _("in school holidays")

    centre = models.ForeignKey(
        "cms.Centre",
        on_delete=models.PROTECT,
        related_name="closure_plans",
        verbose_name=_("centre"),
    )
    rooms = models.ManyToManyField(
        "bookings.Room", related_name="closure_plans", verbose_name=_("rooms")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(),
        default=list,
        blank=True,
        verbose_name=_("weekdays"),
        help_text=_("Empty: every day."),
    )
    first = models.DateField(_("from day"))
    last = models.DateField(_("to day"))
    opens = models.TimeField(_("from"))
    closes = models.TimeField(_("to"), help_text=_("0:00 is midnight at the end of the day."))
    reason = models.CharField(
        _("occasion"),
        max_length=80,
        help_text=_("Everybody reads this, for example cleaning or vaccination day."),
    )
    created_at = models.DateTimeField(_("entered at"))
    created_by = models.ForeignKey(
        "cms.User",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("entered by"),
    )

    class Meta:
        verbose_name = _("regularly closed time")
        verbose_name_plural = _("regularly closed times")
        ordering = ["first", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")),
                name="closure_plan_ends_after_start",
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")) | Q(closes="00:00"),
                name="closure_plan_closes_after_opening",
                violation_error_message=_("The end must be after the start."),
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class Closure(models.Model):
    """A time in which rooms of a centre cannot be used, with the reason that everybody may read."""

    centre = models.ForeignKey(
        "cms.Centre", on_delete=models.PROTECT, related_name="closures", verbose_name=_("centre")
    )
    rooms = models.ManyToManyField(
        "bookings.Room", related_name="closures", verbose_name=_("rooms")
    )
    plan = models.ForeignKey(
        ClosurePlan,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="closures",
        verbose_name=_("regularly closed"),
        editable=False,
    )
    reason = models.CharField(
        _("occasion"),
        max_length=80,
        help_text=_("Everybody reads this, for example cleaning or vaccination day."),
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    created_at = models.DateTimeField(_("entered at"))
    created_by = models.ForeignKey(
        "cms.User",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("entered by"),
    )

    class Meta:
        verbose_name = _("closed time")
        verbose_name_plural = _("closed times")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="closure_ends_after_start",
                violation_error_message=_("The end must be after the start."),
            ),
        ]

    def __str__(self) -> str:
        return self.reason
