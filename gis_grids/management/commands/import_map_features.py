"""Roads, railways, water and green out of a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from gis_grids.errors import LingeError
from gis_grids.services.base_map import import_features
from gis_grids.vectorfiles import read_features

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from gis_grids.services.base_map import FeaturesImported


class Command(BaseCommand):
    """What the base map is drawn from, and grids are proposed by; what is not known is left out, and told."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file and its fields."""
        parser.description = _(
            "Import roads, railways, water and green from a GeoJSON, GeoPackage, Shapefile or KML file."
        )
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--kind-field", required=True, help=_("field with the kind, or OpenStreetMap's class: highway")
        )
        parser.add_argument("--name-field", default=None, help=_("field that holds the name"))
        parser.add_argument("--crs", default=None, help=_("EPSG:n, gcj02 or bd09, if not the file's own"))
        parser.add_argument("--layer", default=None, help=_("layer, if the file has several"))
        parser.add_argument("--encoding", default=None, help=_("of the texts, if it can't be told: gbk"))
        parser.add_argument(
            "--replace", action="store_true", help=_("remove what is there of the same kinds first")
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002
        """Read and store; exit with 1 and nothing written when the file as a whole can't be used."""
        try:
            file = read_features(
                options["file"], crs=options["crs"], layer=options["layer"], encoding=options["encoding"]
            )
            imported = import_features(
                file=file,
                kind_field=options["kind_field"],
                name_field=options["name_field"],
                replace=options["replace"],
            )
        except LingeError as error:
            raise CommandError(str(error)) from error
        self._tell(imported, broken=len(file.faults))

    def _tell(self, imported: FeaturesImported, *, broken: int) -> None:
        for kind, n in sorted(imported.taken.items()):
            self.stdout.write(self.style.SUCCESS(f"{kind}: {n}"))
        for label, n in sorted(imported.unknown.items()):
            text = _("Left out, as “%(label)s” is not known: %(n)s.")
            self.stdout.write(text % {"label": label, "n": n})
        if imported.misshapen + broken:
            text = _("Left out, as the shape can't be used: %(n)s.")
            self.stdout.write(text % {"n": imported.misshapen + broken})
