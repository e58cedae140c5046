"""Places and the features that the base map is drawn from."""

from __future__ import annotations

from typing import Self

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Transform
from django.contrib.postgres.indexes import GistIndex
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gis_grids.models.constraints import lonlat_is_sound


class FacilityQuerySet(models.QuerySet["Facility"]):
    """Facilities, asked for by whether they are in use."""

    def in_use(self) -> Self:
        """Leave out those that are closed: they are on no map, count or public page."""
        return self.filter(closed_on=None)


class Facility(models.Model):
    """A place or a thing in the grid (S0: 人地物情事组织, the 地 and the 物), a point or a polygon.

    ``area_m2`` is its floor space, ``activity_m2`` what of it is open to residents (S3: at least 60 % of a
    community's premises). ``opening`` is as in `gis_grids.opening`, ``contact`` a number for everybody.
    One that is closed (``closed_on`` is the first day without it) stays, and may open again.
    """

    class Kind(models.TextChoices):
        COMMAND_CENTRE = "command_centre", pgettext_lazy("facility", "Command centre")
        STREET_OFFICE = "street_office", pgettext_lazy("facility", "Street office")
        SERVICE_STATION = "service_station", pgettext_lazy("facility", "Community service station")
        SCHOOL = "school", pgettext_lazy("facility", "School")
        HOSPITAL = "hospital", pgettext_lazy("facility", "Hospital")
        MARKET = "market", pgettext_lazy("facility", "Market")
        ELDER_CARE = "elder_care", pgettext_lazy("facility", "Elder-care home")
        PARK = "park", pgettext_lazy("facility", "Park")
        COMPOUND = "compound", pgettext_lazy("facility", "Residential compound")
        ACTIVITY_ROOM = "activity_room", pgettext_lazy("facility", "Activity room")
        SPORTS_GROUND = "sports_ground", pgettext_lazy("facility", "Sports ground")
        OTHER = "other", pgettext_lazy("facility", "Other place")

    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=100)
    geometry = models.GeometryField(_("geometry"), srid=4326, spatial_index=False)
    address = models.CharField(_("address"), max_length=200, blank=True, default="", db_default="")
    contact = models.CharField(_("service telephone"), max_length=40, blank=True, default="", db_default="")
    area_m2 = models.FloatField(_("floor space, m²"), null=True, blank=True)
    activity_m2 = models.FloatField(_("of it open to residents, m²"), null=True, blank=True)
    built_year = models.PositiveSmallIntegerField(_("built in"), null=True, blank=True)
    opening = models.JSONField(_("opening times"), default=dict, db_default={}, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = FacilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")
        indexes = (GistIndex(name="facility_where", fields=["geometry"]),)
        constraints = (
            models.CheckConstraint(name="facility_geometry_sound", condition=lonlat_is_sound("geometry")),
            models.CheckConstraint(
                name="facility_area_plausible",
                condition=Q(area_m2=None) | Q(area_m2__gt=0, area_m2__lte=10_000_000),
            ),
            models.CheckConstraint(
                name="facility_activity_within_area",
                condition=Q(activity_m2=None) | Q(activity_m2__gte=0, activity_m2__lte=F("area_m2")),
            ),
            models.CheckConstraint(
                name="facility_year_plausible",
                condition=Q(built_year=None) | Q(built_year__range=(1800, 2100)),
            ),
        )

    def __str__(self) -> str:
        return self.name


class MapFeature(models.Model):
    """What the base map shows beside our buildings: water, green, roads, railways.

    Roads are lines with their width in metres; water and green are polygons. The base map is drawn
    from these alone, so that the wall needs no map service.
    """

    class Kind(models.TextChoices):
        WATER = "water", pgettext_lazy("map feature", "Water")
        GREEN = "green", pgettext_lazy("map feature", "Green")
        GROUND = "ground", pgettext_lazy("map feature", "Built-up ground")
        ARTERIAL = "arterial", pgettext_lazy("map feature", "Arterial road")
        SECONDARY = "secondary", pgettext_lazy("map feature", "Secondary road")
        STREET = "street", pgettext_lazy("map feature", "Side street")
        LANE = "lane", pgettext_lazy("map feature", "Lane")
        RAILWAY = "railway", pgettext_lazy("map feature", "Railway")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=100, blank=True)
    width_m = models.FloatField(_("width, m"), null=True, blank=True)
    geometry = models.GeometryField(_("geometry"), srid=4326)
    geometry_3857 = models.GeneratedField(
        expression=Transform("geometry", 3857),
        output_field=models.GeometryField(srid=3857, spatial_index=False),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("map feature")
        verbose_name_plural = _("map features")
        indexes = (GistIndex(name="mapfeature_tiles", fields=["geometry_3857"]),)
        constraints = (
            models.CheckConstraint(
                name="mapfeature_geometry_sound", condition=lonlat_is_sound("geometry", max_points=200_000)
            ),
            models.CheckConstraint(
                name="mapfeature_width_positive", condition=Q(width_m=None) | Q(width_m__gt=0)
            ),
        )

    def __str__(self) -> str:
        return self.name or self.kind
