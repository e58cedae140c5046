from django.db import migrations, models
from django.db.migrations.recorder import MigrationRecorder

KEPT_SINCE = "0006_publication_problems"


def forget_what_was_never_known(apps, schema_editor):
    """A plan published before problems were kept got an empty list, as if it had had none."""
    recorder = MigrationRecorder(schema_editor.connection)
    kept_since = recorder.migration_qs.filter(app="gis_grids", name=KEPT_SINCE).latest("applied").applied
    apps.get_model("gis_grids", "Publication").objects.filter(at__lt=kept_since).update(problems=None)


def say_none(apps, schema_editor):
    apps.get_model("gis_grids", "Publication").objects.filter(problems__isnull=True).update(problems=[])


class Migration(migrations.Migration):

    dependencies = [
        ("gis_grids", "0006_publication_problems"),
    ]

    operations = [
        migrations.AlterField(
            model_name="publication",
            name="problems",
            field=models.JSONField(blank=True, null=True, verbose_name="problems"),
        ),
        migrations.RunPython(forget_what_was_never_known, say_none),
    ]
