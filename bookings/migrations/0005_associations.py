"""What a group says of itself, and who is invited to act for it."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0004_asking"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="association",
            name="confirmation_asked_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="asked to confirm at"
            ),
        ),
        migrations.AddField(
            model_name="association",
            name="confirmed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="data confirmed at"),
        ),
        migrations.AddField(
            model_name="association",
            name="home_municipality",
            field=models.CharField(blank=True, max_length=80, verbose_name="municipality"),
        ),
        migrations.AddField(
            model_name="association",
            name="notice_on",
            field=models.DateField(blank=True, null=True, verbose_name="non-profit notice of"),
        ),
        migrations.AddField(
            model_name="association",
            name="notice_until",
            field=models.DateField(blank=True, null=True, verbose_name="notice valid until"),
        ),
        migrations.AddField(
            model_name="association",
            name="register_number",
            field=models.CharField(blank=True, max_length=60, verbose_name="register number"),
        ),
        migrations.AddField(
            model_name="association",
            name="responsible_email",
            field=models.EmailField(blank=True, max_length=254, verbose_name="e-mail"),
        ),
        migrations.AddField(
            model_name="association",
            name="responsible_name",
            field=models.CharField(blank=True, max_length=120, verbose_name="responsible person"),
        ),
        migrations.AddField(
            model_name="association",
            name="responsible_phone",
            field=models.CharField(blank=True, max_length=40, verbose_name="phone"),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                (
                    "role",
                    models.CharField(
                        choices=[("main_contact", "main contact"), ("may_book", "may book")],
                        default="may_book",
                        max_length=12,
                        verbose_name="role",
                    ),
                ),
                (
                    "is_from_team",
                    models.BooleanField(default=False, verbose_name="from the centre's team"),
                ),
                ("created_at", models.DateTimeField(verbose_name="invited at")),
                ("sent_at", models.DateTimeField(verbose_name="sent at")),
                (
                    "times_sent",
                    models.PositiveSmallIntegerField(default=1, verbose_name="times sent"),
                ),
                ("expires_at", models.DateTimeField(verbose_name="valid until")),
                (
                    "accepted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="accepted at"),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at"),
                ),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="accepted by",
                    ),
                ),
                (
                    "association",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="bookings.association",
                        verbose_name="association",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="invited by",
                    ),
                ),
                (
                    "predecessor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="hands over",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ["created_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at", None), ("withdrawn_at", None)),
                        fields=("association", "email"),
                        name="one_open_invitation_for_an_address",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at", None), ("withdrawn_at", None)),
                        fields=("association", "predecessor"),
                        name="one_open_handing_over",
                    ),
                ],
            },
        ),
    ]
