"""What the list of holidays does not know or has wrong."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cms.holiday_calendar import HolidayKind

LONGEST = dt.timedelta(days=100)


class HolidayOverride(models.Model):
    """Days that are public or school holidays, or are none after all. They hold for all centres."""

    class Kind(models.TextChoices):
        PUBLIC = HolidayKind.PUBLIC.value, _("public holiday")
        SCHOOL = HolidayKind.SCHOOL.value, _("school holidays")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    is_holiday = models.BooleanField(
        _("is a holiday"),
        default=True,
        help_text=_("Without the tick these days are ordinary days, whatever the list says."),
    )
    name = models.CharField(
        _("name"), max_length=80, blank=True, help_text=_("As residents read it.")
    )

    class Meta:
        verbose_name = _("change to the holidays")
        verbose_name_plural = _("public and school holidays")
        ordering = ["first_day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="holiday_override_ends_after_it_begins",
                violation_error_message=_("The last day must not lie before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(last_day__lte=F("first_day") + LONGEST),
                name="holiday_override_is_short",
                violation_error_message=_("Please enter at most 100 days at once."),
            ),
            models.CheckConstraint(
                condition=Q(is_holiday=False) | ~Q(name=""),
                name="holiday_override_has_a_name",
                violation_error_message=_("Please enter the name of the holiday."),
            ),
        ]

    def __str__(self) -> str:
        name = self.name or self.get_kind_display()
        return f"{name} {self.first_day:%d.%m.%Y}–{self.last_day:%d.%m.%Y}"

    def clean(self) -> None:
        super().clean()
        if self.is_holiday and not self.name.strip():
            raise ValidationError({"name": _("Please enter the name of the holiday.")})
