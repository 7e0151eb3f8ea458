"""What a group asks for and agrees to: alcohol, equipment, terms of use; the dates of its draft."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0003_series_cancelled_occurrences"),
        ("cms", "0005_hours_patterns_and_holidays"),
    ]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="equipment",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=60),
                blank=True,
                db_default=[],
                default=list,
                size=None,
                verbose_name="equipment",
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="has_alcohol",
            field=models.BooleanField(db_default=False, default=False, verbose_name="alcohol"),
        ),
        migrations.AddField(
            model_name="requestdraft",
            name="dates",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.CreateModel(
            name="TermsOfUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                (
                    "text",
                    models.TextField(
                        help_text="Plain text; an empty line starts a new paragraph.",
                        max_length=20000,
                        verbose_name="terms of use",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="valid from")),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        to="cms.centre",
                        verbose_name="centre",
                    ),
                ),
            ],
            options={
                "verbose_name": "terms of use",
                "verbose_name_plural": "terms of use",
                "ordering": ["centre", "-version"],
            },
        ),
        migrations.AddField(
            model_name="booking",
            name="terms",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bookings",
                to="bookings.termsofuse",
                verbose_name="accepted terms of use",
            ),
        ),
        migrations.AddConstraint(
            model_name="termsofuse",
            constraint=models.UniqueConstraint(
                fields=("centre", "version"), name="terms_version_once"
            ),
        ),
    ]
