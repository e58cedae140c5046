"""Units and their boundaries through time."""

from __future__ import annotations

import pgtrigger
from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import PointOnSurface, Transform
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from gis_grids.levels import Level
from gis_grids.models.constraints import lonlat_is_sound

_CHECK_DEPTH = f"""
IF NEW.depth <> (
    SELECT array_position(ARRAY{Level.values}::varchar[], level) - 1
    FROM gis_grids_unit WHERE id = NEW.unit_id
) THEN
    RAISE EXCEPTION 'depth % is not that of the level of unit %', NEW.depth, NEW.unit_id
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""  # noqa: S608 - constants only


class Unit(models.Model):
    """A unit of the hierarchy as an identity for ever.

    What it is called, where it lies and under whom is in its versions. Code and level never change,
    and the code is never reused, not even after the unit has been closed (CJ/T 349, field of DB11).
    """

    code = models.CharField(_("code"), max_length=32, unique=True)
    level = models.CharField(_("level"), max_length=16, choices=Level.choices)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(name="unit_level_known", condition=Q(level__in=Level.values)),
            models.CheckConstraint(name="unit_code_plain", condition=Q(code__regex=r"^[0-9A-Za-z_-]+$")),
        )
        triggers = (pgtrigger.ReadOnly(name="for_ever", fields=["code", "level"]),)

    def __str__(self) -> str:
        return self.code


class UnitVersion(models.Model):
    """How a unit was during a span of time: its name, its parent and its boundary.

    ``boundary`` is lon/lat (EPSG:4326) on the storage lattice of 1e-9 degree; ``valid`` is half-open
    ``[from, to)`` in UTC. No two versions of one unit overlap in time: the database refuses it.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="versions", verbose_name=_("unit"))
    parent = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        related_name="child_versions",
        null=True,
        blank=True,
        verbose_name=_("parent"),
    )
    name = models.CharField(_("name"), max_length=100)
    boundary = models.MultiPolygonField(_("boundary"), srid=4326, spatial_index=False)
    depth = models.PositiveSmallIntegerField(
        _("depth"), help_text=_("0 for the city, 6 for the resident group")
    )
    valid = DateTimeRangeField(_("valid"))
    # For tiles: projecting once at the write instead of at every read (performance.md 2).
    boundary_3857 = models.GeneratedField(
        expression=Transform("boundary", 3857),
        output_field=models.MultiPolygonField(srid=3857, spatial_index=False),
        db_persist=True,
    )

    label_3857 = models.GeneratedField(
        expression=PointOnSurface(Transform("boundary", 3857)),
        output_field=models.PointField(srid=3857, spatial_index=False),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("unit version")
        verbose_name_plural = _("unit versions")
        indexes = (
            GistIndex(name="unitversion_where_when", fields=["boundary", "valid"]),
            GistIndex(name="unitversion_tiles", fields=["depth", "boundary_3857"]),
            models.Index(Lower("valid"), name="unitversion_begins"),
            models.Index(name="unitversion_open", fields=["unit"], condition=Q(valid__upper_inf=True)),
            models.Index(name="unitversion_children", fields=["parent"], condition=Q(valid__upper_inf=True)),
        )
        constraints = (
            ExclusionConstraint(
                name="unitversion_no_overlap",
                expressions=[("unit", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(name="unitversion_valid_not_empty", condition=Q(valid__isempty=False)),
            models.CheckConstraint(name="unitversion_not_own_parent", condition=~Q(parent=F("unit"))),
            models.CheckConstraint(
                name="unitversion_boundary_sound", condition=lonlat_is_sound("boundary", max_points=500_000)
            ),
        )
        triggers = (
            # The depth is written down beside the level for the index; it can't become another one.
            pgtrigger.Trigger(
                name="depth_is_of_level",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("depth", "unit_id"),
                when=pgtrigger.Before,
                func=_CHECK_DEPTH,
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.unit_id})"


class UnitOutline(models.Model):
    """The boundary of a unit's version as it is drawn far out, with fewer vertices.

    ``band`` is one of `gis_grids.levels.BANDS`. In a band all units are simplified together, so that
    neighbours, and a unit and those above it, have the same line. It belongs to the boundary, and is made in
    the transaction that makes that.
    """

    version = models.ForeignKey(
        UnitVersion,
        on_delete=models.CASCADE,
        related_name="outlines",
        db_index=False,
        verbose_name=_("unit version"),
    )
    band = models.PositiveSmallIntegerField(_("deepest zoom"))
    shape = models.MultiPolygonField(_("outline"), srid=3857, spatial_index=False)

    class Meta:
        verbose_name = _("outline")
        verbose_name_plural = _("outlines")
        constraints = (models.UniqueConstraint(name="unitoutline_once", fields=["version", "band"]),)

    def __str__(self) -> str:
        return f"{self.version_id} z{self.band}"


class MapVersion(models.Model):
    """The version of what a tile layer shows: raised in the transaction that changes it.

    The version is part of a tile's address, so that a tile may be cached for ever. Boundaries of a day to
    come change the picture when the day comes, with no transaction: `gis_grids.selectors.map_version` counts
    the days that have come since ``raised_at``.
    """

    layer = models.CharField(max_length=16, primary_key=True)
    version = models.PositiveBigIntegerField(default=1)
    raised_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("map version")
        verbose_name_plural = _("map versions")

    def __str__(self) -> str:
        return f"{self.layer} {self.version}"
