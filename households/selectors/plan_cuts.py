"""Where borders, walls and barriers run against each other: codes E08, W23 and W24 of planner.md 4.4."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.contrib.gis.geos import Polygon

from gis_grids.drafts.comparison import Problem
from gis_grids.geometry.frame import Frame
from gis_grids.models import Facility, MapFeature
from households.geometry import divided, first_covering, sides
from households.models import Building
from households.selectors.census import Census, lonlat
from households.selectors.register import dwelling_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from gis_grids.drafts.comparison import Comparison
    from households.selectors.drafts import Homes

_LEAST_WIDTH_M: Final = 1.0
"""Of a road or railway whose width isn't known: a line without width would divide nothing."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A building or a compound (``id``) that is in several zones, the one with its greatest part first.

    ``households`` are those of a building. ``where`` is lon/lat.
    """

    id: int
    name: str
    zones: tuple[str, ...]
    where: tuple[float, float]
    households: int = 0


def check_buildings(census: Census) -> Iterator[Problem]:
    """E08: a border of leaves runs through a building whose households aren't all assigned by hand."""
    zones = census.comparison.after.zones
    for cut in census.comparison.once(cut_buildings):
        a, b = (zones[key].name for key in cut.zones[:2])
        details = {"building": cut.name, "households": cut.households, "a": a, "b": b}
        yield Problem("E08", cut.zones, details, where=cut.where)


def check_compounds(census: Census) -> Iterator[Problem]:
    """W23: the buildings or households of a walled compound are in several zones of a level with a norm."""
    for cut in census.comparison.once(cut_compounds):
        details = {"compound": cut.name, "n": len(cut.zones)}
        yield Problem("W23", cut.zones, details, where=cut.where)


def cut_buildings(comparison: Comparison) -> list[Cut]:
    """Return the buildings that several leaves of the plan share, but for those assigned by hand alone."""
    census, zones = comparison.once(Census.of), list(comparison.after.leaves.values())
    rows = census.rows
    buildings, footprints = _near(Building.objects.all(), "footprint", census, "pk", "name", "code")
    cut = divided(footprints, np.array([zone.shape for zone in zones], dtype=object))
    inside = first_covering(rows["x"], rows["y"], footprints[list(cut)])
    known = dwelling_in(rows, [buildings[n][0] for n in cut])
    whose = np.where(rows["dwelling"] > 0, known, inside)
    households = np.bincount(whose + 1, minlength=len(cut) + 1)[1:].tolist()
    by_place = np.bincount(whose + 1, ~rows["by_record"], minlength=len(cut) + 1)[1:].tolist()
    found = []
    for (n, parts), size, moved in zip(cut.items(), households, by_place, strict=True):
        if moved or not size:
            pk, name, code = buildings[n]
            where = lonlat(footprints[n].representative_point())
            found.append(Cut(pk, name or code, tuple(zones[part].key for part in parts), where, size))
    return found


def cut_compounds(comparison: Comparison) -> list[Cut]:
    """Return the walled compounds that several zones of a level with a norm share."""
    census, draft = comparison.once(Census.of), comparison.after
    rows, houses = census.rows, census.buildings
    named = Facility.objects.in_use().filter(kind=Facility.Kind.COMPOUND)
    compounds, outlines = _near(named, "geometry", census, "pk", "name")
    home_in = first_covering(rows["x"], rows["y"], outlines)
    house_in = first_covering(houses["x"], houses["y"], outlines)
    found = []
    for level in comparison.norms:
        holders = draft.on_level(level)
        zones = _zones_by(home_in, census.after.held_by(holders))
        for compound, keys in _zones_by(house_in, census.built.held_by(holders)).items():
            zones[compound] |= keys
        for compound, keys in sorted(zones.items()):
            if len(keys) > 1:
                pk, name = compounds[compound]
                where = lonlat(outlines[compound].representative_point())
                found.append(Cut(pk, name, tuple(sorted(keys)), where))
    return found


