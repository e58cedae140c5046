"""Parts of buildings whose households belong to a unit that no line on the map could give them."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    BigIntegerRangeField,
    DateTimeRangeField,
    IntegerRangeField,
    RangeOperators,
)
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from gis_grids.models import Unit
from households.models.buildings import Building, Entrance


def _entrances() -> Func:
    both = (F("entrance"), F("entrance"), Value("[]"))
    return Func(*both, function="int8range", output_field=BigIntegerRangeField())


def _floors() -> Func:
    both = (F("lowest"), F("highest"), Value("[]"))
    return Func(*both, function="int4range", output_field=IntegerRangeField())


class BuildingPart(models.Model):
    """A part of a building, and the unit that its households belong to: some entrances, or some floors.

    A slab block may have entrances of different resident groups, and a tower be several groups, one above
    the other. The part is all that isn't narrowed: without an entrance all of them, without floors (lowest
    and highest included) all of them. Who lives there belongs to the unit wherever the borders run, also
    who moves in later; a household set by hand stays where it was set. Parts of a building don't overlap at
    any time: the database refuses it.
    """

    building = models.ForeignKey(
        Building, on_delete=models.CASCADE, related_name="parts", verbose_name=_("building")
    )
    entrance = models.ForeignKey(
        Entrance,
        on_delete=models.CASCADE,
        related_name="parts",
        null=True,
        blank=True,
        verbose_name=_("entrance"),
    )
    lowest = models.SmallIntegerField(_("lowest floor"), null=True, blank=True)
    highest = models.SmallIntegerField(_("highest floor"), null=True, blank=True)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="building_parts", verbose_name=_("unit")
    )
    valid = DateTimeRangeField(_("valid"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("set by")
    )

    class Meta:
        verbose_name = _("part of a building")
        verbose_name_plural = _("parts of buildings")
        ordering = ("building", "entrance", "lowest", "pk")
        indexes = (
            models.Index(
                name="buildingpart_open_by_unit", fields=["unit"], condition=Q(valid__upper_inf=True)
            ),
        )
        constraints = (
            ExclusionConstraint(  # a side that isn't given is without end
                name="buildingpart_no_overlap",
                expressions=[
                    ("building", RangeOperators.EQUAL),
                    (_entrances(), RangeOperators.OVERLAPS),
                    (_floors(), RangeOperators.OVERLAPS),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="buildingpart_valid_not_empty", condition=Q(valid__isempty=False)),
            models.CheckConstraint(
                name="buildingpart_floors_in_order",
                condition=Q(lowest=None) | Q(highest=None) | Q(lowest__lte=F("highest")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.building_id} → {self.unit_id}"
