"""Parts of buildings with a unit of their own, and who may give them one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.gis.db.models.functions import PointOnSurface
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import NotFound
from gis_grids.permissions import scope_of
from gis_grids.selectors import descendant_ids, leaf_versions
from gis_grids.selectors.under import lies_under
from households.models import Building, BuildingPart, Household
from households.permissions import named_roots

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser
    from django.db.models import QuerySet

    from gis_grids.models import UnitVersion


def buildings_under(roots: Collection[int]) -> QuerySet[Building]:
    """Return the buildings that stand in these units now."""
    return Building.objects.annotate(spot=PointOnSurface("footprint")).filter(lies_under(roots, "spot"))


def access_building(user: AbstractBaseUser, building_id: int) -> Building:
    """Return a building that stands in a unit whose register the person keeps.

    Raises `NotFound` ("building.not_found") alike when there is none and when it stands elsewhere.
    """
    building = buildings_under(named_roots(scope_of(user))).filter(pk=building_id).first()
    if building is None:
        raise NotFound("building.not_found", _("There is no such building in your area."))
    return building


def divided_buildings(user: AbstractBaseUser) -> QuerySet[Building]:
    """Return the buildings with parts now, in the area whose register the person keeps, with ``n_parts``."""
    now_open = Q(parts__valid__contains=timezone.now())
    ours = buildings_under(named_roots(scope_of(user))).filter(parts__valid__contains=timezone.now())
    return ours.annotate(n_parts=Count("parts", filter=now_open, distinct=True)).order_by("name", "code")


def leaves_under(user: AbstractBaseUser) -> QuerySet[UnitVersion]:
    """Return the smallest units in force, in the area whose register the person keeps, by code."""
    now = timezone.now()
    return (
        leaf_versions(now)
        .filter(unit__in=descendant_ids(named_roots(scope_of(user)), now))
        .order_by("unit__code")
    )


def parts_of(building_id: int, when: datetime | None = None) -> QuerySet[BuildingPart]:
    """Return the parts that a building has at `when` (default: now), from the first entrance and floor on."""
    parts = BuildingPart.objects.filter(building=building_id, valid__contains=when or timezone.now())
    return parts.select_related("entrance", "unit").order_by(
        F("entrance__number").asc(nulls_first=True), F("lowest").asc(nulls_first=True)
    )


def households_in_part(part: BuildingPart) -> QuerySet[Household]:
    """Return the households whose dwelling is in the part, whatever unit they belong to."""
    where = Q(dwelling__building=part.building_id)
    if part.entrance_id is not None:
        where &= Q(dwelling__entrance=part.entrance_id)
    if part.lowest is not None:
        where &= Q(dwelling__floor__gte=part.lowest)
    if part.highest is not None:
        where &= Q(dwelling__floor__lte=part.highest)
    return Household.objects.filter(where)
