"""Occurrences of dates that fell through before occurrences followed their dates."""

from django.db import migrations

# As they were named when this was written.
GONE = [
    "cancelled",
    "closed",
    "expired",
    "rejected",
    "revoked",
    "skipped_conflict",
    "skipped_holiday",
    "skipped_school_holiday",
    "withdrawn",
]


def cancel(apps, _schema_editor):
    occurrences = apps.get_model("schedule", "Occurrence").objects
    occurrences.filter(date__state__in=GONE).update(cancelled=True)


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0002_engine"),
    ]

    operations = [migrations.RunPython(cancel, migrations.RunPython.noop)]
