"""An index for the totals of a whole logbook: in the order of their groups, and less than half the size."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("logbook", "0004_totals_group"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            "logbookentry",
            models.Index(
                fields=["owner", "totals_group", "minutes", "preparation_minutes"],
                condition=models.Q(deleted_at__isnull=True),
                name="entry_live_by_group",
            ),
        ),
    ]
