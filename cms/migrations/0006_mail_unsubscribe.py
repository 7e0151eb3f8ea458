"""Mails that nobody has to get say where one click ends them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cms", "0005_hours_patterns_and_holidays")]

    operations = [
        migrations.AddField(
            model_name="outgoingmail",
            name="unsubscribe_url",
            field=models.URLField(blank=True, max_length=500, verbose_name="unsubscribe at"),
        ),
    ]
