"""Buildings, their entrances and their dwellings."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import PointOnSurface, Transform
from django.contrib.postgres.indexes import GistIndex
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.models.constraints import lonlat_is_sound
from households.models.counting import counts_moved_dwellings, moves_counts


class Building(models.Model):
    """A building (楼栋): its footprint in lon/lat (EPSG:4326) and its floors above ground."""

    class Use(models.TextChoices):
        RESIDENTIAL = "residential", pgettext_lazy("building use", "Residential")
        COMMERCIAL = "commercial", pgettext_lazy("building use", "Commercial")
        INDUSTRIAL = "industrial", pgettext_lazy("building use", "Industrial")
        PUBLIC = "public", pgettext_lazy("building use", "Public")
        OTHER = "other", pgettext_lazy("building use", "Other")

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    use = models.CharField(_("use"), max_length=16, choices=Use.choices, default=Use.RESIDENTIAL)
    footprint = models.MultiPolygonField(_("footprint"), srid=4326)
    floors = models.PositiveSmallIntegerField(_("floors"), null=True, blank=True)
    floors_estimated = models.BooleanField(_("floors estimated"), default=False)
    height_m = models.FloatField(_("height, m"), null=True, blank=True)
    footprint_3857 = models.GeneratedField(
        expression=Transform("footprint", 3857),
        output_field=models.MultiPolygonField(srid=3857, spatial_index=False),
        db_persist=True,
    )

    # For tiles: where the building's symbol stands, inside of it whatever its shape.
    spot_3857 = models.GeneratedField(
        expression=PointOnSurface(Transform("footprint", 3857)),
        output_field=models.PointField(srid=3857, spatial_index=False),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("building")
        verbose_name_plural = _("buildings")
        ordering = ("code",)
        indexes = (
            GistIndex(name="building_tiles", fields=["footprint_3857"]),
            GistIndex(name="building_spots", fields=["spot_3857"]),
        )
        triggers = (moves_counts(),)
        constraints = (
            models.CheckConstraint(name="building_footprint_sound", condition=lonlat_is_sound("footprint")),
            models.CheckConstraint(
                name="building_floors_plausible", condition=Q(floors=None) | Q(floors__range=(1, 200))
            ),
            models.CheckConstraint(
                name="building_height_plausible",
                condition=Q(height_m=None) | Q(height_m__gt=0, height_m__lte=1000),
            ),
        )

    def __str__(self) -> str:
        return self.name or self.code


class Entrance(models.Model):
    """An entrance (单元) of a building: its number, and its point where known."""

    building = models.ForeignKey(
        Building, on_delete=models.CASCADE, related_name="entrances", verbose_name=_("building")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    point = models.PointField(_("point"), srid=4326, null=True, blank=True)

    class Meta:
        verbose_name = _("entrance")
        verbose_name_plural = _("entrances")
        constraints = (
            models.UniqueConstraint(name="entrance_number_once", fields=["building", "number"]),
            models.CheckConstraint(
                name="entrance_point_sound", condition=Q(point=None) | lonlat_is_sound("point", max_points=1)
            ),
        )

    def __str__(self) -> str:
        return f"{self.building_id}-{self.number}"


class Dwelling(models.Model):
    """A dwelling (房屋): entrance, floor and room of a building.

    ``is_estimated`` marks what an import reckoned from floors and area: nobody has seen the door.
    """

    building = models.ForeignKey(
        Building, on_delete=models.PROTECT, related_name="dwellings", verbose_name=_("building")
    )
    entrance = models.ForeignKey(
        Entrance,
        on_delete=models.PROTECT,
        related_name="dwellings",
        null=True,
        blank=True,
        verbose_name=_("entrance"),
    )
    floor = models.SmallIntegerField(_("floor"))
    room = models.CharField(_("room"), max_length=16)
    is_estimated = models.BooleanField(_("estimated"), default=False)

    class Meta:
        verbose_name = _("dwelling")
        verbose_name_plural = _("dwellings")
        constraints = (
            models.UniqueConstraint(
                name="dwelling_room_once", fields=["building", "entrance", "room"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="dwelling_floor_plausible", condition=Q(floor__range=(-9, 200)) & ~Q(floor=0)
            ),
        )
        triggers = (counts_moved_dwellings(),)

    def __str__(self) -> str:
        return f"{self.building_id}-{self.room}"
