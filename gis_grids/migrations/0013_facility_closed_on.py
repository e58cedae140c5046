"""A facility may be closed, and open again."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gis_grids", "0012_retention")]

    operations = [
        migrations.AddField(
            model_name="facility",
            name="closed_on",
            field=models.DateField(blank=True, null=True, verbose_name="closed on"),
        ),
    ]
