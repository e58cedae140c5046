"""Telephone numbers of households are sealed, and found by their digest."""

from django.db import migrations, models

import gis_grids.models.sealed
from gis_grids.sealing import PHONE
from gis_grids.services.sealed_columns import seal_column


def seal(_apps, _schema_editor):
    """Seal what is there."""
    seal_column("households_household", "phone", digest_for=PHONE)


class Migration(migrations.Migration):
    """In batches, each a transaction of its own: it can be stopped, and goes on."""

    atomic = False

    dependencies = (("households", "0006_counts"),)

    operations = (
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(seal)],
            state_operations=[
                migrations.AlterField(
                    model_name="household",
                    name="phone",
                    field=gis_grids.models.sealed.SealedTextField(blank=True, max_length=20, verbose_name="phone"),
                ),
                migrations.AddField(
                    model_name="household",
                    name="phone_digest",
                    field=gis_grids.models.sealed.DigestField(
                        editable=False, max_length=32, null=True, of="phone", purpose="phone"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="household",
            index=models.Index(fields=["phone_digest"], name="household_phone_digest"),
        ),
    )
