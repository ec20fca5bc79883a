from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_access_and_own_data"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="saved_views_sealed",
            field=models.BinaryField(null=True),
        ),
    ]
