"""Make units out of a file."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from gis_grids.errors import LingeError, describe
from gis_grids.geometry.gates import TOLERANCE
from gis_grids.management.arguments import INTERRUPTED, level_named, moment
from gis_grids.management.problem_list import error_lines, remark_lines
from gis_grids.services import LoadOptions, UnitFields, UnitsRefused, areas, import_units
from gis_grids.vectorfiles import read_features

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from gis_grids.services import Loaded
    from gis_grids.vectorfiles import FeatureFile

_SQUARE_KM = 1e6


class Command(BaseCommand):
    """All units of the file or none; everything that is wrong with them is listed, with place and size."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file, its fields and the rules."""
        parser.description = _(
            "Import units of one level from a GeoJSON, GeoPackage, Shapefile or KML file: all of them or, "
            "with a list of everything that is wrong, none."
        )
        parser.add_argument("file", type=Path)
        parser.add_argument("--level", type=level_named, required=True, help=_("for instance street"))
        parser.add_argument("--name-field", required=True, help=_("field that holds the name"))
        parser.add_argument("--code-field", required=True, help=_("field that holds the code"))
        parent = parser.add_mutually_exclusive_group()
        parent.add_argument("--parent", default=None, help=_("code of the unit that all lie in"))
        parent.add_argument("--parent-field", default=None, help=_("field that holds the parent's code"))
        parser.add_argument("--crs", default=None, help=_("EPSG:n, gcj02 or bd09, if not the file's own"))
        parser.add_argument("--layer", default=None, help=_("layer, if the file has several"))
        parser.add_argument("--encoding", default=None, help=_("of the texts, if it can't be told: gbk"))
        parser.add_argument("--valid-from", type=moment, default=None, help=_("date; default: now"))
        parser.add_argument(
            "--allow-parts", action="store_true", help=_("allow grids of several separate parts")
        )
        parser.add_argument(
            "--reshape-parents",
            action="store_true",
            help=_("the parents take the outline of their children, instead of refusing what differs"),
        )
        parser.add_argument("--dry-run", action="store_true", help=_("check everything, write nothing"))

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002
        """Read, judge, write; exit with 1 and nothing written when something is wrong."""
        started = monotonic()
        try:
            file = self._read(options)
            loaded = self._import(file, options)
        except UnitsRefused as refused:
            self._remarks(refused, options["verbosity"])
            for line in error_lines(refused.problems):
                self.stderr.write(line)
            if any(problem.code == "E03" for problem in refused.problems):
                self.stderr.write(self._hint())
            raise CommandError(str(refused)) from refused
        except LingeError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError(_("Interrupted: nothing was written."), returncode=INTERRUPTED) from None
        self._remarks(loaded, options["verbosity"])
        self._summary(loaded, dry_run=options["dry_run"], seconds=monotonic() - started)

    def _read(self, options: dict[str, Any]) -> FeatureFile:
        file = read_features(
            options["file"],
            crs=options["crs"],
            layer=options["layer"],
            encoding=options["encoding"],
            polygons_only=True,
        )
        details = {"n": len(file.features) + len(file.faults), "file": options["file"].name}
        details |= {"driver": file.driver, "crs": file.crs, "encoding": file.encoding}
        text = _("%(file)s: %(driver)s, %(crs)s, %(encoding)s, %(n)s features. Checking them …")
        self.stdout.write(text % details)
        for note in file.notes:
            self.stdout.write(f"  {describe(note)}")
        return file

    def _import(self, file: FeatureFile, options: dict[str, Any]) -> Loaded:
        fields = UnitFields(
            name=options["name_field"],
            code=options["code_field"],
            parent=options["parent_field"],
            parent_code=options["parent"],
        )
        rules = LoadOptions(
            valid_from=options["valid_from"],
            reshape_parents=options["reshape_parents"],
            allow_parts=options["allow_parts"],
            dry_run=options["dry_run"],
        )
        return import_units(file=file, level=options["level"], fields=fields, options=rules)

    def _hint(self) -> str:
        return _(
            "If the outline of the parent is only approximate and the units of the file are right, import "
            "with --reshape-parents."
        )

    def _remarks(self, source: Loaded | UnitsRefused, verbosity: int) -> None:
        noted = source.problems if isinstance(source, UnitsRefused) else source.remarks
        for line in remark_lines(noted, all_of_them=verbosity > 1):
            self.stdout.write(line)

    def _summary(self, loaded: Loaded, *, dry_run: bool, seconds: float) -> None:
        total = areas(unit.shape for unit in loaded.units)
        text = _("Imported: %(n)s units in %(seconds)s s.")
        if dry_run:
            text = _("Dry run: %(n)s units can be imported (%(seconds)s s). Nothing was written.")
        details = {"n": len(loaded.units), "seconds": f"{seconds:.1f}"}
        self.stdout.write(self.style.SUCCESS(text % details))
        self.stdout.write(_("No gaps and no overlaps wider than %(metres)s m.") % {"metres": TOLERANCE})
        text = _("Area: %(geodesic)s km² on the ellipsoid, %(planar)s km² in EPSG:%(zone)s.")
        geodesic, planar = total.geodesic_m2 / _SQUARE_KM, total.planar_m2 / _SQUARE_KM
        self.stdout.write(
            text % {"geodesic": f"{geodesic:,.3f}", "planar": f"{planar:,.3f}", "zone": total.zone}
        )
        if loaded.reshaped:
            redrawn = _("Redrawn above, as the union of the children: %(codes)s.")
            self.stdout.write(redrawn % {"codes": ", ".join(loaded.reshaped)})
