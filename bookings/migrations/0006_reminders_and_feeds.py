"""Which dates were reminded of, who wants to be, and the secret addresses of own calendars."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import bookings.models.choices


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0005_associations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="bookingdate",
            name="reminded_of",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="group reminded of"
            ),
        ),
        migrations.CreateModel(
            name="PersonalChoices",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "wants_reminders",
                    models.BooleanField(default=True, verbose_name="Send reminders"),
                ),
                (
                    "feed_token",
                    models.CharField(
                        default=bookings.models.choices.new_feed_token,
                        editable=False,
                        max_length=64,
                        unique=True,
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="booking_choices",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "personal choices",
                "verbose_name_plural": "personal choices",
            },
        ),
    ]
