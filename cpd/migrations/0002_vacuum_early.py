"""Vacuum the entries early: totals are read from the index alone only where pages are known to be visible to all."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cpd", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE cpd_cpdentry SET (autovacuum_vacuum_scale_factor = 0.01)",
            "ALTER TABLE cpd_cpdentry RESET (autovacuum_vacuum_scale_factor)",
        )
    ]