def _zones_by(which: NDArray[np.int64], homes: Homes) -> defaultdict[int, set[str]]:
    """Return the zones by what they are in, for all that is in both (not -1)."""
    both = (which >= 0) & (homes.index >= 0)
    pairs = np.unique(np.column_stack([which[both], homes.index[both]]), axis=0)
    zones: defaultdict[int, set[str]] = defaultdict(set)
    for outer, zone in pairs.tolist():
        zones[outer].add(homes.keys[zone])
    return zones


def check_barriers(census: Census) -> Iterator[Problem]:
    """W24: a main road, a railway or water runs through a zone and has households on both sides.

    Looked at are the zones of the levels with a norm, without norms the leaves. A road is as broad as the map
    says; who lives on it (a bridge, a place that is off) is on neither side.
    """
    draft = census.comparison.after
    keys = [key for level in census.comparison.norms for key in draft.at_level(level)] or list(draft.leaves)
    barriers, shapes = _barriers(census)
    if not keys or not barriers:
        return
    zones = np.array([draft.shape_of(key) for key in keys], dtype=object)
    frame = Frame.around(zones)
    zones, shapes = frame.into(zones), _broad(frame.into(shapes), [width for _k, _n, width in barriers])
    crossed: defaultdict[int, list[int]] = defaultdict(list)
    for zone, barrier in shapely.STRtree(shapes).query(zones, predicate="intersects").T.tolist():
        crossed[zone].append(barrier)
    members = {level: census.after.held_by(draft.on_level(level)) for level in draft.levels}
    for zone, which in sorted(crossed.items()):
        key = keys[zone]
        homes = members[draft.zones[key].level]
        own = census.rows[homes.index == homes.keys.index(key)] if key in homes.keys else census.rows[:0]
        common = shapely.union_all(shapely.intersection(shapes[which], zones[zone]))
        parts = frame.back(sides(zones[zone], common))
        cut_off = _fewer(first_covering(own["x"], own["y"], parts), len(parts))
        if cut_off:
            kind, name = _widest(shapes[which], zones[zone], [barriers[n] for n in which])
            details = {"a": draft.zones[key].name, "barrier": name, "households": cut_off}
            where = lonlat(frame.back(common).representative_point())
            yield Problem("W24", (key,), details, where=where, variant="" if name else kind)


def _barriers(census: Census) -> tuple[list[Any], NDArray[Any]]:
    kinds = (MapFeature.Kind.ARTERIAL, MapFeature.Kind.RAILWAY, MapFeature.Kind.WATER)
    features = MapFeature.objects.filter(kind__in=kinds)
    return _near(features, "geometry", census, "kind", "name", "width_m")


def _broad(shapes: NDArray[Any], widths: list[float | None]) -> NDArray[Any]:
    """Return lines (metres) as broad as they are; polygons are it already."""
    reach = np.array([max(width or 0.0, _LEAST_WIDTH_M) / 2 for width in widths])
    return shapely.buffer(shapes, np.where(shapely.get_dimensions(shapes) == 1, reach, 0), cap_style="flat")


def _fewer(side: NDArray[np.int64], parts: int) -> int:
    """Return how many are not on the side where most are; -1 is on none."""
    sizes = np.bincount(side + 1, minlength=parts + 1)[1:]
    return int(sizes.sum() - sizes.max(initial=0))


def _widest(shapes: NDArray[Any], zone: BaseGeometry, barriers: list[Any]) -> tuple[str, str]:
    """Return kind and name of the barrier that takes most ground of a zone."""
    areas: Counter[tuple[str, str]] = Counter()
    for (kind, name, _width), area in zip(
        barriers, shapely.area(shapely.intersection(shapes, zone)), strict=True
    ):
        areas[kind, name] += area
    return areas.most_common(1)[0][0]


def _near(
    objects: QuerySet[Any], geometry: str, census: Census, *columns: str
) -> tuple[list[Any], NDArray[Any]]:
    """Return columns of what lies near the ground, and its geometries (lon/lat)."""
    box = Polygon.from_bbox(census.comparison.after.ground.bounds)
    near = objects.filter(**{f"{geometry}__bboverlaps": box}).order_by("pk")
    rows = list(near.values_list(*columns, AsWKB(geometry)))
    return [row[:-1] for row in rows], shapely.from_wkb(
        np.array([bytes(row[-1]) for row in rows], dtype=object)
    )
