"""Residents' numbers were sealed by hand; now their column does it. Nothing changes in the database."""

from django.db import migrations

import gis_grids.models.sealed


class Migration(migrations.Migration):
    """What is stored stays as it is."""

    dependencies = (("incidents", "0014_quarterly_reports"),)

    operations = (
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="residentcontact",
                    name="phone",
                    field=gis_grids.models.sealed.SealedTextField(max_length=20, verbose_name="telephone number"),
                ),
            ],
        ),
    )
