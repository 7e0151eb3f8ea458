"""Opening hours as rows: the week, and the days that differ from it."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cms.models.services import Service, ServiceFact
from cms.opening_hours import HOLIDAY, Kind, Pattern, is_range
from cms.opening_hours.values import END_OF_NIGHT, NOON
from cms.validators import validate_phone

MIDNIGHT = dt.time(0)


class HoursKind(models.TextChoices):
    OPEN = Kind.OPEN.value, _("open")
    WALK_IN = Kind.WALK_IN.value, _("open surgery")
    APPOINTMENT = Kind.APPOINTMENT.value, _("by appointment only")
    PHONE = Kind.PHONE.value, _("by phone")


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")
    HOLIDAY = HOLIDAY, _("Public holiday")


class WeekPattern(models.TextChoices):
    EVERY = Pattern.EVERY.value, _("every week")
    ODD = Pattern.ODD.value, _("in odd calendar weeks")
    EVEN = Pattern.EVEN.value, _("in even calendar weeks")
    FIRST = Pattern.FIRST.value, _("1st weekday of the month")
    SECOND = Pattern.SECOND.value, _("2nd weekday of the month")
    THIRD = Pattern.THIRD.value, _("3rd weekday of the month")
    FOURTH = Pattern.FOURTH.value, _("4th weekday of the month")
    FIFTH = Pattern.FIFTH.value, _("5th weekday of the month")
    LAST = Pattern.LAST.value, _("last weekday of the month")
    SCHOOL_HOLIDAYS = Pattern.SCHOOL_HOLIDAYS.value, _("only in the school holidays")
    SCHOOL_WEEKS = Pattern.SCHOOL_WEEKS.value, _("not in the school holidays")


END_BEFORE_START = _("The end must be after the start.")
# 0:00 as an end means 24:00; 22:00–2:00 ends in the night after.
ENDS_AFTER_START = (
    Q(end__gt=F("start")) | Q(end=MIDNIGHT) | Q(start__gte=NOON, end__lte=END_OF_NIGHT)
)


class WeeklyRule(ServiceFact):
    """One span of the week, from and to a day. Local time; `end` as in cms.opening_hours.Rule."""

    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, related_name="weekly_rules", verbose_name=_("service")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=HoursKind, default=HoursKind.OPEN)
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday)
    start = models.TimeField(_("from"), null=True, blank=True)
    end = models.TimeField(_("to"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid until"), null=True, blank=True)
    pattern = models.CharField(
        _("weeks"), max_length=20, choices=WeekPattern, default=WeekPattern.EVERY
    )
    note = models.CharField(_("note"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("weekly hours")
        verbose_name_plural = _("weekly hours")
        ordering = ["weekday", "start", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start__isnull=False, end__isnull=False)
                | Q(start__isnull=True, end__isnull=True, kind="appointment"),
                name="weekly_rule_has_both_times",
                violation_error_message=_(
                    "Please enter both times. Only “by appointment” may stand without times."
                ),
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True) | ENDS_AFTER_START,
                name="weekly_rule_ends_after_start",
                violation_error_message=END_BEFORE_START,
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="weekly_rule_validity_ends_after_it_begins",
                violation_error_message=_("The last day must not lie before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(weekday__lte=HOLIDAY), name="weekly_rule_knows_its_day"
            ),
        ]

    def __str__(self) -> str:
        day = self.get_weekday_display()
        return f"{day} {self.start:%H:%M}–{self.end:%H:%M}" if self.start and self.end else day

    def clean(self) -> None:
        super().clean()
        if self.start and self.end is not None and not is_range(self.start, self.end):
            raise ValidationError({"end": END_BEFORE_START})


class HoursException(ServiceFact):
    """Days on which a service is closed or has other hours: leave, training, illness."""

    class Reason(models.TextChoices):
        LEAVE = "leave", _("Leave")
        TRAINING = "training", _("Training")
        ILLNESS = "illness", _("Illness")
        BRIDGE_DAY = "bridge_day", _("Bridge day")
        COMPANY = "company", _("Works outing")
        OTHER = "other", _("Other reason")

    service = models.ForeignKey(
        Service,
        on_delete=models.CASCADE,
        related_name="hours_exceptions",
        verbose_name=_("service"),
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    closed = models.BooleanField(_("closed all day"), default=True)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason, default=Reason.OTHER)
    substitute = models.CharField(_("substitute"), max_length=200, blank=True)
    substitute_phone = models.CharField(
        _("phone of the substitute"), max_length=40, blank=True, validators=[validate_phone]
    )
    note = models.CharField(_("note"), max_length=250, blank=True)
    shown_from = models.DateField(
        _("shown from"), null=True, blank=True, help_text=_("Empty: at once.")
    )

    class Meta:
        verbose_name = _("closure or other hours")
        verbose_name_plural = _("closures and other hours")
        ordering = ["first_day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="hours_exception_ends_after_it_begins",
                violation_error_message=_("The last day must not lie before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.first_day:%d.%m.%Y}–{self.last_day:%d.%m.%Y}"


class HoursExceptionTime(models.Model):
    """Hours on the days of an exception that is not a closure."""

    exception = models.ForeignKey(
        HoursException, on_delete=models.CASCADE, related_name="times", verbose_name=_("exception")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=HoursKind, default=HoursKind.OPEN)
    start = models.TimeField(_("from"))
    end = models.TimeField(_("to"))

    class Meta:
        verbose_name = _("hours on these days")
        verbose_name_plural = _("hours on these days")
        ordering = ["start", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=ENDS_AFTER_START,
                name="hours_exception_time_ends_after_start",
                violation_error_message=END_BEFORE_START,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start:%H:%M}–{self.end:%H:%M}"
