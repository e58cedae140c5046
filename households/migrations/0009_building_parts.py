"""Parts of buildings with a unit of their own; places that were taken back."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gis_grids", "0011_post_acts"),
        ("households", "0008_boards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BuildingPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "building",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="households.building",
                        verbose_name="building",
                    ),
                ),
                (
                    "entrance",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="households.entrance",
                        verbose_name="entrance",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="set by",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="building_parts",
                        to="gis_grids.unit",
                        verbose_name="unit",
                    ),
                ),
                ("lowest", models.SmallIntegerField(blank=True, null=True, verbose_name="lowest floor")),
                ("highest", models.SmallIntegerField(blank=True, null=True, verbose_name="highest floor")),
                ("valid", django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="valid")),
            ],
            options={
                "verbose_name": "part of a building",
                "verbose_name_plural": "parts of buildings",
                "ordering": ("building", "entrance", "lowest", "pk"),
            },
        ),
        migrations.AddField(
            model_name="placechange",
            name="undone_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="taken back at"),
        ),
        migrations.AddField(
            model_name="placechange",
            name="undone_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="taken back by",
            ),
        ),
        migrations.AlterField(
            model_name="householdunit",
            name="source",
            field=models.CharField(
                choices=[
                    ("geometry", "Boundary"),
                    ("entrance", "Entrance or floors"),
                    ("manual", "Set by hand"),
                ],
                max_length=12,
                verbose_name="source",
            ),
        ),
        migrations.AddConstraint(
            model_name="placechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("undone_at", None), ("was_used", False), _connector="OR"),
                name="placechange_undone_is_unused",
            ),
        ),
        migrations.AddIndex(
            model_name="buildingpart",
            index=models.Index(
                condition=models.Q(("valid__upper_inf", True)),
                fields=["unit"],
                name="buildingpart_open_by_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="buildingpart",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("building", "="),
                    (
                        models.Func(
                            models.F("entrance"),
                            models.F("entrance"),
                            models.Value("[]"),
                            function="int8range",
                            output_field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(),
                        ),
                        "&&",
                    ),
                    (
                        models.Func(
                            models.F("lowest"),
                            models.F("highest"),
                            models.Value("[]"),
                            function="int4range",
                            output_field=django.contrib.postgres.fields.ranges.IntegerRangeField(),
                        ),
                        "&&",
                    ),
                    ("valid", "&&"),
                ],
                name="buildingpart_no_overlap",
            ),
        ),
        migrations.AddConstraint(
            model_name="buildingpart",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid__isempty", False)), name="buildingpart_valid_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="buildingpart",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("lowest", None), ("highest", None), ("lowest__lte", models.F("highest")), _connector="OR"
                ),
                name="buildingpart_floors_in_order",
            ),
        ),
    ]
