"""The task that sends mails names them by Message-ID."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cms", "0006_mail_unsubscribe")]

    operations = [
        migrations.AlterField(
            model_name="outgoingmail",
            name="message_id",
            field=models.CharField(max_length=250, unique=True, verbose_name="Message-ID"),
        ),
    ]
