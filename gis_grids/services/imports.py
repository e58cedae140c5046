"""Units out of a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadFile
from gis_grids.geometry.coordinates import geodesic_area, to_metres, zone_for
from gis_grids.selectors.tilings import Problem
from gis_grids.sentences import SENTENCES
from gis_grids.services.new_units import NewUnit
from gis_grids.services.units import DEFAULTS, Loaded, LoadOptions, load_units
from gis_grids.vectorfiles.texts import as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shapely import MultiPolygon

    from gis_grids.levels import Level
    from gis_grids.vectorfiles import FeatureFile
    from gis_grids.vectorfiles.features import Feature, Note


@dataclass(frozen=True, slots=True)
class UnitFields:
    """Which fields of the file say what. The parent comes from `parent` or is `parent_code` for all."""

    name: str
    code: str
    parent: str | None = None
    parent_code: str | None = None


@dataclass(frozen=True, slots=True)
class Areas:
    """The sum of the areas of units, in m²: on the ellipsoid, and in the plane of the zone (EPSG number)."""

    geodesic_m2: float
    planar_m2: float
    zone: int


def import_units(
    *, file: FeatureFile, level: Level, fields: UnitFields, options: LoadOptions = DEFAULTS
) -> Loaded:
    """Make the units of one level that a file holds: all or none, see `load_units` for the rules.

    Raises `BadFile` ("file.no_field", with the fields that there are), `UnitsRefused` with everything that
    is wrong with the features and the units, or `Conflict`.
    """
    require_fields(file, fields.name, fields.code, fields.parent)
    units = [_new_unit(feature, level, fields) for feature in file.features]
    if not units and not file.faults:
        raise BadFile("file.no_units", _("The file holds no features: there is nothing to import."))
    return load_units(
        units=units, options=options, known_problems=[_unreadable(note) for note in file.faults]
    )


def areas(shapes: Iterable[MultiPolygon]) -> Areas:
    """Return the summed areas of lon/lat shapes, in the plane of the zone at the middle of them all."""
    all_shapes = list(shapes)
    west, south, east, north = shapely.total_bounds(all_shapes)
    zone = zone_for((west + east) / 2, (south + north) / 2)
    return Areas(
        geodesic_m2=sum(geodesic_area(shape) for shape in all_shapes),
        planar_m2=float(sum(to_metres(shape, zone).area for shape in all_shapes)),
        zone=zone,
    )


def require_fields(file: FeatureFile, *fields: str | None) -> None:
    """Raise `BadFile` ("file.no_field", with those that there are) unless the file has these fields.

    None in the place of a field is one that nobody wants.
    """
    there = list(dict.fromkeys(key for feature in file.features for key in feature.attributes))
    for wanted in fields:
        if wanted is not None and file.features and wanted not in there:
            message = _("The file has no field “%(field)s”. Its fields are: %(fields)s.")
            raise BadFile("file.no_field", message, {"field": wanted, "fields": ", ".join(there) or "–"})


def _new_unit(feature: Feature, level: Level, fields: UnitFields) -> NewUnit:
    parent = feature.attributes.get(fields.parent) if fields.parent else fields.parent_code
    return NewUnit(
        code=as_text(feature.attributes.get(fields.code)),
        name=as_text(feature.attributes.get(fields.name)),
        level=level,
        shape=feature.geometry,
        parent_code=as_text(parent) or None,
        feature=feature.number,
    )


def _unreadable(note: Note) -> Problem:
    number = note.details.get("number")
    features: Sequence[int] = [number] if isinstance(number, int) else []
    return Problem(note.code, SENTENCES[note.code], note.details, features=tuple(features))
