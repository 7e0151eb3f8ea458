"""What can be booked: spaces, rooms made of them, their seating, equipment and hours."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from bookings.models.policies import policies_of
from bookings.models.uses import UseKind
from bookings.rules.policy import Policy
from cms.models import Answer, Weekday

# Of the set-up before a date, and of the clearing up after it.
WIDEST_BUFFER = timedelta(hours=12)
WIDEST_BUFFER_MINUTES = WIDEST_BUFFER // timedelta(minutes=1)


class Space(models.Model):
    """An indivisible part of the house. The ledger knows only spaces."""

    centre = models.ForeignKey(
        "cms.Centre", on_delete=models.PROTECT, related_name="spaces", verbose_name=_("centre")
    )
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("part of the house")
        verbose_name_plural = _("parts of the house")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "name"],
                name="space_name_once_per_centre",
                violation_error_message=_("This centre has a part with this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Equipment(models.Model):
    """Something that a room has: a piano, a projector, a kitchenette."""

    name = models.CharField(_("name"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("equipment")
        verbose_name_plural = _("equipment")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Room(ClusterableModel):
    """What one books: one or several spaces. The halves of a divisible hall are rooms, too."""

    centre = models.ForeignKey(
        "cms.Centre", on_delete=models.PROTECT, related_name="rooms", verbose_name=_("centre")
    )
    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("short name in addresses"), max_length=60)
    spaces = models.ManyToManyField(
        Space,
        related_name="rooms",
        verbose_name=_("parts of the house"),
        help_text=_("A hall that can be divided consists of several parts."),
    )
    calendar = models.OneToOneField(
        "schedule.Calendar", on_delete=models.PROTECT, related_name="room", editable=False
    )
    is_public = models.BooleanField(
        _("can be booked online"),
        default=True,
        help_text=_("Otherwise nobody finds the room on the site; what is promised stays."),
    )
    lead = models.CharField(_("In one sentence"), max_length=200, blank=True)
    capacity = models.PositiveSmallIntegerField(
        _("at most … persons"),
        validators=[MinValueValidator(1)],
        help_text=_("As allowed for this room; no seating may hold more."),
    )
    floor = models.CharField(_("floor"), max_length=60, blank=True)
    step_free = models.CharField(
        _("without steps"), max_length=10, choices=Answer, default=Answer.UNKNOWN
    )
    hearing_loop = models.CharField(
        _("hearing loop"), max_length=10, choices=Answer, default=Answer.UNKNOWN
    )
    access_text = models.CharField(
        _("How one gets in"),
        max_length=300,
        blank=True,
        help_text=_("For example: side entrance with a ramp, door 95 cm wide."),
    )
    costs = models.CharField(
        _("costs in one line"),
        max_length=160,
        blank=True,
        help_text=_("For example: non-profit associations free, others 12 € an hour."),
    )
    costs_text = models.TextField(_("costs in detail"), max_length=1000, blank=True)
    key_text = models.TextField(
        _("key"),
        max_length=500,
        blank=True,
        help_text=_("Where the group gets the key. Stands in the promise."),
    )
    house_rules = models.TextField(_("house rules"), max_length=1000, blank=True)
    equipment = models.ManyToManyField(
        Equipment, related_name="rooms", blank=True, verbose_name=_("equipment")
    )
    picture = models.ForeignKey(
        "cms.CustomImage",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )
    floor_plan = models.ForeignKey(
        "cms.CustomImage",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("floor plan"),
    )
    setup_minutes = models.PositiveSmallIntegerField(
        _("set-up before, in minutes"),
        default=0,
        help_text=_("Is kept free before each booking. Applies to new bookings only."),
    )
    turnover_minutes = models.PositiveSmallIntegerField(
        _("clearing up after, in minutes"),
        default=0,
        help_text=_("Is kept free after each booking. Applies to new bookings only."),
    )
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["sort_order", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "slug"],
                name="room_slug_once_per_centre",
                violation_error_message=_("This centre has a room with this short name already."),
            ),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="room_holds_somebody"),
            models.CheckConstraint(
                condition=Q(
                    setup_minutes__lte=WIDEST_BUFFER_MINUTES,
                    turnover_minutes__lte=WIDEST_BUFFER_MINUTES,
                ),
                name="room_buffers_within_half_a_day",
                violation_error_message=_("Please enter 720 minutes at most."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def buffers(self) -> tuple[timedelta, timedelta]:
        """Return what a new date needs before and after it, whatever its use."""
        return timedelta(minutes=self.setup_minutes), timedelta(minutes=self.turnover_minutes)

    def buffers_for(self, use: str) -> tuple[timedelta, timedelta]:
        """Return what a new date of this kind of use needs; one query unless prefetched."""
        own: UseBuffer
        for own in self.use_buffers.all() if use else []:
            if own.use == use:
                return own.buffers
        return self.buffers

    @cached_property
    def policy(self) -> Policy:
        """Return the rules that hold here; one query, for many rooms see `selectors.policies`."""
        return policies_of([self])[self.pk]


class UseBuffer(models.Model):
    """Set-up and clearing up of one kind of use, where the room's own do not fit."""

    room = ParentalKey(
        Room, on_delete=models.CASCADE, related_name="use_buffers", verbose_name=_("room")
    )
    use = models.CharField(_("kind of use"), max_length=12, choices=UseKind)
    setup_minutes = models.PositiveSmallIntegerField(
        _("set-up before, in minutes"),
        default=0,
        validators=[MaxValueValidator(WIDEST_BUFFER_MINUTES)],
    )
    turnover_minutes = models.PositiveSmallIntegerField(
        _("clearing up after, in minutes"),
        default=0,
        validators=[MaxValueValidator(WIDEST_BUFFER_MINUTES)],
    )

    class Meta:
        verbose_name = _("set-up for a kind of use")
        verbose_name_plural = _("set-up by kind of use")
        ordering = ["use"]
        constraints = [
            models.UniqueConstraint(
                fields=["room", "use"],
                name="use_buffer_once",
                violation_error_message=_("This kind of use is entered twice."),
            ),
            models.CheckConstraint(
                condition=Q(
                    setup_minutes__lte=WIDEST_BUFFER_MINUTES,
                    turnover_minutes__lte=WIDEST_BUFFER_MINUTES,
                ),
                name="use_buffers_within_half_a_day",
                violation_error_message=_("Please enter 720 minutes at most."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_use_display()} {self.setup_minutes}/{self.turnover_minutes}"

    @property
    def buffers(self) -> tuple[timedelta, timedelta]:
        return timedelta(minutes=self.setup_minutes), timedelta(minutes=self.turnover_minutes)


class RoomHours(models.Model):
    """A span of the week in which a room may be used."""

    room = ParentalKey(Room, on_delete=models.CASCADE, related_name="hours", verbose_name=_("room"))
    weekday = models.PositiveSmallIntegerField(
        _("weekday"),
        choices=[(day.value, day.label) for day in Weekday if day is not Weekday.HOLIDAY],
    )
    opens = models.TimeField(_("from"))
    closes = models.TimeField(_("to"), help_text=_("0:00 is midnight at the end of the day."))

    class Meta:
        verbose_name = _("time of use")
        verbose_name_plural = _("times of use")
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes__gt=models.F("opens")) | Q(closes="00:00"),
                name="room_hours_end_after_start",
                violation_error_message=_("The end must be after the start."),
            ),
            models.UniqueConstraint(
                fields=["room", "weekday", "opens"],
                name="room_hours_start_once",
                violation_error_message=_("This time is entered twice."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class Layout(models.Model):
    """A seating of a room and how many people it holds."""

    room = ParentalKey(
        Room, on_delete=models.CASCADE, related_name="layouts", verbose_name=_("room")
    )
    name = models.CharField(_("seating"), max_length=60, help_text=_("For example rows."))
    capacity = models.PositiveSmallIntegerField(
        _("at most … persons"), validators=[MinValueValidator(1)]
    )
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("seating")
        verbose_name_plural = _("seatings")
        ordering = ["sort_order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["room", "name"],
                name="layout_name_once_per_room",
                violation_error_message=_("This room has this seating already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        room = getattr(self, "room", None)
        if room is not None and room.capacity and self.capacity and self.capacity > room.capacity:
            message = _("The room may hold %(count)s persons at most.") % {"count": room.capacity}
            raise ValidationError({"capacity": message})
