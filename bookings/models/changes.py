"""Wishes to change promised dates. The old time stays until somebody has decided."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bookings.rules.spans import Span


class ChangeRequest(models.Model):
    """A wish of a group: other times or rooms for dates, or for a date and all that follow.

    While it is open and `holds_until` is set, the ledger holds what the wish needs beyond what the
    old dates take. Granting replaces the rows in one transaction.
    """

    class Kind(models.TextChoices):
        MOVE = "move", _("other time or room")
        FOLLOWING = "following", _("this and all following dates")

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("status of a wish to change", "to be decided")
        GRANTED = "granted", pgettext_lazy("status of a wish to change", "granted")
        REFUSED = "refused", pgettext_lazy("status of a wish to change", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("status of a wish to change", "withdrawn")
        EXPIRED = "expired", pgettext_lazy("status of a wish to change", "over")

    booking = models.ForeignKey(
        "bookings.Booking",
        on_delete=models.PROTECT,
        related_name="changes",
        verbose_name=_("request"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.OPEN)
    first_date = models.ForeignKey(
        "bookings.BookingDate",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("from this date"),
    )
    recurrence = models.CharField(
        _("rhythm"), max_length=60, blank=True, help_text=_("Of this and all following dates.")
    )
    text = models.TextField(_("why"), max_length=1000, blank=True)
    answer = models.TextField(_("reason or message"), max_length=1000, blank=True)
    holds_until = models.DateTimeField(_("kept free until"), null=True, blank=True)
    requested_by = models.ForeignKey(
        "cms.User",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    requested_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(
        "cms.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("wish to change")
        verbose_name_plural = _("wishes to change")
        ordering = ["requested_at", "pk"]
        indexes = [
            models.Index(
                fields=["booking"], condition=Q(status="open"), name="change_open_of_booking"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["booking"],
                condition=Q(status="open", kind="following"),
                name="change_following_once",
            ),
            models.CheckConstraint(
                condition=Q(holds_until__isnull=True) | Q(status="open"),
                name="change_holds_while_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking_id} {self.kind} {self.pk}"

    @property
    def holds(self) -> bool:
        return self.status == self.Status.OPEN and self.holds_until is not None


class ChangedDate(models.Model):
    """One date as it would be. `date`: the one that moves, None in a wish for all that follow."""

    change = models.ForeignKey(ChangeRequest, on_delete=models.CASCADE, related_name="dates")
    date = models.ForeignKey(
        "bookings.BookingDate", on_delete=models.PROTECT, null=True, related_name="changes"
    )
    room = models.ForeignKey("bookings.Room", on_delete=models.PROTECT, related_name="+")
    start = models.DateTimeField(_("from"))
    end = models.DateTimeField(_("to"))
    # Where the date was when somebody wished to move it; None in a wish for all that follow.
    old_room = models.ForeignKey(
        "bookings.Room", on_delete=models.PROTECT, null=True, related_name="+"
    )
    old_start = models.DateTimeField(null=True)
    old_end = models.DateTimeField(null=True)
    # When the rule of the new series has it; None in a wish for single dates.
    original_start = models.DateTimeField(null=True, blank=True)
    original_end = models.DateTimeField(null=True, blank=True)
    # A date of the new series that is left out or waits: its state; "" takes place.
    left_out = models.CharField(max_length=24, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    setup_minutes = models.PositiveSmallIntegerField(default=0)
    turnover_minutes = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["start", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("start")), name="changed_date_ends_after_start"
            ),
            models.UniqueConstraint(fields=["change", "date"], name="changed_date_once"),
        ]

    def __str__(self) -> str:
        return f"{self.change_id} {self.start}"

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def original(self) -> Span:
        """Return when the rule of the new series has the date; a moved one is its own rule."""
        return Span(self.original_start or self.start, self.original_end or self.end)

    @property
    def period(self) -> Span:
        """Return the time that the date would take, set-up and clearing up included."""
        return self.span.widened(
            timedelta(minutes=self.setup_minutes), timedelta(minutes=self.turnover_minutes)
        )
