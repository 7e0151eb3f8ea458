"""The table of the database cache, in which rate limits count."""

from typing import Any

from django.core.management import call_command
from django.db import migrations


def create_cache_table(apps: Any, schema_editor: Any) -> None:
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("cms", "0002_facts_and_pages")]

    operations = [migrations.RunPython(create_cache_table, migrations.RunPython.noop)]
