"""Guests of long ago are forgotten: their requests stay, without name and address."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("bookings", "0007_guests")]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="forgotten_at",
            field=models.DateTimeField(
                editable=False, null=True, verbose_name="guest forgotten at"
            ),
        ),
        migrations.RemoveConstraint(
            model_name="booking", name="booking_of_association_or_guest"
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
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
        ),
    ]
