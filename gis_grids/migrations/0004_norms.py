"""The norm that the seed documents give, to begin with: about 300 households a grid (seed 003)."""

from __future__ import annotations

from django.db import migrations

NORMS = (("area", 300, 0.2, "滨海新区城乡社区高质量发展工作方案(2023):每个网格约300户"),)


def begin(apps, _schema_editor):
    """Add the norms that aren't there yet."""
    norm = apps.get_model("gis_grids", "UnitNorm")
    for level, households, tolerance, basis in NORMS:
        norm.objects.get_or_create(
            level=level, scope=None, defaults={"households": households, "tolerance": tolerance, "basis": basis}
        )


class Migration(migrations.Migration):
    """Norms to begin with."""

    dependencies = (("gis_grids", "0003_plans"),)

    operations = (migrations.RunPython(begin, migrations.RunPython.noop),)
