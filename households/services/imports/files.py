"""The files that an import reads, as lines of cells: tables, and maps whose features have attributes."""

from __future__ import annotations

import math
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import shapely

from gis_grids.geometry.coordinates import parse_crs
from gis_grids.sheets import Cell, Fault, Layout, find_layout, lines_below
from gis_grids.sheets.headings import plain
from gis_grids.vectorfiles import placed, read_layer
from households.services.imports import contents
from households.services.imports.systems import SWAPPED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from gis_grids.vectorfiles import RawLayer
    from households.models import ImportRun
    from households.services.imports.kinds import Kind

    Columns = Mapping[str, Collection[str]]

#: The heading of the shapes of a map file; no attribute is called so.
GEOMETRY: Final = "(geometry)"

_LONGEST_NAME: Final = 60
#: What programs write for a place that nobody knows.
_ZERO: Final = shapely.Point(0, 0)


class ImportFile(Protocol):
    """What an import needs of a file."""

    def layout(self, columns: Columns) -> Layout:
        """Return where the table is. Raises `BadFile`."""

    def lines(self, layout: Mapping[str, Any], crs: str = "") -> Iterator[tuple[int, list[Cell]]]:
        """Yield the rows under the headings, shapes in lon/lat by the system `crs`. Raises `BadFile`."""


def file_of(run: ImportRun, kind: Kind) -> ImportFile:
    """Return the file of an import."""
    return MapFile(run) if kind.is_map else TableFile(run)


class TableFile:
    """A workbook or a CSV file."""

    def __init__(self, run: ImportRun) -> None:
        self._data, self._name = contents.kept(run), run.file_name

    def layout(self, columns: Columns) -> Layout:
        """Return where the table is."""
        return find_layout(self._data, name=self._name, columns=columns)

    def lines(self, layout: Mapping[str, Any], crs: str = "") -> Iterator[tuple[int, list[Cell]]]:  # noqa: ARG002
        """Yield the rows under the headings."""
        columns = len(layout["headings"])
        sheet, height = layout["sheet"], layout["height"]
        return lines_below(self._data, name=self._name, sheet=sheet, height=height, columns=columns)


class MapFile:
    """A GeoJSON, GeoPackage, Shapefile (zipped) or KML file; each feature is a row, its shape the last cell.

    Raises `BadFile`, as all its methods do.
    """

    def __init__(self, run: ImportRun) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / (Path(run.file_name).name[-_LONGEST_NAME:] or "map")
            path.write_bytes(contents.kept(run))
            self._layer = read_layer(path)

    @property
    def crs(self) -> str:
        """The coordinate system that the file names; "" if it doesn't."""
        return self._layer.crs or ""

    def places(self) -> Iterator[tuple[float, float]]:
        """Yield a point of each shape, as the file has it."""
        shapes = [each.geometry for each in self._layer.features if each.geometry is not None]
        points = shapely.get_coordinates(shapely.centroid(np.array(shapes, dtype=object)))
        return ((x, y) for x, y in points.tolist() if math.isfinite(x) and math.isfinite(y) and x and y)

    def layout(self, columns: Columns) -> Layout:
        """Return the attributes as columns."""
        names = self._attributes
        keys = {plain(name): key for key, names in columns.items() for name in names}
        places: dict[str, int] = {}
        for place, name in enumerate(names):
            if (key := keys.get(plain(name))) is not None:
                places.setdefault(key, place)
        samples = [
            [str(each.attributes.get(name) or "") for name in names] for each in self._layer.features[:3]
        ]
        return Layout(
            sheet=self._layer.layer,
            height=0,
            headings=(*names, GEOMETRY),
            places={**places, "geometry": len(names)},
            twice="",
            sample=tuple(tuple(sample) for sample in samples),
            notes=tuple(
                Fault(row=0, column="", code=each.code, details=each.details) for each in self._layer.notes
            ),
        )

    def lines(self, layout: Mapping[str, Any], crs: str = "") -> Iterator[tuple[int, list[Cell]]]:
        """Yield the features; of those without a sound shape the shape's cell has the fault.

        Shapes come in lon/lat by `crs`, "" being the system that the file names.
        """
        names = layout["headings"][:-1]
        file = placed(_turned(self._layer, crs), crs=parse_crs(crs.removesuffix(SWAPPED)) if crs else None)
        shapes: dict[int, Cell] = {each.number: Cell(each.geometry) for each in file.features}  # type: ignore[arg-type]
        for fault in file.faults:
            shapes[int(str(fault.details["number"]))] = Cell(None, fault.code, fault.details)
        for each in self._layer.features:
            cells = [_cell(each.attributes.get(name)) for name in names]
            shape = Cell(None, "point.zero") if each.geometry == _ZERO else shapes[each.number]
            yield each.number, [*cells, shape]

    @property
    def _attributes(self) -> list[str]:
        names = dict.fromkeys(name for each in self._layer.features for name in each.attributes)
        return list(names)


def _turned(layer: RawLayer, crs: str) -> RawLayer:
    """Return a layer with its two coordinates exchanged, if its system says that they are."""
    if not crs.endswith(SWAPPED):
        return layer
    turned = [
        each
        if each.geometry is None
        else replace(each, geometry=shapely.transform(each.geometry, lambda points: points[:, ::-1]))
        for each in layer.features
    ]
    return replace(layer, features=turned)


def _cell(value: object) -> Cell:
    return Cell(value.strip() or None) if isinstance(value, str) else Cell(value)  # type: ignore[arg-type]
