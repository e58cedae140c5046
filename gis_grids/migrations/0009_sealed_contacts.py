"""How who commented on a notice can be reached is sealed."""

from django.db import migrations

import gis_grids.models.sealed
from gis_grids.services.sealed_columns import seal_column


def seal(_apps, _schema_editor):
    """Seal what is there."""
    seal_column("gis_grids_plancomment", "contact")


class Migration(migrations.Migration):
    """In batches, each a transaction of its own: it can be stopped, and goes on."""

    atomic = False

    dependencies = (("gis_grids", "0008_outlines"),)

    operations = (
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(seal)],
            state_operations=[
                migrations.AlterField(
                    model_name="plancomment",
                    name="contact",
                    field=gis_grids.models.sealed.SealedTextField(blank=True, max_length=50, verbose_name="contact"),
                ),
            ],
        ),
    )
