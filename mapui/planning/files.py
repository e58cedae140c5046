"""Uploaded vector files, kept for as long as they are read."""

from __future__ import annotations

import re
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from gis_grids.errors import BadFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.core.files.uploadedfile import UploadedFile

_MAIN = {".shp", ".geojson", ".json", ".gpkg", ".kml", ".zip"}
#: In letters: three bytes each, and an ending, are what file systems take.
_LONGEST = 60
_COMPANIONS = {".shx", ".dbf", ".prj", ".cpg"}


@contextmanager
def kept(files: Sequence[UploadedFile]) -> Iterator[Path]:
    """Give the path of the one file to read; the parts of a Shapefile lie beside it under its name.

    Raises `BadFile` ("file.which") unless there is exactly one.
    """
    mains = [file for file in files if _suffix(file) in _MAIN]
    if len(mains) != 1:
        message = _("Choose one file: GeoJSON, GeoPackage, KML, or a Shapefile with its parts or as a zip.")
        raise BadFile("file.which", message)
    stem = _stem(mains[0])
    with tempfile.TemporaryDirectory() as folder:
        for file in (mains[0], *(each for each in files if _suffix(each) in _COMPANIONS)):
            with (Path(folder) / f"{stem}{_suffix(file)}").open("wb") as copy:
                copy.writelines(file.chunks())
        yield Path(folder) / f"{stem}{_suffix(mains[0])}"


def _stem(file: UploadedFile) -> str:
    """Return the file's own name without its ending, so that what is wrong is told of it by that name."""
    return re.sub(r"[^\w.-]", "_", Path(file.name or "").stem)[:_LONGEST]


def _suffix(file: UploadedFile) -> str:
    return Path(file.name or "").suffix.lower()
