from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_whole_names"),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerMark",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "mark of the ledger",
                "verbose_name_plural": "marks of the ledger",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="ledger_mark_one_row")
                ],
            },
        ),
    ]
