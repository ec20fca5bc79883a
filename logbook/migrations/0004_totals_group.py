"""What totals are grouped by becomes one number, and the index of the list carries it. Rewrites the table once."""

from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import ExtractYear


def place(field: str, *values: str) -> models.Case:
    return models.Case(*(models.When(**{field: value}, then=number) for number, value in enumerate(values)))


class Migration(migrations.Migration):
    dependencies = [
        ("logbook", "0003_learned_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex("logbookentry", name="entry_live_by_date"),
        migrations.AddField(
            model_name="logbookentry",
            name="totals_group",
            field=models.GeneratedField(
                expression=ExtractYear("ended_on") * 1000
                + place("role", "lead", "co", "advocate", "assistant", "observer", "other") * 100
                + place("medium", "face_to_face", "online", "hybrid") * 10
                + place("setting", "real", "simulated"),
                output_field=models.IntegerField(),
                db_persist=True,
                null=True,
            ),
        ),
        migrations.AddIndex(
            "logbookentry",
            models.Index(
                models.F("owner"),
                models.F("ended_on").desc(),
                models.F("id").desc(),
                include=["totals_group", "minutes", "preparation_minutes", "role", "medium"],
                condition=models.Q(deleted_at__isnull=True),
                name="entry_live_by_date",
            ),
        ),
    ]
