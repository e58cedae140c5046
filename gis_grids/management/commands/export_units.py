"""Write the stored units to a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from gis_grids.errors import LingeError
from gis_grids.geojson import unit_rows
from gis_grids.management.arguments import level_named, moment
from gis_grids.selectors import versions_to_export
from gis_grids.vectorfiles import write_geojson, write_geopackage

if TYPE_CHECKING:
    from argparse import ArgumentParser

_LAYER = "units"


class Command(BaseCommand):
    """GeoJSON with nine decimals or GeoPackage; importing the file again gives the same bits."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file and which units it gets."""
        parser.description = _(
            "Export the units in force to a .geojson or .gpkg file, with code, name, level, parent and "
            "valid_from. Importing the file again gives bit-identical borders."
        )
        parser.add_argument("file", type=Path)
        parser.add_argument("--level", type=level_named, default=None, help=_("only units of this level"))
        parser.add_argument("--under", default=None, help=_("only the unit with this code and those below"))
        parser.add_argument("--at", type=moment, default=None, help=_("date; default: now"))

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002
        """Write the file, or leave an older one as it is."""
        path: Path = options["file"]
        try:
            versions = versions_to_export(level=options["level"], under=options["under"], when=options["at"])
        except LingeError as error:
            raise CommandError(str(error)) from error
        rows = unit_rows(versions)
        if not rows:
            raise CommandError(_("There are no such units: nothing was written."))
        if path.suffix.lower() in {".geojson", ".json"}:
            write_geojson(path, rows)
        elif path.suffix.lower() == ".gpkg":
            write_geopackage(path, rows, layer=_LAYER)
        else:
            message = _("“%(file)s” can't be written: name it .geojson or .gpkg.")
            raise CommandError(message % {"file": path.name})
        self.stdout.write(_("%(n)s units written to %(file)s.") % {"n": len(rows), "file": path})
