"""Buildings out of a file: what can be read is stored, everything else is listed with its reason."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import shapely
from django.contrib.gis.db.models.functions import AsWKB
from django.contrib.gis.geos import Polygon
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadInput
from gis_grids.geometry.buildings import mend_footprint
from gis_grids.geometry.coordinates import to_metres, zone_of
from gis_grids.sentences import SENTENCES
from gis_grids.services.imports import require_fields
from gis_grids.vectorfiles.texts import REPLACEMENT
from households.models import Building
from households.services.building_attributes import (
    MOST_FLOORS,
    BuildingFields,
    address_of,
    floors_of,
    height_of,
    text_of,
    use_of,
)
from households.services.loading import load_buildings
from households.services.records import NewBuilding, NewDwelling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from django.utils.functional import _StrPromise
    from shapely.geometry.base import BaseGeometry

    from gis_grids.geometry.buildings import Footprint
    from gis_grids.vectorfiles import Feature, FeatureFile

    Track = Callable[[Sequence[Feature]], Iterable[Feature]]

_LENGTHS: Final = {"code": 40, "name": 100, "address": 200}
_MOST_DWELLINGS_ON_A_FLOOR: Final = 24
"""Six entrances of four. A greater footprint is a podium, a mall or a hall more often than a house."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How floors and dwellings are reckoned where the file doesn't say; lengths in m, areas in m²."""

    floor_height_m: float = 3.0
    estimate_dwellings: bool = False
    m2_per_dwelling: float = 90.0
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to be told about a feature of the file, by its number (the first is 1)."""

    feature: int
    code: str
    message: str | _StrPromise
    details: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the sentence in the language now active."""
        return str(self.message) % self.details


