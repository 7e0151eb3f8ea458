"""The rules that a centre sets for bookings: for all its rooms, or for one of them."""

from collections.abc import Iterable
from datetime import time
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from bookings.rules import policy as rules
from bookings.rules.policy import NAMES, Policy, Window, policy_from
from cms.models import Weekday
from cms.prepared import OneOf, Prepared

if TYPE_CHECKING:
    from bookings.models.rooms import Room

YEAR_HOURS = 366 * 24


class PolicySet(models.QuerySet["BookingPolicy"]):
    def with_windows(self) -> "PolicySet":
        """Read the windows along, as `window_rows`."""
        rows: PolicySet = self.annotate(
            window_rows=RawSQL(_WINDOW_ROWS, (), models.JSONField())  # noqa: S611 - a constant
        )
        return rows


# Read with every request; put together by Django it takes longer than all of PostgreSQL's answer.
_WINDOW_ROWS = """
SELECT coalesce(jsonb_agg(jsonb_build_object('weekday', weekday, 'opens', opens, 'closes', closes)
                          ORDER BY weekday, opens), '[]')
FROM bookings_instantwindow WHERE policy_id = bookings_bookingpolicy.id
"""


class BookingPolicy(ClusterableModel):
    """What a centre has set. An empty field: as at the centre, or the usual value."""

    APPROVALS = [
        (rules.Approval.ON_REQUEST.value, _("The team decides on every request")),
        (rules.Approval.AT_ONCE.value, _("Promised at once")),
        (rules.Approval.IN_WINDOWS.value, _("At once for checked associations at given times")),
    ]
    BOOKERS = [
        (rules.Bookers.ASSOCIATIONS.value, _("all associations and groups")),
        (rules.Bookers.CHECKED.value, _("checked associations and groups only")),
    ]
    OUTSIDE_HOURS = [
        (rules.OutsideHours.REFUSE.value, _("cannot be asked for")),
        (rules.OutsideHours.ON_REQUEST.value, _("the team decides")),
    ]
    PUBLIC_DETAILS = [
        (rules.PublicDetail.NAME.value, _("the association's name, if it agreed")),
        (rules.PublicDetail.TAKEN.value, pgettext_lazy("shown of a booking", "only “taken”")),
    ]
    HOLIDAY_RULES = [
        (rules.HolidayRule.SKIP.value, _("is left out")),
        (rules.HolidayRule.KEEP.value, _("takes place")),
    ]

    centre = models.ForeignKey(
        "cms.Centre", on_delete=models.CASCADE, related_name="policies", verbose_name=_("centre")
    )
    room = models.OneToOneField(
        "bookings.Room",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="own_policy",
        verbose_name=_("room"),
        help_text=_("Empty: for all rooms of the centre."),
    )
    approval = models.CharField(_("decision"), max_length=12, choices=APPROVALS, blank=True)
    lead_hours = models.PositiveSmallIntegerField(
        _("hours ahead at least"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(YEAR_HOURS)],
    )
    horizon_days = models.PositiveSmallIntegerField(
        _("days ahead at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(rules.LONGEST_HORIZON)],
    )
    shortest_minutes = models.PositiveSmallIntegerField(
        _("shortest booking, in minutes"), null=True, blank=True, validators=[MinValueValidator(5)]
    )
    longest_minutes = models.PositiveSmallIntegerField(
        _("longest booking, in minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(5), MaxValueValidator(rules.MINUTES_A_DAY)],
    )
    raster_minutes = models.PositiveSmallIntegerField(
        _("begins and ends every … minutes"),
        choices=[(minutes, str(minutes)) for minutes in rules.RASTERS],
        null=True,
        blank=True,
    )
    hold_days = models.PositiveSmallIntegerField(
        _("days a request keeps its time free"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    warning_days = models.PositiveSmallIntegerField(
        _("days before that the team is reminded"), null=True, blank=True
    )
    answer_days = models.PositiveSmallIntegerField(
        _("days to answer a question"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    quota_open = models.PositiveSmallIntegerField(
        _("open requests of an association at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
    )
    quota_week_hours = models.PositiveSmallIntegerField(
        _("hours a week of an association at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(7 * 24)],
    )
    bookers = models.CharField(_("who may book"), max_length=12, choices=BOOKERS, blank=True)
    guests = models.BooleanField(
        _("single dates without an association"),
        null=True,
        blank=True,
        help_text=_("With a confirmed e-mail address."),
    )
    cancel_hours = models.PositiveSmallIntegerField(
        _("hours before the start up to which a group can cancel"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(YEAR_HOURS)],
    )
    change_hours = models.PositiveSmallIntegerField(
        _("hours before the start up to which a group can ask for a change"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(YEAR_HOURS)],
    )
    notice_days = models.PositiveSmallIntegerField(
        _("days of notice when the centre takes a date back"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(366)],
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("hours that an offer from the waiting list is held"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(14 * 24)],
    )
    public_detail = models.CharField(
        _("everybody reads"), max_length=8, choices=PUBLIC_DETAILS, blank=True
    )
    outside_hours = models.CharField(
        _("outside the times of use"), max_length=12, choices=OUTSIDE_HOURS, blank=True
    )
    public_holidays = models.CharField(
        _("a series on public holidays"),
        max_length=8,
        choices=HOLIDAY_RULES,
        blank=True,
    )
    school_holidays = models.CharField(
        _("a series in school holidays"),
        max_length=8,
        choices=HOLIDAY_RULES,
        blank=True,
    )

    objects = PolicySet.as_manager()

    class Meta:
        verbose_name = _("rules for bookings")
        verbose_name_plural = _("rules for bookings")
        ordering = ["centre", F("room").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(
                fields=["centre"],
                condition=Q(room__isnull=True),
                name="policy_once_per_centre",
                violation_error_message=_("This centre has rules for all its rooms already."),
            ),
            models.CheckConstraint(
                condition=Q(shortest_minutes__isnull=True)
                | Q(longest_minutes__isnull=True)
                | Q(shortest_minutes__lte=F("longest_minutes")),
                name="policy_shortest_within_longest",
                violation_error_message=_("The shortest booking is longer than the longest one."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.room or self.centre)

    def clean(self) -> None:
        super().clean()
        if self.room is not None and self.room.centre_id != self.centre_id:
            raise ValidationError({"room": _("This room belongs to another centre.")})

    def values(self, windows: Iterable[dict[str, Any]]) -> dict[str, Any]:
        """Return name → what is set here, as `policy_from` takes it. `windows`: rows as JSON."""
        found = {name: getattr(self, name) for name in NAMES if name != "windows"}
        for name, kind in _ENUMS.items():
            found[name] = kind(found[name]) if found[name] else None
        found["windows"] = tuple(
            Window(row["weekday"], *(time.fromisoformat(row[key]) for key in ("opens", "closes")))
            for row in windows
        )
        return found


_ENUMS = {
    "approval": rules.Approval,
    "bookers": rules.Bookers,
    "outside_hours": rules.OutsideHours,
    "public_detail": rules.PublicDetail,
    "public_holidays": rules.HolidayRule,
    "school_holidays": rules.HolidayRule,
}


class InstantWindow(models.Model):
    """A span of the week in which checked associations get their promise at once."""

    policy = ParentalKey(
        BookingPolicy, on_delete=models.CASCADE, related_name="windows", verbose_name=_("rules")
    )
    weekday = models.PositiveSmallIntegerField(
        _("weekday"),
        choices=[(day.value, day.label) for day in Weekday if day is not Weekday.HOLIDAY],
    )
    opens = models.TimeField(_("from"))
    closes = models.TimeField(_("to"), help_text=_("0:00 is midnight at the end of the day."))

    class Meta:
        verbose_name = _("time with a promise at once")
        verbose_name_plural = _("times with a promise at once")
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")) | Q(closes="00:00"),
                name="instant_window_ends_after_start",
                violation_error_message=_("The end must be after the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


def policies_of(rooms: Iterable["Room"]) -> dict[int, Policy]:
    """Return room → the rules that hold there, in one query."""
    rooms = list(rooms)
    rows = _OF_ROOMS(rooms=[room.pk for room in rooms], centres={room.centre_id for room in rooms})
    by_room, by_centre = {}, {}
    for row in rows:
        if row.room_id is None:
            by_centre[row.centre_id] = row.values(row.window_rows)
        else:
            by_room[row.room_id] = row.values(row.window_rows)
    return {
        room.pk: policy_from(by_room.get(room.pk, {}), by_centre.get(room.centre_id, {}))
        for room in rooms
    }


def _of_rooms() -> PolicySet:
    own = Q(room=OneOf("rooms", models.BigIntegerField()))
    of_centre = Q(room__isnull=True, centre=OneOf("centres", models.BigIntegerField()))
    return BookingPolicy.objects.filter(own | of_centre).order_by().with_windows()


_OF_ROOMS = Prepared(_of_rooms)
