"""The table of Django's database cache, which holds nothing but rate limits."""

from django.core.management import call_command
from django.db import migrations


def create_table(apps, schema_editor) -> None:
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


def drop_table(apps, schema_editor) -> None:
    schema_editor.execute("DROP TABLE rate_limits")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(create_table, drop_table)]
