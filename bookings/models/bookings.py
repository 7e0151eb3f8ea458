"""Requests, their dates, and what happened to them."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.models.policies import BookingPolicy
from bookings.models.states import STATE_WORDS
from bookings.models.uses import UseKind
from bookings.rules.policy import HolidayRule
from bookings.rules.spans import Span
from bookings.rules.states import Action, DateState, takes_space


class Booking(models.Model):
    """One request of a group, for one date or a series.

    Its state is that of its dates; it stores only whether it was sent and the open question.
    """

    class Status(models.TextChoices):
        UNVERIFIED = "unverified", _("not confirmed")
        SENT = "sent", _("sent")

    class OriginKind(models.TextChoices):
        SPLIT = "split", _("changed from a date on")
        RENEWAL = "renewal", _("renewed for another year")
        SUBSTITUTE = "substitute", _("substitute for a date taken back")

    number = models.CharField(_("number"), max_length=12, unique=True)
    uid = models.UUIDField(_("calendar id"), unique=True)
    sequence = models.PositiveIntegerField(_("version for calendars"), default=0)
    event = models.OneToOneField(
        "schedule.Event", on_delete=models.PROTECT, related_name="booking", editable=False
    )
    centre = models.ForeignKey(
        "cms.Centre", on_delete=models.PROTECT, related_name="bookings", verbose_name=_("centre")
    )
    association = models.ForeignKey(
        "bookings.Association",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bookings",
        verbose_name=_("association"),
    )
    # Of somebody without an association, for a single date: only this address leads to the request.
    guest_name = models.CharField(_("guest"), max_length=120, blank=True, default="", db_default="")
    guest_email = models.EmailField(_("e-mail of the guest"), blank=True, default="", db_default="")
    # Since then nothing here says who the guest was, or what for.
    forgotten_at = models.DateTimeField(_("guest forgotten at"), null=True, editable=False)
    requester = models.ForeignKey(
        "cms.User",
        on_delete=models.SET_NULL,
        null=True,
        related_name="bookings",
        verbose_name=_("asked by"),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.SENT)
    purpose = models.CharField(_("What for?"), max_length=160)
    use = models.CharField(_("kind of use"), max_length=12, choices=UseKind, blank=True)
    # What the group chose for its series.
    on_public_holidays = models.CharField(
        _("on public holidays"),
        max_length=8,
        choices=BookingPolicy.HOLIDAY_RULES,
        default=HolidayRule.SKIP.value,
    )
    on_school_holidays = models.CharField(
        _("in school holidays"),
        max_length=8,
        choices=BookingPolicy.HOLIDAY_RULES,
        default=HolidayRule.SKIP.value,
    )
    origin = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="successors",
        verbose_name=_("comes from"),
    )
    origin_kind = models.CharField(
        _("comes from it as"), max_length=12, choices=OriginKind, blank=True
    )
    round = models.ForeignKey(
        "bookings.RenewalRound",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bookings",
        verbose_name=_("plan for a year"),
    )
    persons = models.PositiveSmallIntegerField(_("persons"), validators=[MinValueValidator(1)])
    contact_name = models.CharField(_("contact person on the day"), max_length=120)
    contact_phone = models.CharField(_("phone on the day"), max_length=40)
    layout = models.ForeignKey(
        "bookings.Layout",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("seating"),
    )
    wishes = models.TextField(_("set-up and equipment"), max_length=1000, blank=True)
    is_public_event = models.BooleanField(_("public event"), default=False)
    has_music = models.BooleanField(_("music or dance"), default=False)
    has_food = models.BooleanField(_("food or drinks"), default=False)
    has_alcohol = models.BooleanField(_("alcohol"), default=False, db_default=False)
    # By name, as the room had it when it was asked for.
    equipment = ArrayField(
        models.CharField(max_length=60),
        verbose_name=_("equipment"),
        default=list,
        db_default=[],
        blank=True,
    )
    terms = models.ForeignKey(
        "bookings.TermsOfUse",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bookings",
        verbose_name=_("accepted terms of use"),
    )
    sent_at = models.DateTimeField(_("sent at"))
    answer_due = models.DateField(_("the group hears from us by"))
    question = models.TextField(_("open question"), max_length=1000, blank=True)
    question_due = models.DateField(_("please answer by"), null=True, blank=True)

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ["sent_at", "pk"]
        indexes = [models.Index(fields=["centre", "sent_at"], name="booking_centre_sent")]
        constraints = [
            models.CheckConstraint(condition=Q(persons__gte=1), name="booking_for_somebody"),
            models.CheckConstraint(
                condition=Q(origin__isnull=True, origin_kind="")
                | (Q(origin__isnull=False) & ~Q(origin_kind="")),
                name="booking_origin_has_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(
                    association__isnull=False, guest_name="", guest_email="", forgotten_at=None
                )
                | (
                    Q(association__isnull=True, forgotten_at=None)
                    & ~Q(guest_name="")
                    & ~Q(guest_email="")
                )
                | Q(
                    association__isnull=True,
                    guest_name="",
                    guest_email="",
                    forgotten_at__isnull=False,
                ),
                name="booking_of_association_or_guest",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_of_guest(self) -> bool:
        return self.association_id is None

    @property
    def asker(self) -> str:
        """Return who asks, as the team and the asker read it. Nothing public names a guest."""
        if self.association is not None:
            return self.association.name
        if self.forgotten_at is not None:
            return gettext("Guest")
        return gettext("Guest: %(name)s") % {"name": self.guest_name}

    @property
    def is_checked(self) -> bool:
        """Tell whether a manager knows who asks; guests nobody has checked."""
        return self.association is not None and self.association.is_checked

    @property
    def contact(self) -> str:
        """Return name and phone; of a group from a centre's list nobody knows the phone."""
        return ", ".join(filter(None, [self.contact_name, self.contact_phone]))


