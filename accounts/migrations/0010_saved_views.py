from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_roles_of_senders"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="saved_views_sealed",
            field=models.BinaryField(null=True),
        ),
    ]
