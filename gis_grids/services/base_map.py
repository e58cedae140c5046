"""Roads, railways, water and green out of a file, for the base map and for what grids are proposed by."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import shapely
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadFile
from gis_grids.geometry.lattice import to_storage
from gis_grids.models import MapFeature
from gis_grids.models.shapes import to_stored
from gis_grids.services.imports import require_fields
from gis_grids.services.map_versions import bump_map_version
from gis_grids.vectorfiles.texts import as_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gis_grids.vectorfiles import FeatureFile
    from gis_grids.vectorfiles.features import Feature

_Kind = MapFeature.Kind
#: What the classes of OpenStreetMap, which most road data come with, are here.
CLASSES: Final[Mapping[str, MapFeature.Kind]] = {
    "motorway": _Kind.ARTERIAL,
    "trunk": _Kind.ARTERIAL,
    "primary": _Kind.ARTERIAL,
    "secondary": _Kind.SECONDARY,
    "tertiary": _Kind.STREET,
    "unclassified": _Kind.STREET,
    "residential": _Kind.STREET,
    "road": _Kind.STREET,
    "living_street": _Kind.LANE,
    "service": _Kind.LANE,
    "pedestrian": _Kind.LANE,
    "footway": _Kind.LANE,
    "path": _Kind.LANE,
    "track": _Kind.LANE,
    "cycleway": _Kind.LANE,
    "steps": _Kind.LANE,
    "rail": _Kind.RAILWAY,
    "subway": _Kind.RAILWAY,
    "light_rail": _Kind.RAILWAY,
    "river": _Kind.WATER,
    "canal": _Kind.WATER,
    "water": _Kind.WATER,
    "park": _Kind.GREEN,
    "forest": _Kind.GREEN,
    "grass": _Kind.GREEN,
}
_LINK: Final = "_link"
_LINE, _AREA = 1, 2
#: What isn't a line: a river may be drawn either way.
_DIMENSIONS: Final = {_Kind.WATER: {_LINE, _AREA}, _Kind.GREEN: {_AREA}, _Kind.GROUND: {_AREA}}
_BATCH: Final = 1000


@dataclass(frozen=True, slots=True)
class FeaturesImported:
    """How many features of each kind were taken; those left out by their class, and how many by shape."""

    taken: Mapping[str, int]
    unknown: Mapping[str, int]
    misshapen: int


@transaction.atomic
def import_features(
    *, file: FeatureFile, kind_field: str, name_field: str | None = None, replace: bool = False
) -> FeaturesImported:
    """Store roads and railways (lines), water and green (polygons) of a file.

    ``kind_field`` says what each is: a kind of `MapFeature`, or a class of OpenStreetMap (`CLASSES`). What is
    neither, or no line where a line is wanted, is left out and counted. With ``replace`` what is there of
    the kinds in the file is removed first. Raises `BadFile` ("file.no_field", "base.nothing").
    """
    require_fields(file, kind_field, name_field)
    rows: list[MapFeature] = []
    unknown: Counter[str] = Counter()
    misshapen = 0
    for feature in file.features:
        label = as_text(feature.attributes.get(kind_field))
        kind = _kind_of(label)
        if kind is None:
            unknown[label or "–"] += 1
        elif not _fits(feature, kind):
            misshapen += 1
        else:
            name = as_text(feature.attributes.get(name_field))[:100] if name_field else ""
            rows.append(MapFeature(kind=kind, name=name, geometry=to_stored(to_storage(feature.geometry))))
    if not rows:
        message = _("The file holds no roads, railways, water or green that are known here.")
        raise BadFile("base.nothing", message)
    taken = Counter(row.kind for row in rows)
    if replace:
        MapFeature.objects.filter(kind__in=taken).delete()
    MapFeature.objects.bulk_create(rows, batch_size=_BATCH)
    bump_map_version(layer="base")
    return FeaturesImported({str(kind): n for kind, n in taken.items()}, unknown, misshapen)


def _kind_of(label: str) -> MapFeature.Kind | None:
    plain = label.strip().lower().removesuffix(_LINK)
    return _Kind(plain) if plain in _Kind.values else CLASSES.get(plain)


def _fits(feature: Feature, kind: MapFeature.Kind) -> bool:
    """Tell whether the shape is one that such a thing has."""
    if not shapely.is_valid(feature.geometry):
        return False
    return int(shapely.get_dimensions(feature.geometry)) in _DIMENSIONS.get(kind, {_LINE})