class BookingDate(models.Model):
    """What was decided on one date. When it takes place says its Occurrence."""

    State = DateState

    booking = models.ForeignKey(
        Booking, on_delete=models.PROTECT, related_name="dates", verbose_name=_("request")
    )
    room = models.ForeignKey(
        "bookings.Room", on_delete=models.PROTECT, related_name="dates", verbose_name=_("room")
    )
    occurrence = models.OneToOneField(
        "schedule.Occurrence", on_delete=models.PROTECT, related_name="date", editable=False
    )
    state = models.CharField(
        _("state"),
        max_length=24,
        choices=[(state.value, word) for state, word in STATE_WORDS.items()],
    )
    holds_until = models.DateTimeField(_("kept free until"), null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    suggestion = models.CharField(_("suggestion"), max_length=300, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        "cms.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    # So long before the hold ends the team was reminded of it.
    warned_at = models.DateTimeField(_("team reminded at"), null=True, blank=True)
    # The start that the group was reminded of: once, unless the date moves.
    reminded_of = models.DateTimeField(
        _("group reminded of"), null=True, blank=True, editable=False
    )
    # As booked: later changes of the room leave them alone.
    setup_minutes = models.PositiveSmallIntegerField(_("set-up before, in minutes"), default=0)
    turnover_minutes = models.PositiveSmallIntegerField(
        _("clearing up after, in minutes"), default=0
    )

    class Meta:
        verbose_name = _("date")
        verbose_name_plural = _("dates")
        ordering = ["occurrence__start", "pk"]
        indexes = [
            models.Index(
                fields=["holds_until"],
                condition=Q(holds_until__isnull=False),
                name="date_hold_ends",
            ),
            models.Index(
                fields=["room"],
                condition=Q(state__in=["requested", "needs_info", "waitlisted"]),
                name="date_undecided",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in DateState]),
                name="date_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(holds_until__isnull=True)
                | Q(state__in=["requested", "needs_info", "offered"]),
                name="date_holds_while_undecided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id}/{self.pk}"

    @property
    def stands(self) -> bool:
        """Tell whether the ledger has rows for this date."""
        return takes_space(DateState(self.state), self.holds_until)

    @property
    def span(self) -> Span:
        """Return when the event takes place, without set-up and clearing up."""
        return Span(self.occurrence.start, self.occurrence.end)

    @property
    def period(self) -> Span:
        """Return the time that the date takes, set-up and clearing up as booked included."""
        return self.span.widened(
            timedelta(minutes=self.setup_minutes), timedelta(minutes=self.turnover_minutes)
        )


def action_choices() -> list[tuple[str, str]]:
    """Return all steps. A function: a new one needs no migration."""
    return [(action.value, action.value) for action in Action]


class BookingLog(models.Model):
    """One step in the history of a request; never changed, but for the texts of a forgotten guest."""

    booking = models.ForeignKey(
        Booking, on_delete=models.PROTECT, related_name="log", verbose_name=_("request")
    )
    date = models.ForeignKey(
        BookingDate,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="log",
        verbose_name=_("date"),
    )
    # Of a step on a wish to change.
    change = models.ForeignKey(
        "bookings.ChangeRequest",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="log",
        verbose_name=_("wish to change"),
    )
    action = models.CharField(
        _("what happened"),
        max_length=24,
        choices=action_choices,
    )
    from_state = models.CharField(_("before"), max_length=24, blank=True)
    to_state = models.CharField(_("after"), max_length=24, blank=True)
    actor = models.ForeignKey(
        "cms.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    text = models.TextField(_("reason, question or answer"), blank=True)
    # The hold that ended with the state of before; a promise that is undone gives it back.
    held_until = models.DateTimeField(_("was kept free until"), null=True, editable=False)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("history")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.booking_id} {self.action}"


class RequestDraft(models.Model):
    """What somebody typed and did not send yet. Holds nothing; sent at most once.

    Belongs to the browser session it was typed in, and to the person who signed in then.
    """

    id = models.UUIDField(primary_key=True)
    room = models.ForeignKey("bookings.Room", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("cms.User", on_delete=models.CASCADE, null=True, related_name="+")
    values = models.JSONField()  # field name → what was typed
    # Of a series: its dates as they were shown and what was chosen, see selectors.kept_dates.
    dates = models.JSONField(default=dict, db_default={})
    booking = models.OneToOneField(
        Booking, on_delete=models.CASCADE, null=True, related_name="draft"
    )
    updated_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.pk)