@dataclass(slots=True)
class BuildingsImported:
    """What became of each feature of the file; with `dry_run`, what would have."""

    new: list[NewBuilding] = field(default_factory=list)
    repaired: list[Remark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    refused: list[Remark] = field(default_factory=list)
    duplicates: list[Remark] = field(default_factory=list)
    already_stored: int = 0
    without_use: int = 0
    """How many of the new buildings were taken as residential, since the file names no use for them."""

    @property
    def dwellings(self) -> int:
        """How many dwellings were estimated."""
        return sum(len(building.dwellings) for building in self.new)

    @property
    def without_floors(self) -> int:
        """How many of the new buildings have no number of floors."""
        return sum(building.floors is None for building in self.new)


@transaction.atomic
def import_buildings(
    *,
    file: FeatureFile,
    fields: BuildingFields | None = None,
    options: ImportOptions | None = None,
    track: Track = iter,
) -> BuildingsImported:
    """Store the buildings of a file that are sound and new; the rest is told feature by feature.

    Footprints are mended or refused by `gis_grids.geometry.buildings`. Floors come from the floors field,
    else from the height (marked as estimated). A feature without a code gets one from its place (see
    `code_by_place`), so that the same file imported again adds nothing: a building is taken as
    already stored when its footprint is, and listed as a duplicate when only its code is. `track` sees the
    features pass by, for a progress bar. Raises `BadFile` ("file.no_field") for a field that isn't there.
    """
    fields, options = fields or BuildingFields(), options or ImportOptions()
    require_fields(file, *fields.named())
    intake = _Intake(fields, options, _stored(file.features), _taken_codes(file, fields))
    intake.result.refused.extend(
        Remark(int(str(note.details["number"])), note.code, SENTENCES[note.code], note.details)
        for note in file.faults
    )
    for feature in track(file.features):
        intake.take(feature)
    intake.result.refused.sort(key=lambda remark: remark.feature)
    if intake.result.new and not options.dry_run:
        load_buildings(buildings=intake.result.new)
    return intake.result


def code_by_place(footprint: BaseGeometry) -> str:
    """Return the code of a building that the file gives none: B, longitude + 180 and latitude + 90 in 1e-6°.

    The place is the footprint's centroid, to 11 cm: the same building gets the same code in every file
    and in any order.
    """
    centre = footprint.centroid
    return f"B{round((centre.x + 180) * 1e6):09d}{round((centre.y + 90) * 1e6):09d}"


def estimated_dwellings(area_m2: float, floors: int, m2_per_dwelling: float) -> tuple[NewDwelling, ...]:
    """Return dwellings for a footprint of `area_m2` on each of `floors`, 1 to 24 per floor.

    `m2_per_dwelling` is gross floor area (建筑面积), with its share of stairs and walls.
    """
    per_floor = min(max(1, round(area_m2 / m2_per_dwelling)), _MOST_DWELLINGS_ON_A_FLOOR)
    return tuple(
        NewDwelling(floor=floor, room=f"{floor}{number:02d}", is_estimated=True)
        for floor in range(1, floors + 1)
        for number in range(1, per_floor + 1)
    )


class _Intake:
    """Takes features one by one and sorts them into the result."""

    def __init__(
        self, fields: BuildingFields, options: ImportOptions, stored: dict[bytes, str], taken: set[str]
    ) -> None:
        self.result = BuildingsImported()
        self._fields = fields
        self._options = options
        self._stored = stored
        self._stored_codes = taken | set(stored.values())
        self._codes: dict[str, int] = {}
        self._footprints: dict[bytes, int] = {}

    def take(self, feature: Feature) -> None:
        try:
            footprint = mend_footprint(feature.geometry)
            texts = self._texts(feature)
        except BadInput as error:
            self.result.refused.append(_remark(feature, error.code, error.message, error.details))
            return
        if not self._is_known(feature, footprint, texts["code"]):
            self._add(feature, footprint, texts)

    def _texts(self, feature: Feature) -> dict[str, str]:
        texts = {key: text_of(feature.attributes, getattr(self._fields, key)) for key in _LENGTHS}
        texts["address"] = address_of(feature.attributes, self._fields)
        for key, text in texts.items():
            if len(text) > _LENGTHS[key] or REPLACEMENT in text:
                message = _("The %(field)s is longer than %(most)s characters, or holds unreadable ones.")
                raise BadInput("building.text", message, {"field": key, "most": _LENGTHS[key]})
        return texts

    def _is_known(self, feature: Feature, footprint: Footprint, code: str) -> bool:
        fingerprint = _fingerprint(footprint.outline)
        if fingerprint in self._stored:
            self.result.already_stored += 1
            return True
        double = self._double(feature, fingerprint, code, code or code_by_place(footprint.outline))
        if double:
            self.result.duplicates.append(double)
        else:
            self._footprints[fingerprint] = feature.number
        return bool(double)

    def _double(self, feature: Feature, fingerprint: bytes, given: str, code: str) -> Remark | None:
        if fingerprint in self._footprints:
            message = _("It has the same footprint as feature %(other)s and is left out.")
            details: dict[str, object] = {"other": self._footprints[fingerprint]}
            return _remark(feature, "building.same_footprint", message, details)
        if given in self._codes:
            message = _("It has the same code as feature %(other)s, %(code)s, and is left out.")
            details = {"other": self._codes[given], "code": given}
            return _remark(feature, "building.same_code", message, details)
        if code in self._stored_codes:
            message = _("Code %(code)s is stored already, with another footprint, which stays as it is.")
            return _remark(feature, "building.code_stored", message, {"code": code})
        return None

    def _add(self, feature: Feature, footprint: Footprint, texts: dict[str, str]) -> None:
        texts["code"] = texts["code"] or self._free(code_by_place(footprint.outline))
        self._codes[texts["code"]] = feature.number
        for repair in footprint.repairs:
            self.result.repaired.append(_remark(feature, repair.code, SENTENCES[repair.code], repair.details))
        height = height_of(feature.attributes, self._fields.height)
        floors = floors_of(feature.attributes, self._fields.floors)
        reckoned = None if floors or height is None else self._floors_by_height(height)
        self._remark_on_numbers(feature, floors=floors, height=height)
        use = use_of(feature.attributes, self._fields.use)
        self.result.without_use += not text_of(feature.attributes, self._fields.use)
        building = NewBuilding(
            code=texts["code"],
            name=texts["name"],
            address=texts["address"],
            footprint=footprint.outline,
            use=use,
            floors=floors or reckoned,
            floors_estimated=reckoned is not None,
            height_m=height,
            dwellings=self._dwellings(footprint, use, floors or reckoned),
        )
        self.result.new.append(building)

    def _free(self, code: str) -> str:
        """Tell buildings apart that lie on one centre, such as a tower on its podium."""
        free, number = code, 1
        while free in self._codes or free in self._stored_codes:
            number += 1
            free = f"{code}-{number}"
        return free

    def _floors_by_height(self, height_m: float) -> int:
        return min(max(1, round(height_m / self._options.floor_height_m)), MOST_FLOORS)

    def _dwellings(
        self, footprint: Footprint, use: Building.Use, floors: int | None
    ) -> tuple[NewDwelling, ...]:
        if not self._options.estimate_dwellings or floors is None or use != Building.Use.RESIDENTIAL:
            return ()
        area = to_metres(footprint.outline, zone_of(footprint.outline)).area
        return estimated_dwellings(area, floors, self._options.m2_per_dwelling)

    def _remark_on_numbers(self, feature: Feature, *, floors: int | None, height: float | None) -> None:
        read = ((self._fields.floors, floors), (self._fields.height, height))
        for name, number in read:
            value = text_of(feature.attributes, name)
            if value and number is None:
                message = _("“%(value)s” in the field “%(field)s” is no usable number and was left out.")
                details = {"value": value[:40], "field": name}
                self.result.remarks.append(_remark(feature, "building.number", message, details))


def _remark(feature: Feature, code: str, message: str | _StrPromise, details: Mapping[str, object]) -> Remark:
    return Remark(feature.number, code, message, details)


def _fingerprint(outline: shapely.Geometry) -> bytes:
    """Return the same bytes for the same ground, wherever its rings begin and whichever way they turn."""
    return hashlib.blake2b(shapely.to_wkb(shapely.normalize(outline)), digest_size=16).digest()


def _stored(features: Sequence[Feature]) -> dict[bytes, str]:
    """Return the code of each stored building around the file's, by its fingerprint."""
    if not features:
        return {}
    west, south, east, north = shapely.total_bounds([feature.geometry for feature in features])
    near = Building.objects.filter(footprint__bboverlaps=Polygon.from_bbox((west, south, east, north)))
    rows = near.values_list("code", AsWKB("footprint")).iterator()
    return {_fingerprint(shapely.from_wkb(bytes(wkb))): code for code, wkb in rows}


def _taken_codes(file: FeatureFile, fields: BuildingFields) -> set[str]:
    """Return those of the file's codes that a building has already, wherever it stands."""
    codes = {text_of(feature.attributes, fields.code) for feature in file.features} if fields.code else set()
    return set(Building.objects.filter(code__in=codes).values_list("code", flat=True))
