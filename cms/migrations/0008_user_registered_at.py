"""Only accounts that people opened themselves are forgotten when nobody confirms them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cms", "0007_mail_message_id")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="registered_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="By the person; empty if somebody else made the account.",
                null=True,
                verbose_name="registered at",
            ),
        ),
    ]
