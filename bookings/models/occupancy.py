"""The ledger: the one truth about what is taken. Only `bookings.ledger` writes it."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bookings.models.ranges import Int8Point

SPACE_POINT = Int8Point(F("space_id"), F("space_id"))
# True for every row. The indexes that know spaces are partial: only with it PostgreSQL uses them.
EITHER_INDEX = Q(closure__isnull=True) | Q(closure__isnull=False)


def _one_of(*causes: str) -> Q:
    """Return the condition that exactly one of these is set."""
    condition = Q()
    for chosen in causes:
        condition |= Q(**{f"{cause}__isnull": cause != chosen for cause in causes})
    return condition


class Occupancy(models.Model):
    """A row means: this space is taken in this period, set-up and clearing up included.

    Closures stand outside the exclusion constraint: they may overlap each other and dates that
    were left standing. Bookings are kept out of them by the check under the lock.
    """

    space = models.ForeignKey(
        "bookings.Space", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    period = DateTimeRangeField(_("period"))
    booking_date = models.ForeignKey(
        "bookings.BookingDate", on_delete=models.PROTECT, null=True, related_name="occupancy"
    )
    change_request = models.ForeignKey(
        "bookings.ChangeRequest", on_delete=models.PROTECT, null=True, related_name="occupancy"
    )
    closure = models.ForeignKey(
        "bookings.Closure", on_delete=models.CASCADE, null=True, related_name="occupancy"
    )

    class Meta:
        verbose_name = _("occupancy")
        verbose_name_plural = _("occupancies")
        constraints = [
            ExclusionConstraint(
                name="occupancy_no_overlap",
                expressions=[(SPACE_POINT, "&&"), ("period", "&&")],
                condition=Q(closure__isnull=True),
            ),
            models.CheckConstraint(
                condition=_one_of("booking_date", "change_request", "closure"),
                name="occupancy_has_one_cause",
            ),
            models.CheckConstraint(
                # Empty ranges overlap nothing, so they would slip through the constraint above.
                condition=Q(
                    period__isempty=False,
                    period__lower_inf=False,
                    period__upper_inf=False,
                    period__lower_inc=True,
                    period__upper_inc=False,
                ),
                name="occupancy_period_is_half_open",
            ),
        ]
        indexes = [
            # Of all spaces and causes: for questions about many rooms at a time.
            GistIndex(fields=["period"], name="occupancy_period"),
            GistIndex(
                SPACE_POINT,
                "period",
                condition=Q(closure__isnull=False),
                name="occupancy_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.space_id} {self.period}"
