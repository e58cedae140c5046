"""The files that an import reads, as lines of cells: tables, and maps whose features have attributes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from gis_grids.sheets import Cell, Fault, Layout, find_layout, lines_below
from gis_grids.sheets.headings import plain
from gis_grids.vectorfiles import read_features
from households.services.imports import contents

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from gis_grids.vectorfiles import FeatureFile
    from households.models import ImportRun
    from households.services.imports.kinds import Kind

    Columns = Mapping[str, Collection[str]]

#: The heading of the shapes of a map file; no attribute is called so.
GEOMETRY: Final = "(geometry)"


class ImportFile(Protocol):
    """What an import needs of a file."""

    def layout(self, columns: Columns) -> Layout:
        """Return where the table is. Raises `BadFile`."""

    def lines(self, layout: Mapping[str, Any]) -> Iterator[tuple[int, list[Cell]]]:
        """Yield the rows under the headings. Raises `BadFile`."""


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

    def lines(self, layout: Mapping[str, Any]) -> Iterator[tuple[int, list[Cell]]]:
        """Yield the rows under the headings."""
        columns = len(layout["headings"])
        sheet, height = layout["sheet"], layout["height"]
        return lines_below(self._data, name=self._name, sheet=sheet, height=height, columns=columns)


class MapFile:
    """A GeoJSON, GeoPackage, Shapefile (zipped) or KML file; each feature is a row, its shape the last cell.

    Shapes come in lon/lat (EPSG:4326).
    """

    def __init__(self, run: ImportRun) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "map"
            path.write_bytes(contents.kept(run))
            self._file = read_features(path, crs=run.crs or None)

    def layout(self, columns: Columns) -> Layout:
        """Return the attributes as columns."""
        names = _attributes(self._file)
        keys = {plain(name): key for key, names in columns.items() for name in names}
        places: dict[str, int] = {}
        for place, name in enumerate(names):
            if (key := keys.get(plain(name))) is not None:
                places.setdefault(key, place)
        samples = [
            [str(each.attributes.get(name) or "") for name in names] for each in self._file.features[:3]
        ]
        return Layout(
            sheet=self._file.layer,
            height=0,
            headings=(*names, GEOMETRY),
            places={**places, "geometry": len(names)},
            twice="",
            sample=tuple(tuple(sample) for sample in samples),
            notes=tuple(
                Fault(row=0, column="", code=each.code, details=each.details) for each in self._file.notes
            ),
        )

    def lines(self, layout: Mapping[str, Any]) -> Iterator[tuple[int, list[Cell]]]:
        """Yield the features, those that can't be read as rows with a fault."""
        names = layout["headings"][:-1]
        found: list[tuple[int, list[Cell]]] = [
            (each.number, [*(_cell(each.attributes.get(name)) for name in names), Cell(each.geometry)])  # type: ignore[arg-type]
            for each in self._file.features
        ]
        empty = [Cell(None)] * len(names)
        found += [
            (int(str(fault.details["number"])), [*empty, Cell(None, fault.code, fault.details)])
            for fault in self._file.faults
        ]
        return iter(sorted(found, key=lambda line: line[0]))


def _cell(value: object) -> Cell:
    return Cell(value.strip() or None) if isinstance(value, str) else Cell(value)  # type: ignore[arg-type]


def _attributes(file: FeatureFile) -> list[str]:
    names: dict[str, None] = {}
    for feature in file.features:
        names |= dict.fromkeys(feature.attributes)
    return list(names)
