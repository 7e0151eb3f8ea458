"""Requests of guests: without an association, with a name and an address instead."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0006_reminders_and_feeds")]

    operations = [
        migrations.AlterField(
            model_name="booking",
            name="association",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bookings",
                to="bookings.association",
                verbose_name="association",
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="guest_name",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=120, verbose_name="guest"
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="guest_email",
            field=models.EmailField(
                blank=True,
                db_default="",
                default="",
                max_length=254,
                verbose_name="e-mail of the guest",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(association__isnull=False, guest_name="", guest_email="")
                | (
                    models.Q(association__isnull=True)
                    & ~models.Q(guest_name="")
                    & ~models.Q(guest_email="")
                ),
                name="booking_of_association_or_guest",
            ),
        ),
    ]
