"""The ground around somebody's posts, and who is responsible there: his own grids and those next door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from gis_grids.models import UnitVersion
from gis_grids.models.shapes import from_stored
from gis_grids.selectors.hierarchy import chains, descendant_ids
from gis_grids.selectors.maps import leaf_versions
from gis_grids.selectors.office import posts_by_unit

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from django.db.models import QuerySet
    from shapely.geometry.base import BaseGeometry

    from gis_grids.levels import Level
    from gis_grids.selectors.hierarchy import ChainLink
    from gis_grids.selectors.office import PostRow

#: A telephone draws and searches no more grids than that.
MOST_AREAS: Final = 400


@dataclass(frozen=True, slots=True)
class Responsible:
    """A unit of a chain, and who has its posts."""

    unit_id: int
    code: str
    level: Level
    name: str
    posts: tuple[PostRow, ...]


@dataclass(frozen=True, slots=True)
class GroundArea:
    """A smallest unit: its boundary (lon/lat, EPSG:4326), and the ids of its chain from the top down."""

    unit_id: int
    is_mine: bool
    chain: tuple[int, ...]
    boundary: BaseGeometry


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The smallest units below somebody's posts and those that touch them, with all units of their chains.

    ``roots`` are the units of the posts. Of more than `MOST_AREAS` the rest, and the neighbours, are left
    out: ``is_cut``.
    """

    roots: tuple[int, ...]
    areas: list[GroundArea]
    units: dict[int, Responsible]
    is_cut: bool


def responsible(chain: Sequence[ChainLink], when: datetime | None = None) -> list[Responsible]:
    """Return the units of a chain with who has their posts at `when` (default: now). One query."""
    posts = posts_by_unit(Q(unit__in=[link.unit_id for link in chain]), when or timezone.now())
    return [_responsible(link, posts) for link in chain]


def neighbourhood(roots: Collection[int], when: datetime | None = None) -> Neighbourhood:
    """Return the ground below `roots`, ids of units, and around it. At most four queries."""
    at = when or timezone.now()
    mine = list(_leaves(at).filter(unit__in=descendant_ids(roots, at))[: MOST_AREAS + 1])
    is_cut = len(mine) > MOST_AREAS
    around = [] if is_cut else _touching(roots, {version.unit_id for version in mine}, at)
    kept = [*((version, True) for version in mine), *((version, False) for version in around)][:MOST_AREAS]
    above = chains([version.unit_id for version, _is_mine in kept], at)
    links = {link.unit_id: link for chain in above.values() for link in chain}
    posts = posts_by_unit(Q(unit__in=links), at)
    return Neighbourhood(
        roots=tuple(sorted(roots)),
        areas=[
            GroundArea(
                unit_id=version.unit_id,
                is_mine=is_mine,
                chain=tuple(link.unit_id for link in above[version.unit_id]),
                boundary=from_stored(version.boundary),
            )
            for version, is_mine in kept
        ],
        units={unit_id: _responsible(link, posts) for unit_id, link in links.items()},
        is_cut=is_cut or len(mine) + len(around) > MOST_AREAS,
    )


def _leaves(at: datetime) -> QuerySet[UnitVersion]:
    return leaf_versions(at).defer("boundary_3857").order_by("unit__code")


def _touching(roots: Collection[int], mine: Collection[int], at: datetime) -> list[UnitVersion]:
    ground = UnitVersion.objects.filter(unit__in=roots, valid__contains=at)
    touched = _leaves(at).filter(Exists(ground.filter(boundary__intersects=OuterRef("boundary"))))
    return list(touched.exclude(unit__in=mine)[:MOST_AREAS])


def _responsible(link: ChainLink, posts: dict[int, list[PostRow]]) -> Responsible:
    return Responsible(link.unit_id, link.code, link.level, link.name, tuple(posts.get(link.unit_id, ())))
